using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class HelmholtzProblemTests
{
    private static readonly Tensor points = Sample.Uniform(Key.Of(1), [50, 2], -1.0, 1.0, ElementType.Float64).Evaluate();

    [Theory]
    [InlineData(4, 1, 1.0)]
    [InlineData(2, 3, 5.0)]
    public void Its_solution_leaves_no_residual_no_loss_and_no_error(int a, int b, double waveNumber)
    {
        var problem = new HelmholtzProblem(a, b, waveNumber);
        Assert.True(Tensor.Abs(problem.Residual(problem.Solution, points)).Max().Item() < 1e-12);
        Assert.True(problem.Loss(problem.Solution, Key.Of(2), 40, ElementType.Float64).Item() < 1e-24);
        Assert.True(problem.RelativeError(problem.Solution) < 1e-5);
    }

    [Fact]
    public void The_residual_of_a_polynomial_is_that_by_hand()
    {
        // u = x^2 y: u_xx + u_yy + k^2 u - q with q = (k^2 - 2 pi^2) sin(pi x) sin(pi y), over 2 pi^2.
        const double Square = 9, Scale = 2 * Math.PI * Math.PI;
        var residual = new HelmholtzProblem(1, 1, 3).Residual(p => p[.., ..1] * p[.., ..1] * p[.., 1..], points).ToDoubles();
        var values = points.ToDoubles();
        for (var i = 0; i < residual.Length; i++)
        {
            var (x, y) = (values[2 * i], values[2 * i + 1]);
            Assert.Equal((2 * y + Square * x * x * y - (Square - Scale) * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * y)) / Scale, residual[i], 12);
        }
    }

    [Fact]
    public void A_field_that_is_not_zero_on_the_edges_pays_for_it()
    {
        var problem = new HelmholtzProblem();
        var loss = problem.Loss(x => problem.Solution(x) + 0.5, Key.Of(2), 40, ElementType.Float64).Item();
        Assert.Equal(0.25 + Math.Pow(0.5 / (17 * Math.PI * Math.PI), 2), loss, 10);
    }
}
