namespace Paramorph.Sequences;

/// <summary>The conditions under which a <see cref="DenseHebbianNetwork"/> retrieves a pattern.</summary>
/// <param name="Data">Draws patterns and examples: the same ones for the same neurons, patterns and number of the draw.</param>
/// <param name="Neurons">N.</param>
/// <param name="Patterns">K, how many patterns it holds.</param>
/// <param name="Temperature">T, in the units of the network's energy.</param>
/// <param name="Quality">r of the examples, above 0 and at most 1.</param>
/// <param name="Examples">M, how many of each pattern.</param>
/// <param name="Draw">Which draw of patterns and examples.</param>
public sealed record RetrievalConditions(Key Data, int Neurons, int Patterns, double Temperature, double Quality, int Examples, int Draw = 0)
{
    /// <summary>The conditions with examples whose data entropy (1 - r²) / (M r²) is as given.</summary>
    public RetrievalConditions WithEntropy(double entropy) => this with { Quality = RetrievalEquations.QualityOf(entropy, Examples) };

    /// <summary>The equations of infinitely many neurons at this load.</summary>
    /// <param name="order">P, 2 or more.</param>
    public RetrievalEquations Equations(int order) => new(order, Patterns / Math.Pow(Neurons, order - 1), Temperature, Quality, Examples);

    /// <summary>The magnetisation of the majority of the examples: that of each neuron by itself, whatever the order.</summary>
    public double MajorityMagnetisation() => new RetrievalEquations(2, 0, 0, Quality, Examples).Solve().Magnetisation;

    /// <summary>How far a magnetisation is from that of the equations; null where these do not retrieve: where their overlap is at most half of that without load and temperature.</summary>
    /// <param name="order">P, 2 or more.</param>
    /// <param name="magnetisation">The magnetisation that was found.</param>
    public double? Deviation(int order, double magnetisation)
    {
        var (equations, free) = (Equations(order), Equations(order) with { Load = 0, Temperature = 0 });
        var theory = equations.Solve();
        return theory.Overlap > 0.5 * free.Solve().Overlap ? Math.Abs(magnetisation - theory.Magnetisation) : null;
    }
}
