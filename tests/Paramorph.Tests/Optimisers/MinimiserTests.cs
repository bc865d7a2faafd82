using Paramorph.Optimisers;

namespace Paramorph.Tests.Optimisers;

/// <summary>Minima that are known, from starts that are far.</summary>
public class MinimiserTests
{
    private static readonly Tensor Points = Tensor.Linspace(0, 4, 40, ElementType.Float64);

    [Fact]
    public void The_minimum_of_a_quadratic_function_solves_its_linear_equations()
    {
        var matrix = Matrix(6);
        var right = Tensor.Linspace(-1, 1, 6, ElementType.Float64);

        var found = new Lbfgs().Minimise(Tensor.Zeros([6], ElementType.Float64), x => 0.5 * (x * matrix.Dot(x)).Sum() - (right * x).Sum());

        Assert.Equal(StopReason.GradientIsSmall, found.Reason);
        Expect.Close(LinearAlgebra.Solve(matrix, right), found.Model, 1e-8);
    }

    [Fact]
    public void The_valley_of_Rosenbrock_is_followed_to_its_end()
    {
        var found = new Lbfgs().Minimise(Tensor.From(-1.2, 1.0), Rosenbrock);

        Assert.Equal(StopReason.GradientIsSmall, found.Reason);
        Expect.Close(Tensor.From(1.0, 1.0), found.Model, 1e-8);
        Assert.InRange(found.Iterations, 10, 60);
        Assert.Equal(found.Losses.OrderDescending(), found.Losses);
    }

    [Fact]
    public void A_search_ends_with_its_time_or_its_rule()
    {
        var seen = 0;
        Tensor Slow(Tensor x) => Tensor.Square(Tensor.Sin(x)).Sum() + 1e-3 * Tensor.Square(x).Sum() + 1e-3 * (x[1..] * x[..^1]).Sum();
        var start = Tensor.Linspace(0.1, 40, 2000, ElementType.Float64).Evaluate();
        var timed = new Lbfgs(Stop: new(int.MaxValue, Gradient: 0, Loss: double.NegativeInfinity) { Progress = (_, _) => seen++ }).Minimise(start, Slow, TimeSpan.FromSeconds(0.1));
        Assert.Equal(StopReason.Cancelled, timed.Reason);
        Assert.True(seen >= 1 && seen == timed.Iterations);
        Assert.Equal(3, new Lbfgs(Stop: new(3)).Minimise(start, Slow, TimeSpan.FromHours(1)).Iterations);
    }

    [Fact]
    public void A_step_to_where_a_matrix_cannot_be_factored_is_shortened()
    {
        // The first step leads to x = 1, where the matrix is singular; the minimum of -log(1 - x²) - 10 x is where 10 x² + 2 x = 10.
        static Tensor Loss(Tensor x)
        {
            var matrix = Tensor.Eye(2, ElementType.Float64) + x * Tensor.From(new[,] { { 0.0, 1 }, { 1, 0 } });
            return -2.0 * Tensor.Log(LinearAlgebra.Diagonal(LinearAlgebra.Cholesky(matrix))).Sum() - 10.0 * x.Sum();
        }
        Assert.Throws<EvaluationException>(() => Loss(Tensor.From(1.0)).Item());
        Assert.Equal((Math.Sqrt(101) - 1) / 10, new Lbfgs().Minimise(Tensor.From(0.0), Loss).Model.Item(), 1e-7);
    }

    [Theory]
    [InlineData(QuasiNewtonUpdate.Bfgs)]
    [InlineData(QuasiNewtonUpdate.SelfScaledBfgs)]
    [InlineData(QuasiNewtonUpdate.SelfScaledBroyden)]
    public void Methods_with_a_whole_inverse_Hessian_solve_what_is_known(QuasiNewtonUpdate update)
    {
        var (matrix, right) = (Matrix(6), Tensor.Linspace(-1, 1, 6, ElementType.Float64));
        var quadratic = new QuasiNewton(update).Minimise(Tensor.Zeros([6], ElementType.Float64), x => 0.5 * (x * matrix.Dot(x)).Sum() - (right * x).Sum());
        var valley = new QuasiNewton(update).Minimise(Tensor.From(-1.2, 1.0), Rosenbrock);
        // Ten parameters in a chain of valleys, whose only minimum near this start is at ones.
        var chain = new QuasiNewton(update).Minimise(0.5 * Tensor.Ones([10], ElementType.Float64), x => (100 * Tensor.Square(x[1..] - Tensor.Square(x[..^1])) + Tensor.Square(1 - x[..^1])).Sum());

        Assert.Equal(StopReason.GradientIsSmall, quadratic.Reason);
        Expect.Close(LinearAlgebra.Solve(matrix, right), quadratic.Model, 1e-8);
        Expect.Close(Tensor.From(1.0, 1.0), valley.Model, 1e-8);
        Assert.InRange(valley.Iterations, 10, 80);
        Expect.Close(Tensor.Ones([10], ElementType.Float64), chain.Model, 1e-7);
    }

    [Fact]
    public void A_whole_inverse_Hessian_converges_where_a_short_memory_crawls()
    {
        // Curvatures from 1 to 1e6, turned so that they are not along the axes.
        var (rotation, _) = LinearAlgebra.Qr(Matrix(30));
        var curvatures = Tensor.Exp(Tensor.Linspace(0, Math.Log(1e6), 30, ElementType.Float64));
        Tensor Loss(Tensor x) => 0.5 * (curvatures * Tensor.Square(rotation.Dot(x - 1.0))).Sum();
        var (start, stop) = (Tensor.Zeros([30], ElementType.Float64), new StoppingRule(Iterations: 120));
        Assert.True(new QuasiNewton(Stop: stop).Minimise(start, Loss).Loss < 1e-3 * new Lbfgs(3, stop).Minimise(start, Loss).Loss);
    }

    [Fact]
    public void Data_that_are_drawn_anew_lead_to_the_minimum_that_they_share()
    {
        var draws = new List<int>();
        Tensor Draw(Tensor model, int iteration)
        {
            draws.Add(iteration);
            return Sample.Normal(Key.Of(iteration), [20, 3], ElementType.Float64).Evaluate();
        }
        var truth = Tensor.From(1.0, -2.0, 0.5);
        var found = new QuasiNewton(Stop: new(Iterations: 12, Gradient: 0)).Minimise(Tensor.Zeros([3], ElementType.Float64), Draw, 5, (p, x) => Tensor.Square(x.Dot(p) - x.Dot(truth)).Mean());
        Assert.Equal([0, 5, 10, 12], draws);
        Expect.Close(truth, found.Model, 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_new_data_show_to_be_worthless_is_given_up_for_the_last_good_one(bool isWhole)
    {
        // The valley stays where it is, then moves a little, then far away: what was fitted since is worth no more than what was known.
        Tensor? known = null;
        Tensor Draw(Tensor model, int iteration)
        {
            if (iteration == 8) known = model;
            return Tensor.Scalar(iteration switch { 0 => 0.0, 8 => 0.01, _ => 1e5 });
        }
        static Tensor Loss(Tensor model, Tensor shift) => Rosenbrock(model - shift);
        var (start, stop) = (Tensor.From(-1.2, 1.0), new StoppingRule(Iterations: 16, Gradient: 0));
        var found = isWhole ? new QuasiNewton(Stop: stop).Minimise(start, Draw, 8, Loss) : new Lbfgs(Stop: stop).Minimise(start, Draw, 8, Loss);

        Expect.Close(known!, found.Model, 0);
        Assert.Equal(Rosenbrock(known! - 1e5).Item(), found.Loss, 1e-9 * found.Loss);
        Assert.Equal(found.Loss, found.Losses[^1]);
    }

    [Fact]
    public void Single_precision_goes_as_far_as_it_can()
    {
        var found = new Lbfgs().Minimise(Tensor.From(-1.2f, 1f), Rosenbrock);

        Assert.Equal(ElementType.Float32, found.Model.ElementType);
        Assert.NotEqual(StopReason.IterationsAreUsedUp, found.Reason);
        Expect.Close(Tensor.From(1f, 1f), found.Model, 2e-3);
    }

    [Fact]
    public void A_complex_parameter_is_two_real_ones()
    {
        var target = Tensor.Complex(Tensor.From(3.0), Tensor.From(-2.0));
        var found = new Lbfgs().Minimise(Tensor.Complex(Tensor.From(1.0), Tensor.From(0.5)), z => Tensor.Square(Tensor.Abs(z * z - target)).Sum());
        Expect.Close(target, found.Model * found.Model, 1e-7);
    }

    [Fact]
    public void A_minimiser_says_that_its_iterations_are_used_up()
    {
        var found = new Lbfgs(Stop: new(Iterations: 3)).Minimise(Tensor.From(-1.2, 1.0), Rosenbrock);
        Assert.Equal((StopReason.IterationsAreUsedUp, 3), (found.Reason, found.Iterations));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_search_at_once()
    {
        var found = new Lbfgs().Minimise(Tensor.From(-1.0), x => Tensor.Log(x).Sum());
        Assert.Equal((StopReason.NotFinite, 0), (found.Reason, found.Iterations));
    }

    [Fact]
    public void A_line_search_stays_where_the_loss_is_finite()
    {
        // The minimum of x - log x is 1; a first step of length 1 from 0.5 would leave its domain on the way back.
        var found = new Lbfgs().Minimise(Tensor.From(30.0), x => (0.05 * x * x - Tensor.Log(x)).Sum());
        Assert.Equal(Math.Sqrt(10), found.Model.Item(), 1e-7);
    }

    [Fact]
    public void A_cancelled_search_returns_what_it_has()
    {
        using var source = new CancellationTokenSource();
        var stop = new StoppingRule { Cancellation = source.Token, Progress = (iteration, _) => { if (iteration == 2) source.Cancel(); } };
        var found = new Lbfgs(Stop: stop).Minimise(Tensor.From(-1.2, 1.0), Rosenbrock);
        Assert.Equal((StopReason.Cancelled, 2), (found.Reason, found.Iterations));
    }

    [Fact]
    public void An_exponential_law_is_fitted_exactly()
    {
        var data = 2.5 * Tensor.Exp(-1.3 * Points) + 0.5;

        var found = new LevenbergMarquardt().Minimise(Tensor.From(1.0, 0.1, 0.0), p => p[0] * Tensor.Exp(-p[1] * Points) + p[2] - data);

        Expect.Close(Tensor.From(2.5, 1.3, 0.5), found.Model, 1e-8);
        Assert.InRange(found.Iterations, 1, 40);
    }

    [Fact]
    public void Linear_residuals_take_few_steps_to_the_least_squares()
    {
        var features = Tensor.Stack([Tensor.OnesLike(Points), Points, Tensor.Square(Points)], 1);
        var data = Tensor.Sin(Points);

        var found = new LevenbergMarquardt(1e-8).Minimise(Tensor.Zeros([3], ElementType.Float64), p => features.Dot(p) - data);

        Expect.Close(LinearAlgebra.LeastSquares(features, data), found.Model, 1e-9);
        Assert.InRange(found.Iterations, 1, 4);
    }

    [Fact]
    public void More_parameters_than_residuals_are_fitted_too()
    {
        var found = new LevenbergMarquardt().Minimise(Tensor.From(0.5, 0.1, 0.2, 9.0), p => Tensor.Stack([p[0] * p[1] - 1.0, p[2] - p[0]]));
        Assert.True(found.Loss < 1e-15, $"{found.Loss} remains");
        Assert.Equal(9, found.Model.ToDoubles()[3]);
    }

    [Fact]
    public void Logistic_regression_ends_where_its_gradient_vanishes()
    {
        var features = Tensor.Stack([Tensor.OnesLike(Points), Points], 1);
        var labels = Tensor.Where(Tensor.Sin(7.0 * Points) + Points > 2.0, 1.0, Tensor.ZerosLike(Points));
        var optimiser = new Sgd(0.5, 0.9);
        var step = Compile.Of((Tensor p, OptimiserState<Tensor> state) =>
        {
            var gradient = Gradient.Of(p, q => (Tensor.Softplus(features.Dot(q)) - labels * features.Dot(q)).Mean());
            return optimiser.Update(p, gradient, state);
        });
        var (p, state) = (Tensor.Zeros([2], ElementType.Float64), optimiser.Start(Tensor.Zeros([2], ElementType.Float64)));
        for (var t = 0; t < 2000; t++) (p, state) = step(p, state);

        Expect.Close(features.T.Dot(labels), features.T.Dot(Tensor.Sigmoid(features.Dot(p))), 1e-6);
    }

    private static Tensor Rosenbrock(Tensor x) => 100 * Tensor.Square(x[1] - Tensor.Square(x[0])) + Tensor.Square(1 - x[0]);

    /// <summary>A positive definite matrix.</summary>
    private static Tensor Matrix(int size)
    {
        var a = Tensor.Sin(Tensor.Arange(size * size, ElementType.Float64)).Reshape(size, size);
        return a.T.Dot(a) + 0.5 * Tensor.Eye(size, ElementType.Float64);
    }

    [Fact]
    public void Data_that_are_drawn_anew_may_have_losses_below_zero()
    {
        static Tensor Loss(Tensor x, Tensor target) => Tensor.Square(x - target).Sum() - 10.0;
        var minimum = new Lbfgs(Stop: new(Iterations: 12, Gradient: 0)).Minimise(Tensor.From(3.0, -2.0), (_, _) => Tensor.From(1.0, 1.0), 5, Loss);
        Assert.Equal(-10, minimum.Loss, 1e-9);
    }
}
