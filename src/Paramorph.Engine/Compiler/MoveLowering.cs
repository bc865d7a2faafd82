using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Operations that put tensors side by side or into a frame, as copies into parts of the result.</summary>
internal static class MoveLowering
{
    /// <summary>What is copied where, in order.</summary>
    public static IEnumerable<(Strided From, Strided To)> Moves(Operation operation, Func<Tensor, Strided> strided)
    {
        var result = strided(operation.Output);
        return operation.Primitive is Concatenate join ? Joined(operation, join, result, strided) : Padded(operation, (Pad)operation.Primitive, result, strided);
    }

    private static IEnumerable<(Strided, Strided)> Joined(Operation operation, Concatenate join, Strided result, Func<Tensor, Strided> strided)
    {
        long start = 0;
        foreach (var input in operation.Inputs.ToArray())
        {
            if (input.Count > 0) yield return (strided(input), result with { Offset = result.Offset + start * result.Strides[join.Axis], Shape = input.Shape });
            start += input.Shape[join.Axis];
        }
    }

    private static IEnumerable<(Strided, Strided)> Padded(Operation operation, Pad pad, Strided result, Func<Tensor, Strided> strided)
    {
        if (operation.Output.Count == 0) yield break;
        var value = strided(operation.Inputs[1]);
        yield return (value with { Shape = result.Shape, Strides = new long[result.Shape.Rank] }, result);
        var x = strided(operation.Inputs[0]);
        var (from, to) = (x.Offset, result.Offset);
        var (sizes, steps) = (new int[x.Shape.Rank], new long[x.Shape.Rank]);
        for (var a = 0; a < sizes.Length; a++)
        {
            // Element i goes to low + i step; those outside the result are cut off.
            var step = pad.Interior[a] + 1;
            var first = pad.Low[a] >= 0 ? 0 : (-pad.Low[a] + step - 1) / step;
            var last = Math.Min(x.Shape[a] - 1, (int)Math.Floor((result.Shape[a] - 1 - pad.Low[a]) / (double)step));
            sizes[a] = Math.Max(0, last - first + 1);
            from += first * x.Strides[a];
            to += (pad.Low[a] + (long)first * step) * result.Strides[a];
            steps[a] = step * result.Strides[a];
        }
        var shape = Shape.Create(sizes);
        if (shape.ElementCount > 0) yield return (x with { Offset = from, Shape = shape }, result with { Offset = to, Shape = shape, Strides = steps });
    }
}
