using Paramorph.Layers;
using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class LagrangianNetworkTests
{
    private const double Period = 2 * Math.PI;

    private static readonly Tensor points = Tensor.Concatenate(
        [Sample.Uniform(Key.Of(1), [40, 1], -1.0, 1.0, ElementType.Float64), Sample.Uniform(Key.Of(2), [40, 1], 0.0, 1.0, ElementType.Float64)], 1).Evaluate();

    [Fact]
    public void The_second_derivative_in_place_follows_through_the_Jacobian_of_the_paths()
    {
        // Paths x = x0 + 0.4 sin(x0 + t) carry a function of the place, sin 3x, whose second derivative is known.
        Tensor Path(Tensor p) => p[.., ..1] + 0.4 * Tensor.Sin(p[.., ..1] + p[.., 1..]);
        var (path, state) = (Jet.Of(Path, points), Jet.Of(p => Tensor.Sin(3.0 * Path(p)), points));
        Expect(-9.0 * Tensor.Sin(3.0 * path.U), LagrangianNetwork.SecondDerivative(path, state), 1e-10);
    }

    [Fact]
    public void The_second_derivative_of_a_network_is_that_of_finite_differences_over_places()
    {
        var network = Network(3);
        const double Step = 1e-3;
        var (jets, at) = ((Path: Jet.Of(p => network.Call(p)[.., ..1], points), State: Jet.Of(p => network.Call(p)[.., 1..], points)), network.Call(points));
        var (before, after) = (network.Call(points - Tensor.From(Step, 0.0)), network.Call(points + Tensor.From(Step, 0.0)));
        // The places are unequally far apart: the divided difference of second order.
        Tensor Slope(Tensor from, Tensor to) => (to[.., 1..] - from[.., 1..]) / (to[.., ..1] - from[.., ..1]);
        var divided = 2.0 * (Slope(at, after) - Slope(before, at)) / (after[.., ..1] - before[.., ..1]);
        Expect(divided, LagrangianNetwork.SecondDerivative(jets.Path, jets.State), 1e-4);
    }

    [Fact]
    public void A_wave_of_Burgers_equation_that_is_followed_leaves_no_residual()
    {
        // u = c - a tanh(a (x - c t) / (2 nu)); its paths are x = c t + 2 nu / a arsinh(s), s = sinh(a x0 / (2 nu)) exp(-a^2 t / (2 nu)).
        const double Speed = 3, Height = 0.5, Viscosity = 0.2, Rate = Height / (2 * Viscosity);
        Tensor S(Tensor p) => 0.5 * (Tensor.Exp(Rate * p[.., ..1]) - Tensor.Exp(-Rate * p[.., ..1])) * Tensor.Exp(-Height * Rate * p[.., 1..]);
        Tensor Path(Tensor p) => Speed * p[.., 1..] + Tensor.Log(S(p) + Tensor.Sqrt(Tensor.Square(S(p)) + 1.0)) / Rate;
        Tensor State(Tensor p) => Speed - Height * S(p) / Tensor.Sqrt(Tensor.Square(S(p)) + 1.0);
        var residuals = LagrangianNetwork.Residuals(Jet.Of(Path, points), Jet.Of(State, points), u => u, Viscosity);
        Expect(Tensor.ZerosLike(residuals.Path), residuals.Path, 1e-12);
        Expect(Tensor.ZerosLike(residuals.State), residuals.State, 1e-12);
    }

    [Fact]
    public void Convection_of_a_sine_is_exact_with_a_straight_path_and_a_state_that_stays()
    {
        const double Speed = 7;
        Mlp Linear(params double[] weights) => new([new(Tensor.From(weights).Reshape(3, 1), Tensor.Zeros([1], ElementType.Float64))], Activation.Tanh);
        // From (cos x0, sin x0, t) to the displacement and to the state.
        var network = new LagrangianNetwork(Linear(0, 0, Speed), Linear(0, 1, 0), Period);
        var starts = Tensor.Concatenate([points[.., ..1], Tensor.ZerosLike(points[.., ..1])], 1);
        Assert.Equal(0, network.Loss(_ => Tensor.Scalar(Speed), 0, Tensor.Sin, points, starts, 100).Item(), 1e-24);
        var call = network.Call(points);
        Expect(Tensor.Sin(call[.., ..1] - Speed * points[.., 1..]), call[.., 1..], 1e-12);
    }

    [Fact]
    public void Displacement_and_state_are_periodic()
    {
        var (network, next) = (Network(4), points + Tensor.From(Period, 0.0));
        Expect(network.Call(points) + Tensor.From(Period, 0.0), network.Call(next), 1e-12);
    }

    [Fact]
    public void The_state_at_places_is_linear_between_paths_across_the_end_of_the_period()
    {
        // Paths at 9 and, wrapped, at 1 and 4 of a period of 10 carry 0, 2 and 8.
        var carried = Tensor.From(new[,] { { 11.0, 2.0 }, { -1.0, 0.0 }, { 24.0, 8.0 } });
        double[] expected = [1, 2, 4, 8, 0];
        var found = LagrangianNetwork.AtPlaces(carried, [10, 1, 2, 4, 9], 10);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-12);
    }

    private static LagrangianNetwork Network(int seed)
    {
        Mlp Branch(int fold) => Mlp.Create(Key.Of(seed).Fold(fold), [3, 8, 1], Activation.Tanh, type: ElementType.Float64);
        var (path, state) = (Branch(0), Branch(1));
        // A displacement small enough for paths that do not cross.
        return new(Tree.Map(path, leaf => 0.3 * leaf), state, Period);
    }

    private static void Expect(Tensor expected, Tensor found, double tolerance) =>
        Assert.True(Tensor.Abs(expected - found).Max().Item() <= tolerance, $"{Tensor.Abs(expected - found).Max()} is above {tolerance}.");
}
