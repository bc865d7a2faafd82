using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class LanguageTests
{
    private static readonly Dictionary<string, ILanguage> Languages = new()
    {
        ["reber"] = new ReberGrammar(),
        ["embedded reber"] = new ReberGrammar(IsEmbedded: true),
        ["a^n b^n"] = new CountingLanguage(8),
        ["a^n b^n c^n"] = new CountingLanguage(5, Symbols: 3),
        ["dyck"] = new DyckLanguage(3, 6, Depth: 3),
    };

    public static TheoryData<string> Names => [.. Languages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_symbol_of_a_word_is_among_those_that_may_follow(string name)
    {
        var language = Languages[name];
        foreach (var word in Words.Draw(Key.Of(1), language, 100))
        {
            Assert.True(language.Contains(word), word);
            for (var t = 0; t < word.Length; t++) Assert.Contains(word[t], language.Next(word[..t]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_symbol_that_may_follow_begins_another_word(string name)
    {
        // Breadth first through all beginnings of up to nine symbols: none is a dead end.
        var language = Languages[name];
        var beginnings = new List<string> { "" };
        for (var length = 0; length < 9; length++)
        {
            beginnings = [.. beginnings.SelectMany(b => language.Next(b).Where(s => s != ILanguage.End).Select(s => b + s)).Take(500)];
            Assert.All(beginnings, b => Assert.NotEqual("", language.Next(b)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_corrupted_word_is_no_word(string name) =>
        Assert.All(Words.Invalid(Key.Of(2), Languages[name], 50), text => Assert.False(Languages[name].Contains(text), text));

    [Theory]
    [InlineData("BTXSE", true)]
    [InlineData("BPVVE", true)]
    [InlineData("BTSSXXTVVE", true)]
    [InlineData("BTSSPXSE", false)]
    [InlineData("BTXS", false)]
    [InlineData("", false)]
    public void The_grammar_of_Reber_has_these_words(string text, bool isWord) => Assert.Equal(isWord, ((ILanguage)new ReberGrammar()).Contains(text));

    [Theory]
    [InlineData("BTBTXSETE", true)]
    [InlineData("BPBTXSEPE", true)]
    [InlineData("BPBTXSETE", false)]
    public void The_embedded_grammar_remembers_its_second_symbol(string text, bool isWord) =>
        Assert.Equal(isWord, ((ILanguage)new ReberGrammar(true)).Contains(text));

    [Theory]
    [InlineData("([])", true)]
    [InlineData("([)]", false)]
    [InlineData("(", false)]
    public void Brackets_close_in_order(string text, bool isWord) => Assert.Equal(isWord, ((ILanguage)new DyckLanguage(2, 5)).Contains(text));

    [Fact]
    public void Words_become_tensors_with_padding()
    {
        var words = Words.Encode(new CountingLanguage(3), ["ab", "aabb"]);
        Assert.Equal([0, 1, -1, -1, 0, 0, 1, 1], words.Symbols.ToArray<int>());
        Assert.Equal([2, 4], words.Lengths.ToArray<int>());
        Assert.Equal([1, 1, 0], words.Next[0, 0].ToArray<float>());
        Assert.Equal([0, 0, 1], words.Next[0, 1].ToArray<float>());
        Assert.Equal([0, 0, 0], words.Next[0, 2].ToArray<float>());
    }
}
