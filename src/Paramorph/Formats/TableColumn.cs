namespace Paramorph.Formats;

/// <summary>A column of a <see cref="Table"/>.</summary>
public abstract record TableColumn
{
    private TableColumn(string name) => Name = name;

    /// <summary>Its name; its number from 0 where the file gives none.</summary>
    public string Name { get; init; }

    /// <summary>The number of rows.</summary>
    public int Count => this switch
    {
        Numeric numbers => numbers.Values.Count,
        Text text => text.Values.Count,
        _ => 0,
    };

    /// <summary>A column of numbers.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Values">The numbers, [rows]; NaN where a value is missing. f64 when read from a file, but i64 when whole numbers are beyond 2^53.</param>
    public sealed record Numeric(string Name, Tensor Values) : TableColumn(Name);

    /// <summary>A column of text.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Values">The text of each row.</param>
    public sealed record Text(string Name, IReadOnlyList<string> Values) : TableColumn(Name)
    {
        /// <summary>The texts as classes: the different ones in ordinal order, and for each row which one it is, i32 [rows].</summary>
        public (Tensor Codes, IReadOnlyList<string> Labels) ToClasses()
        {
            string[] labels = [.. Values.Distinct().Order(StringComparer.Ordinal)];
            var codes = labels.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
            return (Tensor.From([.. Values.Select(value => codes[value])], [Count]), labels);
        }
    }
}
