namespace Paramorph.Primitives;

/// <summary>Windows that slide over some axes of a tensor. All sequences have one number an axis over which the window slides.</summary>
/// <param name="Axes">The axes, in increasing order.</param>
/// <param name="Sizes">Number of elements of a window.</param>
/// <param name="Strides">Steps between windows.</param>
/// <param name="Low">Places before the first element at which the first window begins; negative to begin inside.</param>
/// <param name="High">Places behind the last element up to which windows reach; negative to end before.</param>
/// <param name="Dilations">Steps between elements of a window.</param>
public sealed record Window(Sequence<int> Axes, Sequence<int> Sizes, Sequence<int> Strides, Sequence<int> Low, Sequence<int> High, Sequence<int> Dilations)
{
    /// <summary>The number of elements in a window.</summary>
    public int Count => Sizes.Aggregate(1, (product, size) => product * size);

    /// <summary>Whether no element belongs to two windows, because these lie side by side or apart.</summary>
    internal bool AreDisjoint => Enumerable.Range(0, Axes.Count).All(k => Strides[k] >= Extent(k));

    /// <summary>The attributes in the text form.</summary>
    public override string ToString() => $"axes={Axes}, sizes={Sizes}, strides={Strides}, low={Low}, high={High}, dilations={Dilations}";

    /// <summary>Number of elements from the first to the last of a window along one of its axes.</summary>
    internal int Extent(int k) => Pad.Dilated(Sizes[k], Dilations[k] - 1);

    /// <summary>The shape with each axis over which the window slides replaced by the number of windows.</summary>
    /// <exception cref="ShapeException">The window does not fit.</exception>
    internal Shape ResultShape(TensorType type, string name)
    {
        int[] counts = [Sizes.Count, Strides.Count, Low.Count, High.Count, Dilations.Count];
        if (counts.Any(c => c != Axes.Count) || Sizes.Concat(Strides).Concat(Dilations).Any(n => n < 1))
            throw new ShapeException($"{name}: a window takes one size, stride, padding and dilation an axis, the first two and the last 1 or more, not [{this}].");
        var sizes = type.Shape.Sizes.ToArray();
        for (var k = 0; k < Axes.Count; k++)
        {
            var axis = Axes[k];
            if ((uint)axis >= (uint)sizes.Length || (k > 0 && axis <= Axes[k - 1]))
                throw new ShapeException($"{name}: {Axes} are not axes of {type} in increasing order.");
            var padded = Low[k] + sizes[axis] + High[k];
            if (padded < Extent(k))
                throw new ShapeException($"{name}: a window that spans {Extent(k)} elements does not fit into axis {axis} of {type}, which has {padded} with its padding.");
            sizes[axis] = (padded - Extent(k)) / Strides[k] + 1;
        }
        return Shape.Create(sizes);
    }

    /// <summary>Every window must hold an element that is not padding.</summary>
    /// <exception cref="ShapeException">One does not.</exception>
    internal void CheckNoneEmpty(TensorType type, Shape result, string name)
    {
        for (var k = 0; k < Axes.Count; k++)
        {
            for (var i = 0; i < result[Axes[k]]; i++)
            {
                var first = i * Strides[k] - Low[k];
                if (!Enumerable.Range(0, Sizes[k]).Any(j => (uint)(first + j * Dilations[k]) < (uint)type.Shape[Axes[k]]))
                    throw new ShapeException($"{name}: window {i} along axis {Axes[k]} of {type} holds nothing but padding, and an extreme of nothing does not exist.");
            }
        }
    }

    /// <summary>The windows of a tensor with an axis more in front.</summary>
    internal Window Shifted() => this with { Axes = [.. Axes.Select(a => a + 1)] };

    /// <summary>
    /// For each element of the window at a place its index in the tensor and its index within the axes of the window; padding is left out.
    /// </summary>
    internal IEnumerable<(int Index, int Inner)> Elements(int[] place, Shape shape, int[] strides)
    {
        var fixedPart = 0;
        for (var a = 0; a < place.Length; a++)
            if (!Axes.Contains(a)) fixedPart += place[a] * strides[a];
        foreach (var tap in Reference.ReferenceArray.Places([.. Sizes]))
        {
            var (index, inner) = (fixedPart, 0);
            for (var k = 0; k < tap.Length && index >= 0; k++)
            {
                var (axis, at) = (Axes[k], place[Axes[k]] * Strides[k] + tap[k] * Dilations[k] - Low[k]);
                (index, inner) = (uint)at < (uint)shape[axis] ? (index + at * strides[axis], inner * shape[axis] + at) : (-1, 0);
            }
            if (index >= 0) yield return (index, inner);
        }
    }
}
