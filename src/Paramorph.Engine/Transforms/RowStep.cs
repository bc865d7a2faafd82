using Paramorph.Primitives;

namespace Paramorph.Transforms;

/// <summary>What makes one row of a result: an operation on single rows of some operands, and on others as they are.</summary>
/// <param name="Primitive">The operation, for a single row.</param>
/// <param name="Axes">The axis of the rows of each operand, or -1 where the whole of it is needed.</param>
internal sealed record RowStep(Primitive Primitive, int[] Axes)
{
    /// <summary>An operation as it is.</summary>
    public static RowStep Whole(Operation operation) => new(operation.Primitive, [.. Enumerable.Repeat(-1, operation.Inputs.Length)]);

    /// <summary>What makes a row along an axis of the result; null when that needs several rows of an operand.</summary>
    public static RowStep? Of(Operation operation, int axis)
    {
        var (primitive, count) = (operation.Primitive, operation.Inputs.Length);
        switch (primitive)
        {
            case Elementwise or Select or Cast or BitCast or Identity or StopGradient or RealPart or ImaginaryPart or MakeComplex:
                return new(primitive, [.. Enumerable.Repeat(axis, count)]);
            case Broadcast broadcast:
                return new(broadcast with { Shape = broadcast.Shape.With(axis, 1) }, [broadcast.Axes.ToList().IndexOf(axis)]);
            case Transpose transpose:
                return new(transpose, [transpose.Permutation[axis]]);
            case Reshape reshape when Before(reshape.Shape, axis, operation.Input.Shape) is { } from:
                return new(reshape with { Shape = reshape.Shape.With(axis, 1) }, [from]);
            case Slice slice when slice.Starts[axis] == 0 && slice.Limits[axis] == operation.Input.Shape[axis] && slice.Strides[axis] == 1:
                return new(slice with { Limits = [.. slice.Limits.Select((limit, a) => a == axis ? 1 : limit)] }, [axis]);
            case Reverse reverse when !reverse.Axes.Contains(axis):
                return new(reverse, [axis]);
            case Reduce reduce:
                return new(reduce, [Enumerable.Range(0, operation.Input.Rank).Except(reduce.Axes).ElementAt(axis)]);
            case Concatenate concatenate when concatenate.Axis != axis:
                return new(concatenate, [.. Enumerable.Repeat(axis, count)]);
            case Pad pad when pad.Low[axis] == 0 && pad.High[axis] == 0 && pad.Interior[axis] == 0:
                return new(pad, [axis, -1]);
            case Dot dot:
                return OfDot(dot, operation, axis);
            default:
                return null;
        }
    }

    /// <summary>An axis of a product is one of the batch, or a free one of one operand, of which the other is then needed as a whole.</summary>
    private static RowStep OfDot(Dot dot, Operation operation, int axis)
    {
        var batches = dot.LeftBatch.Count;
        if (axis < batches) return new(dot, [dot.LeftBatch[axis], dot.RightBatch[axis]]);
        int[] left = Free(operation.Inputs[0].Rank, dot.LeftBatch, dot.LeftContracted), right = Free(operation.Inputs[1].Rank, dot.RightBatch, dot.RightContracted);
        return axis < batches + left.Length ? new(dot, [left[axis - batches], -1]) : new(dot, [-1, right[axis - batches - left.Length]]);

        static int[] Free(int rank, Sequence<int> batch, Sequence<int> contracted) => [.. Enumerable.Range(0, rank).Where(a => !batch.Contains(a) && !contracted.Contains(a))];
    }

    /// <summary>The axis of the shape before with the same size and the same number of elements before it.</summary>
    private static int? Before(Shape shape, int axis, Shape before)
    {
        var outer = shape[..axis].ElementCount;
        for (int a = 0, product = 1; a < before.Rank && product <= outer; product *= before[a++])
            if (product == outer && before[a] == shape[axis]) return a;
        return null;
    }
}
