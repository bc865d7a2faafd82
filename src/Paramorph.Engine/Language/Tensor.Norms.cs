namespace Paramorph;

/// <content>Norms.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The norm of an order along axes, which disappear; all of them when none is given. 2 is the Euclidean (of a matrix the Frobenius) norm, 1 the
    /// sum of moduli, infinity the largest modulus, -infinity the smallest, 0 the number of elements that are not 0. Its derivative at the origin
    /// is 0.
    /// </summary>
    public Tensor Norm(double order = 2, params ReadOnlySpan<int> axes)
    {
        var modulus = Abs(Floating(this));
        if (order == 1) return modulus.Sum(axes);
        if (double.IsPositiveInfinity(order)) return modulus.Max(axes);
        if (double.IsNegativeInfinity(order)) return modulus.Min(axes);
        if (order == 0) return NotEqual(modulus, 0.0).AsType(modulus.ElementType).Sum(axes);
        if (order == 2) return SafeSqrt((modulus * modulus).Sum(axes));
        var isZero = Equal(modulus, 0.0);
        var sum = Where(isZero, order > 0 ? 0.0 : double.PositiveInfinity, Power(Where(isZero, 1.0, modulus), order)).Sum(axes);
        var isOrigin = order > 0 ? Equal(sum, 0.0) : !IsFinite(sum);
        return Where(isOrigin, 0.0, Power(Where(isOrigin, 1.0, sum), 1 / order));
    }

    /// <summary>The tensor divided by its norm along axes, or by <paramref name="smallest"/> where the norm is less.</summary>
    public Tensor Normalise(double order = 2, double smallest = 1e-12, params ReadOnlySpan<int> axes) =>
        this / Maximum(Norm(order, axes).RestoreAxes(axes, Shape), smallest);

    /// <summary>The square root, whose derivative at 0 is 0.</summary>
    internal static Tensor SafeSqrt(Tensor x)
    {
        var isZero = Equal(x, 0.0);
        return Where(isZero, 0.0, Sqrt(Where(isZero, 1.0, x)));
    }
}
