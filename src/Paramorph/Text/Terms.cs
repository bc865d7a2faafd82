namespace Paramorph.Text;

/// <summary>The terms of an English text: its words without those that say nothing of its subject, each without its ending, so that forms of a word are one term.</summary>
public static class Terms
{
    private static readonly HashSet<string> Function =
    [
        .. "a an the of in on for to and or with by from as at is are be it its that this which what how do does into one than then when where whose who why not no each per via their them they we you your there after before without find want need get make use using used can should about paper papers something some any my me i"
            .Split(' '),
    ];

    /// <summary>Endings and what takes their place; the first that fits is cut.</summary>
    private static readonly (string Ending, string Instead)[] Endings =
    [
        ("ational", "ate"), ("isation", "ise"), ("ization", "ise"), ("isations", "ise"), ("izations", "ise"), ("ations", "ate"), ("ation", "ate"), ("ities", "ity"), ("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ers", "er"),
        ("ness", ""), ("ly", ""), ("s", ""),
    ];

    /// <summary>The terms in the order of the text.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var terms = new List<string>();
        var word = new System.Text.StringBuilder();
        foreach (var letter in text.Append(' '))
            if (char.IsAsciiLetterOrDigit(letter)) word.Append(char.ToLowerInvariant(letter));
            else if (word.Length > 0)
            {
                if (word.Length > 1 && word.ToString() is var whole && !Function.Contains(whole)) terms.Add(Stem(whole));
                word.Clear();
            }
        return terms;
    }

    private static string Stem(string word)
    {
        foreach (var (ending, instead) in Endings)
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length - ending.Length >= 3)
            {
                word = word[..^ending.Length] + instead;
                break;
            }
        if (word[^1] == 'e') word = word[..^1];
        return word.Length > 3 && word[^1] == word[^2] ? word[..^1] : word;
    }
}
