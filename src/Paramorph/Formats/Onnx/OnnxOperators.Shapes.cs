namespace Paramorph.Formats;

/// <content>Shapes and rearrangements. What depends on shapes alone has a value before anything runs.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Shapes => new()
    {
        ["Concat"] = n => [Tensor.Concatenate(n.Inputs, n.Int("axis", 0))],
        ["Constant"] = n => [Constant(n)],
        ["ConstantOfShape"] = n => [Filled(n)],
        ["DepthToSpace"] = n => [DepthToSpace(n)],
        ["Expand"] = n => [Expand(n[0], n.Sizes(1))],
        ["EyeLike"] = n => [EyeLike(n)],
        ["Flatten"] = n => [Flatten(n)],
        ["Pad"] = n => [Pad(n)],
        ["Range"] = n => [Range(n)],
        ["Reshape"] = n => [Reshape(n)],
        ["Shape"] = n => [ShapeOf(n)],
        ["Size"] = n => [Tensor.Scalar((long)n[0].Count)],
        ["Slice"] = n => [Slice(n)],
        ["SpaceToDepth"] = n => [SpaceToDepth(n)],
        ["Split"] = Split,
        ["Squeeze"] = n => [n.SizesOrAttribute(1, "axes") is { } axes ? n[0].Squeeze(axes) : Squeezed(n[0])],
        ["Tile"] = n => [n[0].Tile(n.Sizes(1))],
        ["Transpose"] = n => [n[0].Transpose(n.Ints("perm") ?? [.. Enumerable.Range(0, n[0].Rank).Reverse()])],
        ["Trilu"] = n => [Trilu(n)],
        ["Unsqueeze"] = n => [Unsqueeze(n)],
    };

    private static Tensor Constant(OnnxNode node)
    {
        if (node.Attribute("value") is { T: { } tensor }) return node.Scope.Program.Constant(tensor);
        if (node.Attribute("value_float") is { } number) return Tensor.Scalar(number.F);
        if (node.Attribute("value_int") is { } integer) return Tensor.Scalar(integer.I);
        if (node.Attribute("value_floats") is { } numbers) return Tensor.From<float>([.. numbers.Floats]);
        if (node.Attribute("value_ints") is { } integers) return Tensor.From<long>([.. integers.Ints]);
        throw node.Unsupported("a constant that is no dense tensor of numbers");
    }

    private static Tensor Filled(OnnxNode node)
    {
        var value = node.Attribute("value") is { T: { } tensor } ? node.Scope.Program.Constant(tensor).Reshape() : Tensor.Scalar(0f);
        return value.BroadcastTo([.. node.Sizes(0)]);
    }

    private static Tensor Expand(Tensor x, int[] sizes) => x.BroadcastTo(Shape.Broadcast(x.Shape, [.. sizes], "expand"));

    private static Tensor EyeLike(OnnxNode node)
    {
        var (x, offset) = (node[0], node.Int("k", 0));
        var type = node.Has("dtype") ? OnnxTensors.TypeOf(node.Int("dtype", 0)) ?? throw node.Unsupported("this type") : x.ElementType;
        return Tensor.Equal(Tensor.Iota(x.Shape, 0) + offset, Tensor.Iota(x.Shape, 1)).AsType(type);
    }

    private static Tensor Flatten(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Int("axis", 1));
        if (axis < 0) axis += x.Rank;
        return x.Reshape(x.Shape[..axis].ElementCount, x.Shape[axis..].ElementCount);
    }

    private static Tensor Squeezed(Tensor x) => x.ReshapeTo([.. x.Shape.Where(size => size != 1)]);

    private static Tensor Unsqueeze(OnnxNode node)
    {
        var axes = node.SizesOrAttribute(1, "axes") ?? throw node.Error("the axes are missing");
        var rank = node[0].Rank + axes.Length;
        return axes.Select(axis => node.Axis(axis, rank)).Order().Aggregate(node[0], (x, axis) => x.ReshapeTo(x.Shape.Insert(axis, 1)));
    }

    private static Tensor Range(OnnxNode node)
    {
        var (start, limit, step) = (node.Doubles(0)[0], node.Doubles(1)[0], node.Doubles(2)[0]);
        var count = (int)Math.Max(0, Math.Ceiling((limit - start) / step));
        return Tensor.From<double>([.. Enumerable.Range(0, count).Select(i => start + i * step)]).AsType(node[0].ElementType).Evaluate();
    }

    /// <summary>0 keeps a size unless zeros are allowed, and -1 stands for what is left.</summary>
    private static Tensor Reshape(OnnxNode node)
    {
        var (x, sizes) = (node[0], node.Sizes(1));
        if (!node.Flag("allowzero"))
            for (var axis = 0; axis < sizes.Length; axis++)
                if (sizes[axis] == 0) sizes[axis] = axis < x.Rank ? x.Shape[axis] : throw node.Error($"the size 0 of axis {axis} keeps that of {x.Type}, which has no such axis");
        return x.Reshape(sizes);
    }

    private static Tensor ShapeOf(OnnxNode node)
    {
        var rank = node[0].Rank;
        int Bound(string name, int otherwise) => node.Int(name, otherwise) is var bound && bound < 0 ? Math.Max(0, bound + rank) : Math.Min(bound, rank);
        var (start, end) = (Bound("start", 0), Bound("end", rank));
        return Tensor.From<long>([.. node[0].Shape.Skip(start).Take(Math.Max(0, end - start)).Select(size => (long)size)]);
    }

    /// <summary>Bounds are attributes up to version 9; those beyond the ends stand for the ends, and steps may be negative.</summary>
    private static Tensor Slice(OnnxNode node)
    {
        var x = node[0];
        var (starts, ends) = (
            node.SizesOrAttribute(1, "starts") ?? throw node.Error("the starts are missing"), node.SizesOrAttribute(2, "ends") ?? throw node.Error("the ends are missing"));
        var axes = node.SizesOrAttribute(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = node.Optional(4) is null ? Array.ConvertAll(starts, _ => 1) : node.Sizes(4);
        for (var i = 0; i < starts.Length; i++) x = Slice(x, node.Axis(axes[i], x.Rank), starts[i], ends[i], steps[i]);
        return x;
    }

    private static Tensor Slice(Tensor x, int axis, int start, int end, int step)
    {
        var size = x.Shape[axis];
        long From(long bound) => bound < 0 ? bound + size : bound;
        if (step > 0)
        {
            var (first, limit) = ((int)Math.Clamp(From(start), 0, size), (int)Math.Clamp(From(end), 0, size));
            return x.SliceAxis(axis, Math.Min(first, limit), limit, step);
        }
        var (last, before) = ((int)Math.Clamp(From(start), -1, size - 1), (int)Math.Clamp(From(end), -1, size - 1));
        if (before >= last) return x.SliceAxis(axis, 0, 0);
        // In the opposite order the first element taken is the last one.
        var flipped = x.Flip(axis);
        return flipped.SliceAxis(axis, size - 1 - last, size - 1 - before, -step);
    }

    private static Tensor[] Split(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", 0), node[0].Rank));
        var count = node.Int("num_outputs", node.OutputCount);
        var even = (x.Shape[axis] + count - 1) / count;
        var sizes = node.SizesOrAttribute(1, "split") ?? [.. Enumerable.Range(0, count).Select(i => Math.Clamp(x.Shape[axis] - i * even, 0, even))];
        var start = 0;
        return [.. sizes.Select(size => x.SliceAxis(axis, start, start += size))];
    }

    private static Tensor Trilu(OnnxNode node)
    {
        var diagonal = node.Optional(1) is null ? 0 : node.Sizes(1)[0];
        return node.Flag("upper", true) ? node[0].Triu(diagonal) : node[0].Tril(diagonal);
    }

    private static Tensor DepthToSpace(OnnxNode node)
    {
        var (x, block) = (node[0], node.Int("blocksize", 1));
        var (n, c, h, w) = (x.Shape[0], x.Shape[1] / (block * block), x.Shape[2], x.Shape[3]);
        var arranged = node.Text("mode", "DCR") == "DCR"
            ? x.Reshape(n, block, block, c, h, w).Transpose(0, 3, 4, 1, 5, 2)
            : x.Reshape(n, c, block, block, h, w).Transpose(0, 1, 4, 2, 5, 3);
        return arranged.Reshape(n, c, h * block, w * block);
    }

    private static Tensor SpaceToDepth(OnnxNode node)
    {
        var (x, block) = (node[0], node.Int("blocksize", 1));
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2] / block, x.Shape[3] / block);
        return x.Reshape(n, c, h, block, w, block).Transpose(0, 3, 5, 1, 2, 4).Reshape(n, c * block * block, h, w);
    }

    /// <summary>Amounts are an attribute up to version 10; before all axes, then behind all; of the named axes alone from version 18 on.</summary>
    private static Tensor Pad(OnnxNode node)
    {
        var x = node[0];
        var amounts = node.SizesOrAttribute(1, "pads") ?? throw node.Error("the amounts are missing");
        var axes = node.Optional(3) is null ? [.. Enumerable.Range(0, x.Rank)] : Array.ConvertAll(node.Sizes(3), axis => node.Axis(axis, x.Rank));
        var padding = new (int Low, int High)[x.Rank];
        for (var i = 0; i < axes.Length; i++) padding[axes[i]] = (amounts[i], amounts[i + axes.Length]);
        PaddingMode? mode = node.Text("mode", "constant") switch
        {
            "constant" => null,
            "reflect" => PaddingMode.Reflect,
            "edge" => PaddingMode.Replicate,
            "wrap" => PaddingMode.Circular,
            var other => throw node.Unsupported($"the mode {other}"),
        };
        if (mode is { } edge) return x.Pad(edge, padding);
        var value = node.Optional(2)?.Reshape().AsType(x.ElementType) ?? Tensor.Full(Shape.Scalar, node.Float("value", 0), x.ElementType);
        return x.Pad(padding, value);
    }
}
