namespace Paramorph;

/// <content>Further elementwise functions, composed.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse hyperbolic sine.</summary>
    public static Tensor Asinh(Tensor x) => WithDerivative(
        Floating(x),
        static x =>
        {
            var size = Abs(x);
            // Beyond this the square would do nothing but overflow.
            var isLarge = Greater(size, 1e8);
            var small = Where(isLarge, 1.0, size);
            var near = Log1p(small + small * small / (1.0 + Sqrt(small * small + 1.0)));
            return Sign(x) * Where(isLarge, Log(Where(isLarge, size, 1.0)) + Math.Log(2), near);
        },
        static (x, _) => Rsqrt(x * x + 1.0));

    /// <summary>The inverse hyperbolic cosine, on [1, inf).</summary>
    public static Tensor Acosh(Tensor x)
    {
        x = Floating(x);
        return Log1p(x - 1.0 + Sqrt(x - 1.0) * Sqrt(x + 1.0));
    }

    /// <summary>The inverse hyperbolic tangent, on (-1, 1).</summary>
    public static Tensor Atanh(Tensor x) => Floating(x) is var f ? 0.5 * (Log1p(f) - Log1p(-f)) : x;

    /// <summary>sin(pi x) / (pi x), 1 at 0.</summary>
    public static Tensor Sinc(Tensor x)
    {
        var angle = Floating(x) * Math.PI;
        // Near 0 by its series, so that derivatives of every order exist there.
        var isSmall = Less(Abs(angle), 1.0);
        var small = Where(isSmall, angle, 0.0);
        var far = Where(isSmall, 1.0, angle);
        return Where(isSmall, Horner(small * small, SincSeries), Sin(far) / far);
    }

    /// <summary>0 below 0, 1 above, <paramref name="atZero"/> at 0. Its derivative is 0.</summary>
    public static Tensor Heaviside(Tensor x, double atZero = 0.5)
    {
        x = Floating(x);
        return Where(Less(x, 0.0), ZerosLike(x), Where(Greater(x, 0.0), OnesLike(x), Where(Equal(x, 0.0), atZero, StopGradient(x))));
    }

    /// <summary>log(x / (1 - x)), the inverse of the sigmoid.</summary>
    public static Tensor Logit(Tensor x) => Floating(x) is var f ? Log(f) - Log1p(-f) : x;

    /// <summary>x log y, which is 0 where x is 0 and y is not positive; so are the derivatives there.</summary>
    public static Tensor Xlogy(Tensor x, Tensor y)
    {
        (x, y) = Promote(Floating(x), Floating(y), "xlogy");
        var isNothing = Equal(x, 0.0) & LessEqual(y, 0.0);
        return Where(isNothing, 0.0, x * Log(Where(isNothing, 1.0, y)));
    }

    /// <summary>The polynomial c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule.</summary>
    /// <param name="coefficients">[..., count]; the other axes broadcast against x.</param>
    /// <param name="x">Where it is evaluated.</param>
    public static Tensor Polynomial(Tensor coefficients, Tensor x)
    {
        if (coefficients.Rank == 0 || coefficients.Shape[^1] == 0)
            throw new ShapeException($"polynomial: {coefficients.Type} has no coefficients: they lie along the last axis, the constant one first.");
        var count = coefficients.Shape[^1];
        var result = coefficients[TensorIndex.Ellipsis, count - 1];
        for (var i = count - 2; i >= 0; i--) result = result * x + coefficients[TensorIndex.Ellipsis, i];
        return count > 1 ? result : result + ZerosLike(x);
    }

    /// <summary>The complex number of a modulus and an angle in radians.</summary>
    public static Tensor FromPolar(Tensor modulus, Tensor angle) => Complex(modulus * Cos(angle), modulus * Sin(angle));

    /// <summary>The angle of a complex number in (-pi, pi]; 0 at 0, also its derivative. Of a real number 0 or pi.</summary>
    public static Tensor Angle(Tensor z)
    {
        if (!z.ElementType.IsComplex()) return Where(Less(z, 0), Math.PI, ZerosLike(Floating(z)));
        var (re, im) = (Real(z), Imaginary(z));
        var isZero = Equal(re, 0.0) & Equal(im, 0.0);
        return Where(isZero, 0.0, Atan2(im, Where(isZero, 1.0, re)));
    }

    /// <summary>(-1)^k / (2k + 1)! for k = 0, 1, ...</summary>
    private static readonly double[] SincSeries =
        [.. Enumerable.Range(0, 10).Select(k => Enumerable.Range(1, k).Aggregate(1.0, (term, n) => -term / (2 * n * (2 * n + 1))))];

    /// <summary>A polynomial with known coefficients, the constant one first.</summary>
    internal static Tensor Horner(Tensor x, ReadOnlySpan<double> coefficients)
    {
        Tensor result = Full(x.Shape, coefficients[^1], x.ElementType);
        for (var i = coefficients.Length - 2; i >= 0; i--) result = result * x + coefficients[i];
        return result;
    }

    /// <summary>An elementwise function together with its derivative, from argument and value.</summary>
    internal static Tensor WithDerivative(Tensor x, Func<Tensor, Tensor> function, Func<Tensor, Tensor, Tensor> derivative) =>
        CustomDerivative.OfTangents(x, function, (x, y, tangent) => tangent * derivative(x, y));
}
