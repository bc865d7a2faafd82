using Paramorph.Experiments;

namespace Paramorph.Problems;

/// <summary>What is drawn of a model's answers to test examples: a picture, or a drawing in SVG.</summary>
/// <param name="Name">Its name, of which a file is made.</param>
/// <param name="Caption">What is to be seen on it.</param>
public sealed record Illustration(string Name, string Caption)
{
    /// <summary>The picture; null of a drawing.</summary>
    public Picture? Picture { get; init; }

    /// <summary>The drawing as SVG; null of a picture.</summary>
    public string? Drawing { get; init; }
}
