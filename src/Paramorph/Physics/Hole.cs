namespace Paramorph.Physics;

/// <summary>A box that is left out of the box where an equation holds, in a corner, at a side or inside; every component is zero on its walls.</summary>
/// <param name="Low">The lower corner.</param>
/// <param name="High">The upper corner.</param>
/// <remarks>Its walls are a part of the loss: built in, the edges where they meet would leave singular residuals.</remarks>
public sealed record Hole(Sequence<double> Low, Sequence<double> High)
{
    /// <summary>How much the mean squared values on its walls count beside the mean squared residual.</summary>
    public double Weight { get; init; } = 100;

    /// <summary>Whether a point lies in it.</summary>
    internal bool Contains(ReadOnlySpan<double> point)
    {
        for (var axis = 0; axis < point.Length; axis++)
            if (point[axis] <= Low[axis] || point[axis] >= High[axis]) return false;
        return true;
    }

    /// <summary>Points evenly at random on each of its walls in turn: f64 [n, axes]. What lies in a side of the box is no wall.</summary>
    /// <param name="axes">The axes of the box.</param>
    /// <param name="key">Draws them.</param>
    /// <param name="count">How many.</param>
    internal Tensor Walls(IReadOnlyList<Axis> axes, Key key, int count)
    {
        (int Axis, double Place)[] walls = [.. axes.SelectMany((axis, i) => new[] { (i, Low[i]), (i, High[i]) }).Where(wall => wall.Item2 > axes[wall.i].Low && wall.Item2 < axes[wall.i].High)];
        var (random, points) = (new Data.KeyRandom(key), new double[count * axes.Count]);
        for (var n = 0; n < count; n++)
        {
            var wall = walls[n % walls.Length];
            for (var i = 0; i < axes.Count; i++)
                points[n * axes.Count + i] = i == wall.Axis ? wall.Place : random.Uniform(Math.Max(Low[i], axes[i].Low), Math.Min(High[i], axes[i].High));
        }
        return Tensor.From(points, [count, axes.Count]);
    }
}
