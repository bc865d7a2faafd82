using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Convolutional kernels whose Gram matrices are learned, against those of a network of infinite width that sees images through as many inducing points.</summary>
[Paper("conv-dkm")]
public static class ConvDkm
{
    private const string Likelihood = "log-likelihood", Accuracy = "accuracy";
    private const int Batch = 50, Side = 8, Classes = 10, Convolutions = 2;

    private static readonly Choice[] rates = Choice.Of("rate", 0.01, 0.03, 0.1);

    /// <summary>The variance of the noise of indicators of classes, for the likelihood that is normal.</summary>
    private const double Noise = 0.1;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Classification>
    {
        Id = "conv-dkm",
        Question = "Do convolutional kernels whose Gram matrices are learned tell digits with a higher likelihood than the kernel of the network of infinite width that they are a change of, with equally many inducing points?",
        Original = "Residual machines of 18 layers with up to 2,048 inducing points. On CIFAR-10 the authors' runs give a log-likelihood of -0.39 and an accuracy of 0.88 with ν = 1, -1.35 and 0.54 without learned Gram matrices (an infinite ν), -0.40 and 0.875 without normalisation, an accuracy of 0.86 with a normal likelihood; the largest machine reaches 0.927 in 77 GPU hours.",
        Difference = "Drawn digits of 8 x 8 pixels, three rectified kernels without residual paths, the first convolution of stride 2, 500 images instead of 50,000. Gram matrices and outputs at inducing points are learned in units of the Cholesky factor of what they would be, in which their divergences have closed forms that no other parameter enters. ν is 0.1, and not searched: it is weighed against the likelihood of all images, which are fewer here. The kernel of all arms but the fixed one has learned patches, mixtures and variances, as the paper's has.",
        Budget = "steps, examples, inducing points",
        Data = "a CSV file, which may be compressed, of pixels of 8 x 8 images with the class in the last column (digits.csv.gz for example)",
        Why = "Not looked into. Probably learned Gram matrices make features longer where they matter and the normalisation takes that back, which in 300 steps of three layers costs more than it steadies; and a normal likelihood, whose expectation is exact, learns a little faster from 500 images than classes by drawn outputs.",
        Settings =
        [
            Setting.Whole("examples", "images to learn from, and as many that judge", smoke: 60, full: 500, minimum: 50), Setting.Whole("points", "inducing points of each layer", smoke: 8, full: 64),
            Setting.Whole("steps", "steps of training", smoke: 3, full: 300),
            Setting.Number("regularisation", "ν: what divergences of Gram matrices count in nats of the likelihood of all images", smoke: 0.1, full: 0.1, minimum: 0, maximum: 1e6),
        ],
        Seeds = 4,
        Task = context => context.DataFile is { } file
            ? Classification.ReadImages(file, context.Key.Fold(0))
            : Classification.Halves("digits", Digits.Of(context.Key.Fold(0), 2 * context.Settings.Whole("examples"), Side), Classes),
        Arms =
        [
            new("dkm", "Learned Gram matrices.", ArmRole.Method, (task, run) => Run(task, run)) { Candidates = rates },
            new("nngp", "The limit of ν: Gram matrices are those of the network of infinite width; patches, mixtures and variances are learned.", ArmRole.Baseline, (task, run) => Run(task, run, frozen: Leaves.Named("grams*"))) { Candidates = rates },
            new("fixed nngp", "The network of infinite width as it is drawn, seen through as many inducing points: softmax regression on its features, by L-BFGS.", ArmRole.Baseline, Regress) { Candidates = Choice.Of("decay", 1e-5, 1e-4, 1e-3) },
            new("no normalisation", "Gram matrices are not normalised.", ArmRole.Ablation, (task, run) => Run(task, run, isNormalised: false)) { Candidates = rates },
            new("normal", "A normal likelihood of the indicators of classes.", ArmRole.Ablation, (task, run) => Run(task, run, isCategorical: false)) { Candidates = rates },
            new("cnn", "A convolutional network of four thousand weights.", ArmRole.Reference, Network) { Candidates = Choice.Of("rate", 1e-3, 3e-3, 1e-2) },
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the probability of the right class, of test images", Better.Higher), new(Accuracy, "share of test images that are told right", Better.Higher),
        ],
        Claims =
        [
            Claim.Above("dkm", "nngp", Likelihood).From("runs of the authors"), Claim.Above("dkm", "fixed nngp", Likelihood).From("catalogue"),
            Claim.Above("dkm", "nngp", Accuracy).From("runs of the authors").AsSide(), Claim.Above("dkm", "no normalisation", Likelihood).From("runs of the authors").AsSide(),
            Claim.Above("dkm", "normal", Accuracy).From("runs of the authors").AsSide(),
        ],
    };

    private static void Run(Classification task, ArmRun run, LeafFilter? frozen = null, bool isNormalised = true, bool isCategorical = true)
    {
        var (points, steps, count) = (run.Settings.Whole("points"), run.Steps(), task.Train.Count);
        var (start, train, test) = Start(task, run, points, isNormalised);
        IOptimiser optimiser = new ClippedByNorm(new Adam(Schedule.OneCycle(run.Choice["rate"], steps, rising: 0.2), 0.8, 0.9), 10);
        var trainer = new Trainer<ConvolutionalKernelMachine, LabelledData>(frozen is null ? optimiser : new Frozen(optimiser, frozen), (model, batch, key) =>
            model.Divergence(run.Settings.Number("regularisation")) / (double)count - (isCategorical ? model.ExpectedLogLikelihood(batch.Inputs, batch.Labels, key) : Normal(model.Call(batch.Inputs), batch.Labels)));
        var machine = run.Train(trainer, start, Batches.Shuffled(train, Math.Min(Batch, count), run.Key.Fold(2)), steps);
        var answer = Compile.Of((ConvolutionalKernelMachine model, Tensor images) => isCategorical ? model.LogProbabilities(images) : OfIndicators(model.Call(images)));
        Judge(run, answer(machine, test.Inputs), test.Labels);
        foreach (var (layer, gram) in machine.Grams.Index()) run.Measure($"divergence {layer + 1}", gram.Divergence.Item());
    }

    /// <summary>A machine that has learned nothing, and the images it takes.</summary>
    private static (ConvolutionalKernelMachine Machine, LabelledData Train, LabelledData Test) Start(Classification task, ArmRun run, int points, bool isNormalised = true)
    {
        var scale = Standardisation.OfChannels(task.Train.Inputs);
        LabelledData Scaled(LabelledData data) => data with { Inputs = scale.Apply(data.Inputs).AsType(ElementType.Float64).Evaluate() };
        var (train, test) = (Scaled(task.Train), Scaled(task.Test));
        return (ConvolutionalKernelMachine.Create(run.Key.Fold(0), ConvolutionalKernelMachine.DrawnPatches(run.Key.Fold(1), train.Inputs, points), Convolutions, task.Classes, isNormalised: isNormalised), train, test);
    }

    private static void Regress(Classification task, ArmRun run)
    {
        const int Iterations = 300;
        var (machine, train, test) = Start(task, run, run.Settings.Whole("points"));
        var features = Compile.Of((ConvolutionalKernelMachine model, Tensor images) => model.Moments(images).Whitened().Whitened.T);
        var (inputs, asked) = (features(machine, train.Inputs), features(machine, test.Inputs));
        var scale = Standardisation.Of(inputs);
        var (x, labels, decay) = (scale.Apply(inputs).Evaluate(), train.Labels, run.Choice["decay"]);
        var zero = new Linear(Tensor.Zeros([x.Shape[1], task.Classes], x.ElementType).Evaluate(), Tensor.Zeros([task.Classes], x.ElementType).Evaluate());
        var found = run.Minimise(zero, model => Loss.CrossEntropy(model.Call(x), labels) + decay * Tensor.Square(model.Weight).Sum(), Iterations);
        Judge(run, found.Call(scale.Apply(asked)).Evaluate(), test.Labels);
    }

    private static void Network(Classification task, ArmRun run)
    {
        var steps = run.Steps();
        var trainer = new Trainer<Sequential, LabelledData>(new ClippedByNorm(new AdamW(Schedule.OneCycle(run.Choice["rate"], steps, rising: 0.2), Decay: 1e-2), 1), (network, batch, _) => Loss.CrossEntropy(network.Call(batch.Inputs), batch.Labels));
        var learned = run.Train(trainer, ConvolutionalNetwork.Create(run.Key.Fold(0), [1, Side, Side], 8, task.Classes), Batches.Shuffled(task.Train, Math.Min(Batch, task.Train.Count), run.Key.Fold(2)), steps);
        Judge(run, Compile.Of((Sequential network, Tensor images) => network.Call(images))(learned, task.Test.Inputs), task.Test.Labels);
    }

    private static void Judge(ArmRun run, Tensor logits, Tensor labels)
    {
        run.Measure(Likelihood, -Loss.CrossEntropy(logits, labels).Item());
        run.Measure(Accuracy, Training.Metric.Accuracy(logits, labels).Item());
    }

    /// <summary>The mean logarithm of the density of the indicators of the classes.</summary>
    private static Tensor Normal((Tensor Means, Tensor Variances) outputs, Tensor labels)
    {
        var error = Tensor.OneHot(labels, outputs.Means.Shape[^1], outputs.Means.ElementType) - outputs.Means;
        return (-0.5 / Noise) * (Tensor.Square(error) + outputs.Variances.ExpandDims(-1)).Sum(-1).Mean();
    }

    /// <summary>Logits of the densities of the indicators.</summary>
    private static Tensor OfIndicators((Tensor Means, Tensor Variances) outputs) => outputs.Means / (outputs.Variances + Noise).ExpandDims(-1);
}
