using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Reductions over axes and windows, cumulative ones, sorting.</content>
internal sealed partial class OnnxExporter
{
    private OnnxValue Reduce(OnnxValue x, Reduce reduce, TensorType result)
    {
        if (reduce.Axes.Count == 0) return x;
        // Of no elements: ONNX Runtime would give the extremes of integers.
        if (reduce.Kind is ReductionKind.Any or ReductionKind.All && x.Type.Shape.ElementCount == 0)
            return new(result, Shape.Scalar, graph.Constant(Tensor.Scalar(reduce.Kind == ReductionKind.All)));
        var value = Comparable(Full(x));
        return new(result, Reduced(reduce.Kind, value, [.. reduce.Axes]).As(result.ElementType).Name);
    }

    /// <summary>As a type that ONNX Runtime reduces and orders: bool and 8-bit integers as i32.</summary>
    private OnnxExpression Comparable(OnnxValue x) =>
        x.Type.ElementType < ElementType.Int32 ? Expression(x).As(ElementType.Int32) : Expression(x);

    /// <summary>The operator of a kind, whose axes became an input in version 13 for sums and in version 18 for the others.</summary>
    private OnnxExpression Reduced(ReductionKind kind, OnnxExpression x, int[] axes)
    {
        var operation = kind switch
        {
            ReductionKind.Sum => "ReduceSum",
            ReductionKind.Product => "ReduceProd",
            ReductionKind.Max or ReductionKind.Any => "ReduceMax",
            _ => "ReduceMin",
        };
        var keeps = OnnxBuilder.Attribute("keepdims", 0);
        var name = kind == ReductionKind.Sum || graph.Opset >= 18
            ? graph.Node(operation, [x.Name, graph.Integers(axes)], keeps)
            : graph.Node(operation, [x.Name], keeps, OnnxBuilder.Attribute("axes", axes));
        return x with { Name = name };
    }

    private static OnnxExpression Combined(ReductionKind kind, OnnxExpression x, OnnxExpression y) => kind switch
    {
        ReductionKind.Sum => x + y,
        ReductionKind.Product => x * y,
        ReductionKind.Max or ReductionKind.Any => x.Maximum(y),
        _ => x.Minimum(y),
    };

    private OnnxValue ArgReduce(OnnxValue x, ArgReduce reduce, TensorType result)
    {
        var place = graph.Node(
            reduce.IsMax ? "ArgMax" : "ArgMin", [Comparable(Full(x)).Name], OnnxBuilder.Attribute("axis", reduce.Axis), OnnxBuilder.Attribute("keepdims", 0));
        return new(result, new OnnxExpression(graph, place, ElementType.Int64).As(ElementType.Int32).Name);
    }

    /// <summary>Sums by the operator, others by doubling: each place takes in the one before it, then the one two before, four before, ...</summary>
    private OnnxValue Cumulative(OnnxValue x, Cumulative cumulative, TensorType result)
    {
        var value = Comparable(Full(x));
        var (axis, size) = (cumulative.Axis, result.Shape[cumulative.Axis]);
        if (cumulative.Kind == ReductionKind.Sum)
        {
            var sums = graph.Node("CumSum", [value.Name, Integer(axis)], OnnxBuilder.Attribute("reverse", cumulative.IsReverse ? 1 : 0));
            return new(result, (value with { Name = sums }).As(result.ElementType).Name);
        }
        for (var step = 1; step < size; step *= 2)
        {
            OnnxExpression Part(int start, int limit) => value with { Name = Sliced(value.Name, [axis], [start], [limit], [1]) };
            var combined = Combined(cumulative.Kind, Part(step, size), Part(0, size - step));
            var rest = cumulative.IsReverse ? Part(size - step, size) : Part(0, step);
            string[] parts = cumulative.IsReverse ? [combined.Name, rest.Name] : [rest.Name, combined.Name];
            value = value with { Name = graph.Node("Concat", parts, OnnxBuilder.Attribute("axis", axis)) };
        }
        return new(result, value.As(result.ElementType).Name);
    }

    /// <summary>Pooling where ONNX has it for the type, otherwise axis by axis the elements of all windows at one place in them, one place after the other.</summary>
    private OnnxValue WindowReduce(OnnxValue x, WindowReduce reduce, TensorType result)
    {
        var (window, type) = (reduce.Window, x.Type.ElementType);
        var neutral = reduce.Kind switch
        {
            ReductionKind.Sum or ReductionKind.Any => 0.0,
            ReductionKind.Product or ReductionKind.All => 1,
            ReductionKind.Max => Least(type),
            _ => -Least(type),
        };
        x = WithoutPadding(x, window, neutral);
        if (window.Axes.Count <= 3 && reduce.Kind == ReductionKind.Max && type.IsFloating()) return Pooled(x, window, result, "MaxPool", 1);
        if (window.Axes.Count <= 3 && reduce.Kind == ReductionKind.Sum && type == ElementType.Float32 && window.Dilations.All(d => d == 1))
            return Pooled(x, window, result, "AveragePool", window.Count);
        var value = Comparable(x);
        for (var k = 0; k < window.Axes.Count; k++)
        {
            var (axis, places) = (window.Axes[k], result.Shape[window.Axes[k]]);
            OnnxExpression? sum = null;
            for (var element = 0; element < window.Sizes[k]; element++)
            {
                var start = element * window.Dilations[k];
                var part = value with { Name = Sliced(value.Name, [axis], [start], [start + (places - 1) * window.Strides[k] + 1], [window.Strides[k]]) };
                sum = sum is { } before ? Combined(reduce.Kind, before, part) : part;
            }
            value = sum!.Value;
        }
        return new(result, value.As(result.ElementType).Name);
    }

    private static double Least(ElementType type) => type switch
    {
        ElementType.Int64 => long.MinValue,
        ElementType.Int32 => int.MinValue,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => sbyte.MinValue,
        _ => double.NegativeInfinity,
    };

    private OnnxValue WithoutPadding(OnnxValue x, Window window, double value)
    {
        var (low, high) = (new int[x.Shape.Rank], new int[x.Shape.Rank]);
        for (var k = 0; k < window.Axes.Count; k++) (low[window.Axes[k]], high[window.Axes[k]]) = (window.Low[k], window.High[k]);
        if (low.Concat(high).All(amount => amount == 0)) return Full(x);
        Shape padded = [.. x.Shape.Select((size, a) => low[a] + size + high[a])];
        var fill = Constant(Tensor.Full(Shape.Scalar, value, x.Type.ElementType).Evaluate());
        return Full(Pad(x, fill, new Pad([.. low], [.. high], [.. new int[padded.Rank]]), x.Type with { Shape = padded }));
    }

    /// <summary>The windows along the last axes, behind two that the operator asks for.</summary>
    private (OnnxValue Arranged, int[] Order) Arranged(OnnxValue x, Window window)
    {
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank).Except(window.Axes), .. window.Axes];
        x = Transpose(x, order);
        var spatial = x.Shape[^window.Axes.Count..];
        return (Reshape(x, [1, x.Shape[..^window.Axes.Count].ElementCount, .. spatial]), order);
    }

    private OnnxValue Pooled(OnnxValue x, Window window, TensorType result, string operation, double factor)
    {
        var (arranged, order) = Arranged(x, window);
        var pooled = graph.Node(operation, [arranged.Name], Pooling(window));
        if (factor != 1) pooled = (new OnnxExpression(graph, pooled, result.ElementType) * factor).Name;
        return Restored(pooled, order, result);
    }

    private static Google.Protobuf.Collections.RepeatedField<OnnxSchema.AttributeProto> Pooling(Window window) =>
    [
        OnnxBuilder.Attribute("kernel_shape", window.Sizes),
        OnnxBuilder.Attribute("strides", window.Strides),
        .. window.Dilations.All(d => d == 1) ? Array.Empty<OnnxSchema.AttributeProto>() : [OnnxBuilder.Attribute("dilations", window.Dilations)],
    ];

    /// <summary>A result with its axes where those of the operand were.</summary>
    private OnnxValue Restored(string arranged, int[] order, TensorType result)
    {
        Shape shape = [.. order.Select(axis => result.Shape[axis])];
        var reshaped = Reshape(new(result with { Shape = [1, .. shape] }, arranged), shape);
        var back = new int[order.Length];
        for (var i = 0; i < order.Length; i++) back[order[i]] = i;
        return Transpose(reshaped, back);
    }

    /// <summary>The places that pooling tells are those among all elements: from them come the places along each axis of the window, without padding.</summary>
    private OnnxValue WindowArgReduce(OnnxValue x, WindowArgReduce reduce, TensorType result)
    {
        var window = reduce.Window;
        if (window.Axes.Count > 3) throw new OnnxException($"onnx: {reduce.Name} over {window.Axes.Count} axes has no translation: pooling goes over at most 3.");
        var type = x.Type.ElementType is ElementType.Float32 ? ElementType.Float32 : ElementType.Float64;
        Shape whole = [.. window.Axes.Select(axis => x.Shape[axis])];
        var value = Expression(Full(x)).As(type);
        x = WithoutPadding(new(x.Type with { ElementType = type }, (reduce.IsMax ? value : -value).Name), window, double.NegativeInfinity);
        var (arranged, order) = Arranged(x, window);
        var padded = arranged.Shape[2..];
        var place = new OnnxExpression(graph, graph.Nodes("MaxPool", [arranged.Name], 2, Pooling(window))[1], ElementType.Int64);
        var sum = place.Constant(0);
        for (var k = 0; k < padded.Rank; k++)
        {
            var along = place / place.Constant(padded.Strides()[k]);
            along = along - along / along.Constant(padded[k]) * padded[k] - window.Low[k];
            sum += along * whole.Strides()[k];
        }
        return Restored(sum.As(ElementType.Int32).Name, order, result);
    }

    /// <summary>By the last key first: TopK keeps the order of ties, so that earlier keys decide last.</summary>
    private OnnxValue[] Sort(OnnxValue[] x, Sort sort, TensorType[] results)
    {
        string? order = null;
        OnnxValue Ordered(OnnxValue value, TensorType type) => new(
            type, Along(value.Name, order!, sort.Axis), value.Imaginary is { } imaginary ? Along(imaginary, order!, sort.Axis) : null);
        for (var key = sort.Keys - 1; key >= 0; key--)
        {
            var by = Comparable(Full(x[key])).Name;
            if (order is not null) by = Along(by, order, sort.Axis);
            var next = Largest(by, results[0].Shape[sort.Axis], sort.Axis, sort.IsDescending)[1];
            order = order is null ? next : Along(order, next, sort.Axis);
        }
        var places = new OnnxExpression(graph, order!, ElementType.Int64).As(ElementType.Int32).Name;
        return [.. x.Select((value, i) => Ordered(Full(value), results[i])), new(results[^1], places)];
    }

    private string Along(string x, string places, int axis) => graph.Node("GatherElements", [x, places], OnnxBuilder.Attribute("axis", axis));

    private string[] Largest(string x, int count, int axis, bool isLargest) =>
        graph.Nodes("TopK", [x, graph.Integers([(long)count])], 2, OnnxBuilder.Attribute("axis", axis), OnnxBuilder.Attribute("largest", isLargest ? 1 : 0));

    private OnnxValue[] TopK(OnnxValue x, TopK top, TensorType[] results)
    {
        var value = Comparable(Full(x));
        var found = Largest(value.Name, top.Count, x.Shape.Rank - 1, isLargest: true);
        return
        [
            new(results[0], (value with { Name = found[0] }).As(results[0].ElementType).Name),
            new(results[1], new OnnxExpression(graph, found[1], ElementType.Int64).As(ElementType.Int32).Name),
        ];
    }
}
