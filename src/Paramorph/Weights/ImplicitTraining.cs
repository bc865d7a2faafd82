using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Weights;

/// <summary>
/// How fields of weights are trained: by the loss of the model at widths that are drawn, by its distance from a trained model at full width, and by the norms of its weights. (Yang and Wang, "Neural
/// Metamorphosis", 2024; the weighting of the distance is that of the paper's programs.)
/// </summary>
/// <typeparam name="TModel">The model whose weights are given.</typeparam>
/// <typeparam name="TBatch">What it learns from.</typeparam>
public sealed class ImplicitTraining<TModel, TBatch>
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    /// <summary>One in so many steps is taken at full width, where the trained model is known.</summary>
    private const int FullEvery = 4;

    private readonly TModel trained;
    private readonly ChannelGroup channels;
    private readonly Func<TModel, TBatch, Tensor> loss;
    private readonly int width;

    /// <param name="trained">The trained model of full width, its channels in the order that fields learn: <see cref="ChannelGroup.SmoothOrder"/>.</param>
    /// <param name="channels">The channels of which there may be fewer.</param>
    /// <param name="loss">The loss of a model on a batch.</param>
    /// <exception cref="ArgumentException">The channels are not in the model.</exception>
    public ImplicitTraining(TModel trained, ChannelGroup channels, Func<TModel, TBatch, Tensor> loss) =>
        (this.trained, this.channels, this.loss, width) = (trained, channels, loss, channels.Width(trained));

    /// <summary>Widths that are drawn, beside the full one.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>The weight of the distance from the trained model.</summary>
    public double Reconstruction { get; init; } = 1;

    /// <summary>The weight of the norms of weights.</summary>
    public double Decay { get; init; } = 1e-4;

    /// <summary>Whether coordinates are moved at random, by which weights become smooth in them.</summary>
    public bool IsNoisy { get; init; } = true;

    /// <summary>What trains fields, by Adam with a rate that falls like a half cosine.</summary>
    /// <param name="rate">The highest learning rate.</param>
    /// <param name="steps">Steps of training.</param>
    public Trainer<ImplicitWeights<TModel>, TBatch> Trainer(double rate, int steps)
    {
        var drawn = Tensor.From<float>([.. Widths.Select(width => (float)width)]);
        return new(new Adam(Schedule.Cosine(rate, steps)).ClipByNorm(1), (fields, batch, key) =>
        {
            var isFull = Sample.Uniform(key.Fold(0), []) < 1.0 / FullEvery;
            var some = drawn.Take(Tensor.Floor(Sample.Uniform(key.Fold(1), []) * Widths.Count).AsType(ElementType.Int32));
            var model = fields.Masked(Tensor.Where(isFull, (float)width, some).Reshape(1), IsNoisy ? key.Fold(2) : null);
            var cost = loss(model, batch) + Decay * Given(model).Select(Norm).Aggregate((a, b) => a + b);
            return cost + Tensor.Where(isFull, Reconstruction * Distance(model), 0.0);
        });
    }

    /// <summary>The leaves that depend on the width.</summary>
    private IEnumerable<Tensor> Given(TModel model) =>
        Tree.Names(model).Zip(Tree.Leaves(model)).Where(leaf => channels.Places.Any(place => place.Leaf == leaf.First)).Select(leaf => leaf.Second);

    /// <summary>The root of the sum of squares; the small number keeps its derivative where that is zero.</summary>
    private static Tensor Norm(Tensor leaf) => Tensor.Sqrt(Tensor.Square(leaf).Sum() + 1e-12);

    /// <summary>The distance of weights from those of the trained model, of which large ones count more, in units of the mean square of each leaf.</summary>
    private Tensor Distance(TModel model)
    {
        Tensor[] parts = [.. Given(model).Zip(Given(trained), (given, known) => (Tensor.Square(given - known) * (Tensor.Abs(known) / Tensor.Abs(known).Max())).Mean() / Tensor.Square(known).Mean())];
        return parts.Aggregate((a, b) => a + b) / parts.Length;
    }
}
