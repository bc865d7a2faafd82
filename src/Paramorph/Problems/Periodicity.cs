namespace Paramorph.Problems;

/// <summary>Whether fields wrap around the edges of their grid.</summary>
internal static class Periodicity
{
    private const double Least = 0.1, Most = 3;
    private const int MostFields = 200;

    /// <summary>
    /// Whether on each axis the step from the last place to the first is as large as steps between neighbours, neither larger, as where fields end, nor far smaller, as where the edge is held at one
    /// value; and likewise the bend there.
    /// </summary>
    /// <param name="fields">f64 [n, channels, grid...].</param>
    public static bool Of(Tensor fields)
    {
        var grid = fields.Shape[2..];
        var values = fields.SliceAxis(0, 0, Math.Min(MostFields, fields.Shape[0])).ToDoubles();
        for (var (axis, inner) = (grid.Rank - 1, 1); axis >= 0; inner *= grid[axis], axis--)
        {
            if (grid[axis] < 4 || !Wraps(values, grid[axis], inner)) return false;
        }
        return true;
    }

    private static bool Wraps(double[] values, int size, int inner)
    {
        var (steps, bends) = (new double[size], new double[size]);
        for (var start = 0; start < values.Length; start += size * inner)
        {
            for (var i = 0; i < inner; i++)
            {
                double At(int place) => values[start + (place + size) % size * inner + i];
                for (var p = 0; p < size; p++)
                {
                    steps[p] += Math.Pow(At(p + 1) - At(p), 2);
                    bends[p] += Math.Pow(At(p + 1) - 2 * At(p) + At(p - 1), 2);
                }
            }
        }
        // Step p leads from place p to p + 1; the last one, and the bends at both ends, cross the edge.
        var (step, bend) = (steps[..^1].Average(), bends[1..^1].Average());
        return steps[^1] > Least * step && steps[^1] < Most * step && Math.Max(bends[0], bends[^1]) < Most * bend;
    }
}
