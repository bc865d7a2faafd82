using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Search;

/// <summary>A few noisy drawn digits on which networks overfit, so that there is something to tune.</summary>
/// <param name="Train">Images as rows.</param>
/// <param name="Validation">Those by which hyperparameters are tuned.</param>
/// <param name="Test">Those that nobody looks at before.</param>
[Tree]
internal sealed partial record TuningTask(LabelledData Train, LabelledData Validation, LabelledData Test)
{
    /// <summary>Metrics.</summary>
    public const string Chosen = "validation loss", Judged = "test loss";

    /// <summary>Classes.</summary>
    public const int Classes = 10;

    /// <summary>Metrics of all that tune.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        new(Chosen, "lowest mean negative logarithm of the probability of the right digit of validation images that training saw, looked at equally often"),
        new(Judged, "the same of the model that had it, on images that nothing was tuned on"),
    ];

    /// <summary>The mean negative logarithm of the probability of the right digit of validation and of test images, [2], compiled.</summary>
    /// <param name="call">From a model and images to logits.</param>
    public static Func<TModel, TuningTask, Tensor> Losses<TModel>(Func<TModel, Tensor, Tensor> call)
        where TModel : ITree<TModel> => Compile.Of((TModel model, TuningTask task) => Tensor.Stack(
        [.. ((LabelledData[])[task.Validation, task.Test]).Select(data => Training.Loss.CrossEntropy(call(model, data.Inputs), data.Labels))]));

    /// <summary>Draws the digits: as many to train as the setting <c>images</c> says, three times as many to validate, a thousand to test.</summary>
    /// <param name="context">Key and settings.</param>
    /// <param name="size">Pixels along a side.</param>
    /// <param name="type">f32 or f64.</param>
    public static TuningTask Of(TaskContext context, int size, ElementType type = ElementType.Float32)
    {
        LabelledData Draw(int part, int count) => Digits.Of(context.Key.Fold(part), count, size) is var data ? new((data.Inputs.Reshape(count, size * size) - 0.25).AsType(type).Evaluate(), data.Labels) : null!;
        var images = context.Settings.Whole("images");
        return new(Draw(0, images), Draw(1, 3 * images), Draw(2, 1000));
    }
}
