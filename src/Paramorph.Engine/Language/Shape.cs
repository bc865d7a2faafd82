using System.Collections;
using System.Runtime.CompilerServices;

namespace Paramorph;

/// <summary>The sizes of a tensor along its axes. Two shapes with equal sizes are equal. A scalar has the empty shape.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? sizes;

    private Shape(int[] sizes) => this.sizes = sizes;

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar => default;

    /// <summary>Number of axes.</summary>
    public int Rank => sizes?.Length ?? 0;

    /// <summary>Number of axes: as a list, a shape is the list of its sizes.</summary>
    public int Count => Rank;

    /// <summary>Number of elements: the product of the sizes.</summary>
    public int ElementCount
    {
        get
        {
            var count = 1;
            foreach (var size in Sizes) count *= size;
            return count;
        }
    }

    /// <summary>The sizes as a span.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>The size along an axis.</summary>
    public int this[int axis] => Sizes[axis];

    /// <summary>The size along an axis, counted from the end with <c>^</c>.</summary>
    public int this[Index axis] => Sizes[axis];

    /// <summary>The axes in a range, as a shape.</summary>
    public Shape this[Range range] => Create(Sizes[range]);

    /// <summary>A shape of the given sizes: <c>[batch, 3, 32, 32]</c>.</summary>
    /// <exception cref="ShapeException">A size is negative, or there are 2^31 elements or more.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes)
    {
        long count = 1;
        foreach (var size in sizes)
        {
            if (size < 0) throw new ShapeException($"shape [{Join(sizes)}] has a negative size: sizes are 0 or more.");
            count = Math.Min(count * size, 1L + int.MaxValue);
        }
        if (count > int.MaxValue) throw new ShapeException($"shape [{Join(sizes)}] has more than {int.MaxValue} elements.");
        return new Shape(sizes.ToArray());
    }

    /// <summary>Row-major strides in elements.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        for (int axis = Rank - 1, stride = 1; axis >= 0; stride *= this[axis--]) strides[axis] = stride;
        return strides;
    }

    /// <summary>This shape with one axis more, of the given size.</summary>
    public Shape Insert(int axis, int size) => [.. Sizes[..axis], size, .. Sizes[axis..]];

    /// <summary>This shape without an axis.</summary>
    public Shape Remove(int axis) => [.. Sizes[..axis], .. Sizes[(axis + 1)..]];

    /// <summary>This shape with another size along an axis.</summary>
    public Shape With(int axis, int size) => [.. Sizes[..axis], size, .. Sizes[(axis + 1)..]];

    /// <summary>The axis number counted from the front, for an axis that may be counted from the end (-1 is the last).</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    internal int Axis(int axis, string operation)
    {
        var normalised = axis < 0 ? axis + Rank : axis;
        if ((uint)normalised >= (uint)Rank)
            throw new ShapeException($"{operation}: shape {this} has no axis {axis}: axes run from {-Rank} to {Rank - 1}.");
        return normalised;
    }

    /// <summary>Several axes counted from the front, in increasing order; all of them when none is given.</summary>
    internal int[] Axes(ReadOnlySpan<int> axes, string operation)
    {
        var result = new int[axes.Length == 0 ? Rank : axes.Length];
        for (var i = 0; i < result.Length; i++) result[i] = axes.Length == 0 ? i : Axis(axes[i], operation);
        Array.Sort(result);
        for (var i = 1; i < result.Length; i++)
            if (result[i] == result[i - 1]) throw new ShapeException($"{operation}: axis {result[i]} of shape {this} is named twice.");
        return result;
    }

    /// <summary>The shape to which both broadcast, as in NumPy: from the last axis backward, sizes are equal or one of them is 1.</summary>
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    public static Shape Broadcast(Shape a, Shape b, string operation)
    {
        if (a == b) return a;
        var sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (var back = 1; back <= sizes.Length; back++)
        {
            var x = back <= a.Rank ? a[^back] : 1;
            var y = back <= b.Rank ? b[^back] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ShapeException($"{operation}: shapes {a} and {b} do not broadcast: axis -{back} has sizes {x} and {y}, which must be equal or 1.");
            sizes[^back] = x == 1 ? y : x;
        }
        return Create(sizes);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Whether all sizes are equal.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Whether a size differs.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <inheritdoc/>
    public override string ToString() => $"[{Join(Sizes)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(sizes ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Join(ReadOnlySpan<int> sizes) => string.Join(", ", sizes.ToArray());
}
