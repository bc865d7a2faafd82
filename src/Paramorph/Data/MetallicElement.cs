namespace Paramorph.Data;

/// <summary>A metal as alloys are described by it.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Number">Its atomic number.</param>
/// <param name="Radius">The radius of its atoms in pm.</param>
/// <param name="Electronegativity">After Pauling.</param>
/// <param name="ValenceElectrons">Electrons beyond the noble gas before it.</param>
/// <param name="MeltingPoint">In K.</param>
/// <param name="BulkModulus">In GPa.</param>
/// <param name="WorkFunction">Miedema's φ* in V.</param>
/// <param name="CellDensity">Miedema's third root of the density of electrons at the rim of the cell, n^(1/3), in atomic units. (de Boer et al., "Cohesion in metals", 1988.)</param>
public sealed record MetallicElement(
    string Symbol, int Number, double Radius, double Electronegativity, int ValenceElectrons, double MeltingPoint, double BulkModulus, double WorkFunction, double CellDensity)
{
    /// <summary>Fourteen metals of which alloys of many elements are made, by their atomic number.</summary>
    public static IReadOnlyList<MetallicElement> All { get; } =
    [
        new("Al", 13, 143.2, 1.61, 3, 933, 76, 4.20, 1.39), new("Ti", 22, 146.2, 1.54, 4, 1941, 110, 3.80, 1.52), new("V", 23, 131.6, 1.63, 5, 2183, 160, 4.25, 1.64),
        new("Cr", 24, 124.9, 1.66, 6, 2180, 160, 4.65, 1.73), new("Mn", 25, 135.0, 1.55, 7, 1519, 120, 4.45, 1.61), new("Fe", 26, 124.1, 1.83, 8, 1811, 170, 4.93, 1.77),
        new("Co", 27, 125.1, 1.88, 9, 1768, 180, 5.10, 1.75), new("Ni", 28, 124.6, 1.91, 10, 1728, 180, 5.20, 1.75), new("Cu", 29, 127.8, 1.90, 11, 1358, 140, 4.45, 1.47),
        new("Zr", 40, 160.3, 1.33, 4, 2128, 92, 3.45, 1.41), new("Nb", 41, 142.9, 1.60, 5, 2750, 170, 4.05, 1.64), new("Mo", 42, 136.3, 2.16, 6, 2896, 230, 4.65, 1.77),
        new("Ta", 73, 143.0, 1.50, 5, 3290, 200, 4.05, 1.63), new("W", 74, 136.7, 2.36, 6, 3695, 310, 4.80, 1.81),
    ];

    /// <summary>
    /// The enthalpy of mixing it with as much of another in kJ/mol, from the difference of work functions, which binds, and that of densities, which does not: 14.1 (9.4 Δn² - Δφ²).
    /// What metals of the main groups gain with transition metals beyond that is left out. (Miedema, de Châtel and de Boer, "Cohesion in alloys", 1980.)
    /// </summary>
    public double MixingEnthalpy(MetallicElement other) =>
        14.1 * (9.4 * (CellDensity - other.CellDensity) * (CellDensity - other.CellDensity) - (WorkFunction - other.WorkFunction) * (WorkFunction - other.WorkFunction));
}
