using Paramorph.Optimisers;

namespace Paramorph.Tests.Optimisers;

/// <summary>Three steps of each optimiser against its formula on one number, computed in double precision.</summary>
public class OptimiserTests
{
    private static readonly double[] Gradients = [0.5, -0.25, 2];

    [Fact]
    public void Gradient_descent_steps_against_the_gradient() =>
        Agree(new Sgd(0.1), (p, g, _) => p - 0.1 * g);

    [Fact]
    public void Momentum_adds_up_gradients()
    {
        double v = 0;
        Agree(new Sgd(0.1, 0.9), (p, g, _) => p - 0.1 * (v = 0.9 * v + g));
    }

    [Fact]
    public void Nesterov_looks_ahead_of_the_velocity()
    {
        double v = 0;
        Agree(new Sgd(0.1, 0.9, IsNesterov: true), (p, g, _) => p - 0.1 * (g + 0.9 * (v = 0.9 * v + g)));
    }

    [Fact]
    public void Adam_divides_the_mean_by_the_root_of_the_mean_square()
    {
        double m = 0, v = 0;
        Agree(new Adam(0.1, 0.8, 0.95, 1e-3), (p, g, t) =>
        {
            m = 0.8 * m + 0.2 * g;
            v = 0.95 * v + 0.05 * g * g;
            return p - 0.1 * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-3);
        });
    }

    /// <summary>Compiled and lazy steps, in single and double precision, against a formula of parameter, gradient and number of the step.</summary>
    private static void Agree(IOptimiser optimiser, Func<double, double, int, double> formula)
    {
        var expected = 1.5;
        var (wide, narrow, lazy) = (Tensor.From(1.5), Tensor.From(1.5f), Tensor.From(1.5));
        var (wideState, narrowState, lazyState) = (optimiser.Start(wide), optimiser.Start(narrow), optimiser.Start(lazy));
        var step = Compile.Of<Tensor, Tensor, OptimiserState<Tensor>, Tensor, OptimiserState<Tensor>>(optimiser.Update);
        for (var t = 1; t <= Gradients.Length; t++)
        {
            var g = Gradients[t - 1];
            expected = formula(expected, g, t);
            (wide, wideState) = step(wide, Tensor.From(g), wideState);
            (narrow, narrowState) = step(narrow, Tensor.From((float)g), narrowState);
            (lazy, lazyState) = optimiser.Update(lazy, Tensor.From(g), lazyState);
            Assert.Equal(expected, wide.Item(), 1e-13);
            Assert.Equal(expected, lazy.Item(), 1e-13);
            Assert.Equal(expected, narrow.Item(), 3e-6);
        }
        Assert.Equal(Gradients.Length, wideState.Step.Item<long>());
    }
}
