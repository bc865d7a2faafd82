using Paramorph.Papers;
using Paramorph.Server;

namespace Paramorph.Web.Tests;

/// <summary>Papers by the words that they share.</summary>
public sealed class KeywordSearchTests
{
    private static readonly KeywordSearch search = new(Catalogue.Papers);

    [Fact]
    public void The_words_of_a_title_find_its_paper()
    {
        var found = Catalogue.Papers.Count(paper => search.Search(paper.Title, 3).Any(item => item.Paper == paper));
        Assert.True(found >= Catalogue.Papers.Count - 5, $"{found} of {Catalogue.Papers.Count}");
    }

    [Fact]
    public void An_id_finds_its_paper_first() => Assert.All(Catalogue.Papers, paper => Assert.Equal(paper, search.Search(paper.Id, 1).Single().Paper));

    [Fact]
    public void A_word_that_no_paper_has_finds_nothing() => Assert.Empty(search.Search("xylophone", 10));

    [Fact]
    public void A_paper_is_not_similar_to_itself_and_most_of_what_is_similar_is_of_its_family()
    {
        var shares = Catalogue.Papers.Select(paper =>
        {
            var similar = search.Similar(paper, 5);
            Assert.DoesNotContain(similar, found => found.Paper == paper);
            return similar.Average(found => found.Paper.Family == paper.Family ? 1.0 : 0.0);
        });
        // Families drawn at random would agree in fewer than one of twelve cases.
        Assert.True(shares.Average() > 0.4, $"{shares.Average():P0}");
    }
}
