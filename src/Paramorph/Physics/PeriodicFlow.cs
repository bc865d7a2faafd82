using Paramorph.Data.Solvers;
using Paramorph.Experiments;

namespace Paramorph.Physics;

/// <summary>
/// A flow on [0, 2 pi) that is known: u_t + c u_x = 0 or, where there is viscosity, u_t + (c + u) u_x = nu u_xx, the equation of Burgers for c + u; u(x, 0) = sin x. (The flows of Mojgani,
/// Balajewicz and Hassanzadeh, "Kolmogorov n-width and Lagrangian physics-informed neural networks", 2023.)
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Speed">c, the speed of convection, or the mean of Burgers' solution, from which u deviates.</param>
/// <param name="Viscosity">nu of Burgers' equation; 0 for convection.</param>
/// <param name="Places">Where the solution is known.</param>
/// <param name="Times">When, from 0 to 1.</param>
/// <param name="Exact">The solution, time by time.</param>
public sealed record PeriodicFlow(string Name, double Speed, double Viscosity, double[] Places, double[] Times, double[] Exact)
{
    /// <summary>The period in x.</summary>
    public const double Period = 2 * Math.PI;

    /// <summary>Convection.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="speed">c.</param>
    /// <param name="places">At how many places it is known.</param>
    /// <param name="times">At how many times, 2 or more.</param>
    public static PeriodicFlow OfConvection(string name, double speed, int places = 256, int times = 101)
    {
        var (x, t) = Grid(places, times);
        return new(name, speed, 0, x, t, new Convection(Math.Sin, speed).At(x, t).ToDoubles());
    }

    /// <summary>Burgers' equation, by a spectral solution on a grid that is twice as fine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="drift">c, 0 or more.</param>
    /// <param name="viscosity">nu, positive; the grid must resolve a shock of this width.</param>
    /// <param name="places">At how many places it is known.</param>
    /// <param name="times">At how many times, 2 or more.</param>
    public static PeriodicFlow OfBurgers(string name, double drift, double viscosity, int places = 256, int times = 101)
    {
        var ((x, t), grid) = (Grid(places, times), new PeriodicGrid(2 * places, Period));
        var solved = new Burgers(grid, viscosity).Solve(grid.Sample(x => drift + Math.Sin(x)), t, 0.5 * grid.Spacing / (drift + 1))[.., TensorIndex.Every(2, ..)] - drift;
        return new(name, drift, viscosity, x, t, solved.ToDoubles());
    }

    /// <summary>The places at each time, as rows (x, t): f32 [places, 2].</summary>
    public IEnumerable<Tensor> Points() => Times.Select(t => Tensor.From<float>([.. Places.SelectMany(x => (float[])[(float)x, (float)t])], [Places.Length, 2]));

    /// <summary>The relative L2 error |u - exact| / |exact|.</summary>
    /// <param name="states">u at the places, time by time.</param>
    public double Error(double[][] states) => Math.Sqrt(states.SelectMany(u => u).Zip(Exact, (u, exact) => (u - exact) * (u - exact)).Sum() / Exact.Sum(exact => exact * exact));

    /// <summary>The exact solution above what was learned: time across, place upward.</summary>
    /// <param name="states">u at the places, time by time.</param>
    public Picture Draw(double[][] states)
    {
        const int Scale = 4;
        Picture Map(Func<int, int, double> value)
        {
            var map = new double[Places.Length, Times.Length * Scale];
            for (var i = 0; i < Places.Length; i++)
                for (var t = 0; t < Times.Length * Scale; t++) map[Places.Length - 1 - i, t] = value(t / Scale, i);
            return Picture.HeatMap(map, Exact.Min(), Exact.Max());
        }
        return Picture.Column(Map((t, i) => Exact[t * Places.Length + i]), Map((t, i) => states[t][i]));
    }

    private static (double[] Places, double[] Times) Grid(int places, int times) =>
        ([.. Enumerable.Range(0, places).Select(i => i * Period / places)], [.. Enumerable.Range(0, times).Select(i => i / (times - 1.0))]);
}
