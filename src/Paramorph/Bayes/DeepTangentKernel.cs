namespace Paramorph.Bayes;

/// <summary>
/// The neural tangent kernel of very many hidden layers, for an activation that is a sum of Hermite polynomials and points of a unit sphere whose cosines are positive. It is held as a logarithm, since
/// values at different points come to lie hundreds of decades apart. As the layers grow, regression with it becomes one of three classifiers: the nearest neighbour where the activation has neither
/// a constant nor a linear part, a vote of the majority where it has a constant part, and else a smoother that weighs examples by a power of their distance, <see cref="Order"/>. That last limit
/// is a slow one: distances r count as this power only where r² is large against the inverse number of layers, and as a power higher by 2 where it is small.
/// (Radhakrishnan, Belkin and Uhler, "Wide and deep neural networks achieve optimality for classification", 2023.)
/// </summary>
public sealed class DeepTangentKernel
{
    private readonly double[] squares;

    /// <summary>The kernel of an activation.</summary>
    /// <param name="hiddenLayers">Hidden layers.</param>
    /// <param name="squares">The squares of the coefficients of the normalised Hermite polynomials h₀, h₁, ...; they add up to 1, by which layers keep the length of their inputs.</param>
    /// <exception cref="ArgumentException">The squares are no shares of 1, or belong to a constant.</exception>
    public DeepTangentKernel(int hiddenLayers, params double[] squares)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hiddenLayers);
        if (squares.Any(square => square < 0) || Math.Abs(squares.Sum() - 1) > 1e-12 || squares.Skip(1).All(square => square == 0))
            throw new ArgumentException($"the squares {string.Join(", ", squares)} are not those of a normalised activation: they must be at least 0 and add up to 1, beside a constant.", nameof(squares));
        (HiddenLayers, this.squares) = (hiddenLayers, squares);
    }

    /// <summary>Hidden layers.</summary>
    public int HiddenLayers { get; }

    /// <summary>The power of the inverse distance that the limit is singular with, -2 log κ'(0) / log κ'(1) of the dual κ of the activation, where it has a linear and no constant part.</summary>
    public double Order => -2 * Math.Log(squares[1]) / Math.Log(Slope);

    /// <summary>The logarithm of the kernel at a point and itself, a geometric sum of slopes, which <see cref="Log"/> misses by the rounding of cosines.</summary>
    public double LogDiagonal => Slope > 1
        ? HiddenLayers * Math.Log(Slope) + Math.Log((Slope - Math.Pow(Slope, -HiddenLayers)) / (Slope - 1))
        : Math.Log(Slope == 1 ? HiddenLayers + 1 : (1 - Math.Pow(Slope, HiddenLayers + 1)) / (1 - Slope));

    /// <summary>κ'(1): by how much small squared distances grow in a layer.</summary>
    private double Slope => squares.Select((square, k) => k * square).Sum();

    /// <summary>
    /// Layers behind which only the linear part of the activation acts, where there is one and no constant: distances that doubles resolve have grown to order 1, and cosines shrunk below their rounding.
    /// </summary>
    private int UntilLinear => squares[0] > 0 || squares[1] is 0 or 1 || Slope <= 1 ? HiddenLayers : Math.Min(HiddenLayers, 10 + (int)(36 / Math.Log(Slope) - 36 / Math.Log(squares[1])));

    /// <summary>The activation with the order of singularity at which the limit is consistent, the dimension of the sphere, and small distances that double in each layer. (Their Corollary 1.)</summary>
    /// <param name="hiddenLayers">Hidden layers.</param>
    /// <param name="order">The order, at least 2.</param>
    public static DeepTangentKernel Singular(int hiddenLayers, double order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        var linear = Math.Pow(2, -order / 2);
        return new(hiddenLayers, 0, linear, 1 - 2 * linear, linear);
    }

    /// <summary>The logarithm of the kernel.</summary>
    /// <param name="cosines">Of different points: positive, f64.</param>
    /// <returns>Of the same shape.</returns>
    public Tensor Log(Tensor cosines)
    {
        var slopes = squares.Select((square, k) => k * square).Skip(1).ToArray();
        var (start, layers) = (Tensor.Log(cosines), UntilLinear);
        var (last, tangent) = Control.Repeat(layers, (_, kernels) =>
        {
            var (covariance, tangent) = kernels;
            var cosine = Tensor.Exp(covariance);
            var next = LogPolynomial(squares, covariance, cosine);
            return new TreePair<Tensor, Tensor>(next, Tensor.LogAddExp(next, tangent + LogPolynomial(slopes, covariance, cosine)));
        }, new TreePair<Tensor, Tensor>(start, start));
        // Σ ← a₁² Σ and Θ ← Σ + a₁² Θ have this closed form.
        double rest = HiddenLayers - layers;
        return rest == 0 ? tangent : rest * Math.Log(squares[1]) + Tensor.LogAddExp(tangent, Math.Log(rest) + last);
    }

    /// <summary>Regression of labels with it: scores may be multiplied by any positive number, another one at each point, so that their signs alone mean something.</summary>
    /// <param name="points">Different points f64 [n, coordinates].</param>
    /// <param name="labels">-1 or 1 of each: f64 [n].</param>
    /// <param name="asked">Other points [m, coordinates].</param>
    /// <returns>[m].</returns>
    public Tensor Scores(Tensor points, Tensor labels, Tensor asked)
    {
        var eye = Tensor.Eye(points.Shape[0], ElementType.Float64);
        var gram = Tensor.Where(Tensor.Greater(eye, 0.5), 1.0, Tensor.Exp(Log(Tensor.Minimum(Tensor.MatMul(points, points.T), 1 - 1e-12)) - LogDiagonal));
        var factor = LinearAlgebra.Cholesky(gram);
        var weights = LinearAlgebra.TriangularSolve(factor, LinearAlgebra.TriangularSolve(factor, labels.ExpandDims(-1)), form: MatrixForm.Transposed);
        var logs = Log(Tensor.MatMul(asked, points.T));
        return Tensor.Exp(logs - logs.Max(-1).ExpandDims(-1)).Dot(weights)[.., 0];
    }

    /// <summary>The logarithm of a polynomial with coefficients of at least 0, at x = e^logarithm: the lowest power, which would vanish, is taken out.</summary>
    private static Tensor LogPolynomial(double[] coefficients, Tensor logarithm, Tensor x)
    {
        var lowest = Array.FindIndex(coefficients, coefficient => coefficient > 0);
        var sum = Tensor.Full(x.Shape, coefficients[^1], x.ElementType);
        for (var k = coefficients.Length - 2; k >= lowest; k--) sum = sum * x + coefficients[k];
        return lowest * logarithm + Tensor.Log(sum);
    }
}
