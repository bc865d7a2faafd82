using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>Tensors and their types in the schema of ONNX and back.</summary>
internal static class OnnxTensors
{
    /// <summary>The data types of the schema, in its numbers.</summary>
    private static readonly Dictionary<int, StoredType> Types = new()
    {
        [1] = StoredType.Float32,
        [2] = StoredType.UInt8,
        [3] = StoredType.Int8,
        [4] = StoredType.UInt16,
        [5] = StoredType.Int16,
        [6] = StoredType.Int32,
        [7] = StoredType.Int64,
        [9] = StoredType.Bool,
        [10] = StoredType.Float16,
        [11] = StoredType.Float64,
        [12] = StoredType.UInt32,
        [13] = StoredType.UInt64,
        [14] = StoredType.Complex64,
        [15] = StoredType.Complex128,
        [16] = StoredType.BFloat16,
    };

    /// <summary>The number of an element type.</summary>
    public static int Number(ElementType type) => Types.Single(pair => pair.Value == StoredTypes.Of(type)).Key;

    /// <summary>As which type elements of a number are read; null when tensors have no such elements.</summary>
    public static ElementType? TypeOf(int number) => Types.TryGetValue(number, out var type) ? type.Widened() : null;

    /// <summary>The name of a number in messages.</summary>
    public static string NameOf(int number) => Types.TryGetValue(number, out var type) ? type.ToString() : number == 8 ? "String" : $"number {number} of the schema";

    /// <summary>A tensor as an initialiser.</summary>
    public static TensorProto Write(string name, Tensor tensor)
    {
        using var stream = new MemoryStream();
        StoredTypes.WriteElements(stream, tensor);
        var written = new TensorProto { Name = name, DataType = Number(tensor.ElementType), RawData = UnsafeByteOperations.UnsafeWrap(stream.ToArray()) };
        written.Dims.AddRange(tensor.Shape.Select(size => (long)size));
        return written;
    }

    /// <summary>The tensor of an initialiser or of an attribute.</summary>
    /// <param name="file">The file in which it stands, for messages and limits.</param>
    /// <param name="stored">What is stored.</param>
    /// <exception cref="UnreadableFileException">It is stored outside of the folder, is of a type that tensors do not have, or its elements are not as many as its shape says.</exception>
    public static Tensor Read(InputFile file, TensorProto stored)
    {
        var place = $"tensor '{stored.Name}'";
        if (!Types.TryGetValue(stored.DataType, out var type))
            throw file.Error(place, $"the elements are of type {NameOf(stored.DataType)}, which no tensor has.");
        var isOutside = stored.DataLocation != 0 || stored.ExternalData.Count > 0;
        var bytes = isOutside ? Outside(file, stored, place) : stored.RawData.IsEmpty ? Packed(stored, type) : stored.RawData.ToByteArray();
        using var part = file.Part(bytes, place);
        var shape = part.ShapeOf(CollectionsMarshal.AsSpan(stored.Dims.ToList()), type, "the elements");
        if ((long)shape.ElementCount * type.Size() != bytes.Length)
            throw file.Error(place, $"the shape {shape} of {type} takes {(long)shape.ElementCount * type.Size()} bytes, but there are {bytes.Length}.");
        return part.TakeTensor(type, shape);
    }

    /// <summary>The bytes of elements that stand in a file of their own beside the model, as PyTorch writes large ones.</summary>
    private static byte[] Outside(InputFile file, TensorProto stored, string place)
    {
        string? Note(string key) => stored.ExternalData.FirstOrDefault(note => note.Key == key)?.Value;
        long Number(string key, long otherwise) => Note(key) is not { } text ? otherwise
            : long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : throw file.Error(place, $"the {key} of its elements is '{text}', which is no number of bytes.");
        var name = Note("location") ?? "";
        if (file.Folder is not { } folder) throw file.Error(place, "the elements are in another file, which a stream does not lead to: read the model by its path, or save it with its weights inside.");
        // A file may come from anybody, and reads nothing but what stands beside it.
        if (name.Length == 0 || name != Path.GetFileName(name) || name.Contains('\\', StringComparison.Ordinal))
            throw file.Error(place, $"the elements are said to be in '{name}': only a file beside the model is read.");
        if (!File.Exists(Path.Combine(folder, name))) throw file.Error(place, $"the elements are in the file '{name}', which does not stand beside the model.");
        using var handle = File.OpenHandle(Path.Combine(folder, name));
        var (size, offset) = (RandomAccess.GetLength(handle), Number("offset", 0));
        var count = Number("length", Math.Max(0, size - offset));
        if (count > Array.MaxLength || offset > size - count) throw file.Error(place, $"the elements take {count} bytes from byte {offset} on, but the file '{name}' has {size}.");
        var bytes = new byte[count];
        for (var done = 0; done < count;)
            done += RandomAccess.Read(handle, bytes.AsSpan(done), offset + done) is > 0 and var read ? read : throw file.Error(place, $"the file '{name}' is cut off.");
        return bytes;
    }

    /// <summary>The bytes of elements that are stored as lists of numbers.</summary>
    private static byte[] Packed(TensorProto stored, StoredType type) => type switch
    {
        StoredType.Float32 or StoredType.Complex64 => Bytes<float>([.. stored.FloatData]),
        StoredType.Float64 or StoredType.Complex128 => Bytes<double>([.. stored.DoubleData]),
        StoredType.Int64 => Bytes<long>([.. stored.Int64Data]),
        StoredType.UInt64 => Bytes<ulong>([.. stored.Uint64Data]),
        StoredType.UInt32 => Bytes<uint>([.. stored.Uint64Data.Select(x => (uint)x)]),
        StoredType.Int32 => Bytes<int>([.. stored.Int32Data]),
        StoredType.UInt16 or StoredType.Int16 or StoredType.Float16 or StoredType.BFloat16 => Bytes<ushort>([.. stored.Int32Data.Select(x => (ushort)x)]),
        _ => [.. stored.Int32Data.Select(x => (byte)x)],
    };

    private static byte[] Bytes<T>(T[] elements)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(elements).ToArray();
}
