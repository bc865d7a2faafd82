namespace Paramorph.Physics;

/// <summary>A box that is left out of the box where an equation holds, in a corner, at a side or inside; every component is zero on its walls.</summary>
/// <param name="Low">The lower corner.</param>
/// <param name="High">The upper corner.</param>
public sealed record Hole(Sequence<double> Low, Sequence<double> High)
{
    /// <summary>Whether a point lies in it.</summary>
    internal bool Contains(ReadOnlySpan<double> point)
    {
        for (var axis = 0; axis < point.Length; axis++)
            if (point[axis] <= Low[axis] || point[axis] >= High[axis]) return false;
        return true;
    }

    /// <summary>A function that is positive outside and zero on the walls, smooth but for their edges: [n, 1]. (Rvachev and Sheiko, "R-functions in boundary value problems in mechanics", 1995.)</summary>
    internal Tensor Distance(Coordinates at)
    {
        Tensor? outside = null;
        for (var axis = 0; axis < Low.Count; axis++)
        {
            // A wall that lies in a side of the box, or beyond, is no wall.
            if (Low[axis] > at.Axes[axis].Low) Join(Low[axis] - at.Of(axis));
            if (High[axis] < at.Axes[axis].High) Join(at.Of(axis) - High[axis]);
        }
        return outside!;

        void Join(Tensor distance) => outside = outside is null ? distance : outside + distance + Tensor.Sqrt(outside * outside + distance * distance);
    }
}
