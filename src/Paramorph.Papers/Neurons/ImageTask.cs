using System.Collections.Concurrent;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Small images that networks which differ in their neurons are trained on alike.</summary>
/// <param name="Train">Images to learn from.</param>
/// <param name="Validation">Images by which candidates are chosen.</param>
/// <param name="Test">Images that judge.</param>
internal sealed record ImageTask(LabelledData Train, LabelledData Validation, LabelledData Test)
{
    private const int Batch = 50;

    // One for each number of steps, so that networks of one structure are compiled once, whatever their rates.
    private static readonly ConcurrentDictionary<int, Trainer<ILayer, LabelledData>> trainers = new();

    private static readonly Func<ILayer, LabelledData, Tensor> classes = Compile.Of((ILayer network, LabelledData data) => network.Call(data.Inputs).ArgMax(-1));

    /// <summary>Drawn digits of 12 by 12 pixels.</summary>
    public static ImageTask Digits(TaskContext context)
    {
        LabelledData Draw(int part, int count) => Data.Digits.Of(context.Key.Fold(part), count, 12);
        return new(Draw(0, context.Settings.Whole("images")), Draw(1, 500), Draw(2, 2000));
    }

    /// <summary>Trains a network by AdamW with a rate that rises and falls once, and measures the share of right answers of each class.</summary>
    /// <param name="run">The run, whose candidate has a rate.</param>
    /// <param name="network">Images to logits.</param>
    /// <returns>The trained network, and the share for each class: of validation images in a search, of test images otherwise.</returns>
    public (ILayer Network, double[] Right) Learn(ArmRun run, ILayer network)
    {
        var steps = run.Steps();
        var trainer = trainers.GetOrAdd(steps, steps => new(
            new ClippedByNorm(new AdamW(Schedule.OneCycle(1, steps, rising: 0.2), Decay: 0.01, Decayed: Leaves.Matrices), 1),
            (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels)));
        var trained = run.Train(trainer, network, Batches.Shuffled(Train, Math.Min(Batch, Train.Count), run.Key.Fold(7)), steps, run.Choice["rate"]);
        var judged = run.Job.IsSearch ? Validation : Test;
        var (found, labels) = (classes(trained, judged).ToDoubles(), judged.Labels.ToDoubles());
        return (trained, [.. labels.Zip(found).GroupBy(pair => pair.First).OrderBy(group => group.Key).Select(group => group.Average(pair => pair.First == pair.Second ? 1.0 : 0))]);
    }
}
