using Paramorph.Primitives;
using Paramorph.Transforms;

namespace Paramorph;

/// <content>Windows that slide over the last axes: pooling and patches. Strides and dilations are given one an axis, or one for all.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window over the last axes; padding does not take part. The derivative goes to the first of several.
    /// </summary>
    /// <param name="window">The sizes of a window; it slides over as many last axes.</param>
    /// <param name="stride">Steps between windows; the sizes of the window when empty.</param>
    /// <param name="padding">What is put around; nothing when null.</param>
    /// <param name="dilation">Steps between elements of a window; 1 when empty.</param>
    /// <exception cref="ShapeException">A window does not fit, or holds nothing but padding.</exception>
    public Tensor MaxPool(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default) =>
        Pooled(ReductionKind.Max, SlidingWindow("max_pool", window, stride, padding, dilation));

    /// <summary>
    /// The smallest element of each window over the last axes; padding does not take part. The derivative goes to the first of several.
    /// </summary>
    /// <inheritdoc cref="MaxPool"/>
    public Tensor MinPool(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default) =>
        Pooled(ReductionKind.Min, SlidingWindow("min_pool", window, stride, padding, dilation));

    /// <summary>
    /// Where the largest element of each window lies: i32 indices in row-major order within the last axes of this tensor; the first of several.
    /// </summary>
    /// <inheritdoc cref="MaxPool"/>
    public Tensor ArgMaxPool(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default) =>
        Bind(new WindowArgReduce(true, SlidingWindow("argmax_pool", window, stride, padding, dilation)), this)[0];

    /// <summary>
    /// Where the smallest element of each window lies: i32 indices in row-major order within the last axes of this tensor; the first of several.
    /// </summary>
    /// <inheritdoc cref="MaxPool"/>
    public Tensor ArgMinPool(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default) =>
        Bind(new WindowArgReduce(false, SlidingWindow("argmin_pool", window, stride, padding, dilation)), this)[0];

    /// <summary>The sum of each window over the last axes. 8-bit integers give i64.</summary>
    /// <inheritdoc cref="MaxPool"/>
    public Tensor SumPool(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default) =>
        Summable(this).Pooled(ReductionKind.Sum, SlidingWindow("sum_pool", window, stride, padding, dilation));

    /// <summary>The mean of each window over the last axes.</summary>
    /// <param name="window">The sizes of a window; it slides over as many last axes.</param>
    /// <param name="stride">Steps between windows; the sizes of the window when empty.</param>
    /// <param name="padding">What is put around; nothing when null.</param>
    /// <param name="dilation">Steps between elements of a window; 1 when empty.</param>
    /// <param name="countIncludesPadding">Whether padding counts as elements that are 0, as it does in PyTorch by default.</param>
    /// <exception cref="ShapeException">A window does not fit.</exception>
    public Tensor AveragePool(
        ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default,
        bool countIncludesPadding = true)
    {
        var slide = SlidingWindow("average_pool", window, stride, padding, dilation);
        var sum = Floating(this).Pooled(ReductionKind.Sum, slide);
        if (countIncludesPadding || slide.Low.Concat(slide.High).All(p => p <= 0)) return sum * (1.0 / slide.Count);
        var first = Rank - slide.Axes.Count;
        var ones = Ones(Shape[first..], sum.ElementType.RealType());
        return sum / ones.Pooled(ReductionKind.Sum, slide with { Axes = [.. slide.Axes.Select(a => a - first)] });
    }

    /// <summary>
    /// The windows over the last axes: [..., spatial...] gives [..., window..., places...], with zeros for padding. The patches of PyTorch's
    /// <c>unfold</c> are this reshaped to [batch, channels * window, places].
    /// </summary>
    /// <param name="window">The sizes of a window; it slides over as many last axes.</param>
    /// <param name="stride">Steps between windows; 1 when empty.</param>
    /// <param name="padding">What is put around; nothing when null.</param>
    /// <param name="dilation">Steps between elements of a window; 1 when empty.</param>
    /// <exception cref="ShapeException">A window does not fit.</exception>
    public Tensor Unfold(ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default)
    {
        var slide = SlidingWindow("unfold", window, stride.Length == 0 ? [1] : stride, padding, dilation);
        Shape patches = [.. slide.Sizes, .. slide.ResultShape(Type, "unfold").Sizes[slide.Axes[0]..]];
        int[] low = new int[Rank], high = new int[Rank];
        for (var k = 0; k < window.Length; k++) (low[slide.Axes[k]], high[slide.Axes[k]]) = (slide.Low[k], slide.High[k]);
        var padded = Pad([.. low.Zip(high)]);
        var (outer, spatial) = (Shape[..slide.Axes[0]], padded.Shape[slide.Axes[0]..]);
        // Rows of a matrix [spatial, outer] are gathered at places that are known here.
        var rows = padded.ReshapeTo([outer.ElementCount, spatial.ElementCount]).T;
        var gathered = Bind(new Gather(1, 0), rows, From(Places(slide, patches, spatial), [.. patches, 1]))[0];
        return gathered.MoveAxis(-1, 0).ReshapeTo([.. outer, .. patches]);
    }

    /// <summary>
    /// The transpose of <see cref="Unfold"/>: patches [..., window..., places...] added up where they overlap, to [..., sizes...].
    /// </summary>
    /// <param name="sizes">The sizes of the last axes of the result.</param>
    /// <param name="window">The sizes of a window.</param>
    /// <param name="stride">Steps between windows; 1 when empty.</param>
    /// <param name="padding">What was put around; nothing when null.</param>
    /// <param name="dilation">Steps between elements of a window; 1 when empty.</param>
    /// <exception cref="ShapeException">The patches are not those of a tensor of these sizes.</exception>
    /// <exception cref="ElementTypeException">The patches are integers or booleans.</exception>
    public Tensor Fold(
        ReadOnlySpan<int> sizes, ReadOnlySpan<int> window, ReadOnlySpan<int> stride = default, Padding? padding = null, ReadOnlySpan<int> dilation = default)
    {
        if (!ElementType.IsDifferentiable()) throw new ElementTypeException($"fold: patches {Type} must be real or complex: cast them with AsType.");
        if (Rank < 2 * sizes.Length) throw new ShapeException($"fold: patches {Type} must be [..., window..., places...] with {sizes.Length} axes each.");
        using var trace = new Trace("Fold", isAbstract: true);
        var whole = trace.Placeholder(Type with { Shape = [.. Shape.Sizes[..^(2 * sizes.Length)], .. sizes] });
        var patches = whole.Unfold(window, stride, padding, dilation);
        if (patches.Shape != Shape) throw new ShapeException($"fold: the patches are {Type}, but those of {whole.Type} are {patches.Type}.");
        return ReverseMode.Pull([patches], [this], trace, [whole])[0]!;
    }

    private Tensor Pooled(ReductionKind kind, Window window) => Bind(new WindowReduce(kind, window), this)[0];

    /// <summary>A window over the last axes, with numbers spread to all of them.</summary>
    private Window SlidingWindow(string name, ReadOnlySpan<int> window, ReadOnlySpan<int> stride, Padding? padding, ReadOnlySpan<int> dilation)
    {
        var axes = window.Length;
        if (axes == 0 || axes > Rank) throw new ShapeException($"{name}: a window of {axes} axes does not slide over {Type}: give a size for each of the last axes.");
        var sizes = PerAxis.Positive(window, axes, name, "window");
        var strides = PerAxis.Positive(stride.Length == 0 ? window : stride, axes, name, "stride");
        var dilations = PerAxis.Positive(dilation, axes, name, "dilation");
        int[] extents = [.. sizes.Zip(dilations, (size, d) => Primitives.Pad.Dilated(size, d - 1))];
        var (low, high) = (padding ?? Padding.Valid).Resolve(name, Shape.Sizes[^axes..], extents, strides);
        return new([.. Enumerable.Range(Rank - axes, axes)], [.. sizes], [.. strides], [.. low], [.. high], [.. dilations]);
    }

    /// <summary>The flat index in the padded spatial axes of each element of each patch.</summary>
    private static int[] Places(Window window, Shape patches, Shape padded)
    {
        var (places, next, axes) = (new int[patches.ElementCount], 0, padded.Rank);
        foreach (var at in Reference.ReferenceArray.Places(patches))
        {
            var index = 0;
            for (var k = 0; k < axes; k++) index = index * padded[k] + at[axes + k] * window.Strides[k] + at[k] * window.Dilations[k];
            places[next++] = index;
        }
        return places;
    }
}
