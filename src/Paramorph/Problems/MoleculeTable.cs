using System.Globalization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>
/// Conformations of one molecule as a table: the inverse distances of all pairs of atoms, and the energy, NaN where it is not told. Inverse distances do not change when a molecule moves or
/// turns, and determine its form up to reflection. (Chmiela et al., "Machine learning of accurate energy-conserving molecular force fields", 2017.)
/// </summary>
internal static class MoleculeTable
{
    public static Table Of(DataContent.OfAtoms content)
    {
        var structures = content.Structures;
        if (structures.Count == 0) throw new ProblemException($"{content.Path} holds no structures.");
        var species = structures[0].Species;
        if (structures.FirstOrDefault(structure => !structure.Species.SequenceEqual(species)) is { } other)
            throw new ProblemException($"{content.Path} holds molecules of different atoms ({species.Count} and {other.Species.Count}), of which no table is made: it takes conformations of one molecule.");
        var pairs = (from i in Enumerable.Range(0, species.Count) from j in Enumerable.Range(i + 1, species.Count - i - 1) select (First: i, Second: j)).ToArray();
        if (pairs.Length == 0) throw new ProblemException($"{content.Path} holds single atoms, which have no distances.");
        var positions = structures.Select(structure => structure.Positions.ToDoubles()).ToArray();
        double Inverse(double[] p, int i, int j) => 1 / Math.Sqrt(Enumerable.Range(0, 3).Sum(axis => Math.Pow(p[3 * i + axis] - p[3 * j + axis], 2)));
        var columns = pairs.Select(TableColumn (pair) => new TableColumn.Numeric(
            string.Create(CultureInfo.InvariantCulture, $"1/d {species[pair.First]}{pair.First + 1} {species[pair.Second]}{pair.Second + 1}"),
            Tensor.From<double>([.. positions.Select(p => Inverse(p, pair.First, pair.Second))])));
        return new([.. columns, new TableColumn.Numeric("energy", Tensor.From<double>([.. structures.Select(structure => structure.Energy ?? double.NaN)]))]);
    }
}
