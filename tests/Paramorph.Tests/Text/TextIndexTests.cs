using Paramorph.Text;

namespace Paramorph.Tests.Text;

public sealed class TextIndexTests
{
    private static readonly string[] Texts = ["Cars have engines and wheels", "An automobile with an engine", "The wheel of an automobile", "Flowers grow in gardens", "A garden of roses and flowers"];

    private static TextIndex Index(IEnumerable<string> texts, string thesaurus = "", int dimensions = 2) => TextIndex.Of(texts.Select(text => new[] { (text, 1.0) }), Thesaurus.Parse(thesaurus), dimensions);

    [Fact]
    public void Terms_are_words_without_endings_and_without_those_that_say_nothing() => Assert.Equal(["shrink", "network", "2d", "grid"], Terms.Of("Shrinking the networks (a) on 2D grids"));

    [Fact]
    public void Forms_of_a_word_are_one_term()
    {
        foreach (var (one, other) in new[] { ("network", "networks"), ("pruning", "pruned"), ("quantization", "quantisation"), ("optimisation", "optimisations"), ("optimizations", "optimisations"), ("theories", "theory"), ("compile", "compiling"), ("Activation", "activations") })
            Assert.Equal(Terms.Of(one), Terms.Of(other));
        Assert.NotEqual(Terms.Of("graph"), Terms.Of("gradient"));
    }

    [Fact]
    public void Words_are_weighed_as_the_formula_says()
    {
        var index = Index(["alpha beta beta", "alpha gamma", "delta"]);
        // Three texts of which two hold alpha and one holds beta; lengths 3, 2 and 1, 2 in the mean.
        double Rarity(int n) => Math.Log(1 + ((3 - n + 0.5) / (n + 0.5)));
        double Weight(double f, double length) => f * 2.2 / (f + (1.2 * (0.4 + (0.6 * length / 2))));
        var expected = new[] { (Rarity(2) * Weight(1, 3)) + (Rarity(1) * Weight(2, 3)), Rarity(2) * Weight(1, 2), 0 };
        Assert.Equal(expected, index.ByWords("beta ALPHA beta"), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Texts_without_a_word_in_common_are_near_if_their_words_stand_together_elsewhere()
    {
        var scores = Index(Texts).ByMeaning("car");
        Assert.True(scores[2] > 0.9, $"{scores[2]}");
        Assert.True(Math.Abs(scores[4]) < 0.1, $"{scores[4]}");
        Assert.Equal(0, Index(Texts).ByWords("car")[2]);
    }

    [Fact]
    public void A_space_of_all_dimensions_has_the_cosines_of_the_texts_themselves()
    {
        // Two of three words in common, one of them in two of three texts: the cosine by hand.
        var index = Index(["alpha beta", "alpha gamma", "delta"], dimensions: 3);
        double Rarity(int n) => Math.Log(1 + ((3 - n + 0.5) / (n + 0.5)));
        var (common, own) = (Rarity(2), Rarity(1));
        Assert.Equal(common * common / ((common * common) + (own * own)), index.Similar(0)[1], 9);
        Assert.Equal([1, 0], new[] { index.Similar(0)[0], index.Similar(0)[2] }, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_thesaurus_finds_what_the_texts_call_otherwise()
    {
        Assert.Equal(0, Index(Texts).ByWords("blossom").Max());
        var scores = Index(Texts, "flower, blossom of a plant\nwheel, tyre").ByWords("blossom");
        Assert.True(scores[3] > 0 && scores[4] > 0);
        Assert.Equal([0.0, 0.0, 0.0], scores[..3]);
    }

    [Fact]
    public void A_phrase_is_found_only_as_a_whole()
    {
        var thesaurus = Thesaurus.Parse("support vector machine, svm");
        Assert.Contains("svm", thesaurus.Related(Terms.Of("A support vector machine learns")));
        Assert.DoesNotContain("svm", thesaurus.Related(Terms.Of("vector support for machines")));
    }

    [Fact]
    public void Unknown_words_find_nothing() => Assert.All(Index(Texts).Scores("zyzzyva"), score => Assert.Equal(0, score));

    [Fact]
    public void A_last_word_may_be_the_beginning_of_one()
    {
        Assert.Equal(Index(Texts).ByWords("roses flower"), Index(Texts).ByWords("roses flo"));
        Assert.Equal(Index(Texts).ByWords("flower"), Index(Texts).ByWords("gard flower"));
    }

    [Fact]
    public void No_text_is_an_error() => Assert.Throws<ArgumentException>(() => Index([]));
}
