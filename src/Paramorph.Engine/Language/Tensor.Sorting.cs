using Paramorph.Primitives;

namespace Paramorph;

/// <content>
/// Order along an axis. All orders are stable. NaN is above all numbers here, as it is for <see cref="Max"/> and <see cref="ArgMax"/>, so that the first of
/// <see cref="TopK"/> and of a descending sort is the largest element and lies where ArgMax says. <see cref="Min"/> and <see cref="ArgMin"/>, too, give a NaN that
/// is there.
/// </content>
public sealed partial class Tensor
{
    /// <summary>The elements in order along an axis; NaN is above all numbers.</summary>
    /// <exception cref="ElementTypeException">The tensor is complex.</exception>
    public Tensor Sort(int axis = -1, bool isDescending = false) => Bind(new Sort(Shape.Axis(axis, "sort"), 1, isDescending), this)[0];

    /// <summary>
    /// The i32 indices along an axis that would put the elements in order: <c>x.TakeAlong(x.ArgSort(a), a)</c> is <c>x.Sort(a)</c>. NaN is above all
    /// numbers.
    /// </summary>
    /// <exception cref="ElementTypeException">The tensor is complex.</exception>
    public Tensor ArgSort(int axis = -1, bool isDescending = false) => Bind(new Sort(Shape.Axis(axis, "argsort"), 1, isDescending), this)[1];

    /// <summary>The elements in the order of a key of the same shape; a NaN in the key is above all numbers.</summary>
    /// <exception cref="ShapeException">The key has another shape.</exception>
    public Tensor SortBy(Tensor key, int axis = -1, bool isDescending = false) => SortBy([key, this], 1, axis, isDescending)[1];

    /// <summary>
    /// Tensors of one shape put in order together along an axis, by the first <paramref name="keys"/> of them, earlier ones deciding first. NaN is
    /// above all numbers.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ, or there are fewer tensors than keys.</exception>
    public static Tensor[] SortBy(IReadOnlyList<Tensor> tensors, int keys, int axis = -1, bool isDescending = false)
    {
        if (tensors.Count == 0) throw new ShapeException("sort: there is nothing to put in order: give at least one tensor.");
        return Bind(new Sort(tensors[0].Shape.Axis(axis, "sort"), keys, isDescending), [.. tensors])[..^1];
    }

    /// <summary>The largest elements along an axis in descending order, and their i32 indices; of equal elements the earlier ones, and NaN
    /// before all numbers.</summary>
    /// <exception cref="ShapeException">The axis has fewer elements.</exception>
    public (Tensor Values, Tensor Indices) TopK(int count, int axis = -1)
    {
        axis = Shape.Axis(axis, "top_k");
        var results = Bind(new TopK(count), MoveAxis(axis, -1));
        return (results[0].MoveAxis(-1, axis), results[1].MoveAxis(-1, axis));
    }

    /// <summary>The middle element along an axis, which disappears; of an even number the mean of the two middle ones; NaN when one is NaN.</summary>
    public Tensor Median(int axis = -1) => Quantile(0.5, axis);

    /// <summary>
    /// The value below which a share of the elements along an axis lies, interpolated linearly between neighbours in order; the axis disappears. NaN
    /// when one element is NaN.
    /// </summary>
    /// <param name="share">From 0 (the smallest) to 1 (the largest).</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ShapeException">The share lies outside [0, 1], or there are no elements.</exception>
    public Tensor Quantile(double share, int axis = -1) => Quantiles([share], axis).Squeeze(0);

    /// <summary>Several quantiles, along a new first axis.</summary>
    /// <inheritdoc cref="Quantile"/>
    public Tensor Quantiles(ReadOnlySpan<double> shares, int axis = -1)
    {
        axis = Shape.Axis(axis, "quantile");
        if (Shape[axis] == 0) throw new ShapeException($"quantile: {Type} has no elements along axis {axis}.");
        var sorted = Floating(this).Sort(axis);
        var last = sorted.Shape[axis] - 1;
        var quantiles = new List<Tensor>();
        foreach (var share in shares)
        {
            if (!(share is >= 0 and <= 1)) throw new ShapeException($"quantile: the share {share} must lie between 0 and 1.");
            var (below, part) = ((int)Math.Floor(share * last), share * last - Math.Floor(share * last));
            var low = sorted.SliceAxis(axis, below, below + 1);
            quantiles.Add(part == 0 ? low : low * (1 - part) + sorted.SliceAxis(axis, below + 1, below + 2) * part);
        }
        // NaN stands last if there is one.
        var largest = sorted.SliceAxis(axis, last, last + 1);
        return Stack([.. quantiles.Select(q => Where(IsNaN(largest), largest, q).Squeeze(axis))]);
    }
}
