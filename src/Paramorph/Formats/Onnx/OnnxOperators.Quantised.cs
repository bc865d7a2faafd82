namespace Paramorph.Formats;

/// <content>Quantised tensors: integers q that stand for (q - zero) scale. Sums of products of integers are exact in f64.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Quantised => new()
    {
        ["ConvInteger"] = n => [Convolve(n, Shifted(n[0], n.Optional(2)), ShiftedOutputs(n[1], n.Optional(3))).AsType(ElementType.Int32)],
        ["DequantizeLinear"] = n => [Dequantise(n, n[0], n[1], n.Optional(2))],
        ["DynamicQuantizeLinear"] = n => DynamicQuantise(n[0]),
        ["MatMulInteger"] = n => [Tensor.MatMul(Shifted(n[0], n.Optional(2)), Shifted(n[1], n.Optional(3))).AsType(ElementType.Int32)],
        ["QLinearConv"] = n => [QuantisedConvolution(n)],
        ["QLinearMatMul"] = n => [QuantisedProduct(n)],
        ["QuantizeLinear"] = n => [Quantise(n, n[0], n[1], n.Optional(2))],
    };

    private static Tensor Shifted(Tensor q, Tensor? zero) => zero is null ? q.AsType(ElementType.Float64) : q.AsType(ElementType.Float64) - zero.AsType(ElementType.Float64);

    /// <summary>Weights [outputs, ...] with a zero for all or one an output.</summary>
    private static Tensor ShiftedOutputs(Tensor w, Tensor? zero) => Shifted(w, zero is { Rank: 1 } ? zero.ReshapeTo([zero.Count, .. Enumerable.Repeat(1, w.Rank - 1)]) : zero);

    /// <summary>A scale or zero, one for all or one for each place along an axis, beside a tensor.</summary>
    private static Tensor AlongAxis(OnnxNode node, Tensor parameter, int rank)
    {
        if (node.Int("block_size", 0) > 0) throw node.Unsupported("a scale for each block");
        if (parameter.Count == 1) return parameter.Reshape();
        var axis = node.Axis(node.Int("axis", 1), rank);
        return parameter.ReshapeTo([parameter.Count, .. Enumerable.Repeat(1, rank - axis - 1)]);
    }

    private static Tensor Quantise(OnnxNode node, Tensor x, Tensor scale, Tensor? zero)
    {
        var type = zero?.ElementType ?? (node.Int("output_dtype", 0) is var number && number > 0
            ? OnnxTensors.TypeOf(number) ?? throw node.Unsupported($"the type {OnnxTensors.NameOf(number)}")
            : ElementType.UInt8);
        var q = Tensor.Round(x.AsType(scale.ElementType) / AlongAxis(node, scale, x.Rank));
        return Saturated(node, zero is null ? q : q + AlongAxis(node, zero, x.Rank).AsType(q.ElementType), type);
    }

    private static Tensor Saturated(OnnxNode node, Tensor q, ElementType type) => type switch
    {
        ElementType.UInt8 => Tensor.Clamp(q, 0, 255).AsType(type),
        ElementType.Int8 => Tensor.Clamp(q, -128, 127).AsType(type),
        _ => throw node.Unsupported($"quantisation to {type.ShortName()}"),
    };

    private static Tensor Dequantise(OnnxNode node, Tensor q, Tensor scale, Tensor? zero)
    {
        // Integers of 32 bits and their zero are subtracted before they lose digits.
        var shifted = Shifted(q, zero is null ? null : AlongAxis(node, zero, q.Rank));
        return shifted.AsType(scale.ElementType) * AlongAxis(node, scale, q.Rank);
    }

    /// <summary>8 bits over the range of the values and 0.</summary>
    private static Tensor[] DynamicQuantise(Tensor x)
    {
        var (low, high) = (Tensor.Minimum(x.Min(), 0), Tensor.Maximum(x.Max(), 0));
        var scale = (high - low) / 255.0;
        scale = Tensor.Where(Tensor.Equal(scale, 0), 1, scale);
        var zero = Tensor.Clamp(Tensor.Round(-low / scale), 0, 255);
        return [Tensor.Clamp(Tensor.Round(x / scale) + zero, 0, 255).AsType(ElementType.UInt8), scale, zero.AsType(ElementType.UInt8)];
    }

    private static Tensor QuantisedProduct(OnnxNode node)
    {
        var product = Tensor.MatMul(Shifted(node[0], node[2]), Shifted(node[3], node[5]));
        return Requantised(node, product, node[1], node[4], node[6], node[7]);
    }

    private static Tensor QuantisedConvolution(OnnxNode node)
    {
        var sum = Convolve(node, Shifted(node[0], node[2]), ShiftedOutputs(node[3], node[5]));
        if (node.Optional(8) is { } bias) sum += OfChannels(bias.AsType(ElementType.Float64), sum.Rank);
        var ofWeights = node[4].Count == 1 ? node[4].Reshape() : OfChannels(node[4], sum.Rank);
        return Requantised(node, sum, node[1], ofWeights, node[6], node[7]);
    }

    private static Tensor Requantised(OnnxNode node, Tensor sum, Tensor left, Tensor right, Tensor scale, Tensor zero)
    {
        var factor = left.Reshape().AsType(ElementType.Float64) * right.AsType(ElementType.Float64) / scale.Reshape().AsType(ElementType.Float64);
        return Saturated(node, Tensor.Round(sum * factor) + zero.Reshape().AsType(ElementType.Float64), zero.ElementType);
    }
}
