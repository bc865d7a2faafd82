using Paramorph.Papers;

namespace Paramorph.Server;

/// <summary>
/// Finds papers by the words that they share: each word counts by how often it stands in a text and by how few texts have it (tf-idf; Spärck Jones, "A statistical interpretation of term
/// specificity", 1972). Words of the title count more than those of the description.
/// </summary>
internal sealed class KeywordSearch : IPaperSearch
{
    private const int WeightOfTitle = 3;

    private static readonly HashSet<string> common =
        new("a an and are as at be by can for from has have in into is it its no not of on or our own per same so than that the their then they this to too versus vs was we what when where which while with without".Split(' '), StringComparer.Ordinal);

    private readonly IReadOnlyList<Paper> papers;
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly double[] rarity;

    public KeywordSearch(IReadOnlyList<Paper> papers)
    {
        this.papers = papers;
        Dictionary<string, double>[] counts = [.. papers.Select(Counts)];
        foreach (var word in counts.SelectMany(count => count.Keys)) words.TryAdd(word, words.Count);
        rarity = new double[words.Count];
        foreach (var (word, place) in words) rarity[place] = Math.Log((papers.Count + 1.0) / (counts.Count(count => count.ContainsKey(word)) + 0.5));
        Vectors = [.. counts.Select(Vector)];
    }

    public IReadOnlyList<float[]> Vectors { get; }

    public IReadOnlyList<FoundPaper> Search(string query, int count)
    {
        string[] asked = [.. Words(query)];
        if (asked.Length == 0) return [];
        // The last word may not be whole yet.
        var counts = words.Keys.Where(word => asked.Contains(word) || (asked[^1].Length > 2 && word.StartsWith(asked[^1], StringComparison.Ordinal))).ToDictionary(word => word, word => asked.Contains(word) ? 1.0 : 0.5);
        var vector = Vector(counts);
        // An id that is typed is meant.
        return Nearest(vector, count, paper => paper.Id == query.Trim() ? 10 : 0);
    }

    public IReadOnlyList<FoundPaper> Similar(Paper paper, int count) =>
        [.. Nearest(Vectors[papers.ToList().IndexOf(paper)], count + 1, _ => 0).Where(found => found.Paper != paper).Take(count)];

    private IReadOnlyList<FoundPaper> Nearest(float[] vector, int count, Func<Paper, double> further) =>
        [.. papers.Select((paper, i) => new FoundPaper(paper, Paramorph.Server.Vectors.Dot(Vectors[i], vector) + further(paper))).Where(found => found.Score > 0).OrderByDescending(found => found.Score).Take(count)];

    private float[] Vector(Dictionary<string, double> counts)
    {
        var vector = new float[rarity.Length];
        foreach (var (word, count) in counts) vector[words[word]] = (float)((1 + Math.Log(count)) * rarity[words[word]]);
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length > 0)
            for (var i = 0; i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    private static Dictionary<string, double> Counts(Paper paper)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (text, weight) in ((string, int)[])[($"{paper.Id} {paper.Title}", WeightOfTitle), ($"{paper.What} {paper.Family}", 2), (paper.Show, 1)])
            foreach (var word in Words(text)) counts[word] = counts.GetValueOrDefault(word) + weight;
        return counts;
    }

    /// <summary>The words of a text in lower case, without the most common ones and without most endings.</summary>
    private static IEnumerable<string> Words(string text)
    {
        foreach (var word in new string([.. text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length < 2 || common.Contains(word)) continue;
            yield return word switch
            {
                [.. var stem, 'i', 'e', 's'] when stem.Length > 2 => stem + "y",
                [.. var stem, 'i', 'n', 'g'] when stem.Length > 3 => stem,
                [.. var stem, 'e', 'd'] when stem.Length > 3 => stem,
                [.., 's', 's'] => word,
                [.. var stem, 's'] when stem.Length > 2 => stem,
                _ => word,
            };
        }
    }
}
