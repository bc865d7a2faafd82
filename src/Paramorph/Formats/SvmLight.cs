using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The text format of svmlight and LIBSVM: a row a line, its target, then <c>feature:value</c> for what is not zero; comments behind <c>#</c>; compressed by gzip or not.
/// </summary>
public static class SvmLight
{
    private const string Target = "target", Query = "qid";

    /// <summary>Reads a table: a column for each feature, named by its number in the file, then <c>qid</c> where rows have it, and the column <c>target</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">A line is no such row, a feature stands in it twice, there are no rows, or the content is beyond the limits.</exception>
    public static Table Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Table Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    private static Table Read(InputFile file)
    {
        var (targets, values) = (new List<double>(), new SortedDictionary<long, Dictionary<int, double>>());
        using var lines = new NumberedLines(file);
        while (lines.Next() is { } line)
        {
            var words = line.Split('#', 2)[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            targets.Add(Number(words[0], "a target", lines));
            foreach (var word in words.Skip(1)) Add(values, targets.Count - 1, word, lines);
            if (values.Count > file.Limits.MaxColumns || (long)(values.Count + 1) * targets.Count > file.Limits.MaxElements)
                throw lines.Error($"{targets.Count} rows of {values.Count} features are more than FormatLimits.MaxColumns or FormatLimits.MaxElements allow.");
        }
        if (targets.Count == 0) throw file.Error("", "there are no rows.");
        return new([
            .. values.OrderBy(pair => pair.Key < 0).Select(pair => new TableColumn.Numeric(pair.Key < 0 ? Query : pair.Key.ToString(CultureInfo.InvariantCulture), Dense(pair.Value, targets.Count))),
            new TableColumn.Numeric(Target, Tensor.From<double>([.. targets]))])
        {
            IsSparse = true,
            Understood = ["what a row does not mention is zero."],
        };
    }

    private static void Add(SortedDictionary<long, Dictionary<int, double>> values, int row, string word, NumberedLines lines)
    {
        var parts = word.Split(':');
        var feature = -1L;
        if (parts.Length != 2 || (parts[0] != Query && !(long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out feature) && feature >= 0)))
            throw lines.Error($"'{word}' is no feature: it is written as number:value.");
        if (!values.TryGetValue(feature, out var column)) values[feature] = column = [];
        if (!column.TryAdd(row, Number(parts[1], "a value", lines))) throw lines.Error($"feature {parts[0]} stands there twice.");
    }

    private static double Number(string text, string what, NumberedLines lines) => NumberText.Parse(Encoding.UTF8.GetBytes(text), '.', out var number) != NumberText.Form.None
        ? number
        : throw lines.Error($"'{text}' is no number, where {what} should stand.");

    private static Tensor Dense(Dictionary<int, double> values, int rows)
    {
        var column = new double[rows];
        foreach (var (row, value) in values) column[row] = value;
        return Tensor.From(column);
    }
}
