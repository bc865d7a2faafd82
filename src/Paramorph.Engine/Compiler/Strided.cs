using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Where the elements of a tensor lie: in the memory of a root, from an offset on, by strides in elements. Rearrangements are other looks at the
/// same memory.
/// </summary>
/// <param name="Root">The tensor whose memory it is.</param>
/// <param name="Offset">Element of the root at which index zero lies.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Strides">Distance in elements between neighbours along each axis; 0 repeats.</param>
internal sealed record Strided(Tensor Root, long Offset, Shape Shape, long[] Strides)
{
    /// <summary>The whole of a tensor in row-major order.</summary>
    public static Strided Whole(Tensor root) => new(root, 0, root.Shape, RowMajor(root.Shape));

    /// <summary>
    /// A tile of rows of a tensor: the rows next to each other, the other axes in row-major order around them, so that loops and products run
    /// through full vectors however narrow the rows are.
    /// </summary>
    public static Strided Tile(Tensor root, int axis, int tileRows)
    {
        var strides = RowMajor(root.Shape.Remove(axis));
        for (var i = 0; i < strides.Length; i++) strides[i] *= tileRows;
        return new(root, 0, root.Shape, [.. strides[..axis], 1, .. strides[axis..]]);
    }

    public static long[] RowMajor(Shape shape) => Array.ConvertAll(shape.Strides(), s => (long)s);

    /// <summary>Whether an operation only looks at its operand in another way.</summary>
    public static bool IsView(Operation operation) => operation.Primitive is Reshape or Transpose or Broadcast or Slice or Reverse;

    /// <summary>The result of a rearrangement of this, or null when its elements do not lie at strides.</summary>
    public Strided? Apply(Primitive view)
    {
        switch (view)
        {
            case Reshape reshape:
                return Reshaped(reshape.Shape);
            case Transpose transpose:
                return this with { Shape = [.. transpose.Permutation.Select(a => Shape[a])], Strides = [.. transpose.Permutation.Select(a => Strides[a])] };
            case Broadcast broadcast:
                var repeated = new long[broadcast.Shape.Rank];
                for (var i = 0; i < Strides.Length; i++) repeated[broadcast.Axes[i]] = Strides[i];
                return this with { Shape = broadcast.Shape, Strides = repeated };
            case Slice slice:
                return this with
                {
                    Offset = Offset + slice.Starts.Select((s, a) => s * Strides[a]).Sum(),
                    Shape = [.. slice.Starts.Select((s, a) => (slice.Limits[a] - s + slice.Strides[a] - 1) / slice.Strides[a])],
                    Strides = [.. Strides.Select((s, a) => s * slice.Strides[a])],
                };
            case Reverse reverse:
                if (Shape.ElementCount == 0) return this;
                return this with
                {
                    Offset = Offset + reverse.Axes.Sum(a => (Shape[a] - 1) * Strides[a]),
                    Strides = [.. Strides.Select((s, a) => reverse.Axes.Contains(a) ? -s : s)],
                };
            default:
                return null;
        }
    }

    /// <summary>Groups of axes of equal element count in the old and the new shape are matched; each old group must be one run of memory.</summary>
    private Strided? Reshaped(Shape shape)
    {
        if (shape.ElementCount == 0) return this with { Shape = shape, Strides = RowMajor(shape) };
        int[] oldAxes = [.. Enumerable.Range(0, Shape.Rank).Where(a => Shape[a] != 1)];
        var strides = new long[shape.Rank];
        var (next, axis) = (0, 0);
        while (axis < shape.Rank)
        {
            if (shape[axis] == 1)
            {
                axis++;
                continue;
            }
            var (firstOld, firstNew) = (next, axis);
            long oldSize = Shape[oldAxes[next++]], newSize = shape[axis++];
            while (oldSize != newSize)
            {
                if (oldSize < newSize) oldSize *= Shape[oldAxes[next++]];
                else newSize *= shape[axis++];
            }
            for (var i = firstOld; i < next - 1; i++)
                if (Strides[oldAxes[i]] != Strides[oldAxes[i + 1]] * Shape[oldAxes[i + 1]]) return null;
            var stride = Strides[oldAxes[next - 1]];
            for (var a = axis - 1; a >= firstNew; a--)
            {
                strides[a] = stride;
                stride *= shape[a];
            }
        }
        return this with { Shape = shape, Strides = strides };
    }
}
