namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> Products =>
    [
        new("dot", "of matrices", x => [x[0].Dot(x[1])], Case.Numbers([3, 4]), Case.Numbers([4, 2], seed: 1)) { Truth = x => [Loop(x[0], x[1])] },
        new("dot", "of complex matrices", x => [x[0].Dot(x[1])], Case.Complexes([2, 3]), Case.Complexes([3, 2], seed: 1)),
        new("dot", "with batch axes", x => [Tensor.MatMul(x[0], x[1])], Case.Numbers([2, 3, 4]), Case.Numbers([2, 4, 2], seed: 1))
        {
            Truth = x => [Tensor.Stack([Loop(x[0][0], x[1][0]), Loop(x[0][1], x[1][1])])],
        },
        new("dot", "over several axes", x => [Tensor.Contract(x[0], x[1], [2, 0], [0, 3], [1], [2])], Case.Numbers([2, 3, 4]), Case.Numbers([4, 2, 3, 2], seed: 1)),
    ];

    private static Tensor Loop(Tensor a, Tensor b)
    {
        var result = new double[a.Shape[0] * b.Shape[1]];
        double[] x = a.ToDoubles(), y = b.ToDoubles();
        for (var i = 0; i < a.Shape[0]; i++)
            for (var j = 0; j < b.Shape[1]; j++)
                for (var k = 0; k < a.Shape[1]; k++) result[i * b.Shape[1] + j] += x[i * a.Shape[1] + k] * y[k * b.Shape[1] + j];
        return Tensor.From(result, [a.Shape[0], b.Shape[1]]);
    }
}
