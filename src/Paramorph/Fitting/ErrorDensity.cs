using MathNet.Numerics;

namespace Paramorph.Fitting;

/// <summary>
/// How errors are distributed: Student's t around zero, whose tails follow from the data, since errors of models seldom have those of a Gaussian. (Lange, Little and Taylor, "Robust statistical
/// modeling using the t distribution", 1989.)
/// </summary>
/// <param name="Scale">Its scale, in units of the answer; with many degrees of freedom the standard deviation.</param>
/// <param name="Freedom">Degrees of freedom.</param>
public sealed record ErrorDensity(double Scale, double Freedom)
{
    private const int Rounds = 15, MostErrors = 2000;

    private static readonly double[] freedoms = [1.5, 2, 3, 4, 6, 10, 20, 50, 200];

    /// <summary>The logarithm of the density of an error.</summary>
    public double LogOf(double error)
    {
        var ratio = error / Scale;
        return SpecialFunctions.GammaLn((Freedom + 1) / 2) - SpecialFunctions.GammaLn(Freedom / 2) - Math.Log(Math.PI * Freedom) / 2 - Math.Log(Scale) - (Freedom + 1) / 2 * Math.Log(1 + ratio * ratio / Freedom);
    }

    /// <summary>The most likely density of some errors.</summary>
    /// <param name="errors">Errors for examples that the model did not learn from, of which a few thousand are enough.</param>
    internal static ErrorDensity Of(IReadOnlyList<double> errors)
    {
        var every = (errors.Count + MostErrors - 1) / MostErrors;
        double[] some = [.. errors.Where((_, i) => i % every == 0)];
        return freedoms.Select(freedom => new ErrorDensity(ScaleOf(some, freedom), freedom)).MaxBy(density => some.Average(density.LogOf))!;
    }

    /// <summary>The most likely scale with some degrees of freedom, by expectation and maximisation: each error counts the less the farther out it is.</summary>
    private static double ScaleOf(double[] errors, double freedom)
    {
        // A model that makes no errors has a density that is as narrow as numbers allow.
        var square = Math.Max(1e-300, errors.Average(error => error * error));
        for (var round = 0; round < Rounds; round++)
        {
            var known = square;
            square = Math.Max(1e-300, errors.Average(error => (freedom + 1) / (freedom + error * error / known) * error * error));
        }
        return Math.Sqrt(square);
    }
}
