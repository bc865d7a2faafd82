using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Tensor Repeated => Tensor.From([2, 0, 2, -1], [4]);

    private static IEnumerable<Case> Gathers =>
    [
        new("gather", "of rows, negative and repeated", x => [x[0].Take(x[1])], Case.Numbers([4, 3]), Repeated)
        {
            Truth = x => [Table([4, 3], at => At(x[0], new[] { 2, 0, 2, 3 }[at[0]], at[1]))],
        },
        new("gather", "along the last axis", x => [x[0].Take(x[1], -1)], Case.Numbers([2, 3]), Tensor.From(new[,] { { 0, -1 }, { 1, 1 } }))
        {
            Truth = x => [Table([2, 2, 2], at => At(x[0], at[0], new[,] { { 0, 2 }, { 1, 1 } }[at[1], at[2]]))],
        },
        new("gather", "by a scalar", x => [x[0].Take(x[1])], Case.Numbers([4, 3]), Tensor.Scalar(-2L)) { Truth = x => [Table([3], at => At(x[0], 2, at[0]))] },
        new("gather", "at two axes", x => [x[0][x[1], x[2]]], Case.Numbers([3, 4, 2]), Tensor.From(0, 2, -1), Tensor.From(3, -4, 1))
        {
            Truth = x => [Table([3, 2], at => At(x[0], new[] { 0, 2, 2 }[at[0]], new[] { 3, 0, 1 }[at[0]], at[1]))],
        },
        new("gather", "at axes apart", x => [x[0][x[1], 0..2, x[2]]], Case.Numbers([3, 4, 2]), Tensor.From(0, 2, -1), Tensor.From(1, 0, 1))
        {
            Truth = x => [Table([3, 2], at => At(x[0], new[] { 0, 2, 2 }[at[0]], at[1], new[] { 1, 0, 1 }[at[0]]))],
        },
        new("gather", "of nothing", x => [x[0].Take(x[1])], Case.Numbers([4, 3]), Tensor.Zeros([0], ElementType.Int32)) { Truth = _ => [Tensor.Zeros([0, 3], ElementType.Float64)] },
        new("gather", "of complex numbers", x => [x[0].Take(x[1])], Case.Complexes([4]), Repeated) { Truth = x => [Tensor.Stack([x[0][2], x[0][0], x[0][2], x[0][3]])] },
        new("gather", "with a batch axis", x => [Tensor.Bind(new Gather(2, 1), x[0], x[1])[0]], Case.Numbers([2, 3, 4, 2]), Tensor.From([0, 1, 2, 3, 2, 0, 1, 1], [2, 2, 2]))
        {
            Truth = x => [Table([2, 2, 2], at => At(x[0], at[0], new[,] { { 0, 2 }, { 2, 1 } }[at[0], at[1]], new[,] { { 1, 3 }, { 0, 1 } }[at[0], at[1]], at[2]))],
        },
        new("take_along", "", x => [x[0].TakeAlong(x[1], 0)], Case.Numbers([3, 2]), Tensor.From(new[,] { { 2, -1 }, { 0, 1 } }))
        {
            Truth = x => [Table([2, 2], at => At(x[0], new[,] { { 2, 2 }, { 0, 1 } }[at[0], at[1]], at[1]))],
        },
        new("take_along", "of shapes that broadcast", x => [x[0].TakeAlong(x[1], 1)], Case.Numbers([2, 3]), Tensor.From(new[,] { { 2, 0 } }))
        {
            Truth = x => [Table([2, 2], at => At(x[0], at[0], at[1] == 0 ? 2 : 0))],
        },
    ];

    private static IEnumerable<Case> Scatters =>
    [
        Scattering("scatter_add", (x, i, u) => x.ScatterAdd(i, u), (a, b) => a + b),
        Scattering("scatter_max", (x, i, u) => x.ScatterMax(i, u), Math.Max),
        Scattering("scatter_min", (x, i, u) => x.ScatterMin(i, u), Math.Min),
        Scattering("scatter_set", (x, i, u) => x.ScatterSet(i, u), (_, b) => b),
        .. from kind in Enum.GetValues<ScatterKind>()
           select new Case(new Scatter(kind, 2, 1).Name, "at two axes with a batch axis", x => [Tensor.Bind(new Scatter(kind, 2, 1), x[0], x[1], x[2])[0]],
               Case.Numbers([2, 2, 3, 2]), Tensor.From([0, 1, 1, 2, 0, 1, 1, 0, 1, 0, 0, 0], [2, 3, 2]), Case.Numbers([2, 3, 2], -0.9, 1.1, 1))
           {
               Truth = x => [ScatteredInBatch(kind, x[0], x[1], x[2])],
           },
        new("scatter_add", "of complex numbers", x => [x[0].ScatterAdd(x[1], x[2])], Case.Complexes([4]), Repeated, Case.Complexes([4], seed: 1))
        {
            Truth = x => [Tensor.Stack([x[0][0] + x[2][1], x[0][1], x[0][2] + x[2][0] + x[2][2], x[0][3] + x[2][3]])],
        },
        new("scatter_add", "of nothing", x => [x[0].ScatterAdd(x[1], x[2])], Case.Numbers([4]), Tensor.Zeros([0], ElementType.Int32), Tensor.Zeros([0], ElementType.Float64))
        {
            Truth = x => [x[0]],
        },
        new("scatter_set", "of integers", x => [x[0].ScatterSet(x[1], x[2]), x[0].ScatterMax(x[1], x[2])], Tensor.From(5, 6, 7, 8), Repeated, Tensor.From(1, 2, 9, 4))
        {
            Truth = _ => [Tensor.From(2, 6, 9, 4), Tensor.From(5, 6, 9, 8)],
        },
    ];

    private static Case Scattering(string name, Func<Tensor, Tensor, Tensor, Tensor> function, Func<double, double, double> combine) =>
        new(name, "onto rows, negative and repeated", x => [function(x[0], x[1], x[2])], Case.Numbers([4, 2]), Repeated, Case.Numbers([4, 2], -0.9, 1.1, 1))
        {
            Truth = x =>
            {
                var result = x[0].ToDoubles();
                int[] rows = [2, 0, 2, 3];
                for (var i = 0; i < rows.Length; i++)
                    for (var j = 0; j < 2; j++) result[rows[i] * 2 + j] = combine(result[rows[i] * 2 + j], At(x[2], i, j));
                return [Tensor.From(result, [4, 2])];
            },
        };

    private static Tensor ScatteredInBatch(ScatterKind kind, Tensor x, Tensor indices, Tensor updates)
    {
        var result = x.ToDoubles();
        foreach (var at in ReferenceArray.Places(updates.Shape))
        {
            var (i, j) = ((int)At(indices, at[0], at[1], 0), (int)At(indices, at[0], at[1], 1));
            ref var to = ref result[((at[0] * 2 + i) * 3 + j) * 2 + at[2]];
            var from = At(updates, at);
            to = kind switch { ScatterKind.Add => to + from, ScatterKind.Max => Math.Max(to, from), ScatterKind.Min => Math.Min(to, from), _ => from };
        }
        return Tensor.From(result, x.Shape);
    }
}
