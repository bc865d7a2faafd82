namespace Paramorph.Bayes;

/// <summary>
/// Neurons as inducing features: inner products, in the space of a <see cref="SphericalCovariance"/>, of the process with r σ(w · x / r), whose covariances with values of the process are thus the neurons themselves. Their own covariance is
/// the sum over degrees of σₙ² / λₙ times the projection on the harmonics of a degree, where σₙ and λₙ are eigenvalues of the activation and of the kernel (Funk and Hecke). That sum need not be finite: rectifiers are not in the space
/// of the arc-cosine kernel. So a neuron is what harmonics below some degree make of it, in both covariances, and of degrees that the kernel does not have there is nothing. All features are scaled alike to a variance of 1.
/// (Dutordoir, Hensman, van der Wilk, Ek, Ghahramani and Durrande, "Deep neural networks as point estimates for deep Gaussian processes", 2021, section 4.)
/// </summary>
/// <param name="Weights">f64 [features, inputs + 1]; their lengths have no meaning.</param>
/// <param name="Activation">σ, elementwise: smooth but at 0. Kept in a field, since each new closure is another function.</param>
/// <param name="Degrees">How many degrees, from 0 on.</param>
[Tree]
public sealed partial record SphericalFeatures(Tensor Weights, Func<Tensor, Tensor> Activation, int Degrees) : IInducingFeatures
{
    /// <summary>The rectifier.</summary>
    public static Func<Tensor, Tensor> Relu { get; } = Tensor.Relu;

    /// <summary>The softplus of three times its argument, since arguments are cosines.</summary>
    public static Func<Tensor, Tensor> Softplus { get; } = static t => Tensor.Softplus(3.0 * t);

    /// <inheritdoc/>
    public int Count => Weights.Shape[0];

    /// <summary>Where learning begins: directions drawn evenly.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="inputs">How many inputs there are.</param>
    /// <param name="count">How many features.</param>
    /// <param name="activation">σ.</param>
    /// <param name="degrees">How many degrees.</param>
    public static SphericalFeatures Drawn(Key key, int inputs, int count, Func<Tensor, Tensor> activation, int degrees) =>
        new(Sample.Normal(key, [count, inputs + 1], ElementType.Float64).Evaluate(), activation, degrees);

    /// <inheritdoc/>
    public Tensor Covariance(ICovariance kernel)
    {
        var (_, norms) = Levels(Of(kernel));
        var directions = Directions();
        return Sum(Tensor.MatMul(directions, directions.T), norms) / norms.Sum();
    }

    /// <inheritdoc/>
    public Tensor With(ICovariance kernel, Tensor x)
    {
        var (directions, radii) = Of(kernel).Lifted(x);
        var (neurons, norms) = Levels(Of(kernel));
        return Tensor.Exp(0.5 * Of(kernel).LogVariance) * radii.T * Sum(Tensor.MatMul(Directions(), directions.T), neurons) / Tensor.Sqrt(norms.Sum());
    }

    private static SphericalCovariance Of(ICovariance kernel) => kernel as SphericalCovariance
        ?? throw new ArgumentException($"spherical features are those of a {nameof(SphericalCovariance)}, not of a {kernel.GetType().Name}.", nameof(kernel));

    private Tensor Directions() => Weights / Tensor.Sqrt(Tensor.Square(Weights).Sum(-1).ExpandDims(-1));

    /// <summary>What the polynomial of each degree is multiplied by in a neuron, σₙ Nₙ, and in inner products of two, σₙ² Nₙ / λₙ.</summary>
    private (Tensor Neurons, Tensor Norms) Levels(SphericalCovariance kernel)
    {
        var values = Tensor.From(ZonalSpectrum.Eigenvalues(Activation, kernel.Dimensions, Degrees));
        var counts = Tensor.From([.. Enumerable.Range(0, Degrees).Select(degree => ZonalSpectrum.Multiplicity(degree, kernel.Dimensions))]);
        var known = kernel.Eigenvalues(Degrees);
        var isThere = known > 0.0;
        return (Tensor.Where(isThere, values * counts, 0.0), Tensor.Where(isThere, Tensor.Square(values) * counts / Tensor.Where(isThere, known, 1.0), 0.0));
    }

    private Tensor Sum(Tensor cosines, Tensor factors)
    {
        var dimensions = Weights.Shape[1];
        // By the recursion of ZonalSpectrum.Polynomial, each degree once.
        var (before, value) = (Tensor.OnesLike(cosines), cosines);
        var sum = factors[0] * before;
        for (var n = 1; n < Degrees; n++)
        {
            sum += factors[n] * value;
            (before, value) = (value, ((2.0 * n + dimensions - 2) * cosines * value - n * before) / (n + dimensions - 2.0));
        }
        return sum;
    }
}
