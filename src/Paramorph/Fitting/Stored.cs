namespace Paramorph.Fitting;

/// <summary>Models in files whose structure follows from the types of what is stored.</summary>
internal static class Stored
{
    /// <summary>The types of one of several models that are stored together, by their paths in it.</summary>
    /// <param name="stored">All types.</param>
    /// <param name="prefix">The path of the model, such as <c>members[2]</c>.</param>
    public static IReadOnlyDictionary<string, TensorType> Within(IReadOnlyDictionary<string, TensorType> stored, string prefix) => stored
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[prefix.Length..].TrimStart('.'), pair => pair.Value, StringComparer.Ordinal);
}
