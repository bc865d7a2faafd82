using Paramorph.Formats;
using Paramorph.Layers;

namespace Paramorph.Fitting;

/// <summary>Models in safetensors files whose structure follows from the types of what is stored.</summary>
internal static class Stored
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="structure">A model of the structure, from the stored types by their paths.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, or of another structure.</exception>
    public static ILayer Load(string path, Func<IReadOnlyDictionary<string, TensorType>, ILayer> structure)
    {
        var tensors = SafeTensors.Read(path);
        var like = structure(tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Type, StringComparer.Ordinal));
        return SafeTensors.Load(path, like);
    }

    /// <summary>The types of one of several models that are stored together, by their paths in it.</summary>
    /// <param name="stored">All types.</param>
    /// <param name="prefix">The path of the model, such as <c>members[2]</c>.</param>
    public static IReadOnlyDictionary<string, TensorType> Within(IReadOnlyDictionary<string, TensorType> stored, string prefix) => stored
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[prefix.Length..].TrimStart('.'), pair => pair.Value, StringComparer.Ordinal);
}
