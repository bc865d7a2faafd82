using System.Globalization;

namespace Paramorph.Formats;

/// <summary>What the header of an NPY file says: <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>.</summary>
internal sealed record NpyHeader(StoredType Type, bool IsBigEndian, bool IsFortranOrder, long[] Shape)
{
    /// <summary>NumPy's name of an element type, in the byte order in which we write.</summary>
    public static string Description(ElementType type) => type switch
    {
        ElementType.Bool => "|b1",
        ElementType.UInt8 => "|u1",
        ElementType.Int8 => "|i1",
        ElementType.Int32 => "<i4",
        ElementType.Int64 => "<i8",
        ElementType.Float32 => "<f4",
        ElementType.Float64 => "<f8",
        ElementType.Complex64 => "<c8",
        _ => "<c16",
    };

    public static NpyHeader Parse(string text, InputFile file) => new Parser(text, file).Header();

    /// <summary>The few literals of Python that a header consists of.</summary>
    private sealed class Parser(string text, InputFile file)
    {
        private int next;

        public NpyHeader Header()
        {
            (StoredType Type, bool IsBigEndian)? type = null;
            bool? isFortranOrder = null;
            long[]? shape = null;
            Expect('{');
            while (!Skip('}'))
            {
                var key = Quoted();
                Expect(':');
                switch (key)
                {
                    case "descr" when type is null: type = TypeOf(Quoted()); break;
                    case "fortran_order" when isFortranOrder is null: isFortranOrder = Boolean(); break;
                    case "shape" when shape is null: shape = Sizes(); break;
                    default: throw Error($"the key '{key}' is not one of descr, fortran_order and shape, or stands there twice.");
                }
                if (Skip(',')) continue;
                Expect('}');
                break;
            }
            if (Peek() is { } rest) throw Error($"'{rest}' follows the dictionary.");
            return type is { } found && isFortranOrder is { } order && shape is not null
                ? new(found.Type, found.IsBigEndian, order, shape)
                : throw Error("one of the keys descr, fortran_order and shape is missing.");
        }

        private (StoredType, bool) TypeOf(string description)
        {
            StoredType? type = description.Length < 2 ? null : description[1..] switch
            {
                "b1" => StoredType.Bool,
                "u1" => StoredType.UInt8,
                "i1" => StoredType.Int8,
                "u2" => StoredType.UInt16,
                "i2" => StoredType.Int16,
                "u4" => StoredType.UInt32,
                "i4" => StoredType.Int32,
                "u8" => StoredType.UInt64,
                "i8" => StoredType.Int64,
                "f2" => StoredType.Float16,
                "f4" => StoredType.Float32,
                "f8" => StoredType.Float64,
                "c8" => StoredType.Complex64,
                "c16" => StoredType.Complex128,
                _ => null,
            };
            if (type is null || !(description[0] is '<' or '>' or '=' || (description[0] == '|' && type.Value.Size() == 1)))
                throw OtherKind($"elements of type '{description}' are not read: booleans, integers, floating point and complex numbers of up to 8 bytes a part are.");
            return (type.Value, description[0] == '>');
        }

        private long[] Sizes()
        {
            var sizes = new List<long>();
            Expect('(');
            while (!Skip(')'))
            {
                sizes.Add(Integer());
                if (Skip(',')) continue;
                Expect(')');
                break;
            }
            return [.. sizes];
        }

        private long Integer()
        {
            Peek();
            var start = next;
            while (next < text.Length && char.IsAsciiDigit(text[next])) next++;
            if (!long.TryParse(text.AsSpan(start..next), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) throw Error("a size from 0 to 2^63 - 1 should stand here.");
            // Python 2 wrote long integers with an L.
            if (next < text.Length && text[next] == 'L') next++;
            return value;
        }

        private bool Boolean()
        {
            Peek();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
            {
                if (!text.AsSpan(next).StartsWith(word, StringComparison.Ordinal)) continue;
                next += word.Length;
                return value;
            }
            throw Error("True or False should stand here.");
        }

        private string Quoted()
        {
            if (Peek() is '[' or '(') throw OtherKind("text in quotes should stand here; structured arrays are not read.");
            if (Peek() is not ('\'' or '"')) throw Error("text in quotes should stand here.");
            var end = text.IndexOf(text[next], next + 1);
            if (end < 0) throw Error("the quote is not closed.");
            var quoted = text[(next + 1)..end];
            next = end + 1;
            return quoted;
        }

        private bool Skip(char expected)
        {
            if (Peek() != expected) return false;
            next++;
            return true;
        }

        private void Expect(char expected)
        {
            if (!Skip(expected)) throw Error($"'{expected}' should stand here.");
        }

        /// <summary>The next character that is not white space; null at the end.</summary>
        private char? Peek()
        {
            while (next < text.Length && text[next] is ' ' or '\n' or '\r' or '\t') next++;
            return next < text.Length ? text[next] : null;
        }

        private UnreadableFileException Error(string problem) => file.Error(Place, problem);

        private UnreadableFileException OtherKind(string problem) => file.OtherKind(Place, problem);

        private string Place => $"header, character {next + 1}";
    }
}
