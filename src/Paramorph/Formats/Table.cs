namespace Paramorph.Formats;

/// <summary>Columns of numbers and of text, with names and equally many rows.</summary>
public sealed class Table
{
    private readonly Dictionary<string, TableColumn> byName = [];

    /// <summary>A table of columns.</summary>
    /// <exception cref="ArgumentException">There are none, they differ in length, two have one name, or a numeric one is no vector.</exception>
    public Table(params IReadOnlyList<TableColumn> columns)
    {
        if (columns.Count == 0) throw new ArgumentException("a table has one column or more.", nameof(columns));
        foreach (var column in columns)
        {
            if (column is TableColumn.Numeric { Values: { Rank: not 1 } values })
                throw new ArgumentException($"the column '{column.Name}' is {values.Type}: a column is a vector [rows].", nameof(columns));
            if (column.Count != columns[0].Count)
                throw new ArgumentException($"the column '{column.Name}' has {column.Count} rows where '{columns[0].Name}' has {columns[0].Count}.", nameof(columns));
            if (!byName.TryAdd(column.Name, column)) throw new ArgumentException($"two columns have the name '{column.Name}'.", nameof(columns));
        }
        Columns = columns;
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>
    /// What a reader took for granted or left out, in plain sentences: what stands between fields, whether there is a header, what counts as missing, which columns
    /// were renamed. Empty for a table that was not read.
    /// </summary>
    public IReadOnlyList<string> Understood { get; init; } = [];

    /// <summary>The options with which <see cref="DelimitedText"/> reads another file as it read this one; null when it did not read it.</summary>
    public DelimitedTextOptions? Layout { get; init; }

    /// <summary>Whether what it does not mention is zero, columns included.</summary>
    internal bool IsSparse { get; init; }

    /// <summary>How many lines between the rows of delimited text are blank or comments.</summary>
    internal int SkippedLines { get; init; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Columns[0].Count;

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Names => Columns.Select(column => column.Name);

    /// <summary>The column of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TableColumn this[string name] => byName.TryGetValue(name, out var column)
        ? column
        : throw new KeyNotFoundException($"there is no column '{name}': the columns are {string.Join(", ", Names)}.");

    /// <summary>The numbers of a column, [rows].</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOperationException">It holds text.</exception>
    public Tensor Numbers(string name) => Numbers(this[name]);

    /// <summary>The texts of a column.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOperationException">It holds numbers.</exception>
    public IReadOnlyList<string> Texts(string name) => this[name] is TableColumn.Text text
        ? text.Values
        : throw new InvalidOperationException($"the column '{name}' holds numbers, not text.");

    /// <summary>Columns of numbers side by side, f64 [rows, columns]: those of the names, or all that are numeric when none is given (<see cref="Understood"/> says why a column is not).</summary>
    /// <exception cref="KeyNotFoundException">A name is not there.</exception>
    /// <exception cref="InvalidOperationException">A named column holds text.</exception>
    public Tensor Matrix(params IReadOnlyList<string> names)
    {
        double[][] columns = [.. (names.Count == 0 ? Columns.OfType<TableColumn.Numeric>() : names.Select(name => this[name])).Select(column => Numbers(column).ToDoubles())];
        var elements = new double[RowCount * columns.Length];
        for (var i = 0; i < elements.Length; i++) elements[i] = columns[i % columns.Length][i / columns.Length];
        return Tensor.From(elements, [RowCount, columns.Length]);
    }

    private static Tensor Numbers(TableColumn column) => column is TableColumn.Numeric numbers
        ? numbers.Values
        : throw new InvalidOperationException($"the column '{column.Name}' holds text, not numbers: ToClasses makes numbers of labels.");
}
