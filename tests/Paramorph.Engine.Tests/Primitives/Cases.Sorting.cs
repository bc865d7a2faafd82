using MathNet.Numerics.Statistics;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Tensor Classes => Tensor.From([2, 0, 1, 0, 2, 1, 0, 1], [2, 4]);

    private static IEnumerable<Case> Sorting =>
    [
        new("sort", "along the last axis", x => [x[0].Sort()], Case.Numbers([3, 5])) { Truth = x => [Ordered(x[0], 1)] },
        new("sort", "along another axis, descending", x => [x[0].Sort(0, true)], Case.Numbers([4, 2])) { Truth = x => [Ordered(x[0], 0).Flip(0)] },
        new("sort", "as indices", x => [x[0].ArgSort(1)], Case.Numbers([2, 4, 2])) { IsDifferentiable = false, Truth = x => [Permutation(x[0], 1)] },
        new("sort", "by a key", x => [x[1].SortBy(x[0])], Case.Numbers([2, 4]), Case.Complexes([2, 4], seed: 1)) { Truth = x => [x[1].TakeAlong(Permutation(x[0], 1), 1)] },
        new("sort", "by two keys", x => Tensor.SortBy([x[0], x[1], x[2]], 2), Classes, Case.Numbers([2, 4]), Case.Numbers([2, 4], seed: 1))
        {
            // Classes that lie apart by more than all numbers make one key of the two.
            Truth = x => Permutation(x[0].AsType(ElementType.Float64) * 10.0 + x[1], 1) is var p ? [x[0].TakeAlong(p, 1), x[1].TakeAlong(p, 1), x[2].TakeAlong(p, 1)] : [],
        },
        new("top_k", "along the last axis", x => [.. Pair(x[0].TopK(2))], Case.Numbers([3, 4]))
        {
            Truth = x => [Ordered(x[0], 1).Flip(1)[.., ..2], Permutation(x[0], 1).Flip(1)[.., ..2]],
        },
        new("top_k", "along another axis", x => [.. Pair(x[0].TopK(3, 0))], Case.Numbers([4, 2]))
        {
            Truth = x => [Ordered(x[0], 0).Flip(0)[..3], Permutation(x[0], 0).Flip(0)[..3]],
        },
        new("median", "of an odd number", x => [x[0].Median()], Case.Numbers([2, 5])) { Truth = x => [Statistic(x[0], 1, Statistics.Median)] },
        new("median", "of an even number", x => [x[0].Median(0)], Case.Numbers([4, 3])) { Truth = x => [Statistic(x[0], 0, Statistics.Median)] },
        new("quantile", "", x => [x[0].Quantiles([0, 0.3, 0.5, 1], 0)], Case.Numbers([6, 2]))
        {
            Truth = x => [Tensor.Stack([.. new[] { 0, 0.3, 0.5, 1 }.Select(q => Statistic(x[0], 0, line => line.QuantileCustom(q, QuantileDefinition.R7)))])],
        },
    ];

    private static IEnumerable<Tensor> Pair((Tensor Values, Tensor Indices) pair) => [pair.Values, pair.Indices];

    private static Tensor Ordered(Tensor x, int axis) => Plain.Lines(x, axis, line => [.. line.OrderBy(v => v.Real)], x.ElementType);

    private static Tensor Permutation(Tensor x, int axis) =>
        Plain.Lines(x, axis, line => [.. Enumerable.Range(0, line.Length).OrderBy(i => line[i].Real)], ElementType.Int32);

    private static Tensor Statistic(Tensor x, int axis, Func<IEnumerable<double>, double> statistic) =>
        Plain.Lines(x, axis, line => [statistic(line.Select(v => v.Real))], x.ElementType).Squeeze(axis);
}
