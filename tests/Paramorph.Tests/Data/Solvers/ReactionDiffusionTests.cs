using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class ReactionDiffusionTests
{
    [Fact]
    public void Without_diffusion_points_react_by_the_logistic_function()
    {
        var grid = new PeriodicGrid(32, 2 * Math.PI);
        var truth = new LogisticReaction(x => Math.Exp(-8 * (x - Math.PI) * (x - Math.PI) / (Math.PI * Math.PI)), 5);
        var solved = ReactionDiffusion.Fisher(grid, 0, 5).Solve(grid.Sample(truth.Initial), [0.5, 1], 2e-3);
        Expect.Close(truth.At(grid.Points().ToArray<double>(), [0.5, 1]), solved, 1e-9);
    }

    [Fact]
    public void Without_reaction_modes_decay_by_their_diffusion()
    {
        var grid = new PeriodicGrid(16, 2 * Math.PI);
        var solved = ReactionDiffusion.Fisher(grid, 0.3, 0).Solve(grid.Sample(x => Math.Sin(2 * x)), [1.5], 0.5);
        Expect.Close(grid.Sample(x => Math.Exp(-0.3 * 4 * 1.5) * Math.Sin(2 * x)).ExpandDims(0), solved, 1e-13);
    }

    [Fact]
    public void The_layers_of_Allen_and_Cahn_do_not_depend_on_grid_and_step()
    {
        var grid = new PeriodicGrid(1024, 2, -1);
        var fine = AllenCahn.On(grid).Solve(grid.Sample(x => x * x * Math.Cos(Math.PI * x)), [0.5, 1], 1e-3);
        Assert.InRange(Convergence.RelativeError(fine.Reshape(2, 512, 2)[.., .., 0], AllenCahn.Layers(512, [0.5, 1])), 0, 1e-4);
    }

    [Fact]
    public void A_standing_layer_of_Allen_and_Cahn_stands()
    {
        // u = tanh(x / sqrt(2 d / r)) solves d u'' + r (u - u^3) = 0; the other layer, which makes it periodic, is far away.
        var grid = new PeriodicGrid(512, 2, -1);
        var (width, quarter) = (Math.Sqrt(2 * 1e-4 / 5), 0.5);
        var layers = grid.Sample(x => Math.Tanh((quarter - Math.Abs(x)) / width));
        Expect.Close(layers.ExpandDims(0), AllenCahn.On(grid).Solve(layers, [1], 0.01), 1e-3);
    }

    [Fact]
    public void Convection_moves_and_returns()
    {
        var convection = new Convection(Math.Sin, 30);
        Assert.Equal(Math.Sin(0.7 - 3), convection.At(0.7, 0.1), 12);
        Expect.Close(convection.At([0.1, 0.5], [0]), convection.At([0.1, 0.5], [2 * Math.PI / 30]), 1e-12);
    }
}
