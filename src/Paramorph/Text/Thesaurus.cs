namespace Paramorph.Text;

/// <summary>Groups of phrases that people use for much the same thing, abbreviations too.</summary>
public sealed class Thesaurus
{
    /// <summary>The phrases that begin with a term, each with all terms of its group.</summary>
    private readonly ILookup<string, (string[] Phrase, string[] Group)> phrases;

    private Thesaurus(IEnumerable<string[][]> groups) =>
        phrases = groups.SelectMany(group => group.Select(phrase => (phrase, group.SelectMany(terms => terms).Distinct().ToArray()))).ToLookup(pair => pair.phrase[0]);

    /// <summary>One without groups.</summary>
    public static Thesaurus Empty { get; } = new([]);

    /// <summary>Reads a thesaurus.</summary>
    /// <param name="text">A line for each group, commas between its phrases.</param>
    public static Thesaurus Parse(string text) => new(
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',').Select(phrase => Terms.Of(phrase).ToArray()).Where(phrase => phrase.Length > 0).ToArray()));

    /// <summary>The terms of all groups of which the terms hold a phrase.</summary>
    public IReadOnlySet<string> Related(IReadOnlyList<string> terms)
    {
        var related = new HashSet<string>();
        for (var at = 0; at < terms.Count; at++)
            foreach (var (phrase, group) in phrases[terms[at]])
                if (at + phrase.Length <= terms.Count && phrase.Index().All(pair => terms[at + pair.Index] == pair.Item)) related.UnionWith(group);
        return related;
    }
}
