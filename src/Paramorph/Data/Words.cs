namespace Paramorph.Data;

/// <summary>Words of a language as tensors, each padded at its end to the length of the longest.</summary>
/// <param name="Symbols">Places in the alphabet, -1 after the end of a word (a place that <see cref="Tensor.OneHot"/> makes zeros): i32 [n, length].</param>
/// <param name="Lengths">i32 [n].</param>
/// <param name="Next">
/// 1 for each symbol that may follow, after each place, the last of them being the end of the word; 0 after the word: f32 [n, length, symbols + 1].
/// </param>
[Tree]
public sealed partial record Words(Tensor Symbols, Tensor Lengths, Tensor Next)
{
    /// <summary>Random words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="language">The language.</param>
    /// <param name="count">n.</param>
    /// <param name="longest">Words longer than this are drawn again; null for any.</param>
    public static Words Of(Key key, ILanguage language, int count, int? longest = null) => Encode(language, Draw(key, language, count, longest));

    /// <summary>Random words as text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="language">The language.</param>
    /// <param name="count">n.</param>
    /// <param name="longest">Words longer than this are drawn again; null for any.</param>
    public static string[] Draw(Key key, ILanguage language, int count, int? longest = null)
    {
        var random = new KeyRandom(key);
        string One()
        {
            for (var attempt = 0; attempt < 10_000; attempt++)
                if (language.Draw(random) is var word && word.Length <= (longest ?? int.MaxValue)) return word;
            throw new ArgumentException($"the language seems to have no word of at most {longest} symbols.", nameof(longest));
        }
        return [.. Enumerable.Range(0, count).Select(_ => One())];
    }

    /// <summary>Texts that are no words but nearly: random words in which one symbol is replaced by another that may not stand there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="language">The language.</param>
    /// <param name="count">n.</param>
    public static string[] Invalid(Key key, ILanguage language, int count)
    {
        var random = new KeyRandom(key);
        string One()
        {
            while (true)
            {
                var text = language.Draw(random).ToCharArray();
                text[random.Integer(text.Length)] = random.Pick<char>(language.Alphabet);
                if (!language.Contains(new(text))) return new(text);
            }
        }
        return [.. Enumerable.Range(0, count).Select(_ => One())];
    }

    /// <summary>Texts over the alphabet of a language as tensors.</summary>
    /// <exception cref="ArgumentException">A text holds a symbol that is not in the alphabet.</exception>
    public static Words Encode(ILanguage language, IReadOnlyList<string> texts)
    {
        var (alphabet, length) = (language.Alphabet, texts.Max(t => t.Length));
        var (symbols, next) = (new int[texts.Count * length], new float[texts.Count * length * (alphabet.Length + 1)]);
        Array.Fill(symbols, -1);
        for (var n = 0; n < texts.Count; n++)
        {
            for (var t = 0; t < texts[n].Length; t++)
            {
                var place = n * length + t;
                symbols[place] = alphabet.IndexOf(texts[n][t]);
                if (symbols[place] < 0) throw new ArgumentException($"'{texts[n][t]}' in \"{texts[n]}\" is not in the alphabet {alphabet}.", nameof(texts));
                foreach (var s in language.Next(texts[n][..(t + 1)]))
                    next[place * (alphabet.Length + 1) + (s == ILanguage.End ? alphabet.Length : alphabet.IndexOf(s))] = 1;
            }
        }
        return new(
            Tensor.From(symbols, [texts.Count, length]),
            Tensor.From([.. texts.Select(t => t.Length)]),
            Tensor.From(next, [texts.Count, length, alphabet.Length + 1]));
    }
}
