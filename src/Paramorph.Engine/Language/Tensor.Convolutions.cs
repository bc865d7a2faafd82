using Paramorph.Primitives;

namespace Paramorph;

/// <content>Convolutions over the last one to three axes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The convolution (cross-correlation, as in all network libraries) of [..., channels, spatial...] with weights [outputs, channels / groups,
    /// kernel...]: [..., outputs, places...]. The rank of the weights tells the number of spatial axes, one to three. 8-bit integers give i32.
    /// </summary>
    /// <exception cref="ShapeException">Channels, groups or ranks do not fit, or the kernel is larger than the padded input.</exception>
    public static Tensor Convolve(Tensor x, Tensor weights, ConvolutionOptions? options = null)
    {
        var slide = new Slide("convolve", x, weights, options ?? new());
        var (low, high) = slide.Options.Padding.Resolve("convolve", slide.Sizes, slide.Extents, slide.Strides);
        return slide.Apply(
            new([.. slide.Strides], [.. low], [.. high], [.. slide.Sizes.Select(_ => 1)], [.. slide.Dilations], slide.Options.Groups), x, weights);
    }

    /// <summary>
    /// The transposed convolution of [..., channels, spatial...] with weights [channels, outputs / groups, kernel...], with the conventions of
    /// PyTorch: the size of a spatial axis becomes (size - 1) stride - low - high + dilation (kernel - 1) + 1 + output padding. It is the transpose
    /// of the map that <see cref="Convolve"/> with these weights and options makes of an input of that size. <see cref="Padding.Same"/> makes the
    /// size times the stride.
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="options">How the kernel slides over the result.</param>
    /// <param name="outputPadding">Places more at the end of each spatial axis, or one number for all; it tells apart sizes that a stride maps to
    /// one.</param>
    /// <exception cref="ShapeException">Channels, groups or ranks do not fit.</exception>
    public static Tensor ConvolveTransposed(Tensor x, Tensor weights, ConvolutionOptions? options = null, ReadOnlySpan<int> outputPadding = default)
    {
        const string name = "convolve_transposed";
        var slide = new Slide(name, x, weights, options ?? new());
        var axes = slide.Sizes.Length;
        if (outputPadding.Length > 1 && outputPadding.Length != axes)
            throw new ShapeException($"{name}: the output padding has {outputPadding.Length} numbers for {axes} axes: give one an axis or one for all.");
        if (weights.Shape[0] != x.Shape[^(axes + 1)] || slide.Options.Groups < 1 || weights.Shape[0] % slide.Options.Groups != 0)
        {
            throw new ShapeException(
                $"{name}: {x.Type} has {x.Shape[^(axes + 1)]} channels and weights {weights.Type} take {weights.Shape[0]} in {slide.Options.Groups} groups: both must be equal, and divide.");
        }
        int[] whole = [.. slide.Sizes.Zip(slide.Strides, (size, stride) => size * stride)];
        var (low, high) = slide.Options.Padding.Resolve(name, whole, slide.Extents, slide.Strides);
        for (var a = 0; a < axes; a++)
        {
            var more = outputPadding.Length == 0 ? 0 : outputPadding[outputPadding.Length == 1 ? 0 : a];
            // A stride beyond the kernel leaves places that no kernel element reaches; with "same" they belong to the result.
            if (slide.Options.Padding == Padding.Same) more += Math.Max(0, slide.Strides[a] - slide.Extents[a]);
            (low[a], high[a]) = (slide.Extents[a] - 1 - low[a], slide.Extents[a] - 1 - high[a] + more);
        }
        return slide.Apply(
            new([.. slide.Sizes.Select(_ => 1)], [.. low], [.. high], [.. slide.Strides], [.. slide.Dilations], slide.Options.Groups),
            x, Convolution.TransposedWeights(weights, slide.Options.Groups));
    }

    /// <summary>What a convolution needs of its operands, with numbers spread to all spatial axes.</summary>
    private readonly struct Slide
    {
        private readonly string name;

        public Slide(string name, Tensor x, Tensor weights, ConvolutionOptions options)
        {
            var axes = weights.Rank - 2;
            if (axes is < 1 or > 3 || x.Rank < axes + 1)
            {
                throw new ShapeException(
                    $"{name}: {x.Type} and weights {weights.Type} must be [..., channels, spatial...] and weights of rank 3 to 5, with one to three spatial axes.");
            }
            this.name = name;
            Options = options;
            Sizes = x.Shape.Sizes[^axes..].ToArray();
            Strides = PerAxis.Positive(options.Stride.Span, axes, name, "stride");
            Dilations = PerAxis.Positive(options.Dilation.Span, axes, name, "dilation");
            Extents = new int[axes];
            for (var a = 0; a < axes; a++) Extents[a] = Primitives.Pad.Dilated(weights.Shape[a + 2], Dilations[a] - 1);
        }

        public ConvolutionOptions Options { get; }

        public int[] Sizes { get; }

        public int[] Strides { get; }

        public int[] Dilations { get; }

        /// <summary>Number of elements that the kernel spans.</summary>
        public int[] Extents { get; }

        /// <summary>The primitive takes one batch axis: all leading axes are made one and restored.</summary>
        public Tensor Apply(Convolution convolution, Tensor x, Tensor weights)
        {
            (x, weights) = Promote(x, weights, name);
            var batch = x.Shape[..^(Sizes.Length + 1)];
            var result = Bind(convolution, x.ReshapeTo([batch.ElementCount, .. x.Shape.Sizes[batch.Rank..]]), weights)[0];
            return result.ReshapeTo([.. batch, .. result.Shape.Sizes[1..]]);
        }
    }
}
