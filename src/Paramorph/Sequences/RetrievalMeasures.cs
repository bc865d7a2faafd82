using Paramorph.Experiments;

namespace Paramorph.Sequences;

/// <summary>
/// What a memory holds and what it bears, whichever way its magnetisation is known: by simulation (<see cref="RetrievalSimulation"/>) or by equations (<see cref="RetrievalEquations"/>).
/// </summary>
public static class RetrievalMeasures
{
    /// <summary>The number of patterns at which the magnetisation falls to 3/4: doubled from four on, then halved in between, then on a straight line over its logarithm.</summary>
    /// <param name="usual">The conditions but for the patterns.</param>
    /// <param name="halvings">How often the interval is halved.</param>
    /// <param name="magnetisation">Knows the magnetisation.</param>
    public static double Capacity(RetrievalConditions usual, int halvings, Func<RetrievalConditions, double> magnetisation) => Threshold.ByHalving(
        patterns => magnetisation(usual with { Patterns = (int)Math.Round(patterns) }) - 0.75, low: 2, marginAtLow: 0.25, halvings);

    /// <summary>
    /// The data entropy (1 - r²) / (M r²), doubled from 1/32 to 64, at which the magnetisation first falls below nine tenths of that of the majority of the examples, on a straight line
    /// over its logarithm.
    /// </summary>
    /// <param name="usual">The conditions but for the quality; an odd number of examples, so that there is a majority.</param>
    /// <param name="magnetisation">Knows the magnetisation at an entropy.</param>
    public static double ToleratedEntropy(RetrievalConditions usual, Func<double, RetrievalConditions, double> magnetisation)
    {
        double Margin(double entropy)
        {
            var noisy = usual.WithEntropy(entropy);
            return magnetisation(entropy, noisy) / noisy.MajorityMagnetisation() - 0.9;
        }
        return Threshold.ByDoubling(Margin, 1.0 / 32, doublings: 11);
    }
}
