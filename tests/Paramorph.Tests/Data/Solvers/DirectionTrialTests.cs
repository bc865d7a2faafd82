using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class DirectionTrialTests
{
    private static readonly WalledDomain[] domains = [.. Enumerable.Range(0, 2).Select(doubling => WalledDomain.Draw(Key.Of(3), 16, 2, parts: 1 << doubling))];

    [Fact]
    public void Its_means_are_those_of_the_solves()
    {
        var trial = DirectionTrial.Of(domains, _ => residual => residual, 1e-6, memory: 1, limit: 500);
        foreach (var (domain, grid) in domains.Zip(trial.Grids))
        {
            int Iterations(Tensor right) => ConjugateDirections.Solve(domain.Matrix, right, residual => residual, 1e-6, memory: 1, 500).Residuals.Count - 1;
            Assert.Equal(domain.IsFree.Shape[0], grid.Side);
            Assert.Equal(Math.Sqrt((double)Iterations(domain.Noise) * Iterations(domain.Smooth)), grid.Iterations, 1e-9);
            Assert.Equal(Iterations(domain.Noise), grid.Residuals.Count - 1);
        }
        Assert.Equal(trial.Grids[1].Iterations / trial.Grids[0].Iterations, trial.Growth, 1e-12);
        Assert.Equal(Math.Sqrt(trial.Grids[0].Iterations * trial.Grids[1].Iterations), trial.Iterations, 1e-9);
    }

    [Fact]
    public void Exact_directions_take_one_iteration_on_every_grid()
    {
        var trial = DirectionTrial.Of(domains, domain => residual => domain.Matrix.Solve(residual, 1e-13), 1e-4, memory: 1, limit: 500);
        Assert.All(trial.Grids, grid => Assert.Equal(1, grid.Iterations, 1e-12));
        Assert.Equal(1, trial.Growth, 1e-12);
    }

    [Fact]
    public void Solves_that_are_given_up_alike_show_no_growth()
    {
        var trial = DirectionTrial.Of(domains, _ => residual => residual, 1e-6, memory: 1, limit: 3);
        Assert.True(trial.IsGivenUp);
        Assert.Equal(double.PositiveInfinity, trial.Growth);
    }
}
