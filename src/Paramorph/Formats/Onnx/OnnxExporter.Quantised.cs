using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>
/// Numbers that are rounded to codes of 8 bits, s round(clamp(x / s)) with the derivative of the identity, as quantisers write them: they become pairs of
/// QuantizeLinear and DequantizeLinear, behind which runtimes compute in integers, and weights become their codes.
/// </content>
internal sealed partial class OnnxExporter
{
    private const double LowestCode = sbyte.MinValue;
    private const double HighestCode = sbyte.MaxValue;

    /// <summary>The pair for a product with such a rounding; null of all else, and where step or range depend on inputs.</summary>
    /// <param name="operation">The product.</param>
    /// <param name="makers">What gives each tensor.</param>
    /// <param name="value">What is written for a tensor.</param>
    /// <param name="isComputed">Whether a tensor is something else than a constant.</param>
    private OnnxValue? Quantised(Operation operation, IReadOnlyDictionary<Tensor, Operation> makers, Func<Tensor, OnnxValue> value, Predicate<Tensor> isComputed)
    {
        Operation? Maker(Tensor tensor, Elementwise function) => makers.TryGetValue(tensor, out var maker) && maker.Primitive == function ? maker : null;
        if (operation.Primitive != Elementwise.Multiply || operation.Output.ElementType != ElementType.Float32) return null;
        var (scale, rounded) = (operation.Inputs[0], operation.Inputs[1]);
        if (!makers.TryGetValue(rounded, out var rounding) || !IsRounding(rounding.Primitive)) return null;
        if (Maker(rounding.Input, Elementwise.Minimum) is not { } above || Maker(above.Input, Elementwise.Maximum) is not { } below || Maker(below.Input, Elementwise.Divide) is not { } steps) return null;
        if (AxisOf([scale, steps.Inputs[1], below.Inputs[1], above.Inputs[1]], operation.Output.Rank, value) is not { } axis) return null;
        double[]? Along(Tensor tensor) => (known.GetValueOrDefault(tensor) ?? (isComputed(tensor) ? null : tensor)) is { } given ? Numbers(given, axis) : null;
        if (Along(scale) is not { } step || Along(steps.Inputs[1]) is not { } divisor || Along(below.Inputs[1]) is not { } low || Along(above.Inputs[1]) is not { } high) return null;
        if (!step.SequenceEqual(divisor) || step.Any(s => !(s > 0)) || low.Zip(high).Any(range => !(range.Second - range.First is >= 0 and <= HighestCode - LowestCode))) return null;
        // Without a zero point where codes reach as far to both sides, as products want it.
        double[] zero = [.. low.Zip(high, (least, most) => least >= LowestCode && most <= HighestCode ? 0 : LowestCode - least)];
        if (zero.Any(z => z is < LowestCode or > HighestCode)) return null;
        Shape shape = axis < 0 ? Shape.Scalar : [step.Length];
        string Vector(double[] numbers, ElementType type) => graph.Constant(Tensor.From(numbers, shape).AsType(type).Evaluate());
        var axes = axis < 0 ? [] : new[] { OnnxBuilder.Attribute("axis", axis) };
        var (scales, zeros) = (Vector(step, ElementType.Float32), Vector(zero, ElementType.Int8));
        var codes = known.TryGetValue(rounded, out var weights)
            ? graph.Constant((weights + AlongAxis(zero, axis, weights.Rank)).AsType(ElementType.Int8).Evaluate())
            : graph.Node("QuantizeLinear", [Held(steps.Input), scales, zeros], axes);
        return new(operation.Output.Type, graph.Node("DequantizeLinear", [codes, scales, zeros], axes));

        // Codes of fewer bits than the operator knows end where the numbers do.
        string Held(Tensor x)
        {
            var name = Full(value(x)).Name;
            string Bound(double[] ends) => graph.Constant(AlongAxis([.. ends.Zip(step, (end, s) => end * s)], axis, x.Rank).Evaluate());
            if (low.Zip(zero).Any(pair => pair.First + pair.Second > LowestCode)) name = graph.Node("Max", [name, Bound(low)]);
            return high.Zip(zero).Any(pair => pair.First + pair.Second < HighestCode) ? graph.Node("Min", [name, Bound(high)]) : name;
        }
    }

    private static bool IsRounding(Primitive primitive) => primitive is CustomDerivativeCall { Body.Operations: [{ Primitive: Elementwise function }] } && function == Elementwise.Round;

    /// <summary>The axis of a result along which any of the tensors that broadcast to it differs; -1 where none does, null where several do.</summary>
    private static int? AxisOf(Tensor[] tensors, int rank, Func<Tensor, OnnxValue> value)
    {
        int[] axes = [.. tensors.SelectMany(tensor => value(tensor).Actual is var actual ? Enumerable.Range(0, actual.Rank).Where(a => actual[a] != 1).Select(a => a + rank - actual.Rank) : []).Distinct()];
        return axes.Length switch { 0 => -1, 1 => axes[0], _ => null };
    }

    /// <summary>The elements along an axis of a tensor that is the same along all others, or of which one element is all.</summary>
    private static double[] Numbers(Tensor tensor, int axis)
    {
        for (var a = 0; a < tensor.Rank; a++)
            if (a != axis) tensor = tensor.SliceAxis(a, 0, 1);
        return tensor.ToDoubles();
    }

    private static Tensor AlongAxis(double[] numbers, int axis, int rank) =>
        Tensor.From(numbers, axis < 0 ? Shape.Scalar : [numbers.Length, .. Enumerable.Repeat(1, rank - axis - 1)]).AsType(ElementType.Float32);
}
