using System.Text.RegularExpressions;

namespace Paramorph.Formats;

/// <summary>
/// The curves that GROMACS writes for Grace (.xvg): columns of numbers below lines that start with <c>@</c> and <c>#</c>, compressed by gzip or not.
/// </summary>
public static partial class Xvg
{
    /// <summary>Reads a table: the first column has the label of the x axis as its name, the others have their legends, or their numbers where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">There are no rows, they differ in length, as they do behind an <c>&amp;</c> between two sets, or the content is beyond the limits.</exception>
    public static Table Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Table Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    private static Table Read(InputFile file)
    {
        var names = new Dictionary<int, string>();
        using (var lines = new NumberedLines(file))
        {
            for (var line = lines.Next(); line is ['@' or '#', ..] or ""; line = lines.Next())
            {
                if (Label().Match(line) is { Success: true } axis) names[0] = axis.Groups[1].Value;
                if (Legend().Match(line) is { Success: true } legend && int.TryParse(legend.Groups[1].Value, out var set) && set < int.MaxValue) names[set + 1] = legend.Groups[2].Value;
            }
        }
        var table = DelimitedText.Read(file, new() { Comment = "#@", Delimiter = ' ', HasHeader = false });
        var used = table.Names.ToHashSet();
        // Two sets with one legend are told apart by their numbers, as columns without one are.
        string Name(int column, string number) => names.TryGetValue(column, out var name) && name.Length > 0 && used.Add(name) ? name : number;
        return new([.. table.Columns.Select((column, index) => column with { Name = Name(index, column.Name) })]) { Understood = table.Understood };
    }

    [GeneratedRegex("""^@\s*xaxis\s+label\s+"(.*)"\s*$""")]
    private static partial Regex Label();

    [GeneratedRegex("""^@\s*s(\d+)\s+legend\s+"(.*)"\s*$""")]
    private static partial Regex Legend();
}
