namespace Paramorph.Data;

/// <summary>Words of brackets of several kinds that close in order: the language of Dyck, which takes a stack.</summary>
/// <param name="Kinds">Kinds of brackets, 1 to 4: (), [], {}, &lt;&gt;.</param>
/// <param name="Pairs">The largest number of pairs in a word; the number is uniform from 1 on.</param>
/// <param name="Depth">How deep brackets nest at most; no bracket opens beyond.</param>
public sealed record DyckLanguage(int Kinds, int Pairs, int Depth = int.MaxValue) : ILanguage
{
    private const string Brackets = "()[]{}<>";

    /// <inheritdoc/>
    public string Alphabet => Brackets[..(2 * Kinds)];

    /// <inheritdoc/>
    public string Draw(KeyRandom random)
    {
        var word = new System.Text.StringBuilder();
        var open = new Stack<char>();
        var left = random.Integer(1, Pairs + 1);
        while (left > 0 || open.Count > 0)
        {
            var opens = left > 0 && open.Count < Depth && (open.Count == 0 || random.Chance(0.5));
            if (opens)
            {
                var kind = random.Integer(Kinds);
                word.Append(Brackets[2 * kind]);
                open.Push(Brackets[2 * kind + 1]);
                left--;
            }
            else
            {
                word.Append(open.Pop());
            }
        }
        return word.ToString();
    }

    /// <inheritdoc/>
    public string Next(string beginning)
    {
        var (open, pairs) = (new Stack<char>(), 0);
        foreach (var symbol in beginning)
        {
            var place = Alphabet.IndexOf(symbol);
            if (place < 0) return "";
            if (place % 2 == 0)
            {
                open.Push(Alphabet[place + 1]);
                pairs++;
            }
            else if (open.Count == 0 || open.Pop() != symbol)
            {
                return "";
            }
            if (open.Count > Depth || pairs > Pairs) return "";
        }
        var canOpen = pairs < Pairs && open.Count < Depth;
        var symbols = Alphabet.Where((s, i) => i % 2 == 0 ? canOpen : open.Count > 0 && open.Peek() == s);
        return string.Concat(symbols) + (open.Count == 0 && pairs > 0 ? $"{ILanguage.End}" : "");
    }
}
