using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class PeriodicFlowTests
{
    private static double[][] States(PeriodicFlow flow, Func<double, double, double> u) => [.. flow.Times.Select(t => flow.Places.Select(x => u(x, t)).ToArray())];

    [Fact]
    public void Convection_moves_a_sine()
    {
        var flow = PeriodicFlow.OfConvection("convection", 7, places: 20, times: 6);
        Assert.Equal(0, flow.Error(States(flow, (x, t) => Math.Sin(x - 7 * t))), 1e-12);
        Assert.Equal(1, flow.Error(States(flow, (_, _) => 0)), 1e-12);
        Assert.Equal(2, flow.Error(States(flow, (x, t) => -Math.Sin(x - 7 * t))), 1e-12);
    }

    [Fact]
    public void Burgers_equation_with_a_drift_is_it_without_seen_on_the_way()
    {
        // In a quarter of the time the drift goes through a quarter of the period.
        const double Drift = PeriodicFlow.Period;
        var (still, moving) = (PeriodicFlow.OfBurgers("still", 0, 0.1, 64, 5), PeriodicFlow.OfBurgers("moving", Drift, 0.1, 64, 5));
        for (var t = 0; t < 5; t++)
            for (var i = 0; i < 64; i++) Assert.Equal(still.Exact[64 * t + i], moving.Exact[64 * t + (i + 16 * t) % 64], 1e-5);
        Assert.True(still.Exact[256..].Max() < 0.95);
    }

    [Fact]
    public void Points_are_places_at_one_time_after_another()
    {
        var flow = PeriodicFlow.OfConvection("convection", 1, places: 4, times: 3);
        var points = flow.Points().ToArray();
        Assert.Equal(3, points.Length);
        Numbers.Close([0, 0.5, Math.PI / 2, 0.5, Math.PI, 0.5, 1.5 * Math.PI, 0.5], points[1].ToDoubles(), 1e-6);
    }

    [Fact]
    public void A_picture_has_the_exact_solution_above_the_other_with_time_across()
    {
        var flow = PeriodicFlow.OfConvection("convection", 0, places: 8, times: 3);
        var picture = flow.Draw(States(flow, (x, _) => Math.Sin(x)));
        Assert.Equal((12, 24), (picture.Width, picture.Height));
        // Sine is highest at the third place of eight, counted upward.
        int Brightness(int y) => picture.Pixels[3 * y * picture.Width];
        Assert.Equal(5, Enumerable.Range(0, 8).MaxBy(Brightness));
        Assert.All(Enumerable.Range(0, 8), y => Assert.Equal(Brightness(y), Brightness(16 + y)));
    }
}
