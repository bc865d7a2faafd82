namespace Paramorph.Bayes;

/// <summary>
/// Mean squared errors of functions that are drawn from the posterior of a Gaussian process: sums of squares along the axes of the posterior covariance at the points that judge.
/// </summary>
public sealed class PosteriorErrors
{
    private const int Chunk = 10_000;

    private readonly Tensor deviations, misses;
    private readonly Func<Key, Tensor, Tensor, Tensor> draw;

    /// <param name="kernel">From points [a, dimensions] and [b, dimensions] to f64 [a, b].</param>
    /// <param name="inputs">Points of examples: f64 [n, dimensions].</param>
    /// <param name="targets">f64 [n], of the mean 0 before.</param>
    /// <param name="asked">Points that judge: f64 [m, dimensions].</param>
    /// <param name="truth">f64 [m].</param>
    /// <param name="noise">The variance of the noise of targets, positive.</param>
    public PosteriorErrors(Func<Tensor, Tensor, Tensor> kernel, Tensor inputs, Tensor targets, Tensor asked, Tensor truth, double noise = 1e-6)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noise);
        var (examples, tests) = (targets.Count, truth.Count);
        var factor = LinearAlgebra.Cholesky(kernel(inputs, inputs) + noise * Tensor.Eye(examples, ElementType.Float64));
        var (cross, known) = (LinearAlgebra.TriangularSolve(factor, kernel(inputs, asked)), LinearAlgebra.TriangularSolve(factor, targets.ExpandDims(-1))[.., 0]);
        var (values, vectors) = LinearAlgebra.Eigh(kernel(asked, asked) - Tensor.MatMul(cross.T, cross));
        (deviations, misses) = (Tensor.Sqrt(Tensor.Maximum(values, 0.0)).Evaluate(), (known.Dot(cross) - truth).Dot(vectors).Evaluate());
        draw = Compile.Of((Key key, Tensor deviations, Tensor misses) => Tensor.Square(misses + deviations * Sample.Normal(key, [Chunk, tests], ElementType.Float64)).Mean(-1));
    }

    /// <summary>The error that is expected: the mean square of misses of the posterior mean and of deviations.</summary>
    public double Mean => (Tensor.Square(misses) + Tensor.Square(deviations)).Mean().Item();

    /// <summary>Errors of drawn functions.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="chunks">How many times ten thousand.</param>
    public double[] Draw(Key key, int chunks) => [.. Enumerable.Range(0, chunks).SelectMany(part => draw(key.Fold(part), deviations, misses).ToDoubles())];
}
