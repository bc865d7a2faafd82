namespace Paramorph.Formats;

/// <content>Products and convolutions.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Products => new()
    {
        ["Conv"] = n => [Biased(Convolve(n, n[0], n[1]), n.Optional(2))],
        ["ConvTranspose"] = n => [Biased(ConvolveTransposed(n), n.Optional(2))],
        ["Einsum"] = n => [Einsum.Of(n.Text("equation", ""), n.Inputs)],
        ["Gemm"] = n => [Gemm(n)],
        ["MatMul"] = n => [Tensor.MatMul(n[0], n[1])],
    };

    private static Tensor Gemm(OnnxNode node)
    {
        var (a, b) = (node.Flag("transA") ? node[0].T : node[0], node.Flag("transB") ? node[1].T : node[1]);
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var product = Tensor.MatMul(a, b);
        if (alpha != 1) product *= alpha;
        return node.Optional(2) is not { } c ? product : product + (beta == 1 ? c : c * beta);
    }

    /// <summary>A number for each channel of [batch, channels, spatial...] added.</summary>
    private static Tensor Biased(Tensor x, Tensor? bias) => bias is null ? x : x + OfChannels(bias, x.Rank);

    /// <summary>[channels] as [channels, 1, ...], to broadcast to [batch, channels, spatial...].</summary>
    private static Tensor OfChannels(Tensor x, int rank) => x.ReshapeTo([x.Count, .. Enumerable.Repeat(1, rank - 2)]);

    /// <summary>How a window moves over spatial axes, with the padding worked out.</summary>
    private readonly record struct Slide(int[] Window, int[] Strides, int[] Dilations, int[] Low, int[] High)
    {
        public Padding Padding => Padding.Of([.. Low.Zip(High)]);

        public int Extent(int axis) => (Window[axis] - 1) * Dilations[axis] + 1;

        /// <summary>The attributes of a node for an input [batch, channels, spatial...] and a window.</summary>
        public static Slide Of(OnnxNode node, Shape x, int[] window)
        {
            var axes = x.Rank - 2;
            if (axes < 1 || window.Length != axes) throw node.Error($"a window of {window.Length} axes does not go over an input of shape {x}");
            int[] ones = [.. Enumerable.Repeat(1, axes)];
            var pads = node.Ints("pads") ?? new int[2 * axes];
            var slide = new Slide(window, node.Ints("strides") ?? ones, node.Ints("dilations") ?? ones, pads[..axes], pads[axes..]);
            var automatic = node.Text("auto_pad", "NOTSET");
            return automatic is "SAME_UPPER" or "SAME_LOWER" ? slide.Same(x, automatic == "SAME_UPPER") : automatic == "VALID" ? slide.WithPadding(new int[axes], new int[axes]) : slide;
        }

        public Slide WithPadding(int[] low, int[] high) => this with { Low = low, High = high };

        /// <summary>As many places as the stride goes into the size, rounded up; of an odd amount the larger half goes behind, or before.</summary>
        private Slide Same(Shape x, bool isBehind)
        {
            var (low, high) = (new int[Window.Length], new int[Window.Length]);
            for (var a = 0; a < Window.Length; a++)
            {
                var size = x[a + 2];
                var total = Math.Max(0, ((size + Strides[a] - 1) / Strides[a] - 1) * Strides[a] + Extent(a) - size);
                (low[a], high[a]) = isBehind ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
            }
            return WithPadding(low, high);
        }
    }

    private static Tensor Convolve(OnnxNode node, Tensor x, Tensor weights)
    {
        var slide = Slide.Of(node, x.Shape, node.Ints("kernel_shape") ?? [.. weights.Shape.Skip(2)]);
        return Tensor.Convolve(x, weights, new() { Stride = [.. slide.Strides], Dilation = [.. slide.Dilations], Groups = node.Int("group", 1), Padding = slide.Padding });
    }

    /// <summary>Where the shape of the output is given, the padding follows from it.</summary>
    private static Tensor ConvolveTransposed(OnnxNode node)
    {
        var (x, weights) = (node[0], node[1]);
        int[] window = [.. weights.Shape.Skip(2)];
        var axes = window.Length;
        int[] ones = [.. Enumerable.Repeat(1, axes)];
        var pads = node.Ints("pads") ?? new int[2 * axes];
        var slide = new Slide(window, node.Ints("strides") ?? ones, node.Ints("dilations") ?? ones, pads[..axes], pads[axes..]);
        var more = node.Ints("output_padding") ?? new int[axes];
        var automatic = node.Text("auto_pad", "NOTSET");
        var wanted = node.Ints("output_shape")?[^axes..] ?? (automatic.StartsWith("SAME", StringComparison.Ordinal)
            ? [.. Enumerable.Range(0, axes).Select(a => x.Shape[a + 2] * slide.Strides[a])]
            : null);
        for (var a = 0; a < axes && wanted is not null; a++)
        {
            var total = slide.Strides[a] * (x.Shape[a + 2] - 1) + more[a] + slide.Extent(a) - wanted[a];
            var half = total / 2;
            (slide.Low[a], slide.High[a]) = automatic == "SAME_UPPER" ? (half, total - half) : (total - half, half);
        }
        ConvolutionOptions options = new() { Stride = [.. slide.Strides], Dilation = [.. slide.Dilations], Groups = node.Int("group", 1), Padding = slide.Padding };
        return Tensor.ConvolveTransposed(x, weights, options, more);
    }
}
