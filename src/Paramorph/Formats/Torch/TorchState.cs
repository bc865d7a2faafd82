using System.Buffers.Binary;
using System.Globalization;

namespace Paramorph.Formats;

/// <summary>
/// State dictionaries of PyTorch (<c>torch.save(model.state_dict(), "model.pt")</c>), as zip archives and in the form before version 1.6. Only tensors are read, and
/// nothing in a file is run: what a state dictionary does not need is refused by its name. f16 and bf16 are read as f32.
/// </summary>
public static class TorchState
{
    /// <summary>
    /// Reads the tensors of a file, in its order. Dictionaries and lists in each other are joined by dots: <c>model.layers.0.weight</c>; other values, such as the
    /// number of an epoch, are left out.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, holds what no tensor can, asks for code, or is beyond the limits.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    /// <summary>
    /// Reads the tensors of a file into a model of this library. The layout is PyTorch's: matrices of linear maps and of recurrent cells are [outputs, inputs] there
    /// and [inputs, outputs] here, so they are transposed, square ones too; the rules stand in <c>docs/coming-from-pytorch.md</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A model of the wanted structure; the result has its static members.</param>
    /// <param name="modules">
    /// From the path of a layer here (<c>layers[1]</c>) to the name of the module there (<c>net.2</c>); when null, indices are written with dots: <c>layers.1</c>.
    /// </param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The file cannot be read, or its tensors are not those of such a model; the message names them.</exception>
    public static T Load<T>(string path, T like, Func<string, string>? modules = null, FormatLimits? limits = null)
        where T : ITree<T> => InputFile.Read(path, limits, file => TorchLayout.Load(file, Read(file), like, modules));

    private static OrderedDictionary<string, Tensor> Read(InputFile file)
    {
        var content = file.TakeRest();
        return content.AsSpan().StartsWith("PK"u8) ? ReadArchive(file, content) : ReadOldest(file, content);
    }

    private static OrderedDictionary<string, Tensor> ReadArchive(InputFile file, byte[] content)
    {
        using var whole = file.Part(content, "the archive");
        using var archive = new ZipContent(whole, "TorchState.Read", "this is no file of PyTorch");
        var pickle = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw file.OtherFormat("TorchState.Read", "", "this is no file of PyTorch: the archive has no data.pkl.");
        var folder = pickle.FullName[..^"data.pkl".Length];
        var entries = archive.Entries.DistinctBy(entry => entry.FullName).ToDictionary(entry => entry.FullName);
        var isBigEndian = entries.TryGetValue(folder + "byteorder", out var order) && archive.Take(order).AsSpan().StartsWith("big"u8);
        using var part = file.Part(archive.Take(pickle), $"entry '{pickle.FullName}'");
        var storages = new Dictionary<string, byte[]>();
        return Tensors(part, new Unpickler(part).Read(), isBigEndian, storage =>
        {
            if (storages.TryGetValue(storage.Key, out var known)) return known;
            if (!entries.TryGetValue($"{folder}data/{storage.Key}", out var entry)) throw part.Error("", $"the archive lacks the elements 'data/{storage.Key}' of a tensor.");
            return storages[storage.Key] = archive.Take(entry);
        });
    }

    /// <summary>Pickles one after the other: a magic number, a version, what the machine was like, the dictionary, the keys of the storages; then their elements.</summary>
    private static OrderedDictionary<string, Tensor> ReadOldest(InputFile file, byte[] content)
    {
        using var part = file.Part(content, "the pickles");
        const string unknown = "this is no file of PyTorch: it neither is a zip archive nor begins with the magic number of older files.";
        if (content.Length == 0 || content[0] != 0x80 || new Unpickler(part).Read() is not System.Numerics.BigInteger magic || magic != Magic) throw file.OtherFormat("TorchState.Read", "", unknown);
        new Unpickler(part).Read();
        var system = new Unpickler(part).Read() as OrderedDictionary<object, object?>;
        var isBigEndian = system is not null && system.TryGetValue("little_endian", out var isLittle) && isLittle is false;
        var root = new Unpickler(part).Read();
        var keys = new Unpickler(part).Read() as List<object?> ?? throw part.ErrorHere("a list of the storages should stand here.");
        var sizes = Storages(root, part).GroupBy(storage => storage.Key).ToDictionary(group => group.Key, group => group.First().Type.Size());
        var storages = new Dictionary<string, byte[]>();
        foreach (var key in keys.OfType<string>())
        {
            var count = BinaryPrimitives.ReadInt64LittleEndian(part.Take(sizeof(long), "the length of a storage"));
            if (!sizes.TryGetValue(key, out var size)) throw part.ErrorHere($"no tensor has the storage '{key}', so that its length in bytes is not known.");
            if (count < 0 || count > part.Remaining / size) throw part.ErrorHere($"the storage '{key}' has {count} elements of {size} bytes, but {part.Remaining} bytes are left.");
            storages[key] = part.Take(count * size, "the elements");
        }
        return Tensors(part, root, isBigEndian, storage => storages.TryGetValue(storage.Key, out var known)
            ? known
            : throw part.Error("", $"the file lacks the elements of the storage '{storage.Key}'."));
    }

    private static System.Numerics.BigInteger Magic { get; } = System.Numerics.BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<TorchStorage> Storages(object? root, InputFile file) => Leaves(root, file).Select(leaf => leaf.Tensor.Storage);

    private static OrderedDictionary<string, Tensor> Tensors(InputFile file, object? root, bool isBigEndian, Func<TorchStorage, byte[]> elements)
    {
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in Leaves(root, file))
            if (!tensors.TryAdd(name, tensor.Read(file, name, elements(tensor.Storage), isBigEndian))) throw file.Error($"tensor '{name}'", "the name stands there twice.");
        return tensors.Count > 0 ? tensors : throw file.Error("", "there is no tensor in it.");
    }

    /// <summary>The tensors below a value, with their names.</summary>
    private static List<(string Name, TorchTensor Tensor)> Leaves(object? root, InputFile file)
    {
        var leaves = new List<(string, TorchTensor)>();
        var (places, most) = (0, 16 * file.Limits.MaxColumns);
        Visit(root, "", 0);
        return leaves;

        void Visit(object? value, string name, int depth)
        {
            if (depth > file.Limits.MaxDepth) throw file.Error("", $"values stand in each other more than {file.Limits.MaxDepth} deep (FormatLimits.MaxDepth).");
            // A value may stand in many places, so that few bytes could name any number of tensors.
            if (++places > most) throw file.Error("", $"values stand in more than {most} places.");
            if (leaves.Count > file.Limits.MaxColumns) throw file.Error("", $"there are more than {file.Limits.MaxColumns} tensors (FormatLimits.MaxColumns).");
            if (value is TorchTensor tensor) leaves.Add((name.Length > 0 ? name : "tensor", tensor));
            else if (value is OrderedDictionary<object, object?> dictionary)
                foreach (var (key, item) in dictionary) Visit(item, Joined(name, key), depth + 1);
            else if (value is List<object?> list)
                for (var i = 0; i < list.Count; i++) Visit(list[i], Joined(name, i), depth + 1);
            else if (value is object?[] tuple)
                for (var i = 0; i < tuple.Length; i++) Visit(tuple[i], Joined(name, i), depth + 1);
        }

        static string Joined(string name, object key)
        {
            var text = Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
            return name.Length > 0 ? $"{name}.{text}" : text;
        }
    }
}
