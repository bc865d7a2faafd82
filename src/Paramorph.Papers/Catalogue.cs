using System.Text.Json;
using System.Text.Json.Serialization;

namespace Paramorph.Papers;

/// <summary>All papers, whether their experiment runs or is planned.</summary>
public static class Catalogue
{
    private static readonly Lazy<IReadOnlyList<Paper>> papers = new(Read);

    /// <summary>The papers in the order of the catalogue.</summary>
    public static IReadOnlyList<Paper> Papers => papers.Value;

    /// <summary>The paper of an id, or null.</summary>
    public static Paper? Find(string id) => Papers.FirstOrDefault(paper => paper.Id == id);

    internal static string? Resource(string name)
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static IReadOnlyList<Paper> Read() =>
        [.. Resource("catalogue.jsonl")!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, PaperJson.Default.Paper)!)];
}

/// <summary>How a line of the catalogue looks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Paper))]
internal sealed partial class PaperJson : JsonSerializerContext;
