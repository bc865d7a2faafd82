using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Paramorph.Formats;

/// <summary>The types of elements that files hold: those of the engine and some that are widened to one of them when they are read.</summary>
internal enum StoredType
{
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,
    Complex64,
    Complex128,
}

/// <summary>From the bytes of a file to tensors and back.</summary>
internal static class StoredTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this StoredType type) => type switch
    {
        StoredType.Bool or StoredType.UInt8 or StoredType.Int8 => 1,
        StoredType.UInt16 or StoredType.Int16 or StoredType.Float16 or StoredType.BFloat16 => 2,
        StoredType.UInt32 or StoredType.Int32 or StoredType.Float32 => 4,
        StoredType.Complex128 => 16,
        _ => 8,
    };

    /// <summary>The element type as which it is read: the narrowest that holds all its values.</summary>
    public static ElementType Widened(this StoredType type) => type switch
    {
        StoredType.Bool => ElementType.Bool,
        StoredType.UInt8 => ElementType.UInt8,
        StoredType.Int8 => ElementType.Int8,
        StoredType.UInt16 or StoredType.Int16 or StoredType.Int32 => ElementType.Int32,
        StoredType.UInt32 or StoredType.Int64 or StoredType.UInt64 => ElementType.Int64,
        StoredType.Float64 => ElementType.Float64,
        StoredType.Complex64 => ElementType.Complex64,
        StoredType.Complex128 => ElementType.Complex128,
        _ => ElementType.Float32,
    };

    /// <summary>As what an element type is stored.</summary>
    public static StoredType Of(ElementType type) => type switch
    {
        ElementType.Bool => StoredType.Bool,
        ElementType.UInt8 => StoredType.UInt8,
        ElementType.Int8 => StoredType.Int8,
        ElementType.Int32 => StoredType.Int32,
        ElementType.Int64 => StoredType.Int64,
        ElementType.Float32 => StoredType.Float32,
        ElementType.Float64 => StoredType.Float64,
        ElementType.Complex64 => StoredType.Complex64,
        _ => StoredType.Complex128,
    };

    /// <summary>The shape of the stated sizes, when it can be read and its elements can be in what is left of the file.</summary>
    public static Shape ShapeOf(this InputFile file, ReadOnlySpan<long> sizes, StoredType type, string place)
    {
        var shape = file.ShapeOf(sizes, Math.Max(type.Size(), type.Widened().Size()), place);
        var bytes = (long)shape.ElementCount * type.Size();
        return bytes <= file.Remaining
            ? shape
            : throw file.Error(place, $"the shape {shape} of {type} takes {bytes} bytes, but {file.Remaining} are left: the file is cut off or damaged.");
    }

    /// <summary>Takes the elements of a shape from a file.</summary>
    /// <param name="file">The file, which <see cref="ShapeOf"/> has found long enough.</param>
    /// <param name="type">What the elements are.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="isBigEndian">Whether the most significant byte of a number stands first.</param>
    /// <param name="isColumnMajor">Whether the first index varies fastest, as in Fortran and MATLAB.</param>
    public static Tensor TakeTensor(this InputFile file, StoredType type, Shape shape, bool isBigEndian = false, bool isColumnMajor = false)
    {
        var start = file.Position;
        var bytes = file.Take((long)shape.ElementCount * type.Size(), "the elements");
        if (isBigEndian == BitConverter.IsLittleEndian) ReverseBytes(bytes, type);
        return type switch
        {
            // Any byte but zero is true in a file, and only one is in C#.
            StoredType.Bool => Widen<byte, bool>(x => x != 0),
            StoredType.UInt8 => Plain<byte>(),
            StoredType.Int8 => Plain<sbyte>(),
            StoredType.UInt16 => Widen<ushort, int>(x => x),
            StoredType.Int16 => Widen<short, int>(x => x),
            StoredType.UInt32 => Widen<uint, long>(x => x),
            StoredType.Int32 => Plain<int>(),
            StoredType.UInt64 => Widen<ulong, long>(x => x <= long.MaxValue
                ? (long)x
                : throw file.Error($"the elements from byte {start}", $"{x} is beyond the largest 64-bit integer with a sign, {long.MaxValue}, and tensors have no others.")),
            StoredType.Int64 => Plain<long>(),
            StoredType.Float16 => Widen<Half, float>(x => (float)x),
            StoredType.BFloat16 => Widen<ushort, float>(x => BitConverter.UInt32BitsToSingle((uint)x << 16)),
            StoredType.Float32 => Plain<float>(),
            StoredType.Float64 => Plain<double>(),
            StoredType.Complex64 => Plain<Complex64>(),
            _ => Plain<Complex>(),
        };

        Tensor Plain<T>()
            where T : unmanaged => Arranged<T>(MemoryMarshal.Cast<byte, T>(bytes), shape, isColumnMajor);

        Tensor Widen<TStored, T>(Func<TStored, T> widen)
            where TStored : unmanaged
            where T : unmanaged
        {
            var stored = MemoryMarshal.Cast<byte, TStored>(bytes);
            var elements = new T[stored.Length];
            for (var i = 0; i < elements.Length; i++) elements[i] = widen(stored[i]);
            return Arranged<T>(elements, shape, isColumnMajor);
        }
    }

    /// <summary>A tensor of elements in either order.</summary>
    public static Tensor Arranged<T>(ReadOnlySpan<T> elements, Shape shape, bool isColumnMajor)
        where T : unmanaged => Tensor.From(isColumnMajor ? RowMajor(elements, shape) : elements, shape);

    /// <summary>The elements in row-major order, of those in column-major order.</summary>
    public static ReadOnlySpan<T> RowMajor<T>(ReadOnlySpan<T> columnMajor, Shape shape)
    {
        if (shape.Rank < 2 || columnMajor.Length < 2) return columnMajor;
        var result = new T[columnMajor.Length];
        var (index, strides) = (new int[shape.Rank], new int[shape.Rank]);
        for (int axis = 0, stride = 1; axis < shape.Rank; stride *= shape[axis++]) strides[axis] = stride;
        for (int place = 0, from = 0; place < result.Length; place++)
        {
            result[place] = columnMajor[from];
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis]) break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return result;
    }

    /// <summary>Writes the elements in row-major order.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isBigEndian">Whether the most significant byte of a number stands first.</param>
    public static void WriteElements(Stream stream, Tensor tensor, bool isBigEndian = false)
    {
        var bytes = Bytes(tensor);
        if (isBigEndian != BitConverter.IsLittleEndian)
        {
            stream.Write(bytes);
            return;
        }
        var reversed = bytes.ToArray();
        ReverseBytes(reversed, Of(tensor.ElementType));
        stream.Write(reversed);
    }

    private static ReadOnlySpan<byte> Bytes(Tensor tensor) => tensor.ElementType switch
    {
        ElementType.Bool => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
        ElementType.UInt8 => tensor.AsSpan<byte>(),
        ElementType.Int8 => MemoryMarshal.AsBytes(tensor.AsSpan<sbyte>()),
        ElementType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        ElementType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        ElementType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        ElementType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        ElementType.Complex64 => MemoryMarshal.AsBytes(tensor.AsSpan<Complex64>()),
        _ => MemoryMarshal.AsBytes(tensor.AsSpan<Complex>()),
    };

    /// <summary>Reverses the bytes of each number; a complex one is two.</summary>
    private static void ReverseBytes(Span<byte> bytes, StoredType type)
    {
        var size = type is StoredType.Complex64 or StoredType.Complex128 ? type.Size() / 2 : type.Size();
        if (size == 2) Reverse<ushort>(bytes, BinaryPrimitives.ReverseEndianness);
        if (size == 4) Reverse<uint>(bytes, BinaryPrimitives.ReverseEndianness);
        if (size == 8) Reverse<ulong>(bytes, BinaryPrimitives.ReverseEndianness);

        static void Reverse<T>(Span<byte> bytes, Action<ReadOnlySpan<T>, Span<T>> reverse)
            where T : unmanaged
        {
            var numbers = MemoryMarshal.Cast<byte, T>(bytes);
            reverse(numbers, numbers);
        }
    }
}
