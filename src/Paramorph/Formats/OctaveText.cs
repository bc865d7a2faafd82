using System.Globalization;
using System.Numerics;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The text format of Octave, in which its <c>save</c> writes when no other is asked for, compressed by gzip (<c>-z</c>) or not. Values are those of <see cref="MatlabValue"/>. (GNU Octave,
/// libinterp/corefcn/ls-oct-text.cc and the values' <c>save_ascii</c>.)
/// </summary>
public static class OctaveText
{
    /// <summary>Reads the variables of a file, in its order; of kinds that are not read <see cref="MatlabValue.Unsupported"/> stands there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, or beyond the limits.</exception>
    public static IReadOnlyDictionary<string, MatlabValue> Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static IReadOnlyDictionary<string, MatlabValue> Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    /// <summary>Whether a text begins as Octave writes it.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("# Created by Octave"u8)
        || (start.StartsWith("# name: "u8) && start.IndexOf((byte)'\n') is > 0 and var end && start[(end + 1)..].StartsWith("# type: "u8));

    private static OrderedDictionary<string, MatlabValue> Read(InputFile file)
    {
        var variables = new OrderedDictionary<string, MatlabValue>();
        using var lines = new NumberedLines(file);
        var reader = new Reader(file, lines);
        while (reader.Find("name") is { } name)
            if (!variables.TryAdd(name, reader.Value(0))) throw lines.Error($"the variable '{name}' stands there twice.");
        return variables.Count > 0 ? variables : throw file.Error("", "this is no text of Octave: no line '# name: ...' stands in it.");
    }

    private sealed class Reader(InputFile file, NumberedLines lines)
    {
        private readonly Queue<string> words = [];

        /// <summary>What stands in the next line <c># key: ...</c>; null when there is none.</summary>
        public string? Find(string key)
        {
            while (lines.Next() is { } line)
                if (Header(line) is var (found, value) && found == key) return value;
            return null;
        }

        /// <summary>The value of a variable, from its type on.</summary>
        public MatlabValue Value(int depth)
        {
            if (depth > file.Limits.MaxDepth) throw lines.Error($"values stand more than {file.Limits.MaxDepth} deep in each other (FormatLimits.MaxDepth).");
            var type = Next("type");
            var name = type.StartsWith("global ", StringComparison.Ordinal) ? type[7..] : type;
            return name switch
            {
                "string" or "sq_string" => Text(),
                "cell" => Cell(depth),
                "scalar struct" or "struct" => Struct(name == "struct", depth),
                "range" or "double_range" => Range(),
                "bool" => new MatlabValue.Numeric(Elements("bool", [1, 1], isColumnMajor: false)),
                _ when name.StartsWith("sparse ", StringComparison.Ordinal) && name.EndsWith("matrix", StringComparison.Ordinal) => Sparse(name[7..^6].Trim()),
                _ when name.EndsWith("diagonal matrix", StringComparison.Ordinal) => Diagonal(name[..^15].Trim()),
                _ when name.EndsWith("matrix", StringComparison.Ordinal) && IsElement(name[..^6].Trim()) => Matrix(name[..^6].Trim()),
                _ when name.EndsWith("scalar", StringComparison.Ordinal) && IsElement(name[..^6].Trim()) => new MatlabValue.Numeric(Elements(name[..^6].Trim(), [1, 1], isColumnMajor: false)),
                _ => new MatlabValue.Unsupported(name),
            };
        }

        private static (string Key, string Value)? Header(string line) => line.StartsWith("# ", StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 2 and var colon
            ? (line[2..colon], line[(colon + 1)..].Trim())
            : null;

        /// <summary>What the next line that is not empty states under a key.</summary>
        private string Next(string key)
        {
            var line = lines.Next();
            while (line is { Length: 0 }) line = lines.Next();
            return line is not null && Header(line) is var (found, value) && found == key
                ? value
                : throw lines.Error($"'# {key}: ...' should stand here, not \"{line}\".");
        }

        private int Count(string text, string what) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw lines.Error($"'{text}' is no number of {what}.");

        /// <summary>The shape of an array, and whether its elements stand column by column, as those of more than two axes and of integers do.</summary>
        private (Shape Shape, bool IsColumnMajor) Size()
        {
            var line = lines.Next();
            if (line is not null && Header(line) is ("ndims", var axes)) return (Shape(Enumerable.Range(0, Count(axes, "axes")).Select(_ => Whole(Word()))), true);
            if (line is not null && Header(line) is ("rows", var rows)) return (Shape([Count(rows, "rows"), Count(Next("columns"), "columns")]), false);
            throw lines.Error($"'# rows: ...' or '# ndims: ...' should stand here, not \"{line}\".");
        }

        private Shape Shape(IEnumerable<long> sizes) => file.ShapeOf([.. sizes], 16, "an array");

        /// <summary>The next word between white space.</summary>
        private string Word()
        {
            while (words.Count == 0)
            {
                if (lines.Next() is not { } line || line.StartsWith('#')) throw lines.Error("more elements should stand here: the file is cut off or damaged.");
                foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) words.Enqueue(word);
            }
            return words.Dequeue();
        }

        private double Real(string word) =>
            word is "NA" ? double.NaN : NumberText.Parse(Encoding.UTF8.GetBytes(word), '.', out var number) != NumberText.Form.None ? number : throw lines.Error($"'{word}' is no number.");

        private long Whole(string word) => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw lines.Error($"'{word}' is no whole number of 64 bits.");

        private Complex Pair(string word) => word.Trim('(', ')').Split(',') is [var real, var imaginary] ? new(Real(real), Real(imaginary)) : throw lines.Error($"'{word}' is no complex number, written as (1,2).");

        private static bool IsElement(string name) =>
            name is "" or "float" or "bool" or "complex" or "float complex" or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64";

        private MatlabValue.Numeric Matrix(string name)
        {
            var (shape, isColumnMajor) = Size();
            return new(Elements(name, shape, isColumnMajor));
        }

        private Tensor Elements(string name, Shape shape, bool isColumnMajor)
        {
            return name switch
            {
                "float" => Of(word => (float)Real(word)),
                "bool" => Of(word => Real(word) != 0),
                "complex" => Of(Pair),
                "float complex" => Of(word => (Complex64)Pair(word)),
                "int8" => Of(word => Narrow(word, sbyte.MinValue, sbyte.MaxValue, x => (sbyte)x)),
                "uint8" => Of(word => Narrow(word, byte.MinValue, byte.MaxValue, x => (byte)x)),
                "int16" or "uint16" or "int32" => Of(word => Narrow(word, int.MinValue, int.MaxValue, x => (int)x)),
                "int64" or "uint32" or "uint64" => Of(Whole),
                _ => Of(Real),
            };

            Tensor Of<T>(Func<string, T> parse)
                where T : unmanaged
            {
                var elements = new List<T>();
                for (var i = 0; i < shape.ElementCount; i++) elements.Add(parse(Word()));
                if (words.Count > 0) throw lines.Error($"{words.Count} elements more stand here than fill an array of shape {shape}.");
                return StoredTypes.Arranged<T>([.. elements], shape, isColumnMajor);
            }
        }

        private T Narrow<T>(string word, long low, long high, Func<long, T> narrow) =>
            Whole(word) is var number && number >= low && number <= high ? narrow(number) : throw lines.Error($"{word} is beyond the range from {low} to {high}.");

        private MatlabValue.Numeric Diagonal(string name)
        {
            var (shape, _) = Size();
            var values = Elements(name, [Math.Min(shape[0], shape[1])], isColumnMajor: false);
            var places = Tensor.Arange(values.Count).AsType(ElementType.Int32).Evaluate();
            return new(new SparseMatrix(shape[0], shape[1], places, places, values).ToDense());
        }

        /// <summary>First, limit and step.</summary>
        private MatlabValue.Numeric Range()
        {
            lines.Next();
            var (first, limit, step) = (Real(Word()), Real(Word()), Real(Word()));
            words.Clear();
            var count = step == 0 ? 0 : Math.Floor((limit - first) / step * (1 + 1e-15)) + 1;
            if (!(count <= file.Limits.MaxElements)) throw lines.Error($"the range from {first} to {limit} by {step} has more than {file.Limits.MaxElements} elements (FormatLimits.MaxElements).");
            double[] values = [.. Enumerable.Range(0, (int)Math.Max(0, count)).Select(i => first + i * step)];
            return new(Tensor.From(values, [1, values.Length]));
        }

        private MatlabValue.Text Text()
        {
            var rows = new List<string>();
            for (var left = Count(Next("elements"), "rows of text"); left > 0; left--)
            {
                // A text may have line breaks of its own.
                var length = Count(Next("length"), "characters");
                var row = lines.Next() ?? "";
                while (row.Length < length && Encoding.UTF8.GetByteCount(row) < length && lines.Next() is { } more) row += "\n" + more;
                if (row.Length != length && Encoding.UTF8.GetByteCount(row) != length) throw lines.Error($"a text of {length} bytes should stand here, but has {Encoding.UTF8.GetByteCount(row)}.");
                rows.Add(row);
            }
            return new(rows);
        }

        private MatlabValue.Sparse Sparse(string name)
        {
            var count = Count(Next("nnz"), "elements");
            var shape = Shape([Count(Next("rows"), "rows"), Count(Next("columns"), "columns")]);
            var (rows, columns, values) = (new List<int>(), new List<int>(), new List<Complex>());
            for (var i = 0; i < count; i++)
            {
                var (row, column, value) = (Whole(Word()), Whole(Word()), Word());
                if (row < 1 || row > shape[0] || column < 1 || column > shape[1]) throw lines.Error($"row {row} and column {column} are not in a sparse matrix of shape {shape}.");
                rows.Add((int)row - 1);
                columns.Add((int)column - 1);
                values.Add(name == "complex" ? Pair(value) : Real(value));
            }
            Tensor elements = name switch
            {
                "complex" => Tensor.From<Complex>([.. values]),
                "bool" => Tensor.From<bool>([.. values.Select(value => value != 0)]),
                _ => Tensor.From<double>([.. values.Select(value => value.Real)]),
            };
            return new(shape[0], shape[1], Tensor.From<int>([.. rows]), Tensor.From<int>([.. columns]), elements);
        }

        private MatlabValue.Cell Cell(int depth)
        {
            var (shape, _) = Size();
            var cells = new List<MatlabValue>();
            for (var i = 0; i < shape.ElementCount; i++)
            {
                Next("name");
                cells.Add(Value(depth + 1));
            }
            return new(shape, StoredTypes.RowMajor<MatlabValue>([.. cells], shape).ToArray());
        }

        /// <summary>Fields one after the other; of an array of structures each field is a cell array.</summary>
        private MatlabValue.Struct Struct(bool isArray, int depth)
        {
            var line = lines.Next();
            var shape = Shape([1, 1]);
            if (line is not null && Header(line) is ("ndims", var axes))
            {
                shape = Shape(Enumerable.Range(0, Count(axes, "axes")).Select(_ => Whole(Word())));
                line = lines.Next();
            }
            if (line is null || Header(line) is not ("length", var length)) throw lines.Error($"'# length: ...' should stand here, not \"{line}\".");
            var fields = new OrderedDictionary<string, IReadOnlyList<MatlabValue>>();
            for (var left = Count(length, "fields"); left > 0; left--)
            {
                var name = Next("name");
                var value = Value(depth + 1);
                if (!fields.TryAdd(name, isArray && value is MatlabValue.Cell cell ? cell.Elements : [value])) throw lines.Error($"the field '{name}' stands there twice.");
            }
            return new(shape, fields);
        }
    }
}
