namespace Paramorph.Physics;

/// <summary>A field u(x, t) and its derivatives at points, each [points, components].</summary>
/// <param name="U">u.</param>
/// <param name="X">u_x.</param>
/// <param name="Xx">u_xx.</param>
/// <param name="T">u_t.</param>
public sealed record Jet(Tensor U, Tensor X, Tensor Xx, Tensor T)
{
    /// <summary>The jet of a field.</summary>
    /// <param name="u">From points [n, 2] to [n, components], row by row.</param>
    /// <param name="points">(x, t): [n, 2].</param>
    public static Jet Of(Func<Tensor, Tensor> u, Tensor points)
    {
        var alongX = Taylor.Derivatives(points, Tensor.From(1.0, 0.0).AsType(points.ElementType), 2, u);
        var alongT = Taylor.Derivatives(points, Tensor.From(0.0, 1.0).AsType(points.ElementType), 1, u);
        return new(alongX[0], alongX[1], alongX[2], alongT[1]);
    }
}
