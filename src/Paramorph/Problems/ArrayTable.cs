using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>
/// Arrays with names as a table: those that have a row for each example stand side by side. A vector, or a matrix of one column, is a column of its name; the columns of a wider matrix
/// have its name and their number, as in <c>x_0</c>.
/// </summary>
internal sealed class ArrayTable
{
    private static readonly string[] UsualTargets = [.. TableSource.UsualTargets, "targets", "labels", "classes", "outputs"];

    private readonly Dictionary<string, string[]> columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> leftOut = new(StringComparer.Ordinal);

    private ArrayTable(DataContent.OfArrays content, int rows)
    {
        var parts = new List<TableColumn>();
        foreach (var (name, array) in content.Arrays)
        {
            if (Matrix(array, rows) is { } matrix) Add(name, matrix, parts);
            else leftOut[name] = $"{name} is {array.Type}, and the others have {rows} rows";
        }
        foreach (var (name, texts) in content.Texts)
        {
            if (texts.Count == rows) (columns[name], parts) = ([name], [.. parts, new TableColumn.Text(name, texts)]);
            else leftOut[name] = $"{name} holds {texts.Count} texts, and the others have {rows} rows";
        }
        foreach (var (name, reason) in content.Unreadable) leftOut[name] = $"{name} cannot be read: {reason.TrimEnd('.')}";
        Table = new(parts) { Understood = [.. leftOut.Values.Select(reason => $"left out: {reason}")] };
    }

    /// <summary>The columns.</summary>
    public Table Table { get; }

    /// <summary>The array that is predicted when nobody says so: the one with a usual name, or the only one of one column beside wider ones; null where that is not clear.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="ProblemException">One with a usual name is there, but cannot be used.</exception>
    public string? Target(string path)
    {
        if (columns.Keys.FirstOrDefault(IsUsual) is { } named) return named;
        if (leftOut.Keys.FirstOrDefault(IsUsual) is { } lost) throw new ProblemException($"{path} has an array {lost}, which is predicted, but {leftOut[lost]}.");
        string[] narrow = [.. columns.Where(pair => pair.Value.Length == 1).Select(pair => pair.Key)];
        return narrow.Length == 1 && columns.Count > 1 ? narrow[0] : null;
    }

    /// <summary>The columns of an array; null where there is none of the name.</summary>
    /// <exception cref="ProblemException">It is there, but cannot be used.</exception>
    public string[]? Columns(string path, string array) =>
        leftOut.TryGetValue(array, out var reason) ? throw new ProblemException($"the array {array} of {path} cannot be a column: {reason}.") : columns.GetValueOrDefault(array);

    /// <summary>
    /// Whether arrays hold a table that needs no further word: one with the name of a target, which is not the axis of a grid, beside others of as many rows; or one that is lost beside
    /// matrices alone, which is to be said rather than passed over.
    /// </summary>
    public static bool IsClear(DataContent.OfArrays content)
    {
        if (!content.Arrays.Keys.Concat(content.Texts.Keys).Concat(content.Unreadable.Keys).Any(IsUsual) || Of(content) is not { } table) return false;
        return table.columns.FirstOrDefault(pair => IsUsual(pair.Key)) is { Value: { } target }
            ? table.columns.Count > 1 && !target.All(name => IsAxis(table.Table[name]))
            : table.leftOut.Keys.Any(IsUsual) && content.Arrays.Values.All(array => array.Rank <= 2);
    }

    /// <summary>Arrays as a table of as many rows as most of them have; null where none has rows.</summary>
    public static ArrayTable? Of(DataContent.OfArrays content)
    {
        var sizes = content.Arrays.Values.Where(array => !array.ElementType.IsComplex() && array.Rank is 1 or 2 && array.Count > 0)
            .Select(array => array.Rank == 2 && array.Shape[0] == 1 && content.Arrays.Count > 1 ? (Rows: array.Shape[1], Columns: 1) : (Rows: array.Shape[0], Columns: array.Rank == 1 ? 1 : array.Shape[1]))
            .Concat(content.Texts.Values.Select(texts => (Rows: texts.Count, Columns: 1)));
        var best = sizes.GroupBy(size => size.Rows).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Max(size => size.Columns)).ThenByDescending(group => group.Key).FirstOrDefault();
        return best is null || best.Key == 0 || (best.Key == 1 && content.Arrays.Count > 1) ? null : new(content, best.Key);
    }

    /// <summary>Whether the numbers of a column rise from row to row, as places along a grid do and answers in the order of examples do not.</summary>
    private static bool IsAxis(TableColumn column) =>
        column is TableColumn.Numeric { Values: var values } && values.ToDoubles() is var numbers && Enumerable.Range(1, numbers.Length - 1).All(i => numbers[i] > numbers[i - 1]);

    private static bool IsUsual(string name) => UsualTargets.Contains(name[(name.LastIndexOf('/') + 1)..], StringComparer.OrdinalIgnoreCase);

    /// <summary>An array as [rows, columns]; null where it has other rows. MATLAB has no vectors, but matrices of one row or column.</summary>
    private static Tensor? Matrix(Tensor array, int rows)
    {
        if (array.ElementType.IsComplex() || array.Count == 0) return null;
        if (array.Rank == 1 && array.Shape[0] == rows) return array.ExpandDims(1).Evaluate();
        if (array.Rank != 2) return null;
        return array.Shape[0] == rows ? array : array.Shape[0] == 1 && array.Shape[1] == rows ? array.Reshape(rows, 1).Evaluate() : null;
    }

    private void Add(string name, Tensor matrix, List<TableColumn> parts)
    {
        var (width, values) = (matrix.Shape[1], matrix.ToDoubles());
        columns[name] = width == 1 ? [name] : [.. Enumerable.Range(0, width).Select(column => $"{name}_{column}")];
        foreach (var (place, column) in columns[name].Index())
            parts.Add(new TableColumn.Numeric(column, Tensor.From<double>([.. Enumerable.Range(0, matrix.Shape[0]).Select(row => values[row * width + place])])));
    }
}
