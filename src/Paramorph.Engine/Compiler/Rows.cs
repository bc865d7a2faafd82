using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>How an operation meets the rows of a batch.</summary>
/// <param name="Axis">The axis of the rows in the result; -1 when the operation reduces over them (it closes the region).</param>
/// <param name="Inputs">For each input the axis of its rows, or -1 when the whole of it is needed for each row.</param>
internal sealed record RowRule(int Axis, int[] Inputs)
{
    public bool IsClosing => Axis < 0;

    /// <summary>
    /// What an operation does when rows lie along an axis of one of its inputs: row i of the result depends on row i of the inputs that have rows,
    /// or null when it mixes rows otherwise.
    /// </summary>
    public static RowRule? Of(Operation operation, int input, int axis)
    {
        var count = operation.Inputs.Length;
        var rows = operation.Inputs[input].Shape[axis];
        switch (operation.Primitive)
        {
            case Elementwise or Select or Cast or BitCast:
                return new(axis, [.. Enumerable.Repeat(axis, count)]);
            case Broadcast broadcast:
                return new(broadcast.Axes[axis], [axis]);
            case Transpose transpose:
                return new(transpose.Permutation.ToList().IndexOf(axis), [axis]);
            case Slice slice when slice.Starts[axis] == 0 && slice.Limits[axis] == rows && slice.Strides[axis] == 1:
                return new(axis, [axis]);
            case Reverse reverse when !reverse.Axes.Contains(axis):
                return new(axis, [axis]);
            case Reshape reshape:
                return Reshaped(operation.Input.Shape, reshape.Shape, axis) is { } moved ? new(moved, [axis]) : null;
            case Reduce reduce:
                return new(reduce.Axes.Contains(axis) ? -1 : axis - reduce.Axes.Count(a => a < axis), [axis]);
            case Concatenate concatenate when concatenate.Axis != axis:
                return new(axis, [.. Enumerable.Repeat(axis, count)]);
            case Pad pad when pad.Low[axis] == 0 && pad.High[axis] == 0 && pad.Interior[axis] == 0 && input == 0:
                return new(axis, [axis, -1]);
            case Dot dot:
                return OfDot(operation, dot, input, axis);
            default:
                return null;
        }
    }

    private static RowRule? OfDot(Operation operation, Dot dot, int input, int axis)
    {
        var (mine, other) = input == 0 ? (dot.LeftContracted, dot.RightContracted) : (dot.RightContracted, dot.LeftContracted);
        var (myBatch, otherBatch) = input == 0 ? (dot.LeftBatch, dot.RightBatch) : (dot.RightBatch, dot.LeftBatch);
        var partner = -1;
        int result;
        if (mine.ToList().IndexOf(axis) is >= 0 and var contracted) (result, partner) = (-1, other[contracted]);
        else if (myBatch.ToList().IndexOf(axis) is >= 0 and var batch) (result, partner) = (batch, otherBatch[batch]);
        else
        {
            var free = Enumerable.Range(0, operation.Inputs[input].Rank).Where(a => !mine.Contains(a) && !myBatch.Contains(a)).ToList();
            var before = input == 0 ? 0 : operation.Inputs[0].Rank - dot.LeftContracted.Count - dot.LeftBatch.Count;
            result = dot.LeftBatch.Count + before + free.IndexOf(axis);
        }
        return new(result, input == 0 ? [axis, partner] : [partner, axis]);
    }

    /// <summary>The axis of the new shape with the same size and the same number of elements before it.</summary>
    private static int? Reshaped(Shape from, Shape to, int axis)
    {
        var before = from[..axis].ElementCount;
        for (int a = 0, product = 1; a < to.Rank && product <= before; product *= to[a++])
            if (product == before && to[a] == from[axis]) return a;
        return null;
    }
}
