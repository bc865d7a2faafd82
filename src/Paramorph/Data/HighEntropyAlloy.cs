namespace Paramorph.Data;

/// <summary>
/// An alloy of several metals in comparable amounts, and the descriptors by which its phases and its strength are told. (Zhang et al., "Solid-solution phase formation rules for
/// multi-component alloys", 2008.)
/// </summary>
/// <param name="Shares">Atomic shares of elements, which add up to 1.</param>
public sealed record HighEntropyAlloy(IReadOnlyList<(MetallicElement Element, double Share)> Shares)
{
    private const double GasConstant = 8.314;

    /// <summary>δ: the deviation of the radii in percent of their mean.</summary>
    public double Misfit => 100 * Deviation(element => element.Radius) / Mean(element => element.Radius);

    /// <summary>The enthalpy of mixing in kJ/mol: the sum over pairs of 4 c c' times that of equal parts.</summary>
    public double MixingEnthalpy => Shares.Sum(a => Shares.Where(b => b.Element.Number > a.Element.Number).Sum(b => 4 * a.Share * b.Share * a.Element.MixingEnthalpy(b.Element)));

    /// <summary>The entropy of an ideal mixture, -R Σ c log c, in J/(mol K).</summary>
    public double MixingEntropy => -GasConstant * Shares.Sum(part => part.Share * Math.Log(part.Share));

    /// <summary>
    /// Misfit, enthalpy of mixing, mean valence electrons and electronegativity, the deviation of the latter in percent of 1, mean melting point, entropy of mixing, and mean bulk
    /// modulus.
    /// </summary>
    public double[] Descriptors =>
    [
        Misfit, MixingEnthalpy, Mean(element => element.ValenceElectrons), Mean(element => element.Electronegativity), 100 * Deviation(element => element.Electronegativity),
        Mean(element => element.MeltingPoint), MixingEntropy, Mean(element => element.BulkModulus),
    ];

    /// <summary>Three to five of <see cref="MetallicElement.All"/>, each set as likely as another of its size, of which the most has some three times the share of the least at most.</summary>
    public static HighEntropyAlloy Draw(KeyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int[] chosen = [.. random.Permutation(MetallicElement.All.Count).Take(3 + (int)(random.Uniform() * 3))];
        double[] parts = [.. chosen.Select(_ => random.Uniform(0.3, 1))];
        return new([.. chosen.Zip(parts, (which, part) => (MetallicElement.All[which], part / parts.Sum()))]);
    }

    /// <summary>The mean of a property of the elements, by their shares.</summary>
    public double Mean(Func<MetallicElement, double> property) => Shares.Sum(part => part.Share * property(part.Element));

    /// <summary>The root of the mean squared distance of a property from its mean.</summary>
    public double Deviation(Func<MetallicElement, double> property) => Math.Sqrt(Mean(element => Math.Pow(property(element) - Mean(property), 2)));
}
