namespace Paramorph.Formats;

/// <content>Windows over [batch, channels, spatial...].</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Pooling => new()
    {
        ["AveragePool"] = n => [AveragePool(n)],
        ["GlobalAveragePool"] = n => [n[0].Mean(Spatial(n[0])).ReshapeTo(Pooled(n[0]))],
        ["GlobalMaxPool"] = n => [n[0].Max(Spatial(n[0])).ReshapeTo(Pooled(n[0]))],
        ["LpPool"] = n => [LpPool(n)],
        ["MaxPool"] = MaxPool,
    };

    private static int[] Spatial(Tensor x) => [.. Enumerable.Range(2, x.Rank - 2)];

    private static Shape Pooled(Tensor x) => [.. x.Shape.Sizes[..2], .. Enumerable.Repeat(1, x.Rank - 2)];

    /// <summary>
    /// The windows, with room behind for a last one that reaches over the end where sizes are rounded up. One that would begin in the padding behind is left out.
    /// </summary>
    private static (Slide Slide, int[] Room) Windows(OnnxNode node)
    {
        var x = node[0].Shape;
        var slide = Slide.Of(node, x, node.Ints("kernel_shape") ?? throw node.Error("the kernel_shape is missing"));
        var room = new int[slide.Window.Length];
        if (!node.Flag("ceil_mode")) return (slide, room);
        for (var a = 0; a < room.Length; a++)
        {
            var free = x[a + 2] + slide.Low[a] + slide.High[a] - slide.Extent(a);
            var places = (free + slide.Strides[a] - 1) / slide.Strides[a] + 1;
            if ((places - 1) * slide.Strides[a] >= x[a + 2] + slide.Low[a]) places--;
            room[a] = Math.Max(0, (places - 1) * slide.Strides[a] - free);
        }
        return (slide, room);
    }

    private static Tensor[] MaxPool(OnnxNode node)
    {
        var (slide, room) = Windows(node);
        var (x, padding) = (node[0], Padding.Of([.. slide.Low.Zip(slide.High.Zip(room, (high, more) => high + more))]));
        var largest = x.MaxPool(slide.Window, slide.Strides, padding, slide.Dilations);
        if (!node.IsUsed(1)) return [largest];
        if (node.Flag("storage_order")) throw node.Unsupported("indices in column-major order");
        // The operator counts places through the whole tensor.
        var places = x.ArgMaxPool(slide.Window, slide.Strides, padding, slide.Dilations).AsType(ElementType.Int64);
        var planes = Tensor.Iota([x.Shape[0] * x.Shape[1]], 0, ElementType.Int64) * (long)x.Shape[2..].ElementCount;
        return [largest, places + planes.ReshapeTo([.. x.Shape.Sizes[..2], .. Enumerable.Repeat(1, x.Rank - 2)])];
    }

    /// <summary>Sums over numbers of elements. Padding counts when the node says so; the room that comes of rounding up never does.</summary>
    private static Tensor AveragePool(OnnxNode node)
    {
        var (slide, room) = Windows(node);
        var (x, spatial) = (node[0], node[0].Shape[2..]);
        var sum = Summed(x, slide, room);
        var ones = Tensor.Ones([1, 1, .. spatial], x.ElementType);
        if (!node.Flag("count_include_pad")) return sum / Summed(ones, slide, room);
        var padded = Tensor.Ones([1, 1, .. spatial.Select((size, a) => slide.Low[a] + size + slide.High[a])], x.ElementType);
        return sum / Summed(padded, slide.WithPadding(new int[room.Length], new int[room.Length]), room);
    }

    private static Tensor Summed(Tensor x, Slide slide, int[] room) =>
        x.SumPool(slide.Window, slide.Strides, Padding.Of([.. slide.Low.Zip(slide.High.Zip(room, (high, more) => high + more))]), slide.Dilations);

    private static Tensor LpPool(OnnxNode node)
    {
        var (slide, room) = Windows(node);
        double order = node.Int("p", 2);
        return Tensor.Power(Summed(Tensor.Power(Tensor.Abs(node[0]), order), slide, room), 1 / order);
    }
}
