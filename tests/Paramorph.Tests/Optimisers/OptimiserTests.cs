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

    [Fact]
    public void Decoupled_decay_is_beside_the_step_of_Adam()
    {
        double m = 0, v = 0;
        Agree(new AdamW(0.1, Decay: 0.3), (p, g, t) =>
        {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            return p - 0.1 * 0.3 * p - 0.1 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        });
    }

    [Fact]
    public void Rms_prop_divides_by_the_root_of_the_mean_square()
    {
        double v = 0;
        Agree(new RmsProp(0.1, 0.9, 1e-3), (p, g, _) => p - 0.1 * g / (Math.Sqrt(v = 0.9 * v + 0.1 * g * g) + 1e-3));
    }

    [Fact]
    public void Adagrad_divides_by_the_root_of_the_sum_of_squares()
    {
        double v = 0;
        Agree(new Adagrad(0.1, 1e-3), (p, g, _) => p - 0.1 * g / (Math.Sqrt(v += g * g) + 1e-3));
    }

    [Fact]
    public void Lion_steps_along_signs()
    {
        double m = 0;
        Agree(new Lion(0.1, 0.8, 0.95, Decay: 0.3), (p, g, _) =>
        {
            var direction = Math.Sign(0.8 * m + 0.2 * g);
            m = 0.95 * m + 0.05 * g;
            return p - 0.1 * (direction + 0.3 * p);
        });
    }

    [Fact]
    public void A_schedule_sees_the_number_of_steps_taken() =>
        Agree(new Sgd(Schedule.Linear(0.5, 0.1, 4)), (p, g, t) => p - (0.5 - 0.1 * (t - 1)) * g);

    [Fact]
    public void Elements_of_a_gradient_are_clipped() =>
        Agree(new Sgd(0.1).ClipByValue(0.3), (p, g, _) => p - 0.1 * Math.Clamp(g, -0.3, 0.3));

    [Fact]
    public void Accumulated_gradients_make_one_step_of_their_mean()
    {
        var (sum, v) = (0.0, 0.0);
        Agree(new Sgd(Schedule.Linear(0.1, 0.2, 1), 0.9).Accumulate(2), (p, g, t) =>
        {
            sum += g;
            if (t % 2 == 1) return p;
            v = 0.9 * v + sum / 2;
            sum = 0;
            // The rate of the first step of the inner optimiser.
            return p - 0.1 * v;
        });
    }

    [Fact]
    public void The_rate_factor_is_a_leaf_that_scales_the_rate()
    {
        var optimiser = new Sgd(0.1);
        var step = Compile.Of<Tensor, Tensor, OptimiserState<Tensor>, Tensor, OptimiserState<Tensor>>(optimiser.Update);
        var state = optimiser.Start(Tensor.Scalar(1.0)) with { RateFactor = Tensor.Scalar(3.0) };
        Assert.Equal(0.4, step(Tensor.Scalar(1.0), Tensor.Scalar(2.0), state).Item1.Item(), 1e-15);
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
