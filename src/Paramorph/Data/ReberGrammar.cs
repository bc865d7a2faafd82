namespace Paramorph.Data;

/// <summary>
/// The grammar of Reber ("Implicit learning of artificial grammars", 1967): words from B to E along the arcs of an automaton, where two arcs leave each
/// state with equal probability. Embedded in itself, a word is B, T or P, a word of the grammar, the same T or P, E: its second symbol must be remembered to
/// the end, the classic test of a recurrent network's memory (Hochreiter and Schmidhuber, "Long short-term memory", 1997).
/// </summary>
/// <param name="IsEmbedded">Whether words are embedded.</param>
public sealed record ReberGrammar(bool IsEmbedded = false) : ILanguage
{
    // The arcs that leave each state of the automaton; E leads to the end, which no arc leaves.
    private static readonly (char Symbol, int To)[][] Arcs =
    [
        [('B', 1)],
        [('T', 2), ('P', 3)],
        [('S', 2), ('X', 4)],
        [('T', 3), ('V', 5)],
        [('X', 3), ('S', 6)],
        [('P', 4), ('V', 6)],
        [('E', 7)],
        [],
    ];

    /// <inheritdoc/>
    public string Alphabet => "BTSXPVE";

    /// <inheritdoc/>
    public string Draw(KeyRandom random)
    {
        var word = new System.Text.StringBuilder();
        for (var state = 0; Arcs[state].Length > 0;)
        {
            var (symbol, to) = random.Pick<(char Symbol, int To)>(Arcs[state]);
            word.Append(symbol);
            state = to;
        }
        var branch = random.Chance(0.5) ? "T" : "P";
        return IsEmbedded ? $"B{branch}{word}{branch}E" : word.ToString();
    }

    /// <inheritdoc/>
    public string Next(string beginning)
    {
        if (!IsEmbedded) return Inner(beginning);
        // What stands before the inner word, then the inner word, then what follows it.
        if (beginning.Length < 2) return beginning switch { "" => "B", "B" => "TP", _ => "" };
        if (beginning[0] != 'B' || beginning[1] is not ('T' or 'P')) return "";
        var end = beginning.IndexOf('E', 2);
        if (end < 0) return Inner(beginning[2..]);
        if (Inner(beginning[2..(end + 1)]) != $"{ILanguage.End}") return "";
        var rest = beginning[(end + 1)..];
        return rest == "" ? $"{beginning[1]}" : rest == $"{beginning[1]}" ? "E" : rest == $"{beginning[1]}E" ? $"{ILanguage.End}" : "";
    }

    private string Inner(string beginning)
    {
        var state = 0;
        foreach (var symbol in beginning)
        {
            var arc = Arcs[state].FirstOrDefault(a => a.Symbol == symbol);
            if (arc == default) return "";
            state = arc.To;
        }
        return Arcs[state] is { Length: > 0 } arcs ? string.Concat(Alphabet.Where(s => arcs.Any(a => a.Symbol == s))) : $"{ILanguage.End}";
    }
}
