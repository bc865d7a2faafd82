namespace Paramorph.Data;

/// <summary>Words of a language, and texts that are none, to be told apart.</summary>
/// <param name="Symbols">A one at each symbol, zeros behind the end: f32 [n, length, symbols].</param>
/// <param name="Last">A one at the last place of each: f32 [n, length].</param>
/// <param name="Labels">1 for those that belong to the language: i32 [n].</param>
[Tree]
public sealed partial record LabelledWords(Tensor Symbols, Tensor Last, Tensor Labels)
{
    /// <summary>n.</summary>
    public int Count => Labels.Count;

    /// <summary>Draws words, and as many words with a single wrong symbol (<see cref="Words.Invalid"/>); of an odd number one more of these.</summary>
    /// <param name="key">The key.</param>
    /// <param name="language">The language.</param>
    /// <param name="count">n.</param>
    /// <param name="longest">Symbols of the longest text; longer ones are drawn again.</param>
    /// <exception cref="ArgumentException">The language seems to have no word so short.</exception>
    public static LabelledWords Draw(Key key, ILanguage language, int count, int longest)
    {
        var (valid, invalid) = (Words.Draw(key.Fold(0), language, count / 2, longest), new List<string>());
        for (var draw = 1; invalid.Count < count - count / 2; draw++) invalid.AddRange(Words.Invalid(key.Fold(draw), language, count).Where(text => text.Length <= longest));
        string[] texts = [.. valid, .. invalid.Take(count - count / 2)];
        var (symbols, last) = (new float[count * longest * language.Alphabet.Length], new float[count * longest]);
        for (var n = 0; n < count; n++)
        {
            for (var t = 0; t < texts[n].Length; t++) symbols[(n * longest + t) * language.Alphabet.Length + language.Alphabet.IndexOf(texts[n][t])] = 1;
            last[n * longest + texts[n].Length - 1] = 1;
        }
        return new(
            Tensor.From(symbols, [count, longest, language.Alphabet.Length]), Tensor.From(last, [count, longest]),
            Tensor.From([.. Enumerable.Range(0, count).Select(n => n < valid.Length ? 1 : 0)]));
    }

    /// <summary>Draws texts in parts of a size, the last one too, so that judging all of them takes no more memory than judging one part.</summary>
    /// <param name="key">The key.</param>
    /// <param name="language">The language.</param>
    /// <param name="count">At least as many texts.</param>
    /// <param name="longest">Symbols of the longest text.</param>
    /// <param name="size">Texts of a part, fewer where fewer are wanted in all.</param>
    public static LabelledWords[] Parts(Key key, ILanguage language, int count, int longest, int size = 100) =>
        [.. Enumerable.Range(0, (count + size - 1) / size).Select(i => Draw(key.Fold(i), language, Math.Min(size, count), longest))];
}
