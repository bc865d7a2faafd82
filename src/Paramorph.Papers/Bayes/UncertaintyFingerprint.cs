using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>A second head that is trained to say one, by which faults in the weights are noticed while a network works.</summary>
[Paper("uncertainty-fingerprint")]
public static class UncertaintyFingerprint
{
    private const string Coverage = "found", Alarms = "false alarms", Harmful = "harmful faults";
    private const int Bits = 8, Watched = 32, Hidden = 16, Instances = 4;
    private const double Harm = 0.03;

    /// <summary>What the head says of images: [n]; and what is watched of logits.</summary>
    private static readonly Func<ILayer, ILayer, Tensor, Tensor> fingerprint = Compile.Of((ILayer trunk, ILayer head, Tensor x) => head.Call(trunk.Call(x)).Max(-1));

    private static readonly (string Kind, double[] Rates, Func<KeyRandom, double, Func<int, int, double>> Read)[] faults =
    [
        ("bit flips", [1e-3, 3e-3, 1e-2, 3e-2], MemoryFaults.BitFlips), ("stuck weights", [1e-2, 3e-2, 0.1, 0.2], MemoryFaults.Stuck), ("drift", [0.1, 0.2, 0.4, 0.8], MemoryFaults.Drift),
    ];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<UnlikeTask>
    {
        Id = "uncertainty-fingerprint",
        Question = "Does a head that is trained to say one notice more faults of weights that cost accuracy than the probabilities of the network do, at as many false alarms?",
        Original = "LeNet, VGG, ResNets and others on Fashion-MNIST, SVHN, CIFAR-10 and CIFAR-100; bit flips, stuck bits and variations in memories of weights: up to 100 % of faults found with few false alarms, where other methods take stored test vectors.",
        Difference = "A residual network of 25 thousand parameters that tells six drawn digits of 16 x 16 pixels, its weights in 8 bits; flipped bits, weights stuck at 0 or at the largest, and drift, at four rates each. A fault is harmful that costs three points of accuracy. What is watched is the mean over 32 images as they come, which must lie between bounds that one in a hundred batches of validation images leaves; others watch the highest probability, the entropy or the energy in the same way.",
        Budget = "one trained network, one pass an image",
        Settings = UnlikeTask.Settings,
        Seeds = 10,
        Task = UnlikeTask.Of,
        Arms =
        [
            new("fingerprint", "The largest output of the second head.", ArmRole.Method, Watch),
            new("softmax", "The highest probability.", ArmRole.Baseline, (task, run) => Watch(task, run, task.Network, (network, x) => NoveltyScores.MaximalSoftmax(UnlikeTask.Call(network, x)))),
            new("entropy", "The entropy of the probabilities.", ArmRole.Baseline, (task, run) => Watch(task, run, task.Network, (network, x) => UnlikeTask.Call(network, x) is var z ? -(z.Softmax() * z.LogSoftmax()).Sum(-1) : x)),
            new("energy", "The logarithm of the sum of the exponentials of the logits.", ArmRole.Baseline, (task, run) => Watch(task, run, task.Network, (network, x) => NoveltyScores.Energy(UnlikeTask.Call(network, x), 1.0))),
        ],
        Metrics =
        [
            new(Coverage, "share of batches under harmful faults whose mean leaves the bounds; mean over the faults", Better.Higher), new(Alarms, "share of batches of test images without fault whose mean leaves the bounds"),
            new(Harmful, "faults that cost three points of accuracy or more, of 48", Better.Neither),
        ],
        Claims =
        [
            Claim.Above("fingerprint", "softmax", Coverage), Claim.Above("fingerprint", "entropy", Coverage), Claim.Above("fingerprint", "energy", Coverage).From("ours"),
            Claim.AtMost("fingerprint", Alarms, 0.03).From("ours"),
        ],
        Why = "The head finds more harmful faults than the highest probability and as many as the entropy, but the energy of the network's own logits, which needs no second head and no further training, finds more than all of them.",
        Earlier = [new("2026-11-30", Verdict.Inconclusive, "Five seeds, from 1 on, decided none of the comparisons. There are ten now, from 6 on.")],
    };

    /// <summary>Trains the second head on the features of the frozen trunk so that its largest output is near one, and watches that.</summary>
    private static void Watch(UnlikeTask task, ArmRun run)
    {
        var (depth, steps) = (task.Network.Layers.Count, run.Settings.Whole("steps"));
        var features = new LabelledData(task.Features(task.Train.Inputs), task.Train.Labels);
        var head = Mlp.Create(run.Key.Fold(0), [features.Inputs.Shape[1], Hidden, UnlikeTask.Classes], Activation.Relu);
        var trainer = new Trainer<Mlp, LabelledData>(new Adam(Schedule.Cosine(3e-3, steps)), (head, batch, _) => Tensor.Square(1 - head.Call(batch.Inputs).Max(-1)).Mean());
        head = run.Train(trainer, head, Batches.Shuffled(features, 64, run.Key.Fold(1)), steps);
        // Faults are in the weights of trunk and head alike.
        Watch(task, run, new([.. task.Network.Layers, head]), (network, x) => fingerprint(UnlikeTask.Part(network, 0, depth - 1), network.Layers[^1], x), depth);
    }

    private static void Watch(UnlikeTask task, ArmRun run, Sequential network, Func<Sequential, Tensor, Tensor> watched, int? depth = null)
    {
        double Right(Sequential network) => Training.Metric.Accuracy(UnlikeTask.Call(UnlikeTask.Part(network, 0, depth ?? network.Layers.Count), task.Test.Inputs), task.Test.Labels).Item();
        var memory = new StoredWeights<Sequential>(network, Bits);
        var (sound, random) = (memory.Read(), new KeyRandom(run.Key.Fold(2)));
        double[] Means(Sequential network, Tensor x) => MeanBounds.Means(watched(network, x).ToDoubles(), Watched, 1000, random);
        var bounds = MeanBounds.Of(Means(sound, task.Validation.Inputs), cases: 100);
        run.Measure(Alarms, bounds.Left(Means(sound, task.Test.Inputs)));
        var (before, found) = (Right(sound), new List<double>());
        foreach (var (kind, rates, read) in faults)
        {
            foreach (var rate in rates)
            {
                run.Progress(found.Count, 48);
                for (var i = 0; i < Instances; i++)
                {
                    // The same faults for all that are watched.
                    var draw = new KeyRandom(run.Key.Fold(3).Fold(i).Fold((long)(1e6 * rate)).Fold(kind.Length));
                    var faulty = memory.Read(read(draw, rate));
                    if (before - Right(faulty) < Harm) continue;
                    found.Add(bounds.Left(Means(faulty, task.Test.Inputs)));
                    run.Point($"found, {kind}", Math.Log10(rate), found[^1]);
                }
            }
        }
        run.Measure(Coverage, found.Count == 0 ? double.NaN : found.Average());
        run.Measure(Harmful, found.Count);
    }
}
