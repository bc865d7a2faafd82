using System.Buffers.Binary;
using System.Text.Json;

namespace Paramorph.Formats;

/// <summary>The header of a safetensors file: a JSON object with the type, shape and place of each tensor.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const string MetadataKey = "__metadata__";

    // Our note of the tensors whose last axis of two is the real and the imaginary part: a JSON list of names.
    private const string ComplexKey = "paramorph.complex128";

    // The bound of the reference implementation.
    private const int MaxBytes = 100_000_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>A tensor of the file.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Stored">What its elements are in the file.</param>
    /// <param name="Type">What it is read as.</param>
    /// <param name="Start">Where its elements begin, counted from the end of the header.</param>
    internal sealed record Entry(string Name, StoredType Stored, TensorType Type, long Start);

    private static Dictionary<string, StoredType> Types { get; } = new()
    {
        ["BOOL"] = StoredType.Bool,
        ["U8"] = StoredType.UInt8,
        ["I8"] = StoredType.Int8,
        ["U16"] = StoredType.UInt16,
        ["I16"] = StoredType.Int16,
        ["U32"] = StoredType.UInt32,
        ["I32"] = StoredType.Int32,
        ["U64"] = StoredType.UInt64,
        ["I64"] = StoredType.Int64,
        ["F16"] = StoredType.Float16,
        ["BF16"] = StoredType.BFloat16,
        ["F32"] = StoredType.Float32,
        ["F64"] = StoredType.Float64,
        ["C64"] = StoredType.Complex64,
    };

    /// <summary>Reads and checks the header, after which the file stands before the elements.</summary>
    public static SafeTensorsHeader Read(InputFile file)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Take(8, "the length of the header"));
        if (length > MaxBytes) throw file.OtherFormat("SafeTensors.Read", "byte 0", $"the header takes {length} bytes: at most {MaxBytes} are allowed; is this a safetensors file?");
        var bytes = file.Take((long)length, "the header");
        if (bytes is not [(byte)'{', ..]) throw file.OtherFormat("SafeTensors.Read", "byte 8", "this is no safetensors file: the header should be a JSON object.");
        try
        {
            using var json = JsonDocument.Parse(bytes, Strict);
            return Read(json.RootElement, file);
        }
        catch (JsonException e)
        {
            throw file.Error("header", $"this is no valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw file.Error("header", $"a text is no valid UTF-16 or UTF-8: {e.Message}", e);
        }
    }

    /// <summary>The bytes of a header, padded so that the elements start at a multiple of eight.</summary>
    /// <param name="tensors">The tensors in the order in which they are told.</param>
    /// <param name="order">Their names in the order in which their elements stand.</param>
    /// <param name="metadata">What else to note.</param>
    public static byte[] Write(OrderedDictionary<string, Tensor> tensors, IEnumerable<string> order, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var (starts, end) = (new Dictionary<string, long>(), 0L);
        foreach (var name in order)
        {
            starts.Add(name, end);
            end += tensors[name].Type.Bytes;
        }
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata, tensors.Where(pair => pair.Value.ElementType == ElementType.Complex128).Select(pair => pair.Key).ToList());
            foreach (var (name, tensor) in tensors) WriteEntry(json, name, tensor.Type, starts[name]);
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata, List<string> complexNames)
    {
        KeyValuePair<string, string>[] notes = [.. metadata, .. complexNames.Count > 0 ? [KeyValuePair.Create(ComplexKey, NamesAsJson(complexNames))] : Array.Empty<KeyValuePair<string, string>>()];
        if (notes.Length == 0) return;
        json.WriteStartObject(MetadataKey);
        foreach (var (key, value) in notes.DistinctBy(note => note.Key)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static string NamesAsJson(List<string> names)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var name in names) json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, TensorType type, long start)
    {
        var isPair = type.ElementType == ElementType.Complex128;
        var stored = isPair ? StoredType.Float64 : StoredTypes.Of(type.ElementType);
        json.WriteStartObject(name);
        json.WriteString("dtype", Types.Single(pair => pair.Value == stored).Key);
        json.WriteStartArray("shape");
        foreach (var size in type.Shape) json.WriteNumberValue(size);
        if (isPair) json.WriteNumberValue(2);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(start + type.Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static SafeTensorsHeader Read(JsonElement root, InputFile file)
    {
        var metadata = root.TryGetProperty(MetadataKey, out var notes) ? ReadMetadata(notes, file) : [];
        var complexNames = metadata.Remove(ComplexKey, out var names) ? ReadNames(names, file) : [];
        var entries = new List<Entry>();
        foreach (var property in root.EnumerateObject())
            if (property.Name != MetadataKey) entries.Add(ReadEntry(property.Name, property.Value, complexNames.Contains(property.Name), file));
        CheckPlaces(entries, file);
        return new(entries, metadata);
    }

    private static OrderedDictionary<string, string> ReadMetadata(JsonElement notes, InputFile file)
    {
        if (notes.ValueKind != JsonValueKind.Object) throw file.Error(MetadataKey, "an object of texts should stand here.");
        var metadata = new OrderedDictionary<string, string>();
        foreach (var note in notes.EnumerateObject())
            metadata.Add(note.Name, note.Value.ValueKind == JsonValueKind.String ? note.Value.GetString()! : throw file.Error(MetadataKey, $"the value of '{note.Name}' should be a text."));
        return metadata;
    }

    private static HashSet<string> ReadNames(string json, InputFile file)
    {
        using var names = JsonDocument.Parse(json);
        return names.RootElement.ValueKind == JsonValueKind.Array && names.RootElement.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. names.RootElement.EnumerateArray().Select(name => name.GetString()!)]
            : throw file.Error(MetadataKey, $"the value of '{ComplexKey}' should be a list of names.");
    }

    private static Entry ReadEntry(string name, JsonElement entry, bool isComplex, InputFile file)
    {
        var place = $"tensor '{name}'";
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var shape) || !entry.TryGetProperty("data_offsets", out var offsets))
            throw file.Error(place, "an object with dtype, shape and data_offsets should stand here.");
        if (!Types.TryGetValue(dtype.GetString()!, out var type)) throw file.Error(place, $"elements of type {dtype} are not read: {string.Join(", ", Types.Keys)} are.");
        var (sizes, ends) = (Integers(shape, place, file), Integers(offsets, place, file));
        if (isComplex && (type, sizes) is (StoredType.Float64, [.. var outer, 2])) (type, sizes) = (StoredType.Complex128, outer);
        var read = new TensorType(type.Widened(), file.ShapeOf(sizes, type, place));
        return ends.Length == 2 && ends[0] >= 0 && ends[1] - ends[0] == (long)read.Shape.ElementCount * type.Size()
            ? new(name, type, read, ends[0])
            : throw file.Error(place, $"the data_offsets {offsets} do not fit the shape {shape} of {dtype}.");
    }

    private static long[] Integers(JsonElement list, string place, InputFile file) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _))
            ? [.. list.EnumerateArray().Select(item => item.GetInt64())]
            : throw file.Error(place, "a list of integers should stand here.");

    /// <summary>The elements fill the file: they neither overlap nor leave holes.</summary>
    private static void CheckPlaces(List<Entry> entries, InputFile file)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.Type.Shape.ElementCount))
        {
            if (entry.Start != end) throw file.Error($"tensor '{entry.Name}'", $"the elements start at {entry.Start}, not where those before end, at {end}.");
            end += (long)entry.Type.Shape.ElementCount * entry.Stored.Size();
        }
        if (end != file.Remaining) throw file.ErrorHere($"the tensors take {end} bytes, but {file.Remaining} follow the header: the file is cut off or damaged.");
    }
}
