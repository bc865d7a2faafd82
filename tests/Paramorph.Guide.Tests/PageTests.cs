namespace Paramorph.Guide.Tests;

public class PageTests
{
    public static TheoryData<string, string> Sections()
    {
        var data = new TheoryData<string, string>();
        foreach (var section in Page.Names.SelectMany(Page.Sections)) data.Add(section.Page, section.Title);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_code_of_a_page_compiles_runs_and_shows_what_it_says(string page, string title) =>
        new GuideProgram(Page.Sections(page).Single(section => section.Title == title)).Run();

    [Fact]
    public void The_guide_states_figures() =>
        Assert.True(Page.Sections("guide.md").Sum(section => new GuideProgram(section).Checks) > 30);

    [Theory]
    [InlineData("14", "f32[] 14")]
    [InlineData("f32[2] [1, 2.5]", "f32[2] [1, 2.5]")]
    [InlineData("[0.33, 1.0]", "f32[2] [0.333333, 1]")]
    public void A_right_figure_passes(string stated, string shown) => Figure.Shows(Tensor.From(Numbers(shown), Shapes(shown)), stated, "page");

    [Theory]
    [InlineData("15", "f32[] 14")]
    [InlineData("f64[] 14", "f32[] 14")]
    [InlineData("[0.34, 1]", "f32[2] [0.333333, 1]")]
    [InlineData("[1]", "f32[2] [1, 2]")]
    public void A_wrong_figure_fails(string stated, string shown) =>
        Assert.ThrowsAny<Exception>(() => Figure.Shows(Tensor.From(Numbers(shown), Shapes(shown)), stated, "page"));

    [Fact]
    public void A_statement_that_does_not_throw_as_stated_fails()
    {
        Figure.Throws(() => throw new ShapeException("no"), "throws ShapeException: no", "page");
        Assert.ThrowsAny<Exception>(() => Figure.Throws(() => { }, "throws ShapeException: no", "page"));
        Assert.ThrowsAny<Exception>(() => Figure.Throws(() => throw new ShapeException("yes"), "throws ShapeException: no", "page"));
    }

    [Fact]
    public void What_is_compared_is_what_the_console_shows()
    {
        Figure.Prints(() => Console.WriteLine(Tensor.Ones([3]).Sum()), "f32[] 3", "page");
        Assert.ThrowsAny<Exception>(() => Figure.Prints(() => Console.WriteLine("f32[] = reduce_sum f32[3]"), "3", "page"));
        Assert.ThrowsAny<Exception>(() => Figure.Prints(() => { }, "3", "page"));
    }

    private static float[] Numbers(string shown) => [.. shown[(shown.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim('[', ']').Split(", ").Select(float.Parse)];

    private static Shape Shapes(string shown) => shown.StartsWith("f32[]", StringComparison.Ordinal) ? Shape.Scalar : [Numbers(shown).Length];
}
