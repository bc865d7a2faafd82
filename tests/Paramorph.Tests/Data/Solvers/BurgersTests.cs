using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class BurgersTests
{
    [Fact]
    public void The_shock_agrees_with_its_closed_form()
    {
        double[] times = [0, 0.25, 0.5, 0.99];
        var solved = Burgers.Shock(1024, times).Reshape(4, 64, 16)[.., .., 3];
        var points = Enumerable.Range(0, 64).Select(i => -1 + 2.0 * (16 * i + 3) / 1024).ToArray();
        Assert.InRange(Convergence.RelativeError(ColeHopf.Shock.At(points, times), solved), 0, 1e-5);
    }

    [Fact]
    public void Steps_in_time_are_of_fourth_order()
    {
        var problem = new Burgers(new(256, 2, -1), 0.1);
        var truth = ColeHopf.Shock with { Viscosity = 0.1 };
        var initial = problem.Grid.Sample(truth.Initial);
        var exact = truth.At(problem.Grid.Points().ToArray<double>(), [0.5]);
        double Error(int steps) => Convergence.RelativeError(exact, problem.Solve(initial, [0.5], 0.5 / steps));
        Assert.InRange(Convergence.Order(Error, 32), 3.7, 4.3);
    }

    [Fact]
    public void A_batch_is_solved_as_each_of_its_members()
    {
        var problem = new Burgers(new(32, 1), 0.02);
        var (first, second) = (problem.Grid.Sample(x => Math.Sin(2 * Math.PI * x)), problem.Grid.Sample(x => Math.Cos(4 * Math.PI * x)));
        var both = problem.Solve(Tensor.Stack([first, second]), [0.1, 0.3], 0.01);
        Expect.Close(problem.Solve(first, [0.1, 0.3], 0.01), both[0], 1e-13);
        Expect.Close(problem.Solve(second, [0.1, 0.3], 0.01), both[1], 1e-13);
    }

    [Fact]
    public void Values_that_do_not_fit_the_grid_are_refused()
    {
        var wrong = Assert.Throws<ShapeException>(() => new Burgers(new(32, 1), 0.1).Solve(Tensor.Zeros([31], ElementType.Float64), [1], 0.1));
        Assert.Equal("the initial values are f64[31]: a grid of 32 points takes f64[batch..., 32].", wrong.Message);
    }

    [Fact]
    public void Times_that_run_backward_are_refused()
    {
        var problem = new Burgers(new(8, 1), 0.1);
        Assert.Throws<ArgumentException>(() => problem.Solve(problem.Grid.Points(), [1, 0.5], 0.1));
    }
}
