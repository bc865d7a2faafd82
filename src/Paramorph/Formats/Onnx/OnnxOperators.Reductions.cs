namespace Paramorph.Formats;

/// <content>Reductions: their axes are an attribute in older versions and an input in newer ones.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Reductions => new()
    {
        ["CumSum"] = n => [CumulativeSum(n)],
        ["ReduceL1"] = n => [Reduce(n, (x, axes) => Tensor.Abs(x).Sum(axes))],
        ["ReduceL2"] = n => [Reduce(n, (x, axes) => Tensor.Sqrt((x * x).Sum(axes)))],
        ["ReduceLogSum"] = n => [Reduce(n, (x, axes) => Tensor.Log(x.Sum(axes)))],
        ["ReduceLogSumExp"] = n => [Reduce(n, (x, axes) => x.LogSumExp(axes))],
        ["ReduceMax"] = n => [Reduce(n, (x, axes) => x.ElementType == ElementType.Bool ? x.Any(axes) : x.Max(axes))],
        ["ReduceMean"] = n => [Reduce(n, (x, axes) => x.Mean(axes))],
        ["ReduceMin"] = n => [Reduce(n, (x, axes) => x.ElementType == ElementType.Bool ? x.All(axes) : x.Min(axes))],
        ["ReduceProd"] = n => [Reduce(n, (x, axes) => x.Product(axes))],
        ["ReduceSum"] = n => [Reduce(n, (x, axes) => x.Sum(axes))],
        ["ReduceSumSquare"] = n => [Reduce(n, (x, axes) => (x * x).Sum(axes))],
    };

    private static Tensor Reduce(OnnxNode node, Func<Tensor, int[], Tensor> reduce)
    {
        var (x, given) = (node[0], node.SizesOrAttribute(1, "axes") ?? []);
        if (given.Length == 0 && node.Flag("noop_with_empty_axes")) return x;
        int[] axes = given.Length == 0 ? [.. Enumerable.Range(0, x.Rank)] : [.. given.Select(axis => node.Axis(axis, x.Rank)).Order()];
        // A scalar has no axes to reduce, and an empty list would mean all.
        var reduced = axes.Length == 0 ? reduce(x.Reshape(1), [0]) : reduce(x, axes);
        reduced = reduced.AsType(x.ElementType);
        return node.Flag("keepdims", true) ? reduced.ReshapeTo([.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)]) : reduced;
    }

    private static Tensor CumulativeSum(OnnxNode node)
    {
        var (x, isReverse) = (node[0], node.Flag("reverse"));
        var axis = node.Axis(node.Sizes(1)[0], x.Rank);
        var sums = x.CumulativeSum(axis, isReverse).AsType(x.ElementType);
        return node.Flag("exclusive") ? sums - x : sums;
    }
}
