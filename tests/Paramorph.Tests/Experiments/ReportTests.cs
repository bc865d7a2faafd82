using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class ReportTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("paramorph-report-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_report_is_Markdown()
    {
        var report = new Report("A run");
        report.Line("Two **words**.");
        report.Item("one");
        report.Item("two?");
        report.Table(["a|b", "c"], [["1", "x"]]);
        report.Section("More");
        report.Picture("pictures/the-field.png");
        Assert.Equal("# A run\n\nTwo **words**.\n\n- one.\n- two?\n\n| a\\|b | c |\n| --- | --- |\n| 1 | x |\n\n## More\n\n![the field](pictures/the-field.png)\n", report.ToMarkdown());
    }

    [Fact]
    public void Markup_in_what_users_bring_stays_text()
    {
        const string Markup = "<script>alert(1)</script>";
        var report = new Report(Markup);
        report.Section(Markup);
        report.Line(Markup);
        report.Item(Markup);
        report.Table([Markup], [[$"**{Markup}**"], [$"`{Markup}`"]]);
        var page = report.ToHtml(folder.FullName);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<strong>&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<code>&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_holds_its_pictures_and_links_those_that_are_too_large()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "small.svg"), "<svg/>");
        File.WriteAllBytes(Path.Combine(folder.FullName, "large.png"), new byte[2_000_000]);
        var report = new Report("Pictures");
        report.Picture("small.svg");
        report.Picture("large.png");
        var page = report.ToHtml(folder.FullName);
        Assert.Contains("data:image/svg+xml;base64,PHN2Zy8+", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"large.png\">large</a>", page, StringComparison.Ordinal);
        Assert.True(page.Length < 10_000);
    }

    [Fact]
    public void Columns_of_numbers_stand_to_the_right()
    {
        var report = new Report("Numbers");
        report.Table(["name", "value", "mixed"], [["a", "0.5 (0.4 to 0.6)", "1"], ["b", "**-1E-05**", "many"], ["c", "-", "2"]]);
        var page = report.ToHtml(folder.FullName);
        Assert.Contains("<th>name</th><th class=\"number\">value</th><th>mixed</th>", page, StringComparison.Ordinal);
    }
}
