using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// Reductions over segments: values [n, ...] whose first axis is divided by segment ids [n] (integers 0 to count - 1, in any order) give [count,
/// ...]. The number of segments is fixed when the expression is built.
/// </summary>
/// <exception cref="EvaluationException">When it runs: an id is no segment.</exception>
public static class Segment
{
    /// <summary>The sum of each segment; 0 of an empty one. 8-bit integers give i64.</summary>
    public static Tensor Sum(Tensor values, Tensor ids, int count)
    {
        values = Tensor.Summable(values);
        return Filled(values, ids, count, 0).ScatteredAt(ScatterKind.Add, Positions(ids), values);
    }

    /// <summary>The mean of each segment; 0 of an empty one.</summary>
    public static Tensor Mean(Tensor values, Tensor ids, int count)
    {
        var x = values.ElementType.IsDifferentiable() ? values : values.AsType(ElementType.Float32);
        var sizes = Tensor.Maximum(Sum(Tensor.Ones(ids.Shape, x.ElementType.RealType()), ids, count), 1.0);
        return Sum(x, ids, count) / sizes.AsType(x.ElementType).ReshapeTo([count, .. Enumerable.Repeat(1, x.Rank - 1)]);
    }

    /// <summary>The largest element of each segment; of an empty one -inf, or the smallest integer. Ties share the derivative.</summary>
    public static Tensor Max(Tensor values, Tensor ids, int count) => Filled(values, ids, count, -1).ScatteredAt(ScatterKind.Max, Positions(ids), values);

    /// <summary>The smallest element of each segment; of an empty one inf, or the largest integer. Ties share the derivative.</summary>
    public static Tensor Min(Tensor values, Tensor ids, int count) => Filled(values, ids, count, 1).ScatteredAt(ScatterKind.Min, Positions(ids), values);

    /// <summary>
    /// e^x divided by its sum over the segment, in the shape of the values: each segment sums to 1, or holds zeros where all of it is -inf.
    /// </summary>
    public static Tensor Softmax(Tensor values, Tensor ids, int count)
    {
        var largest = Tensor.StopGradient(Max(values, ids, count));
        var shift = Tensor.Where(Tensor.IsFinite(largest), largest, 0.0);
        var exponentials = Tensor.Exp(values - shift.Take(ids));
        var sums = Sum(exponentials, ids, count);
        return exponentials / Tensor.Where(Tensor.Equal(sums, 0.0), 1.0, sums).Take(ids);
    }

    private static Tensor Positions(Tensor ids) => ids.ElementType is ElementType.Int32 or ElementType.Int64 ? ids : ids.AsType(ElementType.Int32);

    /// <summary>What a segment starts from: 0, or the lowest (-1) or the highest (1) number of the type.</summary>
    private static Tensor Filled(Tensor values, Tensor ids, int count, int extreme)
    {
        if (ids.Rank != 1 || values.Rank == 0 || values.Shape[0] != ids.Count)
            throw new ShapeException($"segment: ids {ids.Type} do not divide {values.Type}: there is one id for each slice along the first axis.");
        if (!ids.ElementType.IsInteger()) throw new ElementTypeException($"segment: ids {ids.Type} must be integers.");
        Shape shape = [count, .. values.Shape.Sizes[1..]];
        if (extreme == 0) return Tensor.Zeros(shape, values.ElementType);
        if (values.ElementType.IsFloating()) return Tensor.Full(shape, extreme * double.PositiveInfinity, values.ElementType);
        var (low, high) = values.ElementType switch
        {
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.Int32 => (int.MinValue, int.MaxValue),
            ElementType.Int64 => (long.MinValue, long.MaxValue),
            var type => throw new ElementTypeException($"segment: elements of type {type.ShortName()} have no largest and smallest one."),
        };
        return Tensor.Scalar(extreme < 0 ? low : high).AsType(values.ElementType).BroadcastTo(shape);
    }
}
