namespace Paramorph.Bayes;

/// <summary>
/// A kernel of the sphere for inputs of any size: inputs over their length scales, with a 1 appended as a network's bias is, are points at a distance r from the origin, of which two have the covariance
/// variance r r' κ(cos θ) at an angle θ between them. Functions are homogeneous there, as a network of one hidden layer of rectifiers is. (Dutordoir, Hensman, van der Wilk, Ek, Ghahramani and Durrande, "Deep neural networks as point
/// estimates for deep Gaussian processes", 2021, section 3.)
/// </summary>
/// <param name="LogLengths">Logarithms of the length scales of inputs: f64 [inputs].</param>
/// <param name="LogVariance">Logarithm of the variance: f64 [].</param>
/// <param name="LogWidth">Logarithm of the width of κ, where it has one: f64 [].</param>
/// <param name="Zonal">κ, which is 1 at 1, from cosines and a width [] to values: <see cref="ArcCosine"/>, <see cref="Matern"/>, or another that is positive definite on the sphere; kept in a field.</param>
[Tree]
public sealed partial record SphericalCovariance(Tensor LogLengths, Tensor LogVariance, Tensor LogWidth, Func<Tensor, Tensor, Tensor> Zonal) : ICovariance
{
    /// <summary>Angles of a cosine this near to 1 are taken for 0: that is where the derivative of the angle has no bound, and that of κ does.</summary>
    private const double Rounding = 1e-12;

    /// <summary>The share of the largest eigenvalue below which one is 0, or is not known: integrals have some sixteen digits.</summary>
    private const double Least = 1e-12;

    /// <summary>(√(1 - t²) + (π - θ) t) / π, the covariance of a rectifier of normal weights; it has no width. (Cho and Saul, "Kernel methods for deep learning", 2009.)</summary>
    public static Func<Tensor, Tensor, Tensor> ArcCosine { get; } = static (cosine, _) =>
    {
        var t = Tensor.Clamp(cosine, -1 + Rounding, 1 - Rounding);
        return (Tensor.Sqrt(1.0 - t * t) + (Math.PI - Tensor.Acos(t)) * t) / Math.PI;
    };

    /// <summary>Matérn's kernel of order 5/2 of the chord between two points of the unit sphere over the width.</summary>
    public static Func<Tensor, Tensor, Tensor> Matern { get; } = static (cosine, width) =>
    {
        var square = 10.0 * (1.0 - cosine) / Tensor.Square(width);
        var root = Tensor.Sqrt(Tensor.Maximum(square, Rounding * Rounding));
        return (1.0 + root + square / 3.0) * Tensor.Exp(-root);
    };

    /// <summary>Coordinates of points of the sphere, one more than there are inputs.</summary>
    public int Dimensions => LogLengths.Count + 1;

    /// <summary>Where learning begins: all inputs matter alike.</summary>
    /// <param name="inputs">How many there are.</param>
    /// <param name="zonal">κ.</param>
    /// <param name="length">Length scales, in roots of the number of inputs.</param>
    public static SphericalCovariance Start(int inputs, Func<Tensor, Tensor, Tensor> zonal, double length = 1) => new(
        Tensor.Full([inputs], Math.Log(length) + 0.5 * Math.Log(inputs), ElementType.Float64).Evaluate(), Tensor.Scalar(0.0), Tensor.Scalar(0.0), zonal);

    /// <summary>Points of the sphere [n, inputs + 1] and distances from the origin [n, 1] of inputs [n, inputs].</summary>
    public (Tensor Directions, Tensor Radii) Lifted(Tensor x)
    {
        var lifted = Tensor.Concatenate([x * Tensor.Exp(-LogLengths), Tensor.Ones([x.Shape[0], 1], ElementType.Float64)], 1);
        var radii = Tensor.Sqrt(Tensor.Square(lifted).Sum(-1).ExpandDims(-1));
        return (lifted / radii, radii);
    }

    /// <summary>The eigenvalue of each degree of κ: [degrees], 0 where it cannot be told from that.</summary>
    /// <param name="degrees">How many degrees, from 0 on.</param>
    public Tensor Eigenvalues(int degrees)
    {
        var (cosines, projection) = ZonalSpectrum.Projection(Dimensions, degrees);
        var values = projection.Dot(Zonal(cosines, Tensor.Exp(LogWidth)));
        return Tensor.Where(values > Least * values.Max(), values, 0.0);
    }

    /// <inheritdoc/>
    public Tensor Between(Tensor x, Tensor y)
    {
        var ((first, near), (second, far)) = (Lifted(x), Lifted(y));
        return Tensor.Exp(LogVariance) * near * far.T * Zonal(Tensor.MatMul(first, second.T), Tensor.Exp(LogWidth));
    }

    /// <inheritdoc/>
    public Tensor Variances(Tensor x) => Tensor.Exp(LogVariance) * Tensor.Square(Lifted(x).Radii)[.., 0];

    /// <inheritdoc/>
    public Tensor NegativeLogPrior() =>
        LogNormalPrior.Of(LogLengths, 0.5 * Math.Log(LogLengths.Count) + 0.5, 1.5) + LogNormalPrior.Of(LogVariance, 0, 2) + LogNormalPrior.Of(LogWidth, 0, 1);
}
