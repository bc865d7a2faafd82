namespace Paramorph.Data;

/// <summary>
/// The words a^n b^n, or with three symbols a^n b^n c^n, and so on: each symbol as often as the first, in order. Two symbols take a counter, three are
/// beyond any stack. (Gers and Schmidhuber, "LSTM recurrent networks learn simple context-free and context-sensitive languages", 2001.)
/// </summary>
/// <param name="Largest">The largest n that is drawn; n is uniform from 1 on.</param>
/// <param name="Symbols">Number of different symbols, 2 to 26.</param>
public sealed record CountingLanguage(int Largest, int Symbols = 2) : ILanguage
{
    /// <inheritdoc/>
    public string Alphabet => string.Concat(Enumerable.Range(0, Symbols).Select(i => (char)('a' + i)));

    /// <inheritdoc/>
    public string Draw(KeyRandom random)
    {
        var n = random.Integer(1, Largest + 1);
        return string.Concat(Alphabet.Select(s => new string(s, n)));
    }

    /// <inheritdoc/>
    public string Next(string beginning)
    {
        if (beginning == "") return "a";
        var count = beginning.TakeWhile(s => s == 'a').Count();
        if (count == 0) return "";
        var whole = string.Concat(Alphabet.Select(s => new string(s, count)));
        if (!whole.StartsWith(beginning, StringComparison.Ordinal)) return "";
        return beginning.Length == count ? "ab" : beginning.Length == whole.Length ? $"{ILanguage.End}" : $"{whole[beginning.Length]}";
    }
}
