using System.Globalization;
using System.Text.RegularExpressions;

namespace Paramorph.Formats;

/// <summary>
/// Numbers with the sign of a currency or of percent, as <c>$1,234.50</c> and <c>12 %</c>, and those that show by both marks that one stands between thousands, as <c>1,234.50</c>, which a reader of text
/// keeps as text.
/// </summary>
internal static partial class SignedNumbers
{
    /// <summary>A table whose columns of numbers with one sign, or with marks between thousands, are numbers without it, of percents as they are written; what was changed is told.</summary>
    public static Table Of(Table table)
    {
        var notes = new List<string>();
        TableColumn[] columns = [.. table.Columns.Select(column => column is TableColumn.Text text && Numeric(text, table.Layout, notes) is { } numbers ? numbers : column)];
        return notes.Count == 0 ? table : new(columns) { Understood = [.. table.Understood, .. notes], Layout = table.Layout, SkippedLines = table.SkippedLines };
    }

    private static TableColumn.Numeric? Numeric(TableColumn.Text column, DelimitedTextOptions? layout, List<string> notes)
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
            if (text.Contains(',') && (text.Contains('.') || text.IndexOf(',') != text.LastIndexOf(','))) grouped ??= column.Values[row];
            values[row] = double.Parse(match.Groups["minus"].Value + match.Groups["number"].Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }
        if (sign.Length == 0 && grouped is null) return null;
        notes.Add(sign.Length == 0 ? $"numbers of '{column.Name}', such as {grouped}, have marks between thousands, which are left out." : sign == "%" ? $"numbers of '{column.Name}' stand before %: 12 % is read as 12." : $"numbers of '{column.Name}' stand beside {sign}, which is left out.");
        return new(column.Name, Tensor.From(values));
    }

    [GeneratedRegex(@"^(?<minus>[-+]?)(?<before>[$€£¥]?)\s?(?<number>(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)\s?(?<behind>[%$€£¥]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
