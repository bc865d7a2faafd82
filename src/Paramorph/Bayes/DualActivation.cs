namespace Paramorph.Bayes;

/// <summary>
/// What an activation φ makes of preactivations u and v that are normal with means of 0: the mean of φ(u) φ(v), and the mean of φ'(u) φ'(v), which is its derivative by the covariance of u and v.
/// These two carry the kernels of wide networks from layer to layer. (Daniely, Frostig and Singer, "Toward deeper understanding of neural networks", 2016.)
/// </summary>
public sealed class DualActivation
{
    private readonly Func<Tensor, Tensor, Tensor, (Tensor Products, Tensor Slopes)> means;

    private DualActivation(Func<Tensor, Tensor> activation, Func<Tensor, Tensor, Tensor, (Tensor Products, Tensor Slopes)> means) => (Activation, this.means) = (activation, means);

    /// <summary>The rectifier, by the arc-cosine kernels of Cho and Saul (2009). The means have no derivative where u and v are multiples of each other.</summary>
    public static DualActivation Relu { get; } = new(Tensor.Relu, static (covariance, first, second) =>
    {
        var scale = Tensor.Sqrt(first * second);
        var cosine = Tensor.Clamp(covariance / scale, -1.0, 1.0);
        var angle = Math.PI - Tensor.Acos(cosine);
        return (scale * (cosine * angle + Tensor.Sqrt(1.0 - cosine * cosine)) / (2 * Math.PI), angle / (2 * Math.PI));
    });

    /// <summary>The error function, by the arc sine of Williams ("Computing with infinite networks", 1997).</summary>
    public static DualActivation Erf { get; } = new(Tensor.Erf, static (covariance, first, second) =>
    {
        var scale = (1.0 + 2.0 * first) * (1.0 + 2.0 * second);
        return (2 / Math.PI * Tensor.Asin(2.0 * covariance / Tensor.Sqrt(scale)), 4 / Math.PI / Tensor.Sqrt(scale - 4.0 * covariance * covariance));
    });

    /// <summary>The activation: elementwise.</summary>
    public Func<Tensor, Tensor> Activation { get; }

    /// <summary>
    /// Any activation, by its expansion in Hermite polynomials: with coefficients a(q) of φ(√q z), the mean of φ(u) φ(v) is the sum over k of aₖ(q) aₖ(q') ρᵏ, where ρ is the correlation.
    /// The expansion is exact for polynomials, converges as the exponential of a root of the terms where φ is smooth, and as a power of them where it has kinks.
    /// </summary>
    /// <param name="activation">Elementwise; at most of polynomial growth, and smooth but at zero.</param>
    /// <param name="terms">Terms of the expansion, from 1 to 64.</param>
    public static DualActivation Of(Func<Tensor, Tensor> activation, int terms = 48)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(terms, 1, 64), terms);
        var (nodes, weights) = NormalMean.Quadrature;
        var weighted = (NormalMean.Hermite(terms) * weights).T.Evaluate();
        return new(activation, (covariance, first, second) =>
        {
            Tensor Coefficients(Tensor variance) => activation(Tensor.Sqrt(variance).ExpandDims(-1) * nodes).Dot(weighted);
            var (a, b) = (Coefficients(first), Coefficients(second));
            var scale = Tensor.Sqrt(first * second);
            var correlation = covariance / scale;
            Tensor Term(int k) => a[TensorIndex.Ellipsis, k] * b[TensorIndex.Ellipsis, k];
            // Horner's rule from the last term on, for the sum and for its derivative by the correlation.
            var (products, slopes) = (Term(terms - 1), Tensor.ZerosLike(correlation));
            for (var k = terms - 2; k >= 0; k--) (products, slopes) = (products * correlation + Term(k), slopes * correlation + products);
            return (products, slopes / scale);
        });
    }

    /// <summary>The means of φ(u) φ(v) and of φ'(u) φ'(v).</summary>
    /// <param name="covariance">The covariance of u and v.</param>
    /// <param name="first">The variance of u, positive; broadcast against the covariance.</param>
    /// <param name="second">The variance of v, likewise.</param>
    public (Tensor Products, Tensor Slopes) Means(Tensor covariance, Tensor first, Tensor second) => means(covariance, first, second);
}
