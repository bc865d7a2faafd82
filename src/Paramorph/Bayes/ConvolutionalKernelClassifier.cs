using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>Classes of images by a convolutional deep kernel machine, whose work is done in double precision.</summary>
/// <param name="Machine">The machine.</param>
[Tree]
public sealed partial record ConvolutionalKernelClassifier(ConvolutionalKernelMachine Machine) : ILayer
{
    private const int Convolutions = 2;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "conv-dkm", "A convolutional deep kernel machine: kernels of three convolutional layers whose Gram matrices are learned.", Fit,
        (signature, configuration, _) => Initialise.Structure(key => new ConvolutionalKernelClassifier(Start(key, signature.ZeroInputs(1), signature.Outputs, configuration))),
        Work)
    {
        Kinds = ["image-classification"],
        GoodAt = "small images of which there are some hundred, where it matters how sure an answer is",
        Paper = "Milsom, Anson and Aitchison, Convolutional deep kernel machines, 2024",
        IsAutomatic = false,
        Limits = problem => problem.Signature.Input is { Count: 3 } input && Math.Min(input[1], input[2]) < 3 ? $"its patches are of 3 x 3 pixels, and these images of {input[2]} x {input[1]}" : null,
        Own =
        [
            Hyperparameter.Whole("points", "inducing points of each layer", 64, 16, 256),
            Hyperparameter.Number("regularisation", "ν: what divergences of Gram matrices from those of the network of infinite width count in nats of the likelihood of all images", 0.1, 1e-3, 10),
            Hyperparameter.Number("rate", "highest learning rate", 0.03, 3e-3, 0.1),
            Hyperparameter.Whole("steps", "steps of Adam", 500, 100, 5000),
            Hyperparameter.Whole("batch", "images of a step", 100, 32, 256),
        ],
    };

    /// <summary>The logarithms of the probabilities of the classes [n, classes] of images [n, channels, height, width].</summary>
    public Tensor Call(Tensor x) => Machine.LogProbabilities(x.AsType(ElementType.Float64)).AsType(x.ElementType);

    private static ConvolutionalKernelMachine Start(Key key, Tensor images, int classes, Configuration configuration)
    {
        var patches = ConvolutionalKernelMachine.DrawnPatches(key.Fold(0), images.AsType(ElementType.Float64), configuration.Whole("points"));
        return ConvolutionalKernelMachine.Create(key.Fold(1), patches, Convolutions, classes, isNormalised: false);
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        // Numbers of double precision and factorisations of small matrices: four times the time of products in single precision.
        const int Slowness = 4;
        var network = Initialise.Structure(key => new ConvolutionalKernelClassifier(Start(key, problem.Signature.ZeroInputs(1), problem.Signature.Outputs, configuration)));
        var effort = NetworkMethod.OfTraining(network, problem.Signature, Math.Min(configuration.Whole("batch"), problem.Split.Train.Count), configuration.Whole("steps"));
        return effort with { Flops = effort.Flops * Slowness };
    }

    private static ConvolutionalKernelClassifier Fit(ExamplesProblem problem, FitRun run)
    {
        var (train, steps, nu) = (problem.Train, run.Configuration.Whole("steps"), run.Configuration["regularisation"]);
        var count = (double)problem.Split.Train.Count;
        var trainer = new Trainer<ConvolutionalKernelMachine, Examples>(
            new ClippedByNorm(new Adam(Schedule.OneCycle(run.Configuration["rate"], steps, rising: 0.2), 0.8, 0.9), 10),
            (model, batch, key) => model.Divergence(nu) / count - model.ExpectedLogLikelihood(batch.Inputs.AsType(ElementType.Float64), batch.Targets, key));
        var start = Start(run.Key.Fold(0), train.Inputs, problem.Signature.Outputs, run.Configuration);
        return new(run.Train(trainer, start, problem.Batches(Math.Min(run.Configuration.Whole("batch"), problem.Split.Train.Count), run.Key.Fold(1)), steps));
    }
}
