using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class DarcyFlowTests
{
    [Theory]
    [InlineData(EdgeCondition.Dirichlet)]
    [InlineData(EdgeCondition.Periodic)]
    public void Finite_volumes_are_of_second_order(EdgeCondition edge)
    {
        // u = sin(2 pi x) sin(2 pi y) with a = 2 + cos(2 pi x) gives f = -div(a grad u).
        const double W = 2 * Math.PI;
        double Error(int n)
        {
            double[] Table(Func<double, double, double> f) => [.. Enumerable.Range(0, n * n).Select(p => f((p % n + 0.5) / n, (p / n + 0.5) / n))];
            var a = Tensor.From(Table((x, _) => 2 + Math.Cos(W * x)), [1, n, n]);
            var f = Tensor.From(Table((x, y) => W * W * Math.Sin(W * y) * (2 * (2 + Math.Cos(W * x)) * Math.Sin(W * x) + Math.Sin(W * x) * Math.Cos(W * x))), [n, n]);
            var exact = Tensor.From(Table((x, y) => Math.Sin(W * x) * Math.Sin(W * y)), [1, n, n]);
            return Convergence.RelativeError(exact, DarcyFlow.Solve(a, f, edge));
        }
        Assert.InRange(Convergence.Order(Error, 16), 1.8, 2.2);
    }

    [Fact]
    public void Layers_are_solved_exactly_at_their_interface()
    {
        // With no source and u held at 0 on both sides only the source matters; a column source between layers divides as the conductances do.
        const int N = 8;
        double[] a = [.. Enumerable.Range(0, N * N).Select(p => p % N < N / 2 ? 1.0 : 5)];
        var matrix = DarcyFlow.Matrix(Tensor.From(a, [N, N]), EdgeCondition.Periodic);
        Assert.Equal(2.0 * 1 * 5 / 6, matrix.East[0, N / 2 - 1].Item(), 12);
        Assert.Equal(2.0 * 1 * 5 / 6, matrix.East[0, N - 1].Item(), 12);
    }

    [Fact]
    public void Plates_of_two_materials_have_positive_pressures()
    {
        var data = DarcyFlow.TwoMaterials(Key.Of(1), 3, 16);
        Assert.Equal([3.0, 12.0], data.Inputs.ToArray<double>().Distinct().Order());
        // Between the pressures of plates of one material alone, whose largest are 0.0737 / 12 and 0.0737 / 3.
        for (var i = 0; i < 3; i++) Assert.InRange(data.Outputs[i].Max().Item(), 0.07 / 12, 0.075 / 3);
        Assert.All(data.Outputs.ToArray<double>(), u => Assert.InRange(u, 0, 0.075 / 3));
    }

    [Fact]
    public void A_lognormal_permeability_is_positive() =>
        Assert.All(DarcyFlow.LogNormal(Key.Of(2), 2, 12).Inputs.ToArray<double>(), a => Assert.InRange(a, 1e-3, 1e3));
}
