using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Papers.Neurons;

/// <summary>A gate whose shape is learned, where some classes have many images and others few.</summary>
[Paper("apa")]
public static class Apa
{
    private const int Classes = 10, Imbalance = 30;
    private const string Balanced = "balanced accuracy", Tail = "accuracy of the tail", Even = "accuracy on even data", Shape = "lambda";

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Tasks>
    {
        Id = "apa",
        Question = "Does a gated unit whose gate goes from a sigmoid to a Gumbel function as it learns help where classes have very different numbers of images, and cost nothing where they have not?",
        Original = "ResNets on ImageNet-LT, iNaturalist, Places-LT, CIFAR100-LT and LVIS, and ImageNet and COCO, for 100 to 200 epochs on GPUs: the adaptive gated linear unit in the hidden layers and the adaptive activation in attention of channels gain up to some percent on long tails, and some tenths on even data.",
        Difference = "Drawn digits of 12 by 12 pixels, whose numbers of training images fall by a factor of 30 from 0 to 9, and as many images in equal parts; two convolutions with attention of channels; the rate is searched under each seed.",
        Budget = "images, network, steps and candidates",
        Seeds = 5,
        TunedBy = Balanced,
        Settings =
        [
            Setting.Whole("steps", "training steps on each data set", smoke: 10, full: 500), Setting.Whole("images", "training images of the largest class", smoke: 40, full: 300, minimum: 30),
        ],
        Task = Draw,
        Arms =
        [
            Network("aglu", "Adaptive gated linear units, and the adaptive activation in attention; both shapes learned for each layer.", ArmRole.Method, "aglu", "apa"),
            Network("silu", "SiLU, and sigmoids in attention: the same gates with fixed shapes.", ArmRole.Baseline, "silu", "sigmoid"),
            Network("relu", "ReLU, and sigmoids in attention.", ArmRole.Baseline, "relu", "sigmoid"),
            Network("gelu", "GELU, and sigmoids in attention.", ArmRole.Baseline, "gelu", "sigmoid"),
        ],
        Metrics =
        [
            new(Balanced, "mean over classes of the share of right answers, learned from the long tail", Better.Higher), new(Tail, "that of the three rarest classes", Better.Higher),
            new(Even, "share of right answers, learned from equal parts", Better.Higher),
            new(Shape, "lambda of the hidden layers after the long tail, their mean: 1 is a sigmoid, 0 a Gumbel function", Better.Neither),
        ],
        Claims =
        [
            Claim.Above("aglu", "silu", Balanced), Claim.Above("aglu", "relu", Balanced), Claim.NoLower("aglu", "silu", Even, 0.005), Claim.NoLower("aglu", "relu", Even, 0.005), Claim.NoLower("aglu", "gelu", Even, 0.005),
            Claim.Above("aglu", "silu", Tail).AsSide(),
        ],
        Why = "On a thousand drawn digits lambda moves from 1 to about 2, but what is learned with it is as accurate as with SiLU, on the tail as on even data, to within the noise of five seeds; ReLU and GELU are no worse than either. Gains of the paper come from millions of images and deep networks.",
        Earlier = [new("2026-11-30", Verdict.Inconclusive, "GELU, the best on even data, stood in no claim; it does now.")]
    };

    private static Tasks Draw(TaskContext context)
    {
        LabelledData Of(int part, int count) => Digits.Of(context.Key.Fold(part), count * Classes, 12);
        var most = context.Settings.Whole("images");
        var many = Of(0, most);
        var numbers = new int[Classes];
        // Of each class the first images are kept, as many as the falling numbers allow.
        int[] kept = [.. many.Labels.ToDoubles().Index().Where(pair => numbers[(int)pair.Item]++ < most * Math.Pow(Imbalance, -pair.Item / (Classes - 1))).Select(pair => pair.Index)];
        var tail = new LabelledData(many.Inputs.Take(Tensor.From(kept)).Evaluate(), many.Labels.Take(Tensor.From(kept)).Evaluate());
        var (validation, test) = (Of(1, 60), Of(2, 250));
        return new(new(tail, validation, test), new(Of(3, Math.Max(5, kept.Length / Classes)), validation, test));
    }

    private static Arm<Tasks> Network(string name, string meaning, ArmRole role, string hidden, string gate) => new(name, meaning, role, (tasks, run) =>
    {
        var (network, right) = tasks.LongTail.Learn(run, Create(run, hidden, gate));
        run.Measure(Balanced, right.Average());
        run.Measure(Tail, right[^3..].Average());
        run.Measure(Shape, hidden == "aglu" ? ((Sequential)network).Layers.OfType<ActivationLayer>().Average(layer => layer.Learned[0].Item()) : double.NaN);
        run.Measure(Even, tasks.Even.Learn(run, Create(run, hidden, gate)).Right.Average());
    })
    { Candidates = Choice.Of("rate", 2e-3, 5e-3, 1e-2) };

    private static Sequential Create(ArmRun run, string hidden, string gate)
    {
        ILayer[] Block(int i, int from, int to) =>
        [
            Convolution.Create(run.Key.Fold(i), from, to, [3, 3]), ActivationLayer.Create(ActivationFunction.Of(hidden)),
            new ChannelGate(Linear.Create(run.Key.Fold(10 + i), to, to), ActivationLayer.Create(ActivationFunction.Of(gate))), new MaxPooling([2, 2]),
        ];
        return new([.. Block(0, 1, 8), .. Block(1, 8, 16), new Flattening(), Linear.Create(run.Key.Fold(3), 16 * 9, Classes)]);
    }

    private sealed record Tasks(ImageTask LongTail, ImageTask Even);
}
