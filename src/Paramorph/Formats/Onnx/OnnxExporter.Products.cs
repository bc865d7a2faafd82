using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Products and convolutions.</content>
internal sealed partial class OnnxExporter
{
    /// <summary>A product of complex numbers is four products of parts.</summary>
    private OnnxValue Bilinear(OnnxValue[] x, TensorType result, Func<OnnxValue, OnnxValue, TensorType, OnnxValue> product)
    {
        if (!result.ElementType.IsComplex()) return product(x[0], x[1], result);
        var part = result with { ElementType = result.ElementType.RealType() };
        var (a, b, c, d) = (x[0].RealPart, x[0].ImaginaryPart, x[1].RealPart, x[1].ImaginaryPart);
        OnnxExpression Part(OnnxValue left, OnnxValue right) => Expression(Full(product(left, right, part)));
        return new(result, (Part(a, c) - Part(b, d)).Name, (Part(a, d) + Part(b, c)).Name);
    }

    /// <summary>The operands with axes in the order batch, free, contracted (of the right one batch, contracted, free), which MatMul takes.</summary>
    private OnnxValue Dot(OnnxValue left, OnnxValue right, Dot dot, TensorType result)
    {
        (left, right) = (Widened(left), Widened(right));
        int[] leftFree = [.. Enumerable.Range(0, left.Shape.Rank).Except(dot.LeftBatch).Except(dot.LeftContracted)];
        int[] rightFree = [.. Enumerable.Range(0, right.Shape.Rank).Except(dot.RightBatch).Except(dot.RightContracted)];
        left = Transpose(left, [.. dot.LeftBatch, .. leftFree, .. dot.LeftContracted]);
        right = Transpose(right, [.. dot.RightBatch, .. dot.RightContracted, .. rightFree]);
        var (batch, contracted) = (dot.LeftBatch.Count, dot.LeftContracted.Count);
        Shape examples = left.Shape[..batch];
        var (free, sum, columns) = (left.Shape[batch..^contracted], left.Shape[^contracted..].ElementCount, right.Shape[(batch + contracted)..]);
        var isMatrix = contracted == 1 && columns.Rank == 1;
        var rows = isMatrix && (free.Rank == 1 || batch == 0) ? free : [free.ElementCount];
        var product = graph.Node("MatMul", [
            Reshape(Full(left), [.. examples, .. rows, sum]).Name,
            Reshape(Full(right), [.. examples, sum, columns.ElementCount]).Name]);
        return Reshape(new(result with { Shape = [.. examples, .. rows, columns.ElementCount] }, product), result.Shape);
    }

    /// <summary>8-bit integers as i32, in which their products have exact sums.</summary>
    private OnnxValue Widened(OnnxValue x) => x.Type.ElementType is ElementType.Int8 or ElementType.UInt8
        ? new(x.Type with { ElementType = ElementType.Int32 }, x.Actual, Expression(x).As(ElementType.Int32).Name)
        : x;

    /// <summary>In f32 the operator; other types, for which ONNX Runtime has none, as a product of weights with all windows side by side.</summary>
    private OnnxValue Convolve(OnnxValue x, OnnxValue weights, Convolution convolution, TensorType result)
    {
        var spatial = convolution.Strides.Count;
        (x, weights) = (Widened(Full(x)), Widened(Full(weights)));
        if (x.Type.ElementType == ElementType.Float32 && convolution.InputDilations.All(d => d == 1) && convolution.Low.Concat(convolution.High).All(p => p >= 0))
        {
            return new(result, graph.Node(
                "Conv", [x.Name, weights.Name],
                OnnxBuilder.Attribute("kernel_shape", weights.Shape.Skip(2)),
                OnnxBuilder.Attribute("strides", convolution.Strides),
                OnnxBuilder.Attribute("pads", convolution.Low.Concat(convolution.High)),
                OnnxBuilder.Attribute("dilations", convolution.KernelDilations),
                OnnxBuilder.Attribute("group", convolution.Groups)));
        }
        var padding = new Pad([0, 0, .. convolution.Low], [0, 0, .. convolution.High], [0, 0, .. convolution.InputDilations.Select(d => d - 1)]);
        Shape padded = [.. x.Shape[..2], .. Enumerable.Range(0, spatial).Select(a =>
            convolution.Low[a] + convolution.High[a] + (x.Shape[a + 2] == 0 ? 0 : (x.Shape[a + 2] - 1) * convolution.InputDilations[a] + 1))];
        x = Full(Pad(x, Constant(Tensor.Full(Shape.Scalar, 0, x.Type.ElementType).Evaluate()), padding, x.Type with { Shape = padded }));
        var plain = convolution with { Low = [.. new int[spatial]], High = [.. new int[spatial]], InputDilations = [.. Enumerable.Repeat(1, spatial)] };
        return x.Type.ElementType == ElementType.Float32 ? Convolve(x, weights, plain, result) : ConvolveByProduct(x, weights, plain, result);
    }

    private OnnxValue ConvolveByProduct(OnnxValue x, OnnxValue weights, Convolution convolution, TensorType result)
    {
        var (groups, kernel, places) = (convolution.Groups, weights.Shape[2..], result.Shape[2..]);
        var (examples, channels, outputs) = (x.Shape[0], x.Shape[1] / groups, weights.Shape[0] / groups);
        var windows = new List<string>();
        int[] axes = [.. Enumerable.Range(2, kernel.Rank)];
        for (var element = 0; element < kernel.ElementCount; element++)
        {
            int[] starts = [.. kernel.Strides().Select((stride, a) => element / stride % kernel[a] * convolution.KernelDilations[a])];
            windows.Add(Sliced(x.Name, axes, starts, starts.Select((start, a) => start + (places[a] - 1) * convolution.Strides[a] + 1), convolution.Strides));
        }
        var type = x.Type.ElementType;
        var columns = windows.Count == 1 ? windows[0] : graph.Node("Concat", windows, OnnxBuilder.Attribute("axis", 1));
        // [batch, kernel, groups, channels, places] with the axis of the groups first.
        var apart = new OnnxValue(new(type, [examples, kernel.ElementCount * x.Shape[1], .. places]), columns);
        apart = Reshape(apart, [examples, kernel.ElementCount, groups, channels, places.ElementCount]);
        if (groups > 1) apart = Transpose(apart, [0, 2, 1, 3, 4]);
        apart = Reshape(apart, [examples, groups, kernel.ElementCount * channels, places.ElementCount]);
        var matrix = Transpose(Reshape(weights, [groups, outputs, channels, kernel.ElementCount]), [0, 1, 3, 2]);
        matrix = Reshape(matrix, [groups, outputs, kernel.ElementCount * channels]);
        var product = graph.Node("MatMul", [matrix.Name, apart.Name]);
        return Reshape(new(new(result.ElementType, [examples, groups, outputs, places.ElementCount]), product), result.Shape);
    }
}
