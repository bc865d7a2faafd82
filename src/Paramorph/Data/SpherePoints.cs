namespace Paramorph.Data;

/// <summary>Points of the unit sphere.</summary>
public static class SpherePoints
{
    /// <summary>Points that are uniformly distributed: normal ones over their lengths.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="count">n.</param>
    /// <param name="dimensions">Coordinates of a point.</param>
    /// <returns>f64 [n, dimensions].</returns>
    public static Tensor Uniform(Key key, int count, int dimensions)
    {
        var points = Sample.Normal(key, [count, dimensions], ElementType.Float64);
        return (points / Tensor.Sqrt(Tensor.Square(points).Sum(-1)).ExpandDims(-1)).Evaluate();
    }
}
