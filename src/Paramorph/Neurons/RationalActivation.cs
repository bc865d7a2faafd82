using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;

namespace Paramorph.Neurons;

/// <summary>
/// A Padé activation unit: P(x) / Q(x) with learned coefficients, P = a₀ + a₁ x + ... and Q = 1 + |b₁ x + b₂ x² + ...|, which has no poles. (Molina, Schramowski and Kersting, "Padé Activation
/// Units: End-to-end Learning of Flexible Activation Functions in Deep Networks", 2020, Eq. 2.)
/// </summary>
/// <param name="Numerator">a₀, a₁, ..., [degree + 1].</param>
/// <param name="Denominator">b₁, b₂, ..., [degree].</param>
[Tree]
public sealed partial record RationalActivation(Tensor Numerator, Tensor Denominator) : ILayer
{
    // The degrees and the interval of the paper.
    private const int Above = 5, Below = 4;
    private const double Reach = 3;

    // Fitting takes a moment, and a method makes its network many times.
    private static readonly Dictionary<string, Lazy<RationalActivation>> starts =
        ((string[])["leaky-relu", "silu", "tanh"]).ToDictionary(name => name, name => new Lazy<RationalActivation>(() => Of(ActivationFunction.Of(name))));

    /// <summary>Perceptrons of rational activations as a method, one for each hidden layer.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("pau", "A multilayer perceptron whose activations are rational functions that each layer learns.", (key, signature, choice) =>
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs];
        var start = starts[choice.Word("start")].Value;
        var layers = Mlp.Create(key, [.. sizes], Activation.Identity, Initialiser.HeNormal).Layers;
        return new Sequential([.. layers.SkipLast(1).SelectMany(layer => (ILayer[])[layer, start]), layers[^1]]);
    })
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth dependence on columns where no activation is known to suit",
        Paper = "Molina, Schramowski and Kersting, Padé activation units, 2020",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("width", "neurons of a hidden layer", 96, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 2, 1, 4, HyperparameterScale.Linear),
            Hyperparameter.Word("start", "the activation that the rational functions are fitted to at first", [.. starts.Keys]),
        ],
        Decay = NetworkMethod.UsualDecay.Within(0.05, 1e-3, 2),
    };

    /// <summary>The rational function that is nearest to another function from -3 to 3, in the sense of least squares.</summary>
    /// <param name="function">The function.</param>
    /// <param name="numerator">The degree of P.</param>
    /// <param name="denominator">The degree of Q, 1 or more.</param>
    /// <param name="type">f32 or f64.</param>
    public static RationalActivation Of(ActivationFunction function, int numerator = Above, int denominator = Below, ElementType type = ElementType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        const int Points = 601, Iterations = 200;
        var x = Tensor.Linspace(-Reach, Reach, Points, ElementType.Float64);
        var y = function.Call(x).Evaluate();
        // The start is an even denominator, which is its own modulus, with the numerator that suits it best.
        var below = Tensor.From<double>([.. Enumerable.Range(1, denominator).Select(k => k % 2 == 0 ? 1.0 / k : 0)]);
        var powers = Tensor.Stack([.. Enumerable.Range(0, numerator + 1).Select(k => Tensor.Power(x, k))], 1);
        var above = LinearAlgebra.LeastSquares(powers / Positive(below, x).ExpandDims(1), y.ExpandDims(1)).Reshape(-1).Evaluate();
        var nearest = new LevenbergMarquardt(Stop: new StoppingRule(Iterations)).Minimise(new RationalActivation(above, below), rational => rational.Call(x) - y).Model;
        return Tree.Map(nearest, leaf => leaf.AsType(type).Evaluate());
    }

    /// <summary>The value: of the shape of x.</summary>
    public Tensor Call(Tensor x) => Tensor.Polynomial(Numerator, x) / Positive(Denominator, x);

    private static Tensor Positive(Tensor denominator, Tensor x) => 1.0 + Tensor.Abs(x * Tensor.Polynomial(denominator, x));
}
