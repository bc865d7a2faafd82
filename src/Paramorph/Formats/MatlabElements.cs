using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Paramorph.Formats;

/// <summary>The elements, one in another, of which a variable of a MATLAB file consists.</summary>
/// <param name="content">The element of the variable.</param>
/// <param name="isBigEndian">Whether the most significant byte of a number stands first.</param>
/// <param name="file">The file, for limits and messages.</param>
/// <param name="start">Where the variable stands in the file, for messages.</param>
/// <param name="where">Which variables to read; all when null.</param>
internal sealed class MatlabElements(byte[] content, bool isBigEndian, InputFile file, long start, Func<string, bool>? where)
{
    /// <summary>The type of the element of a variable.</summary>
    public const int Matrix = 14;

    private static readonly MatlabValue Empty = new MatlabValue.Numeric(Tensor.From<double>([], [0, 0]));
    private string variable = "";

    /// <summary>The name of the variable, once it is read; empty before.</summary>
    public string Name => variable;

    /// <summary>Array classes of the format.</summary>
    private enum Class : byte
    {
        Cell = 1,
        Struct,
        Object,
        Char,
        Sparse,
        Double,
        Single,
        Int8,
        UInt8,
        Int16,
        UInt16,
        Int32,
        UInt32,
        Int64,
        UInt64,
        Function,
        Opaque,
    }

    /// <summary>A variable and its name; without a value if it is not to be read.</summary>
    /// <param name="type">The type of the element.</param>
    /// <param name="at">Where its content begins, behind the tag.</param>
    public (string Name, MatlabValue? Value) ReadVariable(uint type, int at) => type == Matrix
        ? ReadMatrix(at, content.Length, 0)
        : throw Error(at, $"an element of type {type} stands where a variable (type {Matrix}) should.");

    private (string Name, MatlabValue? Value) ReadMatrix(int at, int end, int depth)
    {
        // An element without content stands for the empty matrix.
        if (at == end) return ("", Empty);
        if (depth > file.Limits.MaxDepth) throw Error(at, $"values stand more than {file.Limits.MaxDepth} deep in each other (FormatLimits.MaxDepth).");
        var first = at;
        var flags = Take(ref at, end);
        if (flags.Type != 6 || flags.Length != 8) throw Error(first, "the flags of an array should stand here.");
        var bits = Word(flags.Start);
        var (kind, isComplex, isLogical) = ((Class)(byte)bits, (bits & 0x800) != 0, (bits & 0x200) != 0);
        if (kind == Class.Opaque) return (ReadText(ref at, end), new MatlabValue.Unsupported("object of a class"));
        var place = at;
        var sizes = ReadSizes(ref at, end);
        var name = ReadText(ref at, end);
        if (depth == 0)
        {
            variable = name;
            if (where is not null && !where(name)) return (name, null);
        }
        var value = kind == Class.Sparse
            ? ReadSparse(ref at, end, sizes, isComplex, isLogical)
            : ReadValue(ref at, end, kind, file.ShapeOf(sizes, ElementSize(kind, isComplex, isLogical), Place(place)), isComplex, isLogical, depth);
        // What was not read might have changed what was.
        return end - at < 8 || value is MatlabValue.Unsupported
            ? (name, value)
            : throw Error(at, $"{end - at} bytes are left behind the data of an array: it is of a kind that is not known, or damaged.");
    }

    private MatlabValue ReadValue(ref int at, int end, Class kind, Shape shape, bool isComplex, bool isLogical, int depth)
    {
        var first = at;
        return kind switch
        {
            Class.Cell => new MatlabValue.Cell(shape, ReadCells(ref at, end, shape, depth)),
            Class.Struct => ReadStruct(ref at, end, shape, depth),
            Class.Object => ReadObject(ref at, end, shape, depth),
            Class.Char => ReadChars(ref at, end, shape),
            >= Class.Double and <= Class.UInt64 => new MatlabValue.Numeric(ReadNumeric(ref at, end, shape, kind, isComplex, isLogical)),
            Class.Function => new MatlabValue.Unsupported("function handle"),
            _ => throw Error(first, $"the array class {(byte)kind} is not known."),
        };
    }

    private long[] ReadSizes(ref int at, int end)
    {
        var place = at;
        var element = Take(ref at, end);
        return element.Type == 5 && element.Length >= 8
            ? Numbers<long>(element)
            : throw Error(place, "the sizes of an array, two or more, should stand here.");
    }

    private static int ElementSize(Class kind, bool isComplex, bool isLogical) => kind switch
    {
        _ when isComplex => 16,
        Class.Int8 or Class.UInt8 => 1,
        _ when isLogical => 1,
        Class.Single or Class.Int16 or Class.UInt16 or Class.Int32 => 4,
        _ => 8,
    };

    private string ReadText(ref int at, int end)
    {
        var element = Take(ref at, end);
        return Encoding.UTF8.GetString(content, element.Start, element.Length);
    }

    private Tensor ReadNumeric(ref int at, int end, Shape shape, Class kind, bool isComplex, bool isLogical)
    {
        if (isComplex)
        {
            var place = at;
            var (real, imaginary) = (Elements<double>(ref at, end, shape), Elements<double>(ref at, end, shape));
            if (isLogical) throw Error(place, "an array is both complex and logical.");
            return kind == Class.Single
                ? Made(Zip(real, imaginary, (re, im) => new Complex64((float)re, (float)im)), shape)
                : Made(Zip(real, imaginary, (re, im) => new Complex(re, im)), shape);
        }
        if (isLogical) return Made(Array.ConvertAll(Elements<byte>(ref at, end, shape), x => x != 0), shape);
        return kind switch
        {
            Class.Double => Made(Elements<double>(ref at, end, shape), shape),
            Class.Single => Made(Elements<float>(ref at, end, shape), shape),
            Class.Int8 => Made(Elements<sbyte>(ref at, end, shape), shape),
            Class.UInt8 => Made(Elements<byte>(ref at, end, shape), shape),
            Class.Int16 or Class.UInt16 or Class.Int32 => Made(Elements<int>(ref at, end, shape), shape),
            _ => Made(Elements<long>(ref at, end, shape), shape),
        };
    }

    private MatlabValue.Text ReadChars(ref int at, int end, Shape shape)
    {
        var place = at;
        var characters = Characters(Take(ref at, end), shape.ElementCount);
        if (characters.Length != shape.ElementCount) throw Error(place, $"{characters.Length} characters do not fill an array of shape {shape}.");
        if (characters.Length == 0) return new([]);
        // A row of text runs along the second axis; the pages of further axes stand behind each other, as more columns would.
        var ordered = StoredTypes.RowMajor<int>(characters, [shape[0], shape.ElementCount / shape[0]]);
        var rows = new string[characters.Length / shape[1]];
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var character in ordered.Slice(i * shape[1], shape[1]))
                if (character <= char.MaxValue) text.Append((char)character);
                else text.Append(new Rune(character));
            rows[i] = text.ToString();
            text.Clear();
        }
        return new(rows);
    }

    /// <summary>The elements of an array of characters: units of UTF-16, or whole characters, whichever there are <paramref name="count"/> of.</summary>
    private int[] Characters((int Type, int Start, int Length) element, int count)
    {
        if (element.Type is not (16 or 18)) return Array.ConvertAll(Numbers<ushort>(element), unit => (int)unit);
        Encoding encoding = element.Type == 16 ? Encoding.UTF8 : new UTF32Encoding(isBigEndian, byteOrderMark: false);
        var text = encoding.GetString(content, element.Start, element.Length);
        return text.Length == count ? [.. text.Select(unit => (int)unit)] : [.. text.EnumerateRunes().Select(rune => rune.Value)];
    }

    private MatlabValue.Sparse ReadSparse(ref int at, int end, long[] sizes, bool isComplex, bool isLogical)
    {
        var place = at;
        var rows = Numbers<int>(Take(ref at, end));
        var starts = Numbers<int>(Take(ref at, end));
        if (sizes is not [>= 0 and <= int.MaxValue and var height, var width] || starts.Length != width + 1)
            throw Error(place, $"{starts.Length} starts of columns do not fit a sparse matrix of shape [{string.Join(", ", sizes)}].");
        var count = starts[^1];
        if (starts[0] != 0 || count < 0 || count > rows.Length) throw Error(place, $"the columns of a sparse matrix end at element {count} of {rows.Length}.");
        var columns = new int[count];
        for (var column = 0; column < width; column++)
        {
            if (starts[column] > starts[column + 1] || starts[column + 1] > count) throw Error(place, $"column {column} of a sparse matrix ends before it starts.");
            columns.AsSpan(starts[column]..starts[column + 1]).Fill(column);
        }
        foreach (var row in rows.AsSpan(0, count))
            if (row < 0 || row >= height) throw Error(place, $"row {row} is not in a sparse matrix of {height} rows.");
        var values = ReadSparseValues(ref at, end, count, isComplex, isLogical);
        return new((int)height, (int)width, Tensor.From<int>(rows.AsSpan(0, count), [count]), Tensor.From(columns), values);
    }

    private Tensor ReadSparseValues(ref int at, int end, int count, bool isComplex, bool isLogical)
    {
        var real = Leading(ref at);
        if (isComplex) return Tensor.From(Zip(real, Leading(ref at), (re, im) => new Complex(re, im)));
        return isLogical ? Tensor.From(Array.ConvertAll(real, x => x != 0)) : Tensor.From(real);

        double[] Leading(ref int at)
        {
            var place = at;
            var values = Numbers<double>(Take(ref at, end));
            return values.Length >= count ? values[..count] : throw Error(place, $"{values.Length} values do not fill the {count} places of a sparse matrix.");
        }
    }

    private MatlabValue[] ReadCells(ref int at, int end, Shape shape, int depth)
    {
        var cells = new MatlabValue[Counted(at, end, shape.ElementCount)];
        for (var i = 0; i < cells.Length; i++) cells[i] = ReadNested(ref at, end, depth);
        return StoredTypes.RowMajor<MatlabValue>(cells, shape).ToArray();
    }

    private MatlabValue.Struct ReadObject(ref int at, int end, Shape shape, int depth)
    {
        Take(ref at, end);
        return ReadStruct(ref at, end, shape, depth);
    }

    private MatlabValue.Struct ReadStruct(ref int at, int end, Shape shape, int depth)
    {
        var place = at;
        var widths = Numbers<int>(Take(ref at, end));
        if (widths is not [> 0 and var width]) throw Error(place, "the length of the names of fields should stand here.");
        place = at;
        var element = Take(ref at, end);
        if (element.Length % width != 0) throw Error(place, $"names of {width} bytes each do not fill {element.Length} bytes.");
        var names = new string[element.Length / width];
        for (var i = 0; i < names.Length; i++)
        {
            var name = content.AsSpan(element.Start + i * width, width);
            names[i] = Encoding.UTF8.GetString(name.IndexOf((byte)0) is >= 0 and var length ? name[..length] : name);
        }
        var values = new MatlabValue[Counted(at, end, (long)shape.ElementCount * names.Length)];
        for (var i = 0; i < values.Length; i++) values[i] = ReadNested(ref at, end, depth);
        return new(shape, Fields(names, values, shape, place));
    }

    /// <summary>The values, which stand structure by structure, field by field.</summary>
    private OrderedDictionary<string, IReadOnlyList<MatlabValue>> Fields(string[] names, MatlabValue[] values, Shape shape, int place)
    {
        var fields = new OrderedDictionary<string, IReadOnlyList<MatlabValue>>();
        for (var field = 0; field < names.Length; field++)
        {
            var column = new MatlabValue[values.Length / names.Length];
            for (var i = 0; i < column.Length; i++) column[i] = values[i * names.Length + field];
            if (!fields.TryAdd(names[field], StoredTypes.RowMajor<MatlabValue>(column, shape).ToArray())) throw Error(place, $"the field '{names[field]}' stands there twice.");
        }
        return fields;
    }

    private MatlabValue ReadNested(ref int at, int end, int depth)
    {
        var place = at;
        var element = Take(ref at, end);
        return element.Type == Matrix
            ? ReadMatrix(element.Start, element.Start + element.Length, depth + 1).Value!
            : throw Error(place, $"an element of type {element.Type} stands where an array (type 14) should.");
    }

    /// <summary>A count of elements, each of which takes at least the eight bytes of its tag.</summary>
    private int Counted(int at, int end, long count) =>
        count <= (end - at) / 8 ? (int)count : throw Error(at, $"{count} values should stand here, but {end - at} bytes are left: the file is cut off or damaged.");

    /// <summary>The elements of an array, converted from the narrower type in which they may be stored, in column-major order.</summary>
    private T[] Elements<T>(ref int at, int end, Shape shape)
        where T : unmanaged, INumber<T>
    {
        var place = at;
        var numbers = Numbers<T>(Take(ref at, end));
        return numbers.Length == shape.ElementCount ? numbers : throw Error(place, $"{numbers.Length} elements do not fill an array of shape {shape}.");
    }

    private T[] Numbers<T>((int Type, int Start, int Length) element)
        where T : unmanaged, INumber<T> => element.Type switch
        {
            1 => Convert<sbyte, T>(element),
            2 or 16 => Convert<byte, T>(element),
            3 => Convert<short, T>(element),
            4 or 17 => Convert<ushort, T>(element),
            5 => Convert<int, T>(element),
            6 => Convert<uint, T>(element),
            7 => Convert<float, T>(element),
            9 => Convert<double, T>(element),
            12 => Convert<long, T>(element),
            13 => Convert<ulong, T>(element),
            _ => throw Error(element.Start, $"elements of type {element.Type} are not numbers."),
        };

    private T[] Convert<TStored, T>((int Type, int Start, int Length) element)
        where TStored : unmanaged, INumber<TStored>
        where T : unmanaged, INumber<T>
    {
        var size = Unsafe.SizeOf<TStored>();
        if (element.Length % size != 0) throw Error(element.Start, $"{element.Length} bytes do not hold whole numbers of {size} bytes.");
        var stored = content.AsSpan(element.Start, element.Length);
        if (isBigEndian == BitConverter.IsLittleEndian) stored = Reversed(stored, size);
        var numbers = MemoryMarshal.Cast<byte, TStored>(stored);
        if (typeof(TStored) == typeof(T)) return MemoryMarshal.Cast<byte, T>(stored).ToArray();
        var converted = new T[numbers.Length];
        try
        {
            for (var i = 0; i < converted.Length; i++) converted[i] = T.CreateChecked(numbers[i]);
        }
        catch (OverflowException)
        {
            throw Error(element.Start, $"a number is beyond the range of {typeof(T).Name}, as which it is read.");
        }
        return converted;
    }

    private static byte[] Reversed(ReadOnlySpan<byte> bytes, int size)
    {
        var reversed = bytes.ToArray();
        for (var i = 0; i < reversed.Length; i += size) reversed.AsSpan(i, size).Reverse();
        return reversed;
    }

    /// <summary>The element at a place, which moves behind it. Of at most four bytes it may stand in its own tag.</summary>
    private (int Type, int Start, int Length) Take(ref int at, int end)
    {
        if (end - at < 8) throw Error(at, "an element should stand here: the file is cut off or damaged.");
        var word = Word(at);
        if (word >> 16 is > 0 and var small)
        {
            if (small > 4) throw Error(at, $"a small element of {small} bytes should have at most 4.");
            at += 8;
            return ((int)(word & 0xffff), at - 4, (int)small);
        }
        var length = Word(at + 4);
        if (length > end - at - 8) throw Error(at, $"an element of {length} bytes should stand here, but {end - at - 8} are left: the file is cut off or damaged.");
        var element = ((int)word, at + 8, (int)length);
        // Elements start at multiples of eight bytes; the last one may lack its padding.
        at = (int)Math.Min(end, at + 8 + ((long)length + 7) / 8 * 8);
        return element;
    }

    private uint Word(int at)
    {
        var bytes = content.AsSpan(at, 4);
        return isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private static T[] Zip<T>(double[] real, double[] imaginary, Func<double, double, T> make)
    {
        var made = new T[real.Length];
        for (var i = 0; i < made.Length; i++) made[i] = make(real[i], imaginary[i]);
        return made;
    }

    private static Tensor Made<T>(T[] columnMajor, Shape shape)
        where T : unmanaged => StoredTypes.Arranged<T>(columnMajor, shape, isColumnMajor: true);

    private string Place(int at) => $"the variable '{variable}' at byte {start}, {at} bytes in";

    private UnreadableFileException Error(int at, string problem) => file.Error(Place(at), problem);
}
