using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.VOL.Native;

namespace Paramorph.Formats;

/// <summary>Goes through the groups of an HDF5 file and reads its datasets.</summary>
internal sealed class Hdf5Datasets(InputFile file, Func<string, bool>? where)
{
    private readonly OrderedDictionary<string, Tensor> tensors = [];
    private long total;
    private bool isMatlab;

    /// <summary>Why datasets were left out, by their names.</summary>
    public OrderedDictionary<string, UnreadableFileException> LeftOut { get; } = [];

    public IReadOnlyDictionary<string, Tensor> Read()
    {
        var start = file.Take(Math.Min(10, file.Remaining), "the start");
        isMatlab = start.AsSpan().StartsWith("MATLAB 7.3"u8);
        var stream = file.AsStream();
        stream.Position = 0;
        using var root = Guarded("", () => H5File.Open(stream, leaveOpen: true));
        Read(root, "", 0);
        return tensors.Count == 0 && LeftOut.Count > 0 ? throw LeftOut.GetAt(0).Value : tensors;
    }

    private void Read(IH5Group group, string path, int depth)
    {
        if (depth > file.Limits.MaxDepth) throw file.Error($"group '{path}'", $"groups stand more than {file.Limits.MaxDepth} deep in each other (FormatLimits.MaxDepth).");
        foreach (var child in Guarded(path, () => group.Children().ToArray()))
        {
            var name = path.Length == 0 ? child.Name : $"{path}/{child.Name}";
            // What MATLAB's cells refer to, and its tables of objects, are no variables.
            if (isMatlab && child.Name is "#refs#" or "#subsystem#") continue;
            if (child is IH5Group inner) Read(inner, name, depth + 1);
            else if (child is NativeDataset dataset && (where is null || where(name))) Add(name, dataset);
        }
    }

    private void Add(string name, NativeDataset dataset)
    {
        try
        {
            tensors[name] = Guarded(name, () => Tensor(name, dataset));
        }
        catch (UnreadableFileException e) when (e.IsOtherKind && where is null)
        {
            LeftOut[name] = e;
        }
    }

    private Tensor Tensor(string name, NativeDataset dataset)
    {
        var place = $"dataset '{name}'";
        var kind = isMatlab && dataset.AttributeExists("MATLAB_class") ? dataset.Attribute("MATLAB_class").Read<string>() : "";
        if (kind is "char" or "cell" or "struct" or "function_handle") throw file.OtherKind(place, $"holds a {kind} of MATLAB, not numbers.");
        if (dataset.Space.Type == H5DataspaceType.Null) throw file.OtherKind(place, "holds nothing.");
        var type = kind == "logical" ? StoredType.Bool : TypeOf(dataset.Type) ?? throw file.OtherKind(place, $"holds {Words(dataset.Type)}, which no tensor does.");
        long[] sizes = [.. dataset.Space.Dimensions.Select(size => (long)Math.Min(size, long.MaxValue))];
        // The sizes of an empty array of MATLAB stand in the place of its elements.
        if (isMatlab && dataset.AttributeExists("MATLAB_empty")) return Paramorph.Tensor.Zeros(file.ShapeOf([.. dataset.Read<ulong[]>().Select(size => (long)size)], type.Size(), place), type.Widened());
        var shape = file.ShapeOf(sizes, Math.Max(type.Size(), type.Widened().Size()), place);
        var bytes = (long)shape.ElementCount * type.Size();
        total += bytes;
        if (total > Math.Max(file.Limits.MaxDecompressedBytes, file.Remaining)) throw file.Error(place, $"the datasets so far take more than {file.Limits.MaxDecompressedBytes} bytes (FormatLimits.MaxDecompressedBytes).");
        var elements = new byte[bytes];
        var isBigEndian = ReadElements(dataset, elements);
        using var part = file.Part(elements, place);
        var tensor = part.TakeTensor(type, shape, isBigEndian);
        return isMatlab && tensor.Rank > 1 ? tensor.Transpose([.. Enumerable.Range(0, tensor.Rank).Reverse()]).Evaluate() : tensor;
    }

    /// <summary>Reads the bits of a dataset, and tells whether their numbers are big-endian, which PureHDF tells by refusing to read them as numbers.</summary>
    private static bool ReadElements(NativeDataset dataset, byte[] elements)
    {
        if (elements.Length == 0) return false;
        try
        {
            var isNumber = dataset.Type.Class is H5DataTypeClass.FixedPoint or H5DataTypeClass.FloatingPoint;
            if (isNumber && dataset.Type.Size == 2) dataset.Read(MemoryMarshal.Cast<byte, ushort>(elements.AsSpan()));
            else if (isNumber && dataset.Type.Size == 4) dataset.Read(MemoryMarshal.Cast<byte, uint>(elements.AsSpan()));
            else if (isNumber && dataset.Type.Size == 8) dataset.Read(MemoryMarshal.Cast<byte, ulong>(elements.AsSpan()));
            else dataset.Read(elements.AsSpan());
            return false;
        }
        catch (Exception e) when (e.Message.StartsWith("Byte order", StringComparison.Ordinal))
        {
            dataset.Read(elements.AsSpan());
            return true;
        }
    }

    /// <summary>The type of the elements; null when no tensor holds such.</summary>
    private static StoredType? TypeOf(IH5DataType type) => (type.Class, type.Size) switch
    {
        (H5DataTypeClass.FixedPoint, 1) => type.FixedPoint.IsSigned ? StoredType.Int8 : StoredType.UInt8,
        (H5DataTypeClass.FixedPoint, 2) => type.FixedPoint.IsSigned ? StoredType.Int16 : StoredType.UInt16,
        (H5DataTypeClass.FixedPoint, 4) => type.FixedPoint.IsSigned ? StoredType.Int32 : StoredType.UInt32,
        (H5DataTypeClass.FixedPoint, 8) => type.FixedPoint.IsSigned ? StoredType.Int64 : StoredType.UInt64,
        (H5DataTypeClass.FloatingPoint, 2) => StoredType.Float16,
        (H5DataTypeClass.FloatingPoint, 4) => StoredType.Float32,
        (H5DataTypeClass.FloatingPoint, 8) => StoredType.Float64,
        (H5DataTypeClass.Enumerated, 1) when IsTruth(type) => StoredType.Bool,
        (H5DataTypeClass.Enumerated, 1) => TypeOf(type.Enumeration.BaseType),
        (H5DataTypeClass.Compound, 8) when IsComplex(type, 4) => StoredType.Complex64,
        (H5DataTypeClass.Compound, 16) when IsComplex(type, 8) => StoredType.Complex128,
        _ => null,
    };

    private static bool IsTruth(IH5DataType type) => type.Enumeration.GetMembers<sbyte>() is { Count: 2 } members && members.TryGetValue("FALSE", out var no) && members.TryGetValue("TRUE", out var yes) && (no, yes) == (0, 1);

    private static bool IsComplex(IH5DataType type, int size) =>
        type.Compound.Members is [{ Name: "r" or "real", Offset: 0 } real, { Name: "i" or "imag" } imaginary] && imaginary.Offset == size
        && (real.Type.Class, real.Type.Size) == (H5DataTypeClass.FloatingPoint, size) && (imaginary.Type.Class, imaginary.Type.Size) == (H5DataTypeClass.FloatingPoint, size);

    private static string Words(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.String or H5DataTypeClass.VariableLength => "text or sequences of unequal length",
        H5DataTypeClass.Compound => $"structures of {string.Join(", ", type.Compound.Members.Select(member => member.Name))}",
        H5DataTypeClass.Reference => "references",
        _ => $"elements of class {type.Class} with {type.Size} bytes",
    };

    /// <summary>What PureHDF throws, in the words of the reader: of a damaged file it may be anything.</summary>
    private T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (UnreadableFileException or OutOfMemoryException))
        {
            throw file.OtherFormat("Hdf5.Read", name.Length == 0 ? "" : $"'{name}'", $"this is no HDF5 file that can be read, or it is damaged: {e.Message}", e);
        }
    }
}
