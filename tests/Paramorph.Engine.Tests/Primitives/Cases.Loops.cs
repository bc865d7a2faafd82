namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Tensor Steps => Case.Numbers([4, 2], seed: 3);

    private static IEnumerable<Case> Loops =>
    [
        .. from isReverse in new[] { false, true }
           from rematerialises in new[] { false, true }
           select new Case("scan", $"{(isReverse ? "in reverse" : "forward")}{(rematerialises ? ", rematerialised" : "")}", x => Scanned(x, isReverse, rematerialises),
               Case.Numbers([2], 0.2, 0.9), Case.Numbers([2], -0.5, 0.5, 1), Steps, Tensor.From(1, 0, 3, 2))
           {
               Truth = x => Unrolled(x, isReverse),
           },
        new("scan", "of no steps", x => Scanned(x, false, false), Case.Numbers([2], 0.2, 0.9), Case.Numbers([2]), Tensor.Zeros([0, 2], ElementType.Float64), Tensor.Zeros([0], ElementType.Int32))
        {
            Truth = x => [x[1], Tensor.Scalar(1), Tensor.Zeros([0, 2], ElementType.Float64), Tensor.Zeros([0], ElementType.Int32)],
        },
        new("scan", "in a scan", x => [Nested(x[0], x[1], x[2])], Case.Numbers([2], 0.2, 0.9), Case.Numbers([2]), Case.Numbers([2, 3, 2], -0.5, 0.5, 2))
        {
            Truth = x =>
            {
                double[] w = x[0].ToDoubles(), c = x[1].ToDoubles();
                for (var i = 0; i < 2; i++)
                {
                    double[] inner = [.. c];
                    for (var j = 0; j < 3; j++)
                        for (var k = 0; k < 2; k++) inner[k] = Math.Sin(inner[k] * w[k] + At(x[2], i, j, k)) + c[k];
                    c = inner;
                }
                return [Tensor.From(c)];
            },
        },
        new("identity", "of a point inside a derivative", x => [Gradient.Of(x[0], y => (y * y * y).Sum())], Case.Numbers([3])) { Truth = x => [3.0 * x[0] * x[0]] },
        new("repeat", "", x => [Control.Repeat(5, (i, c) => Tensor.Cos(c * x[0] + i.AsType(c.ElementType)), x[1])], Case.Numbers([2], 0.2, 0.9), Case.Numbers([2]))
        {
            Truth = x => [Table([2], at => Enumerable.Range(0, 5).Aggregate(At(x[1], at), (c, i) => Math.Cos(c * At(x[0], at) + i)))],
        },
        .. from isTrue in new[] { true, false }
           select new Case("cond", isTrue ? "that holds" : "that does not", x => Chosen(x[0], x[1], x[2]), Tensor.Scalar(isTrue), Case.Numbers([3], 0.3, 1), Case.Numbers([3], 0.3, 1, 1))
           {
               Truth = x => [Table([3], at => isTrue ? Math.Sin(At(x[1], at)) * At(x[2], at) : At(x[1], at) + Math.Exp(At(x[2], at))), Tensor.Scalar(isTrue ? 3 : 4)],
           },
        new("remat", "", x => [Remat.Of(() => Tensor.Sin(Tensor.Exp(x[0]) * x[1]))], Case.Numbers([3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([3], at => Math.Sin(Math.Exp(At(x[0], at)) * At(x[1], at)))],
        },
        new("remat", "in a remat", x => [Remat.Of(() => x[0] * Remat.Of(() => Tensor.Exp(x[0] * x[1])))], Case.Numbers([3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([3], at => At(x[0], at) * Math.Exp(At(x[0], at) * At(x[1], at)))],
        },
        new("custom_derivative", "by tangents", x => [CubeByTangents(x[0])], Case.Numbers([3])) { Truth = x => [Table([3], at => Math.Pow(At(x[0], at), 3))] },
        new("custom_derivative", "by cotangents", x => [CubeByCotangents(x[0])], Case.Numbers([3])) { Truth = x => [Table([3], at => Math.Pow(At(x[0], at), 3))] },
        new("custom_derivative", "of complex numbers", x => [CubeByCotangents(x[0]), CubeByTangents(x[0])], Case.Complexes([3])) { Truth = x => [x[0] * x[0] * x[0], x[0] * x[0] * x[0]] },
        .. from isReverse in new[] { false, true }
           select new Case("associative_scan", isReverse ? "of matrices in reverse" : "of matrices",
               x => AssociativeScan.Of([x[0]], (a, b) => [Tensor.MatMul(a[0], b[0])], 0, isReverse), Case.Numbers([5, 2, 2]))
           {
               Truth = x => [PartialProducts(x[0], isReverse)],
           },
        new("while", "", x => [Control.While(c => c.Item2 < 4, c => new TreePair<Tensor, Tensor>(Tensor.Sin(c.Item1) * x[1], c.Item2 + 1), new TreePair<Tensor, Tensor>(x[0], Tensor.Scalar(0))).Item1],
            Case.Numbers([3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([3], at => Enumerable.Range(0, 4).Aggregate(At(x[0], at), (c, _) => Math.Sin(c) * At(x[1], at)))], IsDifferentiable = false,
        },
        new("foreign_call", "", x => Foreign.Call("sum and product", y => [y[0] + y[1], y[0] * y[1]], [x[0].Type, x[0].Type], x[0], x[1]), Case.Numbers([3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([3], at => At(x[0], at) + At(x[1], at)), Table([3], at => At(x[0], at) * At(x[1], at))], IsDifferentiable = false,
        },
    ];

    /// <summary>A loop that carries real numbers and a count, reads a real and an integer sequence, captures a constant and gives results of both types.</summary>
    private static Tensor[] Scanned(Tensor[] x, bool isReverse, bool rematerialises)
    {
        var (carry, results) = Control.Scan<TreePair<Tensor, Tensor>, TreePair<Tensor, Tensor>, TreePair<Tensor, Tensor>>(
            (c, s) =>
            {
                var next = Tensor.Tanh(c.Item1 * x[0] + s.Item1) * (1.0 + 0.1 * s.Item2.AsType(x[0].ElementType));
                var count = c.Item2 + s.Item2;
                return (new(next, count), new(next * c.Item1 + x[0], count * 2));
            },
            new(x[1], Tensor.Scalar(1)), new(x[2], x[3]), isReverse, rematerialises);
        return [carry.Item1, carry.Item2, results.Item1, results.Item2];
    }

    private static Tensor[] Unrolled(Tensor[] x, bool isReverse)
    {
        double[] w = x[0].ToDoubles(), c = x[1].ToDoubles(), results = new double[8];
        int[] counts = new int[4], steps = x[3].ToArray<int>();
        var count = 1;
        for (var step = 0; step < 4; step++)
        {
            var at = isReverse ? 3 - step : step;
            count += steps[at];
            counts[at] = 2 * count;
            for (var k = 0; k < 2; k++)
            {
                var next = Math.Tanh(c[k] * w[k] + At(x[2], at, k)) * (1 + 0.1 * steps[at]);
                results[at * 2 + k] = next * c[k] + w[k];
                c[k] = next;
            }
        }
        return [Tensor.From(c), Tensor.Scalar(count), Tensor.From(results, [4, 2]), Tensor.From(counts)];
    }

    private static Tensor Nested(Tensor w, Tensor start, Tensor sequences) => Control.Scan<Tensor, Tensor, TreeList<Tensor>>(
        (outer, rows) => (Control.Scan<Tensor, Tensor, TreeList<Tensor>>((inner, row) => (Tensor.Sin(inner * w + row) + outer, []), outer, rows).Carry, []),
        start, sequences).Carry;

    private static Tensor[] Chosen(Tensor condition, Tensor a, Tensor b)
    {
        var pair = Control.Cond<TreePair<Tensor, Tensor>>(condition, () => new(Tensor.Sin(a) * b, Tensor.Scalar(3)), () => new(a + Tensor.Exp(b), Tensor.Scalar(4)));
        return [pair.Item1, pair.Item2];
    }

    private static Tensor CubeByTangents(Tensor x) => CustomDerivative.OfTangents<Tensor, Tensor>(x, z => z * z * z, (z, _, t) => 3.0 * z * z * t);

    private static Tensor CubeByCotangents(Tensor x) => CustomDerivative.OfCotangents<Tensor, Tensor>(x, z => z * z * z, (z, _, c) => Tensor.Conjugate(3.0 * z * z) * c);

    private static Tensor PartialProducts(Tensor matrices, bool isReverse)
    {
        // Reversed, the scan runs from the last matrix: each joins on the right of those after it.
        var order = Enumerable.Range(0, 5).Select(i => isReverse ? 4 - i : i).ToArray();
        var results = new Tensor[5];
        results[order[0]] = matrices[order[0]];
        for (var i = 1; i < 5; i++) results[order[i]] = Loop(results[order[i - 1]], matrices[order[i]]);
        return Tensor.Stack(results);
    }
}
