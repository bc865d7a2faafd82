using System.Collections.Concurrent;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Drawn digits, a residual network that was trained to tell six of them, and images unlike these.</summary>
/// <param name="Train">Images to learn from.</param>
/// <param name="Validation">Images by which settings are chosen.</param>
/// <param name="Test">Images that judge.</param>
/// <param name="Choosing">Unlike images by which settings are chosen: two digits on top of one another.</param>
/// <param name="Judging">Unlike images that judge, by the name of the set.</param>
/// <param name="Network">The trained network.</param>
internal sealed record UnlikeTask(LabelledData Train, LabelledData Validation, LabelledData Test, Tensor Choosing, IReadOnlyDictionary<string, Tensor> Judging, Sequential Network)
{
    /// <summary>Metrics: the means over the sets of unlike images.</summary>
    public const string Area = "AUROC", False = "FPR at 95 %";

    /// <summary>Digits that are told, from 0 on.</summary>
    public const int Classes = 6;

    private const int Side = 16, Width = 8, Batch = 32;

    private static readonly ConcurrentDictionary<int, Trainer<Sequential, LabelledData>> trainers = new();
    private static readonly Func<ILayer, Tensor, Tensor> call = Compile.Of((ILayer layer, Tensor x) => layer.Call(x));

    /// <summary>The settings.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        Setting.Whole("images", "images to learn from", smoke: 64, full: 2000, minimum: 64),
        Setting.Whole("steps", "steps of training of the network", smoke: 5, full: 1200),
        Setting.Whole("judges", "images of each set that chooses or judges", smoke: 40, full: 500, minimum: 20),
    ];

    /// <summary>Metrics of scores.</summary>
    public static IReadOnlyList<Experiments.Metric> Metrics { get; } =
    [
        new(Area, "probability that an image of the known digits has a higher score than an unlike one; mean over unseen digits, textures, noise, parts of larger images and shapes", Better.Higher),
        new(False, "share of unlike images above the threshold that 95 % of the known ones reach; mean over the same sets"),
    ];

    /// <summary>Draws the images and trains the network.</summary>
    public static UnlikeTask Of(TaskContext context)
    {
        var (key, count) = (context.Key, context.Settings.Whole("judges"));
        var train = Known(key.Fold(0), context.Settings.Whole("images"));
        var judging = new Dictionary<string, Tensor>
        {
            ["unseen digits"] = Drawn(key.Fold(3), count, digit => digit >= Classes).Inputs,
            ["textures"] = (Tensor.Stack([.. Enumerable.Range(0, count).Select(i => new TexturedImage(key.Fold(4).Fold(i)).Render(Side, Side))]).ExpandDims(1) - 0.5).Evaluate(),
            ["noise"] = (Sample.Uniform(key.Fold(5), [count, 1, Side, Side]) - 0.5).Evaluate(),
            ["parts"] = Drawn(key.Fold(6), count, digit => digit < Classes, 2 * Side).Inputs[.., .., (Side / 2)..(3 * Side / 2), (Side / 2)..(3 * Side / 2)].Evaluate(),
            ["shapes"] = Shapes(key.Fold(7), count).Inputs,
        };
        // Classes come in turn, so that neighbours are of different ones.
        var (first, second) = (Known(key.Fold(9), count).Inputs, Known(key.Fold(10), count + 1).Inputs[1..]);
        var network = Trained(train, key.Fold(11), context.Settings.Whole("steps"));
        return new(train, Known(key.Fold(1), count), Known(key.Fold(2), count), Tensor.Maximum(first, second).Evaluate(), judging, network);
    }

    /// <summary>Images of digits that are wanted, centred.</summary>
    public static LabelledData Drawn(Key key, int count, Func<int, bool> isWanted, int size = Side, DigitStyle? style = null)
    {
        var all = Digits.Of(key, 10 * count / Enumerable.Range(0, 10).Count(isWanted) + 10, size, style);
        var rows = Tensor.From<int>([.. all.Labels.ToArray<int>().Index().Where(row => isWanted(row.Item)).Select(row => row.Index).Take(count)]);
        return new((all.Inputs.Take(rows) - 0.5).Evaluate(), all.Labels.Take(rows).Evaluate());
    }

    /// <summary>The brightness of coloured shapes, centred.</summary>
    public static LabelledData Shapes(Key key, int count) => ShapeImages.Of(key, count, Side) is var drawn ? new((drawn.Inputs.Mean(1).ExpandDims(1) - 0.5).Evaluate(), drawn.Labels) : null!;

    private static LabelledData Known(Key key, int count) => Drawn(key, count, digit => digit < Classes);

    /// <summary>A residual network with drawn weights.</summary>
    public static Sequential Create(Key key, int classes = Classes) => ResidualNetwork.Create(key, [1, Side, Side], Width, 1, classes);

    /// <summary>A network trained by AdamW with a rate that rises and falls once.</summary>
    /// <param name="data">Images with classes.</param>
    /// <param name="key">Draws weights and batches.</param>
    /// <param name="steps">Steps of 32 images.</param>
    /// <param name="call">From the network, images and a key of the step to logits; the network itself when null.</param>
    /// <param name="classes">Number of classes.</param>
    public static Sequential Trained(LabelledData data, Key key, int steps, Func<Sequential, Tensor, Key, Tensor>? call = null, int classes = Classes)
    {
        var trainer = call is null ? trainers.GetOrAdd(steps, steps => Trainer(steps, (network, x, _) => network.Call(x))) : Trainer(steps, call);
        return trainer.Run(trainer.Start(Create(key.Fold(0), classes), key.Fold(1)), Batches.Shuffled(data, Math.Min(Batch, data.Count), key.Fold(2)), new(steps)).State.Model;
    }

    /// <summary>A part of a network: its layers from one on to before another.</summary>
    public static Sequential Part(Sequential network, int from, int to) => new([.. network.Layers.Skip(from).Take(to - from)]);

    /// <summary>What a layer gives for images, whose number need not be that of a compiled program.</summary>
    public static Tensor Call(ILayer layer, Tensor x) => call(layer, x);

    /// <summary>The features before the last map.</summary>
    public Tensor Features(Tensor x) => call(Part(Network, 0, Network.Layers.Count - 1), x);

    /// <summary>Judges the candidate that tells best the images that choose.</summary>
    /// <param name="run">Is given the metrics.</param>
    /// <param name="candidates">From images to a score for each: the higher, the more like the known ones; with what stands on the axis of the curve of candidates.</param>
    public void Judge(ArmRun run, params IReadOnlyList<(string Curve, double At, Func<Tensor, double[]> Score)> candidates)
    {
        var best = candidates[0].Score;
        var highest = double.NegativeInfinity;
        foreach (var (i, (curve, at, score)) in candidates.Index())
        {
            run.Progress(i, candidates.Count);
            var area = candidates.Count == 1 ? 1 : Detection.AreaUnderCurve(score(Validation.Inputs), score(Choosing));
            if (candidates.Count > 1) run.Point(curve, at, area);
            if (area > highest) (best, highest) = (score, area);
        }
        Judge(run, best);
    }

    /// <summary>Judges a score.</summary>
    public void Judge(ArmRun run, Func<Tensor, double[]> score)
    {
        var known = score(Test.Inputs);
        var sets = Judging.Select(set => (set.Key, Scores: score(set.Value))).ToArray();
        foreach (var (name, scores) in sets) run.Measure($"{Area}, {name}", Detection.AreaUnderCurve(known, scores));
        run.Measure(Area, sets.Average(set => Detection.AreaUnderCurve(known, set.Scores)));
        run.Measure(False, sets.Average(set => Detection.FalsePositives(known, set.Scores)));
    }

    private static Trainer<Sequential, LabelledData> Trainer(int steps, Func<Sequential, Tensor, Key, Tensor> call) => new(
        new ClippedByNorm(new AdamW(Schedule.OneCycle(1e-2, steps, rising: 0.2), Decay: 0.01, Decayed: Leaves.Matrices), 1), (network, batch, key) => Loss.CrossEntropy(call(network, batch.Inputs, key), batch.Labels));
}
