using Paramorph.Layers;

namespace Paramorph.Physics;

/// <summary>
/// A periodic solution of a convection-diffusion equation u_t + v u_x = nu u_xx that is carried along its characteristics: one network gives the path
/// x(x0, t) = x0 + d(x0, t) of what started at x0, another the state u(x0, t) on it, so that dx/dt = v(u) and du/dt = nu u_xx. (Mojgani, Balajewicz and
/// Hassanzadeh, "Kolmogorov n-width and Lagrangian physics-informed neural networks: A causality-conforming manifold for convection-dominated PDEs", 2023.)
/// </summary>
/// <param name="Path">d, from (cos, sin, t) of the start's phase to the displacement.</param>
/// <param name="State">u, from the same inputs.</param>
/// <param name="Period">The period in x.</param>
[Tree]
public sealed partial record LagrangianNetwork(Mlp Path, Mlp State, double Period)
{
    /// <summary>A network of two branches of tanh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Width of the hidden layers.</param>
    /// <param name="pathLayers">Hidden layers of the branch of the paths, which is simple: the characteristics have few degrees of freedom.</param>
    /// <param name="stateLayers">Hidden layers of the branch of the state.</param>
    /// <param name="period">The period in x.</param>
    public static LagrangianNetwork Create(Key key, int width, int pathLayers, int stateLayers, double period) => new(
        Mlp.Create(key.Fold(0), [3, .. Enumerable.Repeat(width, pathLayers), 1], Activation.Tanh),
        Mlp.Create(key.Fold(1), [3, .. Enumerable.Repeat(width, stateLayers), 1], Activation.Tanh),
        period);

    /// <summary>Inputs that make any function of them periodic in x: (x, t) [n, 2] gives (cos, sin, t) [n, 3].</summary>
    /// <param name="points">(x, t): [n, 2].</param>
    /// <param name="period">The period in x.</param>
    public static Tensor Encode(Tensor points, double period)
    {
        var phase = 2 * Math.PI / period * points[.., ..1];
        return Tensor.Concatenate([Tensor.Cos(phase), Tensor.Sin(phase), points[.., 1..]], 1);
    }

    /// <summary>
    /// The mean squared <see cref="Residuals"/> and the mean squared errors at time 0, these weighted: what is minimised.
    /// </summary>
    /// <param name="velocity">v, from u [n, 1].</param>
    /// <param name="viscosity">nu; 0 for pure convection.</param>
    /// <param name="initial">u at time 0, from x [n, 1].</param>
    /// <param name="points">(x0, t): [n, 2].</param>
    /// <param name="starts">(x0, 0): [m, 2].</param>
    /// <param name="initialWeight">How much the errors at time 0 count.</param>
    public Tensor Loss(Func<Tensor, Tensor> velocity, double viscosity, Func<Tensor, Tensor> initial, Tensor points, Tensor starts, double initialWeight)
    {
        var (path, state) = Residuals(Jet.Of(Position, points), Jet.Of(Carried, points), velocity, viscosity);
        var start = starts[.., ..1];
        return Tensor.Square(path).Mean() + Tensor.Square(state).Mean()
            + initialWeight * (Tensor.Square(Position(starts) - start).Mean() + Tensor.Square(Carried(starts) - initial(start)).Mean());
    }

    /// <summary>
    /// What vanishes on a solution: dx/dt - v(u) and J^3 (du/dt - nu u_xx), [n, 1] each, with the Jacobian J = dx/dx0 of the paths. The power of J takes
    /// away the poles that the second would have where paths meet, as they do while a network is trained.
    /// </summary>
    /// <param name="path">x and its derivatives in x0 and t.</param>
    /// <param name="state">u and its derivatives in x0 and t.</param>
    /// <param name="velocity">v, from u [n, 1].</param>
    /// <param name="viscosity">nu; 0 for pure convection, whose second residual is du/dt alone.</param>
    public static (Tensor Path, Tensor State) Residuals(Jet path, Jet state, Func<Tensor, Tensor> velocity, double viscosity)
    {
        var followed = path["t"] - velocity(state.U);
        if (viscosity == 0) return (followed, state["t"]);
        var jacobian = path["x"];
        return (followed, jacobian * jacobian * jacobian * state["t"] - viscosity * (jacobian * state["x", "x"] - path["x", "x"] * state["x"]));
    }

    /// <summary>
    /// u_xx by the chain rule from derivatives in x0, through the Jacobian J = dx/dx0 of the paths: with a prime for d/dx0, u_x = u' / J and
    /// u_xx = (J u'' - J' u') / J^3.
    /// </summary>
    /// <param name="path">x and its derivatives in x0.</param>
    /// <param name="state">u and its derivatives in x0.</param>
    public static Tensor SecondDerivative(Jet path, Jet state) => (path["x"] * state["x", "x"] - path["x", "x"] * state["x"]) / (path["x"] * path["x"] * path["x"]);

    /// <summary>Where the paths are and what they carry: (x0, t) [n, 2] gives (x, u) [n, 2].</summary>
    public Tensor Call(Tensor points) => Tensor.Concatenate([Position(points), Carried(points)], 1);

    /// <summary>The state at given places, linearly between the paths on either side.</summary>
    /// <param name="carried">(x, u) of paths at one time, as <see cref="Call"/> gives them: [paths, 2].</param>
    /// <param name="places">Where to know u.</param>
    /// <param name="period">The period in x.</param>
    public static double[] AtPlaces(Tensor carried, IReadOnlyList<double> places, double period)
    {
        var pairs = carried.ToDoubles().Chunk(2).Select(pair => (X: Wrapped(pair[0], period), U: pair[1])).OrderBy(pair => pair.X).ToArray();
        var x = Array.ConvertAll(pairs, pair => pair.X);
        return [.. places.Select(place =>
        {
            var at = Array.BinarySearch(x, Wrapped(place, period));
            var after = at >= 0 ? at : ~at;
            var (below, above) = (pairs[(after + pairs.Length - 1) % pairs.Length], pairs[after % pairs.Length]);
            var (width, part) = (Wrapped(above.X - below.X, period), Wrapped(place - below.X, period));
            return width > 0 ? below.U + Math.Min(1, part / width) * (above.U - below.U) : above.U;
        })];
    }

    private Tensor Position(Tensor points) => points[.., ..1] + Path.Call(Encode(points, Period));

    private Tensor Carried(Tensor points) => State.Call(Encode(points, Period));

    private static double Wrapped(double x, double period) => x - period * Math.Floor(x / period);
}
