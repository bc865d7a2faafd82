namespace Paramorph.Data;

/// <summary>
/// A solid body, given by the distance of a point to its surface, negative inside. Bodies are built of primitives, moved, and joined. The distances of primitives are
/// exact; those of bodies joined by a maximum, or blended, are bounds (never larger in size than the distance) with the exact zero set and sign,
/// as <see cref="IsExact"/> tells. (Hart, "Sphere tracing", 1996; formulas after Quilez, "Distance functions".)
/// </summary>
public sealed class SignedDistance
{
    private readonly Function distance;

    /// <summary>A body.</summary>
    /// <param name="dimensions">Number of coordinates of a point.</param>
    /// <param name="isExact">Whether the function is the distance everywhere.</param>
    /// <param name="distance">The function.</param>
    public SignedDistance(int dimensions, bool isExact, Function distance) => (Dimensions, IsExact, this.distance) = (dimensions, isExact, distance);

    /// <summary>The signed distance of a point.</summary>
    /// <param name="point">Its coordinates.</param>
    public delegate double Function(ReadOnlySpan<double> point);

    /// <summary>Number of coordinates of a point.</summary>
    public int Dimensions { get; }

    /// <summary>Whether the function is the distance to the surface everywhere, not a bound of it.</summary>
    public bool IsExact { get; }

    /// <summary>The signed distance of a point.</summary>
    public double At(params ReadOnlySpan<double> point) => distance(point);

    /// <summary>A disc or ball around the origin, in any number of dimensions.</summary>
    public static SignedDistance Ball(int dimensions, double radius) => new(dimensions, true, p => Length(p) - radius);

    /// <summary>A rectangle or cuboid around the origin, in any number of dimensions.</summary>
    /// <param name="halfSizes">Half its size along each axis.</param>
    public static SignedDistance Box(params double[] halfSizes) => new(halfSizes.Length, true, p =>
    {
        var (outside, inside) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < p.Length; i++)
        {
            var d = Math.Abs(p[i]) - halfSizes[i];
            outside += Math.Pow(Math.Max(d, 0), 2);
            inside = Math.Max(inside, d);
        }
        return Math.Sqrt(outside) + Math.Min(inside, 0);
    });

    /// <summary>All points within a radius of a line segment, in any number of dimensions.</summary>
    public static SignedDistance Capsule(double[] from, double[] to, double radius) => new(from.Length, true, p =>
    {
        var (along, square) = (0.0, 0.0);
        for (var i = 0; i < p.Length; i++)
        {
            along += (p[i] - from[i]) * (to[i] - from[i]);
            square += Math.Pow(to[i] - from[i], 2);
        }
        var (t, sum) = (square > 0 ? Math.Clamp(along / square, 0, 1) : 0, 0.0);
        for (var i = 0; i < p.Length; i++) sum += Math.Pow(p[i] - from[i] - t * (to[i] - from[i]), 2);
        return Math.Sqrt(sum) - radius;
    });

    /// <summary>The half space of points whose product with a direction is at most an offset.</summary>
    /// <param name="normal">The direction that points out; its length does not matter.</param>
    /// <param name="offset">How far from the origin the plane lies along it.</param>
    public static SignedDistance HalfSpace(double[] normal, double offset)
    {
        var length = Length(normal);
        return new(normal.Length, true, p =>
        {
            var product = 0.0;
            for (var i = 0; i < p.Length; i++) product += p[i] * normal[i];
            return product / length - offset;
        });
    }

    /// <summary>A ring around the z axis, in three dimensions.</summary>
    /// <param name="radius">From the axis to the middle of the tube.</param>
    /// <param name="tube">The radius of the tube.</param>
    public static SignedDistance Torus(double radius, double tube) =>
        new(3, true, p => Length(Length(p[0], p[1]) - radius, p[2]) - tube);

    /// <summary>A cylinder around the z axis, in three dimensions.</summary>
    public static SignedDistance Cylinder(double radius, double halfHeight)
    {
        var profile = Box(radius, halfHeight);
        return new(3, true, p => profile.At(Length(p[0], p[1]), p[2]));
    }

    /// <summary>What belongs to one of two bodies. Outside both the distance is exact.</summary>
    public SignedDistance Union(SignedDistance other) => Joined(other, Math.Min);

    /// <summary>What belongs to both of two bodies.</summary>
    public SignedDistance Intersection(SignedDistance other) => Joined(other, Math.Max);

    /// <summary>What belongs to this body and not to another.</summary>
    public SignedDistance Difference(SignedDistance other) => Joined(other, (a, b) => Math.Max(a, -b));

    /// <summary>The union with its inner edges filled by a fillet: where distances differ by less than the width, the smaller is lessened by a parabola.</summary>
    /// <param name="other">The other body.</param>
    /// <param name="width">Where the blending begins; positive.</param>
    public SignedDistance SmoothUnion(SignedDistance other, double width) => Joined(other, (a, b) =>
    {
        var h = Math.Max(width - Math.Abs(a - b), 0) / width;
        return Math.Min(a, b) - h * h * width / 4;
    });

    /// <summary>The body grown by a distance, with edges rounded.</summary>
    public SignedDistance Rounded(double radius) => new(Dimensions, IsExact, p => distance(p) - radius);

    /// <summary>The points within half a thickness of the surface.</summary>
    public SignedDistance Shell(double thickness) => new(Dimensions, IsExact, p => Math.Abs(distance(p)) - thickness / 2);

    /// <summary>The body moved.</summary>
    public SignedDistance Moved(params double[] by) => Mapped((from, to) =>
    {
        for (var i = 0; i < from.Length; i++) to[i] = from[i] - by[i];
    });

    /// <summary>The body turned about the origin in the plane of two axes, from the first toward the second.</summary>
    public SignedDistance Turned(double angle, int first = 0, int second = 1)
    {
        var (sin, cos) = Math.SinCos(angle);
        return Mapped((from, to) =>
        {
            from.CopyTo(to);
            (to[first], to[second]) = (cos * from[first] + sin * from[second], cos * from[second] - sin * from[first]);
        });
    }

    /// <summary>The body scaled about the origin.</summary>
    public SignedDistance Scaled(double factor)
    {
        var scaled = Mapped((from, to) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = from[i] / factor;
        });
        return new(Dimensions, IsExact, p => factor * scaled.distance(p));
    }

    private SignedDistance Mapped(Map inverse) => new(Dimensions, IsExact, p =>
    {
        Span<double> moved = stackalloc double[p.Length];
        inverse(p, moved);
        return distance(moved);
    });

    private SignedDistance Joined(SignedDistance other, Func<double, double, double> join)
    {
        if (other.Dimensions != Dimensions)
            throw new ArgumentException($"a body of {Dimensions} dimensions cannot be joined with one of {other.Dimensions}.", nameof(other));
        return new(Dimensions, false, p => join(distance(p), other.distance(p)));
    }

    private static double Length(params ReadOnlySpan<double> p)
    {
        var sum = 0.0;
        foreach (var x in p) sum += x * x;
        return Math.Sqrt(sum);
    }

    private delegate void Map(ReadOnlySpan<double> from, Span<double> to);
}
