using Paramorph.Primitives;

namespace Paramorph;

/// <content>Functions of matrices: norms, powers, the exponential.</content>
public static partial class LinearAlgebra
{
    /// <summary>The largest norm for which the approximant of degree 13 has full double precision (Higham 2005, Table 2.3).</summary>
    private const double PadeReach = 5.371920351148152;

    /// <summary>Enough for norms up to 2e10.</summary>
    private const int MostSquarings = 32;

    /// <summary>Numerator coefficients of the [13/13] approximant of Padé of e^x, from x^0 on.</summary>
    private static readonly double[] Pade = PadeCoefficients(13);

    /// <summary>The square root of the sum of squared moduli; its derivative at a zero matrix is 0.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <returns>[...], real.</returns>
    public static Tensor FrobeniusNorm(Tensor a)
    {
        Matrices.Check("frobenius_norm", a.Type);
        var squares = Tensor.Real(a * Tensor.Conjugate(a)).Sum(-1, -2);
        var isZero = Tensor.Equal(squares, 0.0);
        return Tensor.Where(isZero, 0.0, Tensor.Sqrt(Tensor.Where(isZero, 1.0, squares)));
    }

    /// <summary>The sum of singular values; its gradient is U V^H over the singular values that are not zero.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <returns>[...], real.</returns>
    public static Tensor NuclearNorm(Tensor a) => Svd(a).Values.Sum(-1);

    /// <summary>The largest singular value; where it is repeated the derivative is that of one of them.</summary>
    /// <param name="a">[..., m, n], not empty.</param>
    /// <returns>[...], real.</returns>
    public static Tensor SpectralNorm(Tensor a) => Extremes("spectral_norm", a).Largest;

    /// <summary>The largest singular value over the smallest; infinite for a matrix without full rank.</summary>
    /// <param name="a">[..., m, n], not empty.</param>
    /// <returns>[...], real.</returns>
    public static Tensor ConditionNumber(Tensor a)
    {
        var (largest, smallest) = Extremes("condition_number", a);
        return largest / smallest;
    }

    /// <summary>A matrix to an integer power, by repeated squaring; a negative one is of the inverse, and A^0 is the identity.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <param name="exponent">The power.</param>
    /// <exception cref="EvaluationException">When it runs: the power is negative and a matrix is singular.</exception>
    public static Tensor MatrixPower(Tensor a, int exponent)
    {
        Matrices.CheckSquare("matrix_power", a.Type);
        if (exponent == 0) return Tensor.Eye(a.Shape[^1], a.ElementType).BroadcastTo(a.Shape);
        // In 64 bits, where the negative of the smallest int exists.
        return exponent < 0 ? Positive(Inverse(a), -(long)exponent) : Positive(a, exponent);

        static Tensor Positive(Tensor a, long exponent)
        {
            if (exponent == 1) return a;
            var half = Positive(a, exponent / 2);
            var square = Tensor.MatMul(half, half);
            return exponent % 2 == 0 ? square : Tensor.MatMul(square, a);
        }
    }

    /// <summary>
    /// e^A by scaling and squaring: the [13/13] approximant of Padé at A / 2^s, squared s times, where s follows from the 1-norm of each matrix
    /// (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).
    /// </summary>
    /// <param name="a">[..., n, n].</param>
    /// <returns>[..., n, n].</returns>
    public static Tensor MatrixExponential(Tensor a)
    {
        Matrices.CheckSquare("matrix_exponential", a.Type);
        if (a.Count == 0) return a;
        var norm = Tensor.StopGradient(Tensor.Abs(a).Sum(-2).Max(-1)).ExpandDims(-1).ExpandDims(-1);
        var squarings = Tensor.Clamp(Tensor.Ceil(Tensor.Log(norm * (1 / PadeReach)) * (1 / Math.Log(2))), 0.0, (double)MostSquarings);
        var scaled = Approximant(a * Tensor.Power(2.0, -squarings));
        return Control.Repeat(
            MostSquarings,
            (step, x) =>
            {
                var goesOn = Tensor.Less(step, squarings);
                return Control.Cond(goesOn.Any(), () => Tensor.Where(goesOn, Tensor.MatMul(x, x), x), () => x);
            },
            scaled);
    }

    private static Tensor Approximant(Tensor a)
    {
        var one = Tensor.Eye(a.Shape[^1], a.ElementType);
        var a2 = Tensor.MatMul(a, a);
        var a4 = Tensor.MatMul(a2, a2);
        var a6 = Tensor.MatMul(a4, a2);
        var odd = Tensor.MatMul(a, Polynomial(1));
        var even = Polynomial(0);
        return Solve(even - odd, even + odd);

        // The terms of every second degree from the given one on, divided by its power.
        Tensor Polynomial(int from)
        {
            var high = a6 * Pade[from + 12] + a4 * Pade[from + 10] + a2 * Pade[from + 8];
            return Tensor.MatMul(a6, high) + a6 * Pade[from + 6] + a4 * Pade[from + 4] + a2 * Pade[from + 2] + one * Pade[from];
        }
    }

    private static double[] PadeCoefficients(int degree)
    {
        var coefficients = new double[degree + 1];
        coefficients[0] = 1;
        for (var k = 1; k <= degree; k++) coefficients[k] = coefficients[k - 1] * (degree - k + 1) / (k * (2.0 * degree - k + 1));
        return coefficients;
    }

    private static (Tensor Largest, Tensor Smallest) Extremes(string name, Tensor a)
    {
        var values = Svd(a).Values;
        var count = values.Shape[^1];
        if (count == 0) throw new ShapeException($"{name}: {a.Type} has no singular values.");
        return (values.SliceAxis(-1, 0, 1).Squeeze(-1), values.SliceAxis(-1, count - 1, count).Squeeze(-1));
    }
}
