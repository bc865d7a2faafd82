using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// ARFF, the tables of Weka: attributes with types, then rows, dense or sparse, compressed by gzip or not. Numeric attributes are columns of numbers; nominal ones, strings and
/// dates are text. <c>?</c> is missing: NaN, or the empty text.
/// </summary>
public static class Arff
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">
    /// The content is not what the format says, a value is not of the type of its attribute, an attribute is relational, there are no rows, or the content is beyond the limits.
    /// </exception>
    public static Table Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Table Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    private static Table Read(InputFile file)
    {
        using var lines = new NumberedLines(file);
        var attributes = ReadAttributes(lines, file);
        var rows = 0;
        while (lines.Next() is { } line)
        {
            if (IsBlank(line)) continue;
            if ((long)++rows * attributes.Count > file.Limits.MaxElements) throw lines.Error($"{rows} rows of {attributes.Count} columns are more than {file.Limits.MaxElements} fields (FormatLimits.MaxElements).");
            if (line.TrimStart().StartsWith('{')) AddSparse(attributes, line, lines);
            else AddDense(attributes, line, lines);
        }
        return rows > 0
            ? new([.. attributes.Select(attribute => attribute.Column())]) { Understood = file.TextEncoding.Note is { } note ? [note] : [] }
            : throw file.Error("", "there are no rows.");
    }

    private static List<Attribute> ReadAttributes(NumberedLines lines, InputFile file)
    {
        var (attributes, names) = (new List<Attribute>(), new HashSet<string>());
        while (lines.Next() is { } line)
        {
            if (IsBlank(line) || Starts(line, "@relation")) continue;
            if (Starts(line, "@data")) return attributes.Count > 0 ? attributes : throw lines.Error("the data start, but there is no attribute.");
            if (!Starts(line, "@attribute")) throw lines.Error("this is no ARFF file: @relation, @attribute or @data should stand here.");
            var attribute = Attribute.Of(line.Trim()["@attribute".Length..], lines);
            if (!names.Add(attribute.Name)) throw lines.Error($"the attribute '{attribute.Name}' stands there twice.");
            attributes.Add(attribute);
            if (attributes.Count > file.Limits.MaxColumns) throw lines.Error($"there are more than {file.Limits.MaxColumns} attributes (FormatLimits.MaxColumns).");
        }
        throw file.Error("", "this is no ARFF file: there is no @data.");
    }

    private static void AddDense(List<Attribute> attributes, string line, NumberedLines lines)
    {
        var fields = Fields(line, lines);
        if (fields.Count != attributes.Count) throw lines.Error($"the row has {fields.Count} fields, but there are {attributes.Count} attributes.");
        for (var i = 0; i < fields.Count; i++) attributes[i].Add(fields[i], lines);
    }

    /// <summary>A row such as <c>{1 0.5, 3 red}</c>: what it does not mention is zero, or the first of the values of a nominal attribute.</summary>
    private static void AddSparse(List<Attribute> attributes, string line, NumberedLines lines)
    {
        var inner = line.Trim();
        if (!inner.EndsWith('}')) throw lines.Error("a brace is opened and not closed at the end of the line.");
        var given = new Dictionary<int, Field>();
        foreach (var field in inner[1..^1].Trim().Length == 0 ? [] : Fields(inner[1..^1], lines))
        {
            var parts = field.Text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || !int.TryParse(parts[0], out var index) || index < 0 || index >= attributes.Count || !given.TryAdd(index, Fields(parts[1], lines)[0]))
                throw lines.Error($"'{field.Text}' is no field of a sparse row: it is the number of an attribute, from 0 to {attributes.Count - 1} and once in a row, and a value.");
        }
        for (var i = 0; i < attributes.Count; i++) attributes[i].Add(given.GetValueOrDefault(i, new(attributes[i].Zero, true)), lines);
    }

    private static bool IsBlank(string line) => line.AsSpan().Trim() is [] or ['%', ..];

    private static bool Starts(string line, string word) => line.AsSpan().TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields between commas, with quotes of both kinds and backslashes in them undone. In a sparse row the number before a quoted value stays before it.</summary>
    private static List<Field> Fields(string text, NumberedLines lines)
    {
        var (fields, field, quote, isQuoted) = (new List<Field>(), new StringBuilder(), '\0', false);
        void End()
        {
            fields.Add(new(isQuoted ? field.ToString() : field.ToString().Trim(), isQuoted));
            field.Clear();
            isQuoted = false;
        }
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\0' && i + 1 < text.Length) field.Append(text[++i]);
            else if (c == quote) quote = '\0';
            else if (quote != '\0') field.Append(c);
            else if (c is '\'' or '"' && field.ToString().Trim().Length == 0) (quote, isQuoted, _) = (c, true, field.Clear());
            else if (c == ',') End();
            else if (!isQuoted || !char.IsWhiteSpace(c)) field.Append(c);
        }
        if (quote != '\0') throw lines.Error("a quote is opened and not closed.");
        End();
        return fields;
    }

    private readonly record struct Field(string Text, bool IsQuoted);

    /// <summary>An attribute and its values so far.</summary>
    private sealed class Attribute
    {
        private static readonly string[] texts = ["string", "date"];
        private static readonly string[] kinds = ["numeric", "real", "integer", .. texts];
        private readonly List<double> numbers = [];
        private readonly List<string> words = [];
        private readonly string[]? values;
        private readonly bool isText;

        private Attribute(string name, string[]? values, bool isText) => (Name, this.values, this.isText) = (name, values, isText);

        public string Name { get; }

        /// <summary>What a sparse row does not mention.</summary>
        public string Zero => values is [var first, ..] ? first : isText ? "" : "0";

        public static Attribute Of(string declaration, NumberedLines lines)
        {
            var text = declaration.Trim();
            var isQuoted = text is ['\'' or '"', ..];
            var end = isQuoted ? text.IndexOf(text[0], 1) : text.IndexOfAny([' ', '\t', '{']);
            if (end <= 0) throw lines.Error("an attribute has a name and a type.");
            var name = isQuoted ? text[1..end] : text[..end];
            var type = text[(isQuoted ? end + 1 : end)..].Trim();
            if (type is ['{', .., '}']) return new(name, [.. Fields(type[1..^1], lines).Select(field => field.Text)], isText: true);
            var kind = type.Split((char[]?)null, 2)[0].ToLowerInvariant();
            return kinds.Contains(kind) ? new(name, null, texts.Contains(kind)) : throw lines.Error($"the type '{type}' of the attribute '{name}' is not read: numeric, real, integer, string, date and {{values}} are.");
        }

        public void Add(Field field, NumberedLines lines)
        {
            var isMissing = field is { Text: "?", IsQuoted: false };
            if (isText)
            {
                if (!isMissing && values is not null && !values.Contains(field.Text)) throw lines.Error($"'{field.Text}' is none of the values of the attribute '{Name}'.");
                words.Add(isMissing ? "" : field.Text);
            }
            else if (isMissing) numbers.Add(double.NaN);
            else if (NumberText.Parse(Encoding.UTF8.GetBytes(field.Text), '.', out var number) != NumberText.Form.None) numbers.Add(number);
            else throw lines.Error($"'{field.Text}' is no number, but the attribute '{Name}' is numeric.");
        }

        public TableColumn Column() => isText ? new TableColumn.Text(Name, words) : new TableColumn.Numeric(Name, Tensor.From<double>([.. numbers]));
    }
}
