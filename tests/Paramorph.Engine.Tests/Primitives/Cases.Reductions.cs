namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Tensor WithZeros => Tensor.From([2, 0, -1.5, 0.5, 0, 0, 3, 1, -2.0], [3, 3]);
    private static Tensor Truths => Tensor.From([true, false, false, true, true, true], [2, 3]);

    private static IEnumerable<Case> Reductions =>
    [
        Reducing("sum", "of all", x => x.Sum(), [0, 1, 2], (a, b) => a + b, 0),
        Reducing("sum", "along two axes", x => x.Sum(0, -1), [0, 2], (a, b) => a + b, 0),
        Reducing("product", "along an axis", x => x.Product(1), [1], (a, b) => a * b, 1),
        Reducing("product", "along axes that are not neighbours", x => x.Product(2, 0), [0, 2], (a, b) => a * b, 1),
        Reducing("max", "along an axis", x => x.Max(-1), [2], Math.Max, double.NegativeInfinity),
        Reducing("max", "of all", x => x.Max(), [0, 1, 2], Math.Max, double.NegativeInfinity),
        Reducing("min", "along two axes", x => x.Min(0, 1), [0, 1], Math.Min, double.PositiveInfinity),
        Reducing("mean", "along an axis", x => x.Mean(1) * 3.0, [1], (a, b) => a + b, 0),
        new("product", "with zeros", x => [x[0].Product(0), x[0].Product(1), x[0].Product()], WithZeros)
        {
            Truth = _ => [Tensor.From(3.0, 0, 0), Tensor.From(0.0, 0, -6), Tensor.Scalar(0.0)],
        },
        new("product", "of complex numbers", x => [x[0].Product(0)], Case.Complexes([3, 2]))
        {
            Truth = x => [x[0][0] * x[0][1] * x[0][2]],
        },
        new("sum", "of complex numbers", x => [x[0].Sum(0)], Case.Complexes([3, 2])) { Truth = x => [x[0][0] + x[0][1] + x[0][2]] },
        new("sum", "of nothing", x => [x[0].Sum(0)], Tensor.Zeros([0, 2], ElementType.Float64)) { Truth = _ => [Tensor.From(0.0, 0)] },
        new("product", "of nothing", x => [x[0].Product(0)], Tensor.Zeros([0, 2], ElementType.Float64)) { Truth = _ => [Tensor.From(1.0, 1)] },
        new("max", "for no results", x => [x[0].Max(1)], Tensor.Zeros([0, 2], ElementType.Float64)) { Truth = _ => [Tensor.Zeros([0], ElementType.Float64)] },
        new("sum", "of integers", x => [x[0].Sum(), x[0].Product(0), x[0].Max(0), x[0].Min(0)], Ints.Reshape(2, 3))
        {
            Truth = _ => [Tensor.Scalar(0), Tensor.From(-35, 0, -24), Tensor.From(5, 7, 3), Tensor.From(-7, 0, -8)],
        },
        new("any", "", x => [x[0].Any(0), x[0].Any(1), x[0].Any()], Truths) { Truth = _ => [Tensor.From(true, true, true), Tensor.From(true, true), Tensor.Scalar(true)] },
        new("all", "", x => [x[0].All(0), x[0].All(1), x[0].All()], Truths) { Truth = _ => [Tensor.From(true, false, false), Tensor.From(false, true), Tensor.Scalar(false)] },
        new("any", "of nothing", x => [x[0].Any(), x[0].All()], Tensor.Zeros([0], ElementType.Bool)) { Truth = _ => [Tensor.Scalar(false), Tensor.Scalar(true)] },
        new("argmax", "", x => [x[0].ArgMax(1), x[0].ArgMax(0)], WithZeros) { Truth = _ => [Tensor.From(0, 0, 0), Tensor.From(2, 2, 1)] },
        new("argmin", "", x => [x[0].ArgMin(1), x[0].ArgMin(0)], WithZeros) { Truth = _ => [Tensor.From(2, 1, 2), Tensor.From(1, 0, 2)] },
        new("variance", "", x => [x[0].Variance(1)], Case.Numbers([2, 3]))
        {
            Truth = x => [Table([2], at =>
            {
                double[] row = [.. Enumerable.Range(0, 3).Select(j => At(x[0], at[0], j))];
                return row.Select(r => Math.Pow(r - row.Average(), 2)).Average();
            })],
        },
        new("variance", "of complex numbers", x => [x[0].Variance()], Case.Complexes([5]))
        {
            Truth = x => [Tensor.Real(x[0]).Variance() + Tensor.Imaginary(x[0]).Variance()],
        },
    ];

    private static IEnumerable<Case> Accumulations =>
    [
        .. from isReverse in new[] { false, true }
           from axis in new[] { 0, 1 }
           from kind in new (string Name, Func<Tensor, Tensor> Function, Func<double, double, double> Combine)[]
           {
               ("cumulative_sum", x => x.CumulativeSum(axis, isReverse), (a, b) => a + b),
               ("cumulative_product", x => x.CumulativeProduct(axis, isReverse), (a, b) => a * b),
               ("cumulative_max", x => x.CumulativeMax(axis, isReverse), Math.Max),
               ("cumulative_min", x => x.CumulativeMin(axis, isReverse), Math.Min),
           }
           select new Case(kind.Name, $"along axis {axis}" + (isReverse ? " in reverse" : ""), x => [kind.Function(x[0])], Case.Numbers([3, 4]))
           {
               Truth = x => [Accumulated(x[0], axis, isReverse, kind.Combine)],
           },
        new("cumulative_product", "with zeros", x => [x[0].CumulativeProduct(1), x[0].CumulativeProduct(0, true)], WithZeros)
        {
            Truth = x => [Accumulated(x[0], 1, false, (a, b) => a * b), Accumulated(x[0], 0, true, (a, b) => a * b)],
        },
        new("cumulative_sum", "of complex numbers", x => [x[0].CumulativeSum(0), x[0].CumulativeProduct(0)], Case.Complexes([3]))
        {
            Truth = x => [Tensor.Stack([x[0][0], x[0][0] + x[0][1], x[0][0] + x[0][1] + x[0][2]]), Tensor.Stack([x[0][0], x[0][0] * x[0][1], x[0][0] * x[0][1] * x[0][2]])],
        },
        new("cumulative_sum", "of integers", x => [x[0].CumulativeSum(0), x[0].CumulativeMax(0), x[0].CumulativeMin(0, true)], Ints)
        {
            Truth = _ => [Tensor.From(-7, 0, -8, -3, -3, 0), Tensor.From(-7, 7, 7, 7, 7, 7), Tensor.From(-8, -8, -8, 0, 0, 3)],
        },
        new("cumulative_sum", "of nothing", x => [x[0].CumulativeSum(0), x[0].CumulativeProduct(1), x[0].CumulativeMax(0)], Tensor.Zeros([0, 2], ElementType.Float64))
        {
            Truth = x => [x[0], x[0], x[0]],
        },
    ];

    private static Case Reducing(string name, string label, Func<Tensor, Tensor> function, int[] axes, Func<double, double, double> combine, double start) =>
        new(name, label, x => [function(x[0])], Case.Numbers([2, 3, 4]))
        {
            Truth = x =>
            {
                int[] kept = [.. Enumerable.Range(0, 3).Except(axes)];
                return [Table([.. kept.Select(a => x[0].Shape[a])], at => Paramorph.Reference.ReferenceArray.Places(x[0].Shape)
                    .Where(from => kept.Select((a, i) => from[a] == at[i]).All(e => e)).Select(from => At(x[0], from)).Aggregate(start, combine))];
            },
        };

    private static Tensor Accumulated(Tensor x, int axis, bool isReverse, Func<double, double, double> combine) => Table(x.Shape, at =>
    {
        var line = Enumerable.Range(0, x.Shape[axis]).Where(k => isReverse ? k >= at[axis] : k <= at[axis]);
        return line.Select(k => At(x, [.. at.Select((i, a) => a == axis ? k : i)])).Aggregate(combine);
    });
}
