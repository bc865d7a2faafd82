using System.Globalization;

namespace Paramorph.Problems;

/// <summary>Refuses targets of which nothing can be learned, since they are the same in every example.</summary>
internal static class ConstantTarget
{
    private const double Rounding = 1e-12;

    /// <summary>Refuses targets none of which varies; one that does makes a problem of all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="examples">What one example is: a row, a point.</param>
    /// <param name="names">The names of the targets.</param>
    /// <param name="values">Their values, example by example: [examples, targets].</param>
    /// <exception cref="ProblemException">None varies.</exception>
    public static void Refuse(string path, string examples, IReadOnlyList<string> names, ReadOnlySpan<double> values)
    {
        var width = names.Count;
        if (values.Length < width) return;
        for (var target = 0; target < width; target++)
        {
            var first = values[target];
            for (var i = target; i < values.Length; i += width)
                if (!(Math.Abs(values[i] - first) <= Rounding * Math.Abs(first))) return;
        }
        var told = new List<string>();
        for (var target = 0; target < Math.Min(width, 3); target++) told.Add(string.Create(CultureInfo.InvariantCulture, $"{names[target]} {values[target]:G6}"));
        throw new ProblemException($"there is nothing to learn from {path}: every {examples} has the {(width == 1 ? "target" : "targets")} {string.Join(", ", told)}{(width > told.Count ? ", ..." : "")}.");
    }
}
