using System.Buffers.Binary;

namespace Paramorph.Formats;

/// <summary>
/// The safetensors format of Hugging Face: tensors with names, and metadata. f16 and bf16 are read as f32, 16-bit integers as i32, u32 and u64 as i64; the
/// format has no c128, which is stored as f64 with a last axis of two and noted in the metadata. Reading runs no code and allocates no more than the file holds.
/// </summary>
public static class SafeTensors
{
    /// <summary>Reads the tensors of a file by their names, in the order of its header.</summary>
    /// <exception cref="UnreadableFileException">The content is not what the format says, holds what no tensor can, or is beyond the limits.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    /// <summary>Reads the metadata of a file: what its writer noted.</summary>
    /// <exception cref="UnreadableFileException">The header is not what the format says.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => SafeTensorsHeader.Read(file).Metadata);

    /// <summary>Writes tensors to a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors with their names, which differ.</param>
    /// <param name="metadata">What else to note.</param>
    /// <exception cref="ArgumentException">A name stands there twice, or is <c>__metadata__</c>.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IEnumerable{KeyValuePair{string, string}})"/>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        var named = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
            if (name == SafeTensorsHeader.MetadataKey || !named.TryAdd(name, tensor))
                throw new ArgumentException($"the name '{name}' is given twice or reserved: the names of tensors differ.", nameof(tensors));
        // Others map the file into memory: wide elements come first, so that all are aligned.
        string[] order = [.. named.Keys.OrderByDescending(name => StoredTypes.Of(named[name].ElementType).Size())];
        var header = SafeTensorsHeader.Write(named, order, metadata ?? []);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var name in order) StoredTypes.WriteElements(stream, named[name]);
    }

    /// <summary>Writes the leaves of a model, or of any tree, under their paths (<see cref="Tree.Names"/>). Static members are not written.</summary>
    /// <param name="path">The file, which appears whole or not at all.</param>
    /// <param name="tree">The model.</param>
    /// <param name="metadata">What else to note.</param>
    public static void Save<T>(string path, T tree, IEnumerable<KeyValuePair<string, string>>? metadata = null)
        where T : ITree<T> => Write(path, Tree.Names(tree).Zip(Tree.Leaves(tree), KeyValuePair.Create), metadata);

    /// <summary>
    /// Reads a model, or any tree, that <see cref="Save"/> wrote. A file whose metadata say that it is PyTorch's (<c>format</c> is <c>pt</c>) is read in the layout of
    /// PyTorch, as by <see cref="TorchState.Load"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A tree of the same structure; the result has its static members, and leaves of the same types and shapes.</param>
    /// <param name="modules">Of a file of PyTorch: from the path of a layer here to the name of the module there; indices with dots when null.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The file cannot be read, or its tensors are not the leaves of such a tree; the message names them.</exception>
    public static T Load<T>(string path, T like, Func<string, string>? modules = null, FormatLimits? limits = null)
        where T : ITree<T> => InputFile.Read(path, limits, file =>
        {
            var header = SafeTensorsHeader.Read(file);
            // Such files are written from modules of PyTorch, whose matrices are the transposes of those here.
            if (header.Metadata.TryGetValue("format", out var writer) && writer == "pt") return TorchLayout.Load(file, ReadTensors(file, header), like, modules);
            return Rebuilt(ReadTensors(file, header), like, problem => file.Error("", problem));
        });

    /// <summary>
    /// Reads a tree whose leaves have other names in the file: where a type and shape occurs once there and once in the tree, it decides. Layouts are taken to be those of this library, whoever wrote the
    /// file, since a transposed square matrix has the same shape.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A tree of the same structure; the result has its static members, and leaves of the same types and shapes.</param>
    /// <param name="told">Is told which tensor became which leaf, where the names differ.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The file cannot be read, or shapes do not decide; the message names the tensors and the leaves.</exception>
    public static T LoadByShapes<T>(string path, T like, Action<string>? told = null, FormatLimits? limits = null)
        where T : ITree<T> => InputFile.Read(path, limits, file =>
        {
            var (tensors, names, leaves) = (ReadTensors(file, SafeTensorsHeader.Read(file)), Tree.Names(like), Tree.Leaves(like));
            // What has the same name is meant; shapes decide about the rest.
            var chosen = names.Where(tensors.ContainsKey).ToDictionary(name => name);
            foreach (var type in leaves.Select(leaf => leaf.Type).Distinct())
            {
                string[] asked = [.. names.Zip(leaves).Where(leaf => leaf.Second.Type == type && !chosen.ContainsKey(leaf.First)).Select(leaf => leaf.First)];
                string[] found = [.. tensors.Where(tensor => tensor.Value.Type == type && !chosen.ContainsValue(tensor.Key)).Select(tensor => tensor.Key)];
                if (asked.Length == 0) continue;
                if (asked.Length != 1 || found.Length != 1)
                    throw file.Error("", $"shapes do not decide: {type} are {Listed(found)} in the file and {Listed(asked)} in the model.");
                chosen.Add(asked[0], found[0]);
                told?.Invoke($"'{found[0]}' {type} of the file is '{asked[0]}'");
            }
            if (Some("has besides", tensors.Keys.Except(chosen.Values)).FirstOrDefault() is { } besides) throw file.Error("", $"the tensors are not the leaves of the model: {besides}.");
            foreach (var (name, leaf) in names.Zip(leaves))
                if (tensors[chosen[name]].Type != leaf.Type) throw file.Error("", $"'{name}' is {tensors[chosen[name]].Type} where the model has {leaf.Type}.");
            return Tree.Rebuild(like, Array.ConvertAll(names, name => tensors[chosen[name]]));
        });

    /// <summary>A tree whose leaves are tensors by their paths.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="like">A tree of the same structure.</param>
    /// <param name="error">What is thrown when they are not its leaves.</param>
    internal static T Rebuilt<T>(IReadOnlyDictionary<string, Tensor> tensors, T like, Func<string, Exception> error)
        where T : ITree<T>
    {
        var (names, leaves) = (Tree.Names(like), Tree.Leaves(like));
        List<string> problems =
        [
            .. Some("lacks", names.Where(name => !tensors.ContainsKey(name))),
            .. Some("has besides", tensors.Keys.Except(names)),
            .. names.Zip(leaves).Where(leaf => tensors.TryGetValue(leaf.First, out var tensor) && tensor.Type != leaf.Second.Type)
                .Select(leaf => $"'{leaf.First}' is {tensors[leaf.First].Type} where the model has {leaf.Second.Type}").Take(3),
        ];
        return problems.Count == 0
            ? Tree.Rebuild(like, Array.ConvertAll(names, name => tensors[name]))
            : throw error($"the tensors are not the leaves of the model: {string.Join("; ", problems)}.");
    }

    private static string Listed(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names.Take(5).Select(name => $"'{name}'")) + (names.Length > 5 ? $" and {names.Length - 5} more" : "");

    private static IEnumerable<string> Some(string verb, IEnumerable<string> names)
    {
        const int shown = 5;
        var all = names.ToList();
        if (all.Count > 0) yield return $"the file {verb} {string.Join(", ", all.Take(shown).Select(n => $"'{n}'"))}{(all.Count > shown ? $" and {all.Count - shown} more" : "")}";
    }

    private static OrderedDictionary<string, Tensor> Read(InputFile file) => ReadTensors(file, SafeTensorsHeader.Read(file));

    private static OrderedDictionary<string, Tensor> ReadTensors(InputFile file, SafeTensorsHeader header)
    {
        // The elements stand in the order of their offsets, the result in that of the header.
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var entry in header.Entries) tensors.Add(entry.Name, null!);
        foreach (var entry in header.Entries.OrderBy(entry => entry.Start)) tensors[entry.Name] = file.TakeTensor(entry.Stored, entry.Type.Shape);
        return tensors;
    }
}
