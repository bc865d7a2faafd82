using MathNet.Numerics;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Formulas of which there are a thousand values without noise.</summary>
public static class FormulasBench
{
    private const int Rows = 3000;
    private const double Pi = Math.PI;

    /// <summary>L-BFGS behind Adam, as there is no noise: networks of functions are trained by it in most papers on them.</summary>
    private static readonly Hyperparameter iterations = Hyperparameter.Whole("iterations", "iterations of L-BFGS on all examples", 400, 100, 1600);

    /// <summary>The formulas.</summary>
    internal static IReadOnlyList<Formula> Formulas { get; } =
    [
        new("bessel", "The Bessel function J of orders 0 to 5.", x => SpecialFunctions.BesselJ(x[0], x[1]), [(0, 5), (0.1, 20)]),
        new("elliptic", "The incomplete elliptic integral F of the first kind.", x => Elliptic(x[0], x[1]), [(0, 0.49 * Pi), (0, 0.95)]),
        new("legendre", "The Legendre function P of degrees 0 to 8 that need not be whole.", x => Legendre(x[0], x[1]), [(0, 8), (-0.8, 1)]),
        new("feynman-i-6-20b", "A normal density.", x => Math.Exp(-(x[0] - x[1]) * (x[0] - x[1]) / (2 * x[2] * x[2])) / Math.Sqrt(2 * Pi * x[2] * x[2]), [(-1.5, 1.5), (-1.5, 1.5), (0.5, 2)]),
        new("feynman-i-26-2", "Snell's law.", x => Math.Asin(x[0] * Math.Sin(x[1])), [(0, 0.99), (0, 2 * Pi)]),
        new("feynman-i-29-16", "The law of cosines.", x => Math.Sqrt(Math.Max(0, x[0] * x[0] + x[1] * x[1] - 2 * x[0] * x[1] * Math.Cos(x[2] - x[3]))), [(-1, 1), (-1, 1), (0, 2 * Pi), (0, 2 * Pi)]),
        new("feynman-i-30-3", "The intensity behind a grating.", x => x[0] * Math.Pow(Math.Sin(x[1] * x[2] / 2) / Math.Sin(x[2] / 2), 2), [(0, 1), (0, 4), (0.4 * Pi, 1.6 * Pi)]),
        new("feynman-i-50-26", "A wave with its harmonic.", x => x[0] * (Math.Cos(x[2] * x[3]) + x[1] * Math.Pow(Math.Cos(x[2] * x[3]), 2)), [(0, 1), (0, 1), (0, 2 * Pi), (0, 1)]),
    ];

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "formulas",
        Meaning = "Which network finds formulas from a thousand values without noise most accurately for the same work? Special functions, and equations of Feynman's lectures in the ranges of pykan, as papers on Kolmogorov-Arnold networks use them.",
        Tasks = [.. Formulas.Select(Task)],
        Standing =
        [
            new(Exactly(Mlp.Method)),
            .. ((string[])["b-spline", "gaussian", "chebyshev", "mexican-hat", "fourier"]).Select(basis =>
                new Contestant(Exactly(KanLayer.Method)) { Name = $"kan-{basis}", Fixed = new Dictionary<string, string> { ["basis"] = basis } }),
            new(GaussianProcess.Method),
        ],
        Metrics = [TableRegression.ErrorMetric],
        Budget = Budget.OfPlannedSeconds(8),
        Seeds = 4,
    };

    /// <summary>A network that is trained as all are on this bench.</summary>
    public static NetworkMethod Exactly(Method network)
    {
        var usual = (NetworkMethod)network;
        return usual with { Iterations = iterations, Decay = usual.Decay.Within(1e-3, 1e-5, 0.1) };
    }

    private static BenchTask Task(Formula formula) => new(formula.Name, formula.Meaning, (seed, _) =>
    {
        var (inputs, targets) = RegressionFunctions.Drawn(MadeTables.Draws(seed), Rows, formula.Ranges, formula.Value);
        return MadeTables.OfNumbers(formula.Name, seed, inputs, targets.Reshape(-1).Evaluate());
    });

    /// <summary>The integral of 1 / sqrt(1 - m sin²) from 0 to an angle.</summary>
    private static double Elliptic(double angle, double m) => Integrate.GaussLegendre(t => 1 / Math.Sqrt(1 - m * Math.Sin(t) * Math.Sin(t)), 0, angle, 32);

    /// <summary>The hypergeometric series of P: F(-v, v + 1; 1; (1 - x) / 2), which ends where the degree is whole.</summary>
    private static double Legendre(double degree, double x)
    {
        var (term, sum, z) = (1.0, 1.0, (1 - x) / 2);
        for (var k = 0; k < 1000 && Math.Abs(term) > 1e-14; k++)
        {
            term *= (k - degree) * (k + degree + 1) / ((k + 1.0) * (k + 1.0)) * z;
            sum += term;
        }
        return sum;
    }

    /// <summary>A formula of numbers in ranges.</summary>
    internal sealed record Formula(string Name, string Meaning, Func<double[], double> Value, IReadOnlyList<(double Low, double High)> Ranges);
}
