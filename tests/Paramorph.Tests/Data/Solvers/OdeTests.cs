using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class OdeTests
{
    private static readonly OdeFunction Spring = (_, y, rate) => (rate[0], rate[1]) = (y[1], -y[0]);

    [Fact]
    public void The_method_of_Runge_and_Kutta_is_of_fourth_order()
    {
        double Error(int steps) => Math.Abs(RungeKutta4.Solve(Spring, [1, 0], [0, 2], 2.0 / steps)[1, 0].Item() - Math.Cos(2));
        Assert.InRange(Convergence.Order(Error, 20), 3.8, 4.2);
    }

    [Fact]
    public void The_method_of_Dormand_and_Prince_keeps_its_tolerance()
    {
        var times = Enumerable.Range(0, 20).Select(i => 0.5 * i).ToArray();
        var solved = new DormandPrince(1e-9, 1e-9).Solve(Spring, [1, 0], times);
        Expect.Close(Tensor.From([.. times.Select(Math.Cos)]), solved[.., 0], 2e-8);
    }

    [Fact]
    public void The_step_follows_a_right_hand_side_that_depends_on_time()
    {
        // y' = -2 t y^2 with y(0) = 1 is 1 / (1 + t^2).
        var solved = new DormandPrince().Solve((t, y, rate) => rate[0] = -2 * t * y[0] * y[0], [1], [0, 1, 3]);
        Expect.Close(Tensor.From(1, 0.5, 0.1), solved[.., 0], 1e-8);
    }

    [Fact]
    public void A_solution_that_explodes_is_reported() =>
        Assert.Throws<EvaluationException>(() => new DormandPrince().Solve((_, y, rate) => rate[0] = y[0] * y[0], [1], [0, 2]));

    [Fact]
    public void A_pendulum_keeps_its_energy()
    {
        var solved = new DormandPrince().Solve(DynamicalSystems.Pendulum(2), [2.5, 0], [0, 10, 50]);
        var energy = Tensor.Square(solved[.., 1]) / 2.0 - 2.0 * Tensor.Cos(solved[.., 0]);
        Expect.Close(energy[..1].BroadcastTo([3]), energy, 1e-6);
    }

    [Fact]
    public void Prey_and_predators_keep_their_invariant()
    {
        var solved = new DormandPrince().Solve(DynamicalSystems.LotkaVolterra(), [1, 1], [0, 3, 20]);
        var (x, y) = (solved[.., 0], solved[.., 1]);
        var invariant = x - 3.0 * Tensor.Log(x) + y - 1.5 * Tensor.Log(y);
        Expect.Close(invariant[..1].BroadcastTo([3]), invariant, 1e-6);
    }

    [Fact]
    public void Both_methods_agree_on_Lorenz_before_chaos_parts_them()
    {
        var adaptive = new DormandPrince(1e-11, 1e-12).Solve(DynamicalSystems.Lorenz(), [1, 1, 1], [0, 1, 5]);
        Expect.Close(adaptive, RungeKutta4.Solve(DynamicalSystems.Lorenz(), [1, 1, 1], [0, 1, 5], 2e-4), 1e-7);
    }

    [Fact]
    public void The_oscillator_of_van_der_Pol_comes_to_its_cycle()
    {
        var times = Enumerable.Range(0, 200).Select(i => 30 + 0.1 * i).Prepend(0).ToArray();
        var solved = new DormandPrince().Solve(DynamicalSystems.VanDerPol(), [0.1, 0], times);
        // The amplitude of the limit cycle at mu = 1 is 2.0086.
        Assert.InRange(solved[1.., 0].Max().Item(), 1.99, 2.01);
    }

    [Fact]
    public void A_wave_parts_into_two_that_travel()
    {
        var grid = new PeriodicGrid(64, 2 * Math.PI);
        double Bump(double x) => Math.Exp(Math.Cos(x));
        var solved = new WaveEquation(grid, 2).Solve(grid.Sample(Bump), grid.Sample(_ => 0.5), [0.4, 7]);
        Expect.Close(grid.Sample(x => (Bump(x - 0.8) + Bump(x + 0.8)) / 2 + 0.2), solved[0], 1e-12);
        Expect.Close(grid.Sample(x => (Bump(x - 14) + Bump(x + 14)) / 2 + 3.5), solved[1], 1e-12);
    }
}
