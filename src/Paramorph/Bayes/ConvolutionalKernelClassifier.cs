using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A <see cref="ConvolutionalKernelMachine"/> that is trained, as a layer: images [n, channels, height, width] give the logarithms of the probabilities of classes [n, classes]. What does not depend on
/// images is computed once, factors of Gram matrices and their inverses first of all, so that convolutions, products and elementwise functions are left.
/// </summary>
/// <param name="Patches">The inducing patches, [points, channels, size, size].</param>
/// <param name="Mixings">What the inducing points behind each convolution are made of, [points, points, size, size].</param>
/// <param name="Rectifications">The rectifications, one more than there are mixings.</param>
/// <param name="Conditionals">What is known of places when the inducing points behind each mixing are.</param>
/// <param name="Last">The same behind the last rectification; the outputs are in place of learned moments.</param>
/// <param name="Draws">The draws of outputs that probabilities are means over, [samples, 1, classes].</param>
/// <param name="Stride">The stride of the first mixing.</param>
[Tree]
public sealed partial record ConvolutionalKernelClassifier(
    Tensor Patches, TreeList<Tensor> Mixings, TreeList<FixedRectification> Rectifications, TreeList<FixedConditional> Conditionals, FixedConditional Last, Tensor Draws, int Stride) : ILayer
{
    private const int Convolutions = 2;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "conv-dkm", "A convolutional deep kernel machine: kernels of three convolutional layers whose Gram matrices are learned.", Fit, (signature, configuration, _) => Structure(signature, configuration), Work)
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

    /// <summary>The layer of a machine.</summary>
    /// <param name="machine">The machine.</param>
    public static ConvolutionalKernelClassifier Of(ConvolutionalKernelMachine machine)
    {
        // What inducing points know of each other does not depend on the image.
        var moments = PatchMoments.Of(machine.Patches[..1], machine.Patches, ConvolutionalKernelMachine.Bias);
        var (rectifications, conditionals) = (new List<FixedRectification>(), new List<FixedConditional>());
        for (var layer = 0; ; layer++)
        {
            // The rectifier is homogeneous: what moments are divided by in front of it may as well divide the weight behind it.
            var (variances, weight) = (moments.Variances(), Tensor.Exp(machine.Weights[layer]));
            rectifications.Add(new(variances, machine.IsNormalised ? weight / variances.Mean() : weight, Tensor.Exp(machine.Biases[layer])));
            moments = machine.Rectified(moments, layer);
            if (layer == machine.Mixings.Count) break;
            moments = moments.Mixed(machine.Mixings[layer], layer == 0 ? machine.Stride : 1);
            conditionals.Add(FixedConditional.Of(moments, machine.Grams[layer].Factor));
            moments = moments.Learned(machine.Grams[layer]);
        }
        var last = FixedConditional.Of(moments, machine.Spread.Factor) with { Known = machine.Mean.T };
        var draws = ConvolutionalKernelMachine.Draws(ConvolutionalKernelMachine.Samples, machine.Mean.Shape[1], machine.Mean.ElementType);
        return Tree.Map(new ConvolutionalKernelClassifier(machine.Patches, machine.Mixings, [.. rectifications], [.. conditionals], last, draws, machine.Stride), leaf => leaf.Evaluate());
    }

    /// <inheritdoc/>
    public Tensor Call(Tensor x)
    {
        var images = x.AsType(Patches.ElementType);
        var first = PatchMoments.Of(images, Patches, ConvolutionalKernelMachine.Bias);
        var (cross, own) = (first.Cross, first.Own);
        for (var layer = 0; layer < Mixings.Count; layer++)
        {
            (cross, own) = Rectifications[layer].Call(cross, own);
            (cross, own) = PatchMoments.Mixed(cross, own, Mixings[layer], layer == 0 ? Stride : 1);
            (cross, own) = Conditionals[layer].Call(cross, own);
        }
        (cross, own) = Rectifications[^1].Call(cross, own);
        var (means, variances) = Last.Averaged(cross, own);
        return ConvolutionalKernelMachine.LogProbabilities(means, variances, Draws).AsType(x.ElementType);
    }

    private static ConvolutionalKernelMachine Start(Key key, Tensor images, int classes, Configuration configuration)
    {
        var patches = ConvolutionalKernelMachine.DrawnPatches(key.Fold(0), images.AsType(ElementType.Float64), configuration.Whole("points"));
        return ConvolutionalKernelMachine.Create(key.Fold(1), patches, Convolutions, classes, isNormalised: false);
    }

    private static ConvolutionalKernelClassifier Structure(ModelSignature signature, Configuration configuration) =>
        Initialise.Structure(key => Of(Start(key, signature.ZeroInputs(1), signature.Outputs, configuration)));

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        // Numbers of double precision and factorisations of small matrices: four times the time of products in single precision.
        const int Slowness = 4;
        var effort = NetworkMethod.OfTraining(
            Structure(problem.Signature, configuration), problem.Signature, Math.Min(configuration.Whole("batch"), problem.Split.Train.Count), configuration.Whole("steps"));
        return effort with { Flops = effort.Flops * Slowness };
    }

    private static ConvolutionalKernelClassifier Fit(ExamplesProblem problem, FitRun run)
    {
        var (train, steps, nu) = (problem.Train, run.Configuration.Whole("steps"), run.Configuration["regularisation"]);
        var count = problem.Split.Train.Count;
        var trainer = new Trainer<ConvolutionalKernelMachine, Examples>(
            new ClippedByNorm(new Adam(Schedule.OneCycle(run.Configuration["rate"], steps, rising: 0.2), 0.8, 0.9), 10),
            (model, batch, key) => model.Divergence(nu) / (double)count - model.ExpectedLogLikelihood(batch.Inputs.AsType(ElementType.Float64), batch.Targets, key));
        var start = Start(run.Key.Fold(0), train.Inputs, problem.Signature.Outputs, run.Configuration);
        return Of(run.Train(trainer, start, problem.Batches(Math.Min(run.Configuration.Whole("batch"), count), run.Key.Fold(1)), steps));
    }
}

/// <summary>Features √2 relu of preactivations whose inducing points are known.</summary>
/// <param name="Variances">The variances of the inducing points, [points].</param>
/// <param name="Weight">The variance of the weights of what follows, in units of one over their number.</param>
/// <param name="Bias">The variance of its biases.</param>
[Tree]
public sealed partial record FixedRectification(Tensor Variances, Tensor Weight, Tensor Bias)
{
    internal (Tensor Cross, Tensor Own) Call(Tensor cross, Tensor own) => PatchMoments.Rectified(cross, own, Variances, Weight, Bias);
}

/// <summary>What is known of places when the inducing points are: K = L Lᵀ is their Gram matrix, and S Sᵀ a learned one in units of it.</summary>
/// <param name="Whitening">L⁻¹, [points, points].</param>
/// <param name="Spread">Sᵀ, [points, points].</param>
/// <param name="Known">L S, which leads back to moments with the inducing points, [points, points]; of outputs their means, [outputs, points].</param>
[Tree]
public sealed partial record FixedConditional(Tensor Whitening, Tensor Spread, Tensor Known)
{
    internal static FixedConditional Of(PatchMoments moments, Tensor factor)
    {
        var root = moments.Root();
        return new(LinearAlgebra.TriangularSolve(root, Tensor.Eye(root.Shape[0], root.ElementType)), factor.T, Tensor.MatMul(root, factor));
    }

    /// <summary>Moments under the learned Gram matrix.</summary>
    internal (Tensor Cross, Tensor Own) Call(Tensor cross, Tensor own)
    {
        var whitened = Mapped(Whitening, cross);
        var turned = Mapped(Spread, whitened);
        return (Mapped(Known, turned), own + (Tensor.Square(turned) - Tensor.Square(whitened)).Sum(1));
    }

    /// <summary>Outputs made of the averages over all places, which know of each other through the inducing points alone: means [n, outputs] and variances [n].</summary>
    internal (Tensor Means, Tensor Variances) Averaged(Tensor cross, Tensor own)
    {
        var whitened = Mapped(Whitening, cross);
        var left = (own - Tensor.Square(whitened).Sum(1)).Mean([1, 2]) / ((double)own.Shape[1] * own.Shape[2]);
        var mean = whitened.Mean([2, 3]);
        return (Tensor.MatMul(mean, Known.T), left + Tensor.Square(Tensor.MatMul(mean, Spread.T)).Sum(1));
    }

    /// <summary>A matrix [points, points] on the second axis of [n, points, height, width].</summary>
    private static Tensor Mapped(Tensor matrix, Tensor moments) => Tensor.Convolve(moments, matrix.Reshape(matrix.Shape[0], matrix.Shape[1], 1, 1));
}
