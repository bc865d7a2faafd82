namespace Paramorph.Bayes;

/// <summary>
/// The mean over directions of the 1-Wasserstein distance of what two sets of draws look like along them, which sorting gives exactly; 0 only for equal distributions. (Rabin et al., "Wasserstein
/// barycenter and its application to texture mixing", 2011.)
/// </summary>
public static class SlicedWasserstein
{
    /// <summary>The distance of two sets of draws, in their units.</summary>
    /// <param name="key">Draws the directions.</param>
    /// <param name="one">[draws, dimensions].</param>
    /// <param name="other">As many.</param>
    /// <param name="directions">How many directions, uniform on the sphere.</param>
    /// <exception cref="ShapeException">The sets are not equally many vectors of one size.</exception>
    public static Tensor Distance(Key key, Tensor one, Tensor other, int directions = 64)
    {
        if (one.Rank != 2 || !one.Shape.Equals(other.Shape)) throw new ShapeException($"sliced distance: {one.Type} and {other.Type} are not both [draws, dimensions].");
        var drawn = Sample.Normal(key, [one.Shape[1], directions], one.ElementType);
        var along = drawn * Tensor.Rsqrt(Tensor.Square(drawn).Sum(0));
        return Tensor.Abs(Tensor.MatMul(one, along).Sort(0) - Tensor.MatMul(other, along).Sort(0)).Mean();
    }
}
