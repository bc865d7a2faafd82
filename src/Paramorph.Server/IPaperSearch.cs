using Paramorph.Papers;

namespace Paramorph.Server;

/// <summary>Finds papers of the catalogue.</summary>
internal interface IPaperSearch
{
    /// <summary>The papers that answer a question in words, the best first.</summary>
    IReadOnlyList<FoundPaper> Search(string query, int count);

    /// <summary>The papers that are most like one, the nearest first.</summary>
    IReadOnlyList<FoundPaper> Similar(Paper paper, int count);

    /// <summary>A vector for each paper, in the order of the catalogue: near ones mean something near. Their length is 1.</summary>
    IReadOnlyList<float[]> Vectors { get; }
}

/// <summary>A paper that was found.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Score">How well it fits; higher is better.</param>
internal readonly record struct FoundPaper(Paper Paper, double Score);
