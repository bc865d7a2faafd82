using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// A dense network whose hidden layers are infinitely wide, drawn with weights of variance per input and biases: its outputs are a Gaussian process (Neal, 1996; Lee et al., "Deep neural networks as
/// Gaussian processes", 2018), and gradient descent on all its parameters is regression with a fixed kernel (Jacot et al., "Neural tangent kernel", 2018). Methods have the signature of kernels:
/// points [a, dimensions] and [b, dimensions] give [a, b].
/// </summary>
/// <param name="Activation">What stands behind each hidden layer.</param>
/// <param name="HiddenLayers">Hidden layers; with 0 it is a linear map.</param>
public sealed record WideNetwork(DualActivation Activation, int HiddenLayers)
{
    /// <summary>Networks of the method by name; in fields, since each new closure is another function.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> kernels = new(StringComparer.Ordinal)
    {
        ["erf-1"] = Of(DualActivation.Erf, 1),
        ["erf-2"] = Of(DualActivation.Erf, 2),
        ["erf-4"] = Of(DualActivation.Erf, 4),
        ["relu-2"] = Of(DualActivation.Relu, 2),
        ["relu-4"] = Of(DualActivation.Relu, 4),
    };

    /// <summary>Its Gaussian process as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "nngp", "A Bayesian network of infinite width, which is a Gaussian process, solved exactly; of classes on their indicators.", Fit,
        (signature, configuration, stored) => KernelRidge.Like(signature, kernels[configuration.Word("network")], stored), (problem, _) => KernelRidge.Work(problem.Split.Train.Count))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "functions of some columns together, which neither lines nor distances of rows describe well, with some hundred rows",
        Paper = "Lee et al., Deep neural networks as Gaussian processes, 2018",
        Limits = KernelRidge.Limits,
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Word("network", "the activation, an error function or a rectifier, and how many hidden layers", "erf-2", "erf-1", "erf-4", "relu-2", "relu-4"),
            Hyperparameter.Number("length", "what features are divided by: short lengths make error functions steep", 1, 0.2, 5),
            Hyperparameter.Number("noise", "variance of the noise, where that of the weights of the last layer, times its neurons, is 2", 0.03, 1e-3, 1),
        ],
    };

    /// <summary>The variance of the weights of the first layer, times its inputs.</summary>
    public double InputVariance { get; init; } = 1;

    /// <summary>The variance of the weights of each further layer, times its inputs: 2 is He's for the rectifier.</summary>
    public double WeightVariance { get; init; } = 1;

    /// <summary>The variance of the biases of each layer.</summary>
    public double BiasVariance { get; init; }

    /// <summary>The covariance of outputs at two points: the kernel of the Gaussian process (NNGP).</summary>
    public Tensor Covariance(Tensor x, Tensor y) => Layers(x, y).Last().Covariance;

    /// <summary>The neural tangent kernel: the product of the gradients of the output at two points by the parameters, as they are drawn with unit variance and scaled by the roots of theirs.</summary>
    public Tensor Tangent(Tensor x, Tensor y) => Layers(x, y).Last().Tangent;

    /// <summary>Both kernels of the preactivations of each layer, the output last: the recursion Σ ← σ_b² + σ_w² E φ(u) φ(v), Θ ← Σ + Θ σ_w² E φ'(u) φ'(v).</summary>
    /// <param name="x">[a, dimensions].</param>
    /// <param name="y">[b, dimensions].</param>
    public IEnumerable<(Tensor Covariance, Tensor Tangent)> Layers(Tensor x, Tensor y)
    {
        Tensor Input(Tensor products) => InputVariance / x.Shape[^1] * products + BiasVariance;
        Tensor Square(Tensor variance) => WeightVariance * Activation.Means(variance, variance, variance).Products + BiasVariance;
        var (covariance, first, second) = (Input(Tensor.MatMul(x, y.T)), Input(Tensor.Square(x).Sum(-1).ExpandDims(-1)), Input(Tensor.Square(y).Sum(-1)));
        var tangent = covariance;
        yield return (covariance, tangent);
        for (var layer = 0; layer < HiddenLayers; layer++)
        {
            var (products, slopes) = Activation.Means(covariance, first, second);
            covariance = WeightVariance * products + BiasVariance;
            tangent = covariance + tangent * (WeightVariance * slopes);
            (first, second) = (Square(first), Square(second));
            yield return (covariance, tangent);
        }
    }

    private static Func<Tensor, Tensor, Tensor> Of(DualActivation activation, int hiddenLayers) => new WideNetwork(activation, hiddenLayers) { WeightVariance = 2, BiasVariance = 0.2 }.Covariance;

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var factors = Tensor.Full([problem.Signature.Inputs], 1 / run.Configuration["length"]).AsType(ElementType.Float32).Evaluate();
        return KernelRidge.Of(problem, kernels[run.Configuration.Word("network")], factors, run.Configuration["noise"]);
    }
}
