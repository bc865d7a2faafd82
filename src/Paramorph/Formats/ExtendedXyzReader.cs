using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>Goes through the structures of an extended XYZ file.</summary>
internal sealed class ExtendedXyzReader(TextReader reader, InputFile file, string energyName, string forcesName)
{
    /// <summary>What numbers behind the position of an atom of plain XYZ are called.</summary>
    private const string ExtraName = "extra";

    private const string CommentName = "comment";
    private const int PlainWidth = 4;
    private static readonly char[] Blanks = [' ', '\t'];
    private int line;

    /// <summary>A property of atoms and the values seen so far.</summary>
    private sealed record Column(string Name, char Kind, int Width)
    {
        public List<string> Words { get; } = [];

        public List<double> Numbers { get; } = [];

        public List<long> Integers { get; } = [];
    }

    private string Place => $"line {line}";

    /// <summary>The next structure; null at the end.</summary>
    public AtomicStructure? Next()
    {
        string? first;
        do first = ReadLine();
        while (first is not null && string.IsNullOrWhiteSpace(first));
        if (first is null) return null;
        if (!int.TryParse(first, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count))
            throw file.Error(Place, $"a number of atoms should stand here, not '{Shortened(first)}'.");
        var comment = ReadLine() ?? throw file.Error(Place, "the file ends before the line that describes the structure.");
        var notes = Notes(comment);
        var isPlain = !notes.Remove("Properties", out var layout);
        var columns = Columns(layout ?? "species:S:1:pos:R:3");
        for (var atom = 0; atom < count; atom++)
        {
            var words = AtomWords(atom, count);
            if (atom == 0 && isPlain && words.Length > PlainWidth && words.Skip(PlainWidth).All(word => IsNumber(word, out _)))
                columns.Add(new(ExtraName, 'R', words.Length - PlainWidth));
            ReadAtom(columns, words);
        }
        if (isPlain && comment.StartsWith("gdb ", StringComparison.Ordinal)) ReadQm9Notes(notes);
        return Structure(columns, count, notes);
    }

    /// <summary>What the data set QM9 writes behind the atoms of a molecule. (Ramakrishnan et al., "Quantum chemistry structures and properties", 2014.)</summary>
    private void ReadQm9Notes(OrderedDictionary<string, string> notes)
    {
        foreach (var name in (ReadOnlySpan<string>)["frequencies", "smiles", "inchi"])
            if (ReadLine() is { } text) notes.TryAdd(name, text.Trim());
    }

    /// <summary>The pairs of a line that describes a structure. Plain XYZ has any text there, which is one note when it is not made of pairs.</summary>
    private OrderedDictionary<string, string> Notes(string comment)
    {
        if (comment.Contains("Properties=", StringComparison.Ordinal) || comment.Contains("Lattice=", StringComparison.Ordinal)) return ReadNotes(comment);
        try
        {
            return ReadNotes(comment);
        }
        catch (UnreadableFileException)
        {
            return new() { [CommentName] = comment.Trim() };
        }
    }

    private string? ReadLine()
    {
        line++;
        return reader.ReadLine();
    }

    private AtomicStructure Structure(List<Column> columns, int count, OrderedDictionary<string, string> notes)
    {
        var species = columns.Find(column => column is { Name: "species" or "element", Kind: 'S', Width: 1 }) ?? throw file.Error(Place, "the properties have no species:S:1.");
        var positions = columns.Find(column => column is { Name: "pos" or "positions", Kind: 'R', Width: 3 }) ?? throw file.Error(Place, "the properties have no pos:R:3.");
        var forces = columns.Find(column => column.Name == forcesName && column is { Kind: 'R', Width: 3 });
        Tensor? cell = null;
        if (notes.Remove("Lattice", out var lattice)) cell = Tensor.From(Numbers(lattice, 9, "Lattice"), [3, 3]);
        var periodic = notes.Remove("pbc", out var pbc) ? Flags(pbc) : (cell is not null, cell is not null, cell is not null);
        double? energy = notes.Remove(energyName, out var text) ? Numbers(text, 1, energyName)[0] : null;
        var (others, labels) = (new OrderedDictionary<string, Tensor>(), new OrderedDictionary<string, IReadOnlyList<string>>());
        foreach (var column in columns.Where(column => column != species && column != positions && column != forces))
        {
            if (column.Kind == 'S') labels.Add(column.Name, [.. column.Words.Chunk(column.Width).Select(words => string.Join(' ', words))]);
            else others.Add(column.Name, Values(column, count));
        }
        return new(species.Words, Values(positions, count))
        {
            Cell = cell,
            Periodic = periodic,
            Energy = energy,
            Forces = forces is null ? null : Values(forces, count),
            Info = notes,
            Properties = others,
            Labels = labels,
        };
    }

    private static Tensor Values(Column column, int count)
    {
        Shape shape = column.Width == 1 ? [count] : [count, column.Width];
        return column.Kind switch
        {
            'R' => Tensor.From([.. column.Numbers], shape),
            'I' => Tensor.From([.. column.Integers], shape),
            _ => Tensor.From([.. column.Integers.Select(truth => truth != 0)], shape),
        };
    }

    private List<Column> Columns(string layout)
    {
        var parts = layout.Split(':');
        var columns = new List<Column>();
        for (var i = 0; i < parts.Length; i += 3)
        {
            var isWhole = i + 2 < parts.Length && parts[i].Length > 0 && parts[i + 1] is "S" or "R" or "I" or "L";
            if (!isWhole || !int.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out var width) || width < 1 || width > file.Limits.MaxColumns)
                throw file.Error(Place, $"the properties '{Shortened(layout)}' are not name:kind:count of kinds S, R, I and L, joined by colons.");
            if (columns.Count == file.Limits.MaxColumns) throw file.Error(Place, $"there are more than {columns.Count} properties (FormatLimits.MaxColumns).");
            columns.Add(new(parts[i], parts[i + 1][0], width));
        }
        return columns.DistinctBy(column => column.Name).Count() == columns.Count ? columns : throw file.Error(Place, "a property stands there twice.");
    }

    private string[] AtomWords(int atom, int count) =>
        (ReadLine() ?? throw file.Error(Place, $"the file ends at atom {atom} of {count}.")).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private void ReadAtom(List<Column> columns, string[] words)
    {
        var next = 0;
        foreach (var column in columns)
        {
            for (var i = 0; i < column.Width; i++)
            {
                if (next == words.Length) throw file.Error(Place, $"the line has {words.Length} values, fewer than the properties say.");
                Add(column, words[next++]);
            }
        }
        if (next != words.Length) throw file.Error(Place, $"the line has {words.Length} values where the properties say {next}.");
    }

    private void Add(Column column, string word)
    {
        switch (column.Kind)
        {
            case 'S':
                column.Words.Add(word);
                break;
            case 'R':
                column.Numbers.Add(Number(word, column.Name));
                break;
            case 'I' when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer):
                column.Integers.Add(integer);
                break;
            case 'L' when Truth(word) is { } truth:
                column.Integers.Add(truth ? 1 : 0);
                break;
            default:
                throw file.Error(Place, $"'{Shortened(word)}' is not {(column.Kind == 'I' ? "an integer" : "T or F")}, as {column.Name} is.");
        }
    }

    private double Number(string word, string name) =>
        IsNumber(word, out var number) ? number : throw file.Error(Place, $"'{Shortened(word)}' is no number, as {name} is.");

    /// <summary>Mathematica, with which QM9 was made, writes <c>*^</c> before an exponent.</summary>
    private static bool IsNumber(string word, out double number) =>
        double.TryParse(word.Replace("*^", "E", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private double[] Numbers(string text, int count, string name)
    {
        var words = text.Split([' ', '\t', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == count ? Array.ConvertAll(words, word => Number(word, name)) : throw file.Error(Place, $"{name} has {words.Length} numbers instead of {count}.");
    }

    private (bool, bool, bool) Flags(string text)
    {
        var flags = Array.ConvertAll(text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries), Truth);
        return flags is [{ } a, { } b, { } c] ? (a, b, c) : throw file.Error(Place, $"pbc is '{Shortened(text)}' instead of three of T and F.");
    }

    private static bool? Truth(string word) => word switch
    {
        "T" or "True" or "true" or "TRUE" or "1" => true,
        "F" or "False" or "false" or "FALSE" or "0" => false,
        _ => null,
    };

    /// <summary>The pairs name=value of the line that describes a structure. A name alone is true, as in a comment of plain XYZ, where words may repeat.</summary>
    private OrderedDictionary<string, string> ReadNotes(string text)
    {
        var notes = new OrderedDictionary<string, string>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at == text.Length) return notes;
            var name = Word(text, ref at, '=');
            while (at < text.Length && char.IsWhiteSpace(text[at]) && text.AsSpan(at).TrimStart() is ['=', ..]) at++;
            if (at == text.Length || text[at] != '=')
            {
                notes.TryAdd(name, "T");
                continue;
            }
            var isSpaced = char.IsWhiteSpace(text[at - 1]);
            at++;
            if (isSpaced || !IsPairNext(text.AsSpan(at))) while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (!notes.TryAdd(name, Word(text, ref at, '\0'))) throw file.Error(Place, $"'{Shortened(name)}' stands there twice.");
        }
    }

    /// <summary>Whether white space and another pair follow, so that the value before is empty, as ASE writes empty text.</summary>
    private static bool IsPairNext(ReadOnlySpan<char> rest)
    {
        var next = rest.TrimStart();
        if (next.Length == rest.Length || next.IsEmpty || next[0] is '"' or '\'' or '{' or '[') return false;
        return next[..(next.IndexOfAny(Blanks) is >= 0 and var end ? end : next.Length)].IndexOf('=') > 0;
    }

    /// <summary>A word up to white space or an end sign, or what stands in quotes or brackets.</summary>
    private string Word(string text, ref int at, char end)
    {
        if (at == text.Length) return "";
        var close = text[at] switch { '"' => '"', '\'' => '\'', '{' => '}', '[' => ']', _ => '\0' };
        if (close != '\0') return Enclosed(text, ref at, close);
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] != end) at++;
        return text[start..at];
    }

    private string Enclosed(string text, ref int at, char close)
    {
        var (word, open, depth) = (new StringBuilder(), text[at], 1);
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                word.Append(text[++at] == 'n' ? '\n' : text[at]);
                continue;
            }
            if (text[at] == close && --depth == 0)
            {
                at++;
                return word.ToString();
            }
            if (text[at] == open) depth++;
            word.Append(text[at]);
        }
        throw file.Error(Place, $"'{open}' is opened and never closed.");
    }

    private static string Shortened(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
