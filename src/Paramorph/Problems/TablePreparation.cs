using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>From rows of a table to the inputs of a model: columns as <see cref="ColumnCode"/> says.</summary>
/// <param name="Columns">The columns that are inputs, in order.</param>
/// <param name="Targets">The names of the columns that are predicted.</param>
/// <param name="HasNames">Whether the file named its columns; else they are known by their places.</param>
/// <param name="Width">Columns of the file.</param>
public abstract record TablePreparation(IReadOnlyList<ColumnCode> Columns, IReadOnlyList<string> Targets, bool HasNames, int Width) : Preparation
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape RawInput => [Columns.Count];

    /// <summary>Features of an input.</summary>
    [JsonIgnore]
    public int Features => Columns.Sum(column => column.Features);

    /// <summary>
    /// The number of the group of each feature: features of one column belong together, and so do columns whose names have the same before the last dot, as <c>cache.L2</c> and <c>cache.L3</c>.
    /// </summary>
    [JsonIgnore]
    public Sequence<int> Groups
    {
        get
        {
            string[] names = [.. Columns.Select(column => HasNames && column.Name.LastIndexOf('.') is > 0 and var dot ? column.Name[..dot] : column.Name)];
            string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];
            return [.. Columns.Zip(names).SelectMany(pair => Enumerable.Repeat(Array.IndexOf(distinct, pair.Second), pair.First.Features))];
        }
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw)
    {
        // Numbers that are never missing make up most tables: those are standardised together.
        var parts = new List<Tensor>();
        for (var i = 0; i < Columns.Count;)
        {
            var plain = Columns.Skip(i).TakeWhile(column => column is { Type: ColumnType.Number, HasMissing: false }).ToArray();
            if (plain.Length > 0)
            {
                var part = i == 0 && plain.Length == Columns.Count ? raw : raw[.., i..(i + plain.Length)];
                var (mean, scale) = (Tensor.From<double>([.. plain.Select(column => column.Mean)]), Tensor.From<double>([.. plain.Select(column => column.Scale)]));
                parts.Add((Tensor.Where(Tensor.IsNaN(part), mean, part) - mean) / scale);
                i += plain.Length;
            }
            else
            {
                parts.Add(Columns[i].Encode(raw[.., i]));
                i++;
            }
        }
        return Tensor.Concatenate(parts, 1).AsType(ElementType.Float32);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => [.. Columns.Select(column => column.Describe(HasNames))];

    /// <inheritdoc/>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        var table = TableSource.Tabular(content, HasNames);
        return Raw(Columns, column => Find(content.Path, table, column.Name), table.RowCount, notes);
    }

    /// <summary>Columns of a table as raw numbers: f64 [rows, columns].</summary>
    internal static Tensor Raw(IReadOnlyList<ColumnCode> columns, Func<ColumnCode, TableColumn> find, int rows, ICollection<string> notes)
    {
        var raw = new double[(long)rows * columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            var values = columns[i].Raw(find(columns[i]), notes);
            for (var row = 0; row < rows; row++) raw[row * columns.Count + i] = values[row];
        }
        return Tensor.From(raw, [rows, columns.Count]);
    }

    private TableColumn Find(string path, Table table, string name)
    {
        if (HasNames || table.Columns.Count >= Width)
        {
            // What has names here had places in training.
            if (!HasNames && int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) is var own && own < table.Columns.Count) return table.Columns[own];
            return table.Names.Contains(name, StringComparer.Ordinal)
                ? table[name]
                : table.IsSparse ? new TableColumn.Numeric(name, Tensor.Zeros([table.RowCount], ElementType.Float64).Evaluate())
                : throw new ProblemException($"{path} has no column {name}, which the model needs: it has {string.Join(", ", table.Names.Take(20))}.");
        }
        // Without names a file for prediction lacks nothing but the columns that are predicted.
        var inputs = Width - Targets.Count;
        if (table.Columns.Count != inputs) throw new ProblemException($"{path} has {table.Columns.Count} columns without names; the model needs the {inputs} that it was trained on, in their order.");
        var place = int.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
        return table.Columns[place - Targets.Count(target => int.Parse(target, System.Globalization.CultureInfo.InvariantCulture) < place)];
    }
}
