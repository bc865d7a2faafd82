using System.Globalization;
using System.Text.RegularExpressions;

namespace Paramorph.Formats;

/// <summary>
/// Numbers with the sign of a currency or of percent, as <c>$1,234.50</c> and <c>12 %</c>, and those with marks between thousands, which a reader of text keeps as text: both marks show it, as in
/// <c>1,234.50</c>, and of <c>1,234</c> whoever says what stands before decimals, or other columns of the file.
/// </summary>
internal static partial class SignedNumbers
{
    /// <summary>A table whose columns of numbers with one sign, or with marks between thousands, are numbers without it, of percents as they are written; what was changed is told.</summary>
    /// <param name="table">What was read.</param>
    /// <param name="mark">What was said to stand before decimals, or null.</param>
    public static Table Of(Table table, char? mark)
    {
        var (notes, layout) = (new List<string>(), table.Layout);
        var isSure = mark is not null || table.Columns.OfType<TableColumn.Numeric>().Any(column => column.Values.ToDoubles().Any(value => double.IsFinite(value) && !double.IsInteger(value)));
        TableColumn[] columns = [.. table.Columns.Select(column => column is TableColumn.Text text && layout?.TextColumns?.Contains(column.Name) != true && Numeric(text, layout, isSure, notes) is { } numbers ? numbers : column)];
        if (notes.Count == 0) return table;
        // That they are kept as text is told of those that still are.
        string[] texts = [.. columns.OfType<TableColumn.Text>().Select(column => $"'{column.Name}'")];
        bool Holds(string note) => !note.StartsWith(TextLayoutReport.PerhapsThousands, StringComparison.Ordinal) || texts.Any(name => note.Contains(name, StringComparison.Ordinal));
        return new(columns) { Understood = [.. table.Understood.Where(Holds), .. notes], Layout = layout, SkippedLines = table.SkippedLines };
    }

    private static TableColumn.Numeric? Numeric(TableColumn.Text column, DelimitedTextOptions? layout, bool isSure, List<string> notes)
    {
        var (missing, values, sign) = (layout?.Missing ?? DelimitedTextOptions.UsualMissing, new double[column.Count], "");
        string? grouped = null;
        for (var row = 0; row < values.Length; row++)
        {
            var text = column.Values[row];
            if (text.Length == 0 || missing.Contains(text))
            {
                values[row] = double.NaN;
                continue;
            }
            // A comma before decimals goes with points between thousands.
            if (layout?.Decimal == ',') text = string.Create(text.Length, text, (swapped, from) => { for (var i = 0; i < swapped.Length; i++) swapped[i] = from[i] switch { ',' => '.', '.' => ',', var other => other }; });
            if (Number().Match(text) is not { Success: true } match) return null;
            var own = match.Groups["before"].Value + match.Groups["behind"].Value;
            if (own.Length > 1 || (own.Length == 1 && sign.Length == 1 && own != sign)) return null;
            if (own.Length == 1) sign = own;
            if (text.Contains(',') && (isSure || text.Contains('.') || text.IndexOf(',') != text.LastIndexOf(','))) grouped ??= column.Values[row];
            values[row] = double.Parse(match.Groups["minus"].Value + match.Groups["number"].Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }
        if (sign.Length == 0 && grouped is null) return null;
        notes.Add(sign.Length == 0 ? $"numbers of '{column.Name}', such as {grouped}, have marks between thousands, which are left out." : sign == "%" ? $"numbers of '{column.Name}' stand before %: 12 % is read as 12." : $"numbers of '{column.Name}' stand beside {sign}, which is left out.");
        return new(column.Name, Tensor.From(values));
    }

    [GeneratedRegex(@"^(?<minus>[-+]?)(?<before>[$€£¥]?)\s?(?<number>(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)\s?(?<behind>[%$€£¥]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
