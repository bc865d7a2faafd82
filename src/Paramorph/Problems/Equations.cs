using Paramorph.Data.Solvers;
using Paramorph.Physics;

namespace Paramorph.Problems;

/// <summary>Equations that solvers are tried on, each with a reference solution.</summary>
public static class Equations
{
    private const int ShockPlaces = 257, ShockTimes = 51, Times = 101;

    /// <summary>
    /// Burgers' equation u_t + u u_x = nu u_xx on [-1, 1] with u(x, 0) = -sin(pi x) and u = 0 at the ends; by default nu = 0.01 / pi. (Raissi, Perdikaris and Karniadakis, "Physics-informed
    /// neural networks", 2019.) The reference is that of <see cref="ColeHopf"/>.
    /// </summary>
    /// <param name="viscosity">nu.</param>
    /// <param name="reference">A solution; without one it is computed.</param>
    public static DifferentialEquation Burgers(double viscosity = 0.01 / Math.PI, Lazy<ReferenceSolution>? reference = null)
    {
        double[] places = [.. Between(-1, 1, ShockPlaces)];
        return new(
            [new("x", -1, 1), Unit("t") with { IsTime = true }],
            u => u["t"] + u.U * u["x"] - viscosity * u["x", "x"],
            [SideCondition.Start(at => -Tensor.Sin(Math.PI * at["x"])), .. SideCondition.ZeroAtEnds("x")],
            solution: reference ?? new(() => ReferenceSolution.OnGrid(places, Between(0, 1, ShockTimes), Shock(viscosity).At(places, Between(0, 1, ShockTimes)))))
        {
            Name = "burgers",
            Settings = new Dictionary<string, double> { ["viscosity"] = viscosity },
        };
    }

    /// <summary>
    /// The Allen-Cahn equation u_t = d u_xx + 5 (u - u^3), periodic on [-1, 1], with u(x, 0) = x^2 cos(pi x); by default d = 1e-4. (Raissi, Perdikaris and Karniadakis, 2019.) The reference is a
    /// spectral one.
    /// </summary>
    /// <param name="diffusion">d.</param>
    /// <param name="reference">A solution; without one it is computed.</param>
    public static DifferentialEquation AllenCahn(double diffusion = 1e-4, Lazy<ReferenceSolution>? reference = null) => new(
        [new("x", -1, 1) { IsPeriodic = true }, Unit("t") with { IsTime = true }],
        u => u["t"] - diffusion * u["x", "x"] - 5.0 * (u.U - u.U * u.U * u.U),
        [SideCondition.Start(at => at["x"] * at["x"] * Tensor.Cos(Math.PI * at["x"])) with { Weight = 100 }],
        solution: reference ?? new(() => Layers(diffusion)))
    {
        Name = "allen-cahn",
        Settings = new Dictionary<string, double> { ["diffusion"] = diffusion },
    };

    /// <summary>
    /// Helmholtz' equation u_xx + u_yy + k^2 u = q on [-1, 1]^2 with u = 0 on the edges, where q is such that u = sin(a pi x) sin(b pi y). The residual is divided by (a^2 + b^2) pi^2, which makes
    /// it of the size of u.
    /// </summary>
    /// <param name="a">Half waves along x are 2 a: a whole number, 1 or more.</param>
    /// <param name="b">The same along y.</param>
    /// <param name="waveNumber">k.</param>
    public static DifferentialEquation Helmholtz(int a = 4, int b = 1, double waveNumber = 1)
    {
        var (square, scale) = (waveNumber * waveNumber, (a * a + b * b) * Math.PI * Math.PI);
        Tensor Solution(Coordinates at) => Tensor.Sin(a * Math.PI * at["x"]) * Tensor.Sin(b * Math.PI * at["y"]);
        return new(
            [new("x", -1, 1), new("y", -1, 1)],
            u => (u["x", "x"] + u["y", "y"] + square * u.U - (square - scale) * Solution(u.At)) / scale,
            SideCondition.ZeroAtEnds("x", "y").Select(condition => condition with { Weight = 0.25 }),
            solution: Known([new("x", -1, 1), new("y", -1, 1)], Solution))
        {
            Name = "helmholtz",
            Settings = new Dictionary<string, double> { ["a"] = a, ["b"] = b },
        };
    }

    /// <summary>
    /// Convection u_t + speed u_x = 0 of sin(x), periodic on [0, 2 pi]. (Krishnapriyan et al., "Characterizing possible failure modes in physics-informed neural networks", 2021.)
    /// </summary>
    /// <param name="speed">The speed; networks that watch the wave pass fail from 10 on or so.</param>
    public static DifferentialEquation Convection(double speed = 30)
    {
        Axis[] axes = [new("x", 0, 2 * Math.PI) { IsPeriodic = true }, Unit("t") with { IsTime = true }];
        return new(
            axes, u => u["t"] + speed * u["x"], [SideCondition.Start(at => Tensor.Sin(at["x"]))], solution: Known(axes, at => Tensor.Sin(at["x"] - speed * at["t"])))
        {
            Name = "convection",
            Settings = new Dictionary<string, double> { ["speed"] = speed },
        };
    }

    /// <summary>A reaction u_t = growth u (1 - u) of a bump, periodic on [0, 2 pi]: a front in time. (Krishnapriyan et al., 2021.)</summary>
    /// <param name="growth">The rate of growth, which "rate", a learning rate elsewhere, does not name.</param>
    public static DifferentialEquation Reaction(double growth = 5)
    {
        Axis[] axes = [new("x", 0, 2 * Math.PI) { IsPeriodic = true }, Unit("t") with { IsTime = true }];
        Tensor Start(Coordinates at) => Tensor.Exp(-Tensor.Square(at["x"] - Math.PI) / (2 * Math.Pow(Math.PI / 4, 2)));
        return new(
            axes, u => u["t"] - growth * u.U * (1.0 - u.U), [SideCondition.Start(Start)],
            solution: Known(axes, at => Start(at) / (Start(at) + (1.0 - Start(at)) * Tensor.Exp(-growth * at["t"]))))
        {
            Name = "reaction",
            Settings = new Dictionary<string, double> { ["growth"] = growth },
        };
    }

    /// <summary>
    /// The wave equation u_tt = speed^2 u_xx on [0, 1] with ends at rest, that starts at rest from sin(pi x) + sin(4 pi x) / 2. (Wang, Yu and Perdikaris, "When and why PINNs fail to train", 2022.)
    /// The residual is divided by (4 pi speed)^2.
    /// </summary>
    /// <param name="speed">The speed.</param>
    public static DifferentialEquation Wave(double speed = 2)
    {
        Axis[] axes = [Unit("x"), Unit("t") with { IsTime = true }];
        var scale = Math.Pow(4 * Math.PI * speed, 2);
        Tensor Mode(Coordinates at, int waves) => Tensor.Sin(waves * Math.PI * at["x"]) * Tensor.Cos(waves * Math.PI * speed * at["t"]);
        return new(
            axes, u => (u["t", "t"] - speed * speed * u["x", "x"]) / scale,
            [
                SideCondition.Start(at => Tensor.Sin(Math.PI * at["x"]) + 0.5 * Tensor.Sin(4 * Math.PI * at["x"])),
                SideCondition.StartSlope(at => at.Zero),
                .. SideCondition.ZeroAtEnds("x"),
            ],
            solution: Known(axes, at => Mode(at, 1) + 0.5 * Mode(at, 4)))
        {
            Name = "wave",
            Settings = new Dictionary<string, double> { ["speed"] = speed },
        };
    }

    /// <summary>Poisson's equation -u_xx - u_yy = 1 on [-1, 1]^2 without the square [0, 1] x [-1, 0], with u = 0 on all edges. The reference is that of <see cref="LShape"/>.</summary>
    public static DifferentialEquation PoissonOnL() => new(
        [new("x", -1, 1), new("y", -1, 1)], u => -u["x", "x"] - u["y", "y"] - 1.0, SideCondition.ZeroAtEnds("x", "y"), hole: new([0.0, -1.0], [1.0, 0.0]), solution: new(Torsion))
    {
        Name = "poisson-l",
    };

    /// <summary>
    /// The steady flow (u, v) with pressure p in the unit square under a lid that moves to the right at speed 1. (Ghia, Ghia and Shin, "High-Re solutions for incompressible flow using the
    /// Navier-Stokes equations and a multigrid method", 1982.)
    /// </summary>
    /// <param name="reynolds">The Reynolds number.</param>
    /// <param name="reference">u and v; without one only the residual tells how good an answer is.</param>
    public static DifferentialEquation Cavity(double reynolds = 100, Lazy<ReferenceSolution>? reference = null) => new(
        [Unit("x"), Unit("y")],
        field =>
        {
            var (u, v, p) = (field.Of(0), field.Of(1), field.Of(2));
            Tensor Momentum(Jet w, string axis) => u.U * w["x"] + v.U * w["y"] + p[axis] - (w["x", "x"] + w["y", "y"]) / reynolds;
            return Tensor.Concatenate([Momentum(u, "x"), Momentum(v, "y"), u["x"] + v["y"]], 1);
        },
        [
            SideCondition.Edge("y", Side.High, at => Tensor.OnesLike(at.Zero)),
            SideCondition.Edge("y", Side.Low, at => at.Zero),
            .. SideCondition.ZeroAtEnds("x"),
            .. SideCondition.ZeroAtEnds("x", "y").Select(condition => condition with { Component = "v" }),
        ],
        ["u", "v", "p"],
        solution: reference)
    {
        Name = "cavity",
        Settings = new Dictionary<string, double> { ["reynolds"] = reynolds },
    };

    /// <summary>The solution of a known equation at points, where it is computed here; null elsewhere.</summary>
    internal static Tensor? At(string name, IReadOnlyDictionary<string, double> numbers, Tensor points)
    {
        var rows = points.ToDoubles();
        if (name == "burgers") return Tensor.From<double>([.. Enumerable.Range(0, rows.Length / 2).Select(i => Shock(numbers["viscosity"]).At(rows[2 * i], rows[2 * i + 1]))], [rows.Length / 2, 1]);
        if (name != "allen-cahn") return null;
        double[] times = [.. rows.Chunk(2).Select(row => row[1]).Distinct().Order()];
        double[] places = [.. rows.Chunk(2).Select(row => row[0]).Distinct().Order()];
        var (grid, solved) = Spectral(numbers["diffusion"], times);
        var table = grid.Interpolate(solved, places).ToDoubles();
        int Row(double time) => Array.BinarySearch(times, time) * places.Length;
        return Tensor.From<double>([.. rows.Chunk(2).Select(row => table[Row(row[1]) + Array.BinarySearch(places, row[0])])], [rows.Length / 2, 1]);
    }

    private static Axis Unit(string name) => new(name, 0, 1);

    private static double[] Between(double low, double high, int count) => [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];

    private static ColeHopf Shock(double viscosity) => new(y => -Math.Sin(Math.PI * y), y => (Math.Cos(Math.PI * y) - 1) / Math.PI, 1, viscosity);

    private static (PeriodicGrid Grid, Tensor Values) Spectral(double diffusion, IReadOnlyList<double> times)
    {
        // The start has a kink where the ends meet: a grid four times as fine as where the solution is looked at resolves what becomes of it.
        const int Every = 4;
        var (fine, grid) = (new PeriodicGrid(Every * 512, 2, -1), new PeriodicGrid(512, 2, -1));
        return (grid, Data.Solvers.AllenCahn.On(fine, diffusion).Solve(fine.Sample(x => x * x * Math.Cos(Math.PI * x)), times, 1e-3)[.., TensorIndex.Every(Every, ..)].Evaluate());
    }

    private static ReferenceSolution Layers(double diffusion)
    {
        var times = Between(0, 1, Times);
        var (grid, values) = Spectral(diffusion, times);
        return ReferenceSolution.OnGrid(grid.Points().ToDoubles(), times, values);
    }

    /// <summary>A solution in closed form on a grid of two axes.</summary>
    private static Lazy<ReferenceSolution> Known(Axis[] axes, Func<Coordinates, Tensor> solution) => new(() =>
    {
        var empty = ReferenceSolution.OnGrid(Between(axes[0].Low, axes[0].High, Times), Between(axes[1].Low, axes[1].High, Times), Tensor.Zeros([Times, Times]));
        return empty with { Values = solution(new(empty.Points, axes)).Evaluate() };
    });

    private static ReferenceSolution Torsion()
    {
        (double X, double Y)[] points = [.. Between(-1, 1, Times).SelectMany(y => Between(-1, 1, Times).Select(x => (x, y))).Where(point => point.x <= 0 || point.y >= 0)];
        return new(
            Tensor.From<double>([.. points.SelectMany(point => new[] { point.X, point.Y })], [points.Length, 2]),
            Tensor.From<double>([.. points.Select(point => LShape.Solution.At(point.X, point.Y))], [points.Length, 1]));
    }
}
