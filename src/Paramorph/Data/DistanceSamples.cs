namespace Paramorph.Data;

/// <summary>Points and their signed distances from a body: what a neural field of a shape is fitted to.</summary>
/// <param name="Points">f32 [n, dimensions].</param>
/// <param name="Distances">f32 [n, 1].</param>
[Tree]
public sealed partial record DistanceSamples(Tensor Points, Tensor Distances)
{
    private const int ProjectionSteps = 30;

    /// <summary>Points that are uniform in a cube around the origin.</summary>
    /// <param name="key">The key.</param>
    /// <param name="body">The body.</param>
    /// <param name="count">n.</param>
    /// <param name="halfSize">Half the side of the cube.</param>
    public static DistanceSamples Uniform(Key key, SignedDistance body, int count, double halfSize = 1)
    {
        var random = new KeyRandom(key);
        return Filled(body, count, point => Anywhere(random, halfSize, point));
    }

    /// <summary>
    /// Points near the surface: uniform points of a cube are led to it along the slope of the distance, then moved by normal noise. (Park et al., "DeepSDF",
    /// 2019, sample like this.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="body">The body; its surface passes through the cube.</param>
    /// <param name="count">n.</param>
    /// <param name="deviation">The standard deviation of the noise in every coordinate; 0 for points on the surface.</param>
    /// <param name="halfSize">Half the side of the cube.</param>
    /// <exception cref="ArgumentException">No surface is found in the cube.</exception>
    public static DistanceSamples NearSurface(Key key, SignedDistance body, int count, double deviation = 0.05, double halfSize = 1)
    {
        var random = new KeyRandom(key);
        return Filled(body, count, point =>
        {
            for (var attempt = 0; ; attempt++)
            {
                Anywhere(random, halfSize, point);
                if (Lead(body, point)) break;
                if (attempt == 1000) throw new ArgumentException($"no surface is found within {halfSize} of the origin: the body lies elsewhere or is empty.", nameof(body));
            }
            foreach (ref var x in point) x = random.Normal(x, deviation);
        });
    }

    private static void Anywhere(KeyRandom random, double halfSize, Span<double> point)
    {
        foreach (ref var x in point) x = random.Uniform(-halfSize, halfSize);
    }

    /// <summary>Newton's method along the slope, by differences; false where it does not arrive, as on a medial axis.</summary>
    private static bool Lead(SignedDistance body, Span<double> point)
    {
        const double Step = 1e-5;
        Span<double> slope = stackalloc double[point.Length];
        for (var n = 0; n < ProjectionSteps; n++)
        {
            var distance = body.At(point);
            if (Math.Abs(distance) < 1e-9) return true;
            var square = 0.0;
            for (var i = 0; i < point.Length; i++)
            {
                var x = point[i];
                point[i] = x + Step;
                var ahead = body.At(point);
                point[i] = x - Step;
                slope[i] = (ahead - body.At(point)) / (2 * Step);
                point[i] = x;
                square += slope[i] * slope[i];
            }
            if (square < 1e-3) return false;
            for (var i = 0; i < point.Length; i++) point[i] -= distance * slope[i] / square;
        }
        return false;
    }

    private static DistanceSamples Filled(SignedDistance body, int count, PointMaker make)
    {
        var (points, distances) = (new float[count * body.Dimensions], new float[count]);
        Span<double> point = stackalloc double[body.Dimensions];
        for (var n = 0; n < count; n++)
        {
            make(point);
            // The distance is that of the point as it is given, rounded to single precision.
            for (var i = 0; i < point.Length; i++) point[i] = points[n * point.Length + i] = (float)point[i];
            distances[n] = (float)body.At(point);
        }
        return new(Tensor.From(points, [count, body.Dimensions]), Tensor.From(distances, [count, 1]));
    }

    private delegate void PointMaker(Span<double> point);
}
