using Paramorph.Text;

namespace Paramorph.Papers;

/// <summary>Finds papers by what they are about. The index is made of the catalogue's own words when it is first asked.</summary>
public static class PaperSearch
{
    private static readonly Lazy<TextIndex> index = new(() => IndexWith(Thesaurus.Parse(Catalogue.Resource("thesaurus.txt")!)));

    /// <summary>The papers that answer a query in everyday words, the best first; none where no word of it is known. An id that is given is meant.</summary>
    /// <param name="query">What is looked for; its last word may be one that is not whole yet.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<FoundPaper> Find(string query, int most = 10)
    {
        var scores = index.Value.Scores(query);
        if (Catalogue.Papers.Index().FirstOrDefault(pair => pair.Item.Id == query.Trim()) is { Item: not null, Index: var named }) scores[named] += scores.Max();
        return [.. Best(scores, most).Where(found => found.Score > 0)];
    }

    /// <summary>The papers nearest in meaning to one of them, without itself.</summary>
    /// <param name="paper">A paper of the catalogue.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<FoundPaper> Similar(Paper paper, int most = 10)
    {
        var place = Catalogue.Papers.Index().First(pair => pair.Item.Id == paper.Id).Index;
        return [.. Best(index.Value.Similar(place), most + 1).Where(found => found.Paper.Id != paper.Id).Take(most)];
    }

    /// <summary>How near each pair of papers is in meaning: the cosine of their angle, in the order of the catalogue.</summary>
    public static IReadOnlyList<double[]> Cosines() => [.. Enumerable.Range(0, Catalogue.Papers.Count).Select(index.Value.Similar)];

    internal static TextIndex Index => index.Value;

    internal static TextIndex IndexWith(Thesaurus thesaurus) => TextIndex.Of(Catalogue.Papers.Select(Parts), thesaurus);

    private static IEnumerable<(string Part, double Weight)> Parts(Paper paper) => [(paper.Title, 2), (paper.What, 1), (paper.Show, 0.5), (paper.Family, 0.5), (paper.Id.Replace('-', ' '), 1)];

    private static IEnumerable<FoundPaper> Best(double[] scores, int most) =>
        scores.Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Take(most).Select(pair => new FoundPaper(Catalogue.Papers[pair.Index], pair.Item));
}

/// <summary>A paper that was found.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Score">How well it fits: of a search without unit, of similar papers the cosine of their angle in the space of meaning.</param>
public sealed record FoundPaper(Paper Paper, double Score);
