using System.Globalization;

namespace Paramorph.Formats;

/// <summary>Takes the fields of one column of delimited text.</summary>
internal sealed class TableColumnFiller
{
    private readonly TextLayout.Column column;
    private readonly MissingMarkers missing;
    private readonly char mark;
    private readonly double[] numbers = [];
    private readonly long[] wholes = [];
    private readonly string[] texts = [];

    public TableColumnFiller(TextLayout.Column column, TextLayout layout, int rows)
    {
        (this.column, missing, mark) = (column, layout.Syntax.Missing, layout.Options.Decimal!.Value);
        if (column.Kind == TextLayout.Kind.Number) numbers = new double[rows];
        else if (column.Kind == TextLayout.Kind.Whole) wholes = new long[rows];
        else texts = new string[rows];
    }

    /// <summary>Takes the field of the row at which a scanner stands.</summary>
    public void Take(DelimitedTextScanner scanner, int row)
    {
        var field = scanner[column.Field];
        if (column.Kind == TextLayout.Kind.Text) texts[row] = scanner.Text(column.Field);
        else if (column.Kind == TextLayout.Kind.Whole) _ = long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out wholes[row]);
        else if (missing.IndexOf(field) >= 0 || NumberText.Parse(field, mark, out numbers[row]) == NumberText.Form.None) numbers[row] = double.NaN;
    }

    /// <summary>The column.</summary>
    public TableColumn Column() => column.Kind switch
    {
        TextLayout.Kind.Number => new TableColumn.Numeric(column.Name, Tensor.From(numbers)),
        TextLayout.Kind.Whole => new TableColumn.Numeric(column.Name, Tensor.From(wholes)),
        _ => new TableColumn.Text(column.Name, texts),
    };
}
