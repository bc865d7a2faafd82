namespace Paramorph.Tests.Primitives;

public class PrimitivesPageTests
{
    [Fact]
    public void The_page_of_primitives_is_up_to_date()
    {
        if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(PrimitivesPage.File(), PrimitivesPage.Text());
        var written = File.Exists(PrimitivesPage.File()) ? File.ReadAllText(PrimitivesPage.File()) : "";
        Assert.True(written == PrimitivesPage.Text(), $"docs/primitives.md is out of date; make it anew with: {PrimitivesPage.Command}");
    }

    [Fact]
    public void Every_primitive_has_a_case()
    {
        var without = PrimitivesPage.Entries().Where(entry => !entry.IsChecked).Select(entry => entry.Title);
        Assert.True(!without.Any(), $"no case in Cases.All for {string.Join(", ", without)}");
    }
}
