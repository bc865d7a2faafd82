namespace Paramorph.Formats;

/// <content>Products and convolutions.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Products => new()
    {
        ["Attention"] = n => [Attend(n)],
        ["Conv"] = n => [Biased(Convolve(n, n[0], n[1]), n.Optional(2))],
        ["ConvTranspose"] = n => [Biased(ConvolveTransposed(n), n.Optional(2))],
        ["Einsum"] = n => [Einsum.Of(n.Text("equation", ""), n.Inputs)],
        ["Gemm"] = n => [Gemm(n)],
        ["MatMul"] = n => [Tensor.MatMul(n[0], n[1])],
    };

    /// <summary>
    /// Attention of heads [batch, heads, time, d], or of [batch, time, heads * d] with the numbers of heads as attributes; several heads of queries may share one of
    /// keys and values.
    /// </summary>
    private static Tensor Attend(OnnxNode node)
    {
        if (Enumerable.Range(4, 3).Any(input => node.Optional(input) is not null) || node.Float("softcap", 0) != 0)
            throw node.Unsupported("attention with a past, with lengths or with a cap");
        var isJoined = node[0].Rank == 3;
        Tensor Heads(int input, string count) => isJoined
            ? node[input].Reshape(node[input].Shape[0], node[input].Shape[1], node.Int(count, 1), -1).SwapAxes(1, 2)
            : node[input];
        var (q, k, v) = (Heads(0, "q_num_heads"), Heads(1, "kv_num_heads"), Heads(2, "kv_num_heads"));
        var shared = q.Shape[1] / k.Shape[1];
        if (shared > 1) (k, v) = (k.Repeat(shared, 1), v.Repeat(shared, 1));
        var scores = Tensor.MatMul(q, k.T) * node.Float("scale", 1 / Math.Sqrt(q.Shape[^1]));
        if (node.Optional(3) is { } mask) scores = mask.ElementType == ElementType.Bool ? Tensor.Where(mask, scores, double.NegativeInfinity) : scores + mask;
        if (node.Flag("is_causal")) scores = Tensor.Where(Tensor.LowerTriangle(q.Shape[2], k.Shape[2]), scores, double.NegativeInfinity);
        var seen = Tensor.MatMul(scores.Softmax(-1), v);
        return isJoined ? seen.SwapAxes(1, 2).Reshape(seen.Shape[0], seen.Shape[2], -1) : seen;
    }

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
            // A shape beyond what the windows reach has zeros behind.
            if (total < 0) (more[a], total) = (more[a] - total, 0);
            var half = total / 2;
            (slide.Low[a], slide.High[a]) = automatic == "SAME_UPPER" ? (half, total - half) : (total - half, half);
        }
        ConvolutionOptions options = new() { Stride = [.. slide.Strides], Dilation = [.. slide.Dilations], Groups = node.Int("group", 1), Padding = slide.Padding };
        return Tensor.ConvolveTransposed(x, weights, options, more);
    }
}
