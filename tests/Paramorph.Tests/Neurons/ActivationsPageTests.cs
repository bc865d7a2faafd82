namespace Paramorph.Tests.Neurons;

public class ActivationsPageTests
{
    [Fact]
    public void The_page_of_activations_is_up_to_date() => UpToDate("activations.md", ActivationsPage.Text());

    [Fact]
    public void The_sheet_of_pictures_is_up_to_date() => UpToDate("activations.svg", ActivationsPage.Svg());

    private static void UpToDate(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(ActivationsPage.File(name), text);
        Assert.True(File.Exists(ActivationsPage.File(name)) && File.ReadAllText(ActivationsPage.File(name)) == text, $"docs/{name} is out of date; make it anew with: {ActivationsPage.Command}");
    }
}
