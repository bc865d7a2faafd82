namespace Paramorph.Optimisers;

/// <summary>A point along a line.</summary>
/// <param name="Length">The distance from the start, in directions.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="Slope">The derivative of the loss along the line.</param>
internal readonly record struct LinePoint(double Length, double Loss, double Slope)
{
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Slope);
}

/// <summary>
/// Finds a point of a line that fulfils the strong Wolfe conditions: the loss lies enough below the tangent at the start, and the slope is a small share of
/// that at the start. (Nocedal and Wright, "Numerical Optimization", 2006, Algorithms 3.5 and 3.6.)
/// </summary>
/// <param name="probe">From a length to the point there.</param>
/// <param name="start">The point of length 0, with a negative slope.</param>
/// <param name="noise">By how much rounding may change a loss.</param>
internal sealed class LineSearch(Func<double, LinePoint> probe, LinePoint start, double noise)
{
    private const double Sufficient = 1e-4;
    private const double Curvature = 0.9;
    private const int Probes = 25;
    private int left = Probes;

    /// <summary>The point, or null when there is none within the allowed number of probes.</summary>
    /// <param name="length">The length to try first.</param>
    public LinePoint? Find(double length)
    {
        var before = start;
        while (left > 0)
        {
            var point = Probe(length);
            if (!point.IsFinite) return Shorten(before, length);
            if (!Descends(point) || (before.Length > 0 && point.Loss >= before.Loss + noise)) return Zoom(before, point);
            if (IsFlat(point)) return point;
            if (point.Slope >= 0) return Zoom(point, before);
            (before, length) = (point, Math.Clamp(Extrapolated(before, point), 1.5 * length, 10 * length));
        }
        return before.Length > 0 ? before : null;
    }

    /// <summary>Between two points of which the first has the lower loss and a slope toward the other.</summary>
    private LinePoint? Zoom(LinePoint low, LinePoint high)
    {
        while (left > 0 && Math.Abs(high.Length - low.Length) > 1e-14 * (1 + low.Length))
        {
            var point = Probe(Between(low, high));
            if (!point.IsFinite || !Descends(point) || point.Loss >= low.Loss + noise)
            {
                high = point;
                continue;
            }
            if (IsFlat(point)) return point;
            if (point.Slope * (high.Length - low.Length) >= 0) high = low;
            low = point;
        }
        // The lowest point serves, where rounding leaves nothing better.
        return low.Length > 0 ? low : null;
    }

    /// <summary>Back from a length at which the loss is not finite.</summary>
    private LinePoint? Shorten(LinePoint before, double length)
    {
        while (left > 0)
        {
            length = 0.5 * (before.Length + length);
            var point = Probe(length);
            if (!point.IsFinite) continue;
            // Farther on the loss has no value: a point that still descends is as far as the line goes.
            return Descends(point) && (point.Slope < 0 || IsFlat(point)) ? point : Zoom(before, point);
        }
        return before.Length > 0 ? before : null;
    }

    private LinePoint Probe(double length)
    {
        left--;
        return probe(length);
    }

    private bool Descends(LinePoint point) => point.Loss <= start.Loss + Sufficient * point.Length * start.Slope + noise;

    private bool IsFlat(LinePoint point) => Math.Abs(point.Slope) <= -Curvature * start.Slope;

    /// <summary>The minimum of the cubic through two points and their slopes, kept away from the ends; the middle where there is none.</summary>
    private static double Between(LinePoint a, LinePoint b)
    {
        var (from, to) = (Math.Min(a.Length, b.Length), Math.Max(a.Length, b.Length));
        var guard = 0.1 * (to - from);
        var length = CubicMinimum(a, b);
        return double.IsFinite(length) && length >= from + guard && length <= to - guard ? length : 0.5 * (from + to);
    }

    private static double Extrapolated(LinePoint a, LinePoint b) => CubicMinimum(a, b) is var length && length > b.Length ? length : 2 * b.Length;

    /// <summary>Nocedal and Wright, Eq. 3.59.</summary>
    private static double CubicMinimum(LinePoint a, LinePoint b)
    {
        var mean = a.Slope + b.Slope - 3 * (a.Loss - b.Loss) / (a.Length - b.Length);
        var root = Math.Sign(b.Length - a.Length) * Math.Sqrt(mean * mean - a.Slope * b.Slope);
        return b.Length - (b.Length - a.Length) * (b.Slope + root - mean) / (b.Slope - a.Slope + 2 * root);
    }
}
