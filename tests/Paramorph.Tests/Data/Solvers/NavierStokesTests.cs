using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class NavierStokesTests
{
    [Fact]
    public void Vortices_of_Taylor_and_Green_decay_in_place()
    {
        const double W = 2 * Math.PI;
        var vortices = Grid(16, (x, y) => Math.Cos(W * x) * Math.Cos(W * y));
        var solved = new NavierStokes(16, 0.01).Solve(vortices, [0, 0.5], 0.05);
        Expect.Close(vortices, solved[0], 1e-12);
        Expect.Close(vortices * Math.Exp(-2 * W * W * 0.01 * 0.5), solved[1], 1e-12);
    }

    [Fact]
    public void Energy_and_enstrophy_stay_without_viscosity()
    {
        var initial = Grid(32, (x, y) => Math.Sin(2 * Math.PI * (x + y)) + Math.Cos(2 * Math.PI * (2 * x - y)) + Math.Sin(2 * Math.PI * y));
        var flow = new NavierStokes(32, 0);
        var solved = flow.Solve(initial, [0.3], 0.01)[0];
        Assert.True(Convergence.RelativeError(initial, solved) > 0.01, "the flow moves");
        Assert.Equal(Tensor.Square(initial).Mean().Item(), Tensor.Square(solved).Mean().Item(), 4);
    }

    [Fact]
    public void Steps_in_time_are_of_fourth_order()
    {
        var initial = Grid(32, (x, y) => 5 * (Math.Sin(2 * Math.PI * (x + y)) + Math.Cos(2 * Math.PI * (2 * x - y))));
        var flow = new NavierStokes(32, 0.02) { Forcing = NavierStokes.DiagonalForcing(32) };
        var fine = flow.Solve(initial, [0.5], 0.5 / 128);
        double Error(int steps) => Convergence.RelativeError(fine, flow.Solve(initial, [0.5], 0.5 / steps));
        Assert.InRange(Convergence.Order(Error, 8), 3.6, 4.4);
    }

    [Fact]
    public void A_batch_flows_as_each_of_its_members()
    {
        var (a, b) = (Grid(16, (x, y) => Math.Sin(2 * Math.PI * (x + 2 * y))), Grid(16, (x, y) => Math.Cos(2 * Math.PI * x) + Math.Sin(2 * Math.PI * y)));
        var flow = new NavierStokes(16, 0.01) { Forcing = NavierStokes.DiagonalForcing(16) };
        var both = flow.Solve(Tensor.Stack([a, b]), [0.1, 0.2], 0.05);
        Assert.Equal([2, 2, 16, 16], both.Shape);
        Expect.Close(flow.Solve(b, [0.1, 0.2], 0.05), both[1], 1e-12);
    }

    private static Tensor Grid(int n, Func<double, double, double> f) =>
        Tensor.From<double>([.. Enumerable.Range(0, n * n).Select(p => f((double)(p / n) / n, (double)(p % n) / n))], [n, n]);
}
