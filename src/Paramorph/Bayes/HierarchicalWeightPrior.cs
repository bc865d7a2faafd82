using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// Normal weights and biases around zero whose variances, one for the weights and one for the biases of each layer, are themselves drawn from inverse gamma distributions. Networks differ in scale, so
/// functions have heavier tails than under <see cref="NormalWeightPrior"/>. (Tran, Rossi, Milios and Filippone, "All you need is a good functional prior for Bayesian deep learning", 2022, section 4.2; the
/// variances, which are drawn by Gibbs steps there, are integrated out here.)
/// </summary>
/// <param name="RawShapes">Shapes of the inverse gamma distributions before a softplus, of weights and of biases: [2, layers].</param>
/// <param name="RawRates">Their rates before a softplus: [2, layers]; those of weights belong to variances times the inputs of the layer.</param>
[Tree]
public sealed partial record HierarchicalWeightPrior(Tensor RawShapes, Tensor RawRates) : IWeightPrior
{
    /// <inheritdoc/>
    public int Layers => RawShapes.Shape[1];

    /// <summary>The prior of equal shapes and rates everywhere.</summary>
    /// <param name="layers">How many affine maps networks have, at least 1.</param>
    /// <param name="shape">The shape, positive.</param>
    /// <param name="rate">The rate, positive.</param>
    /// <param name="type">f32 or f64.</param>
    public static HierarchicalWeightPrior Even(int layers, double shape = 1, double rate = 1, ElementType type = ElementType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        Tensor Raw(double value) => Tensor.Full([2, layers], value + Math.Log(-Math.Exp(-value) + 1), type).Evaluate();
        return new(Raw(shape), Raw(rate));
    }

    /// <inheritdoc/>
    public Mlp Draw(Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation)
    {
        var precisions = Sample.Gamma(key.Fold(0), Tensor.Softplus(RawShapes)) / Tensor.Softplus(RawRates);
        return With(NormalWeightPrior.StandardNormal(key.Fold(1), sizes, activation, Layers, RawShapes.ElementType), Tensor.Rsqrt(Tensor.Maximum(precisions, 1e-8)));
    }

    /// <inheritdoc/>
    public Mlp Scaled(Mlp standard) => With(standard, Tensor.Sqrt(Tensor.Softplus(RawRates) / Tensor.Softplus(RawShapes)));

    /// <inheritdoc/>
    public Tensor LogDensity(Mlp network)
    {
        var (shapes, rates) = (Tensor.Softplus(RawShapes), Tensor.Softplus(RawRates));
        return network.Layers.Select((layer, i) =>
            LogStudent(layer.Weight, shapes[0, i], rates[0, i] / layer.Weight.Shape[0]) + LogStudent(layer.Bias!, shapes[1, i], rates[1, i])).Aggregate((sum, part) => sum + part);
    }

    private static Mlp With(Mlp standard, Tensor deviations) => standard with
    {
        Layers = [.. standard.Layers.Select((layer, i) => new Linear(layer.Weight * (deviations[0, i] / Math.Sqrt(layer.Weight.Shape[0])), layer.Bias! * deviations[1, i]))],
    };

    /// <summary>Normal numbers whose common variance is integrated out under an inverse gamma distribution: a multivariate Student's t.</summary>
    private static Tensor LogStudent(Tensor x, Tensor shape, Tensor rate)
    {
        var half = 0.5 * x.Count;
        return Tensor.Lgamma(shape + half) - Tensor.Lgamma(shape) + shape * Tensor.Log(rate) - (shape + half) * Tensor.Log(rate + 0.5 * Tensor.Square(x).Sum()) - half * Math.Log(2 * Math.PI);
    }
}
