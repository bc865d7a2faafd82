using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class EvolutionProblemTests
{
    private static readonly Tensor points = Tensor.Concatenate([Sample.Uniform(Key.Of(1), [50, 1], -1.0, 1.0, ElementType.Float64), Sample.Uniform(Key.Of(2), [50, 1], 0.1, 1.0, ElementType.Float64)], 1).Evaluate();

    [Fact]
    public void A_jet_holds_the_derivatives_of_a_polynomial()
    {
        var (x, t) = (points[.., ..1], points[.., 1..]);
        var jet = Jet.Of(p => p[.., ..1] * p[.., ..1] * p[.., ..1] * p[.., 1..], points);
        Expect(x * x * x * t, jet.U);
        Expect(3.0 * x * x * t, jet.X);
        Expect(6.0 * x * t, jet.Xx);
        Expect(x * x * x, jet.T);
    }

    [Fact]
    public void A_travelling_wave_leaves_no_residual_of_Burgers_equation()
    {
        // u = c - a tanh(a (x - c t) / (2 nu)) solves u_t + u u_x = nu u_xx.
        const double Speed = 0.3, Height = 0.5, Viscosity = 0.05;
        var residual = EvolutionProblem.Burgers(Viscosity).Residual(Jet.Of(p => Speed - Height * Tensor.Tanh(Height * (p[.., ..1] - Speed * p[.., 1..]) / (2 * Viscosity)), points));
        Assert.True(Tensor.Abs(residual).Max().Item() < 1e-12);
    }

    [Fact]
    public void A_front_leaves_no_residual_of_the_Allen_Cahn_equation()
    {
        // tanh(x sqrt(5 / (2 d))) stands still.
        const double Diffusion = 0.02;
        var residual = EvolutionProblem.AllenCahn(Diffusion).Residual(Jet.Of(p => Tensor.Tanh(p[.., ..1] * Math.Sqrt(5 / (2 * Diffusion))), points));
        Assert.True(Tensor.Abs(residual).Max().Item() < 1e-12);
    }

    [Fact]
    public void The_reference_has_no_error_against_itself_and_all_of_it_against_zero()
    {
        var problem = EvolutionProblem.Burgers();
        Assert.Equal(0, problem.RelativeError(_ => problem.Reference.Values.Reshape(problem.Reference.Values.Count, 1)));
        Assert.Equal(1, problem.RelativeError(x => Tensor.Zeros([x.Shape[0], 1])), 12);
    }

    [Fact]
    public void References_start_where_the_problem_starts()
    {
        foreach (var problem in (EvolutionProblem[])[EvolutionProblem.Burgers(), EvolutionProblem.AllenCahn()])
            Expect(problem.Initial(problem.Reference.X), problem.Reference.Values[0]);
    }

    [Fact]
    public void The_loss_of_a_field_that_meets_start_and_ends_is_its_residual()
    {
        var problem = EvolutionProblem.Burgers();
        var loss = problem.Loss(p => problem.Initial(p[.., ..1]), Key.Of(1), 2000, ElementType.Float64).Item();
        // The mean of (u u_x - nu u_xx)^2 over x for u = -sin(pi x): (pi sin cos)^2 has mean pi^2 / 8; the rest is smaller than the noise of 2000 points.
        Assert.InRange(loss, 0.9 * Math.PI * Math.PI / 8, 1.1 * Math.PI * Math.PI / 8);
    }

    private static void Expect(Tensor expected, Tensor actual) => Assert.All(expected.ToDoubles().Zip(actual.ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, 10));
}
