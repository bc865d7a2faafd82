using System.Text;
using Paramorph.Problems;

namespace Paramorph.Tests.Problems;

public sealed class DataContentTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-content-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void An_archive_without_arrays_is_said_to_hold_none()
    {
        // The end of a zip archive of no entries.
        var content = DataContent.Read(Written("empty.npz", [(byte)'P', (byte)'K', 5, 6, .. new byte[18]]));
        Assert.Equal("no arrays", content.Description);
        Assert.Contains("empty.npz holds no arrays, of which no kind of problem is made by itself", Assert.Throws<ProblemException>(() => ProblemKind.Of(content, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_is_cut_off_is_said_to_be_one()
    {
        var path = Written("cut.csv", [(byte)'P', (byte)'K', 3, 4, .. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))]);
        Assert.Contains("zip", Assert.Throws<Paramorph.Formats.UnreadableFileException>(() => DataContent.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_array_of_numbers_is_named_and_told_when_it_is_asked_for()
    {
        var text = "# Created by Octave 8.4.0\n# name: remark\n# type: string\n# elements: 1\n# length: 3\nabc\n\n\n";
        var content = Assert.IsType<DataContent.OfArrays>(DataContent.Read(Written("remark.txt", Encoding.ASCII.GetBytes(text))));
        Assert.Empty(content.Arrays);
        Assert.Equal("arrays: remark of 1 text", content.Description);
        Assert.Contains("remark.txt is text, and not an array of numbers", Assert.Throws<ProblemException>(() => content.Array("remark")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_in_the_place_of_a_number_is_told_with_the_name_of_its_column()
    {
        var problem = TableRegression.Read(Tables.Of("a b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7}\n"))), new());
        var refusal = Assert.Throws<ProblemException>(() => problem.Preparation.ReadInputs(Tables.Of("a b,z\n1,1\n2,2\nabc,3\n", "new.csv"), []));
        Assert.Equal("row 3 of the column \"a b\" is \"abc\", where a number must stand.", refusal.Message);
    }

    [Fact]
    public void One_thing_is_told_in_the_singular()
    {
        var text = "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i / 7.0},{(i == 5 ? "" : FormattableString.Invariant($"{i % 9 + 0.5}"))}\n")));
        var problem = TableRegression.Read(Tables.Of(text), new());
        Assert.Contains("inputs are 1 column of numbers: 1 feature", problem.Understood);
        Assert.Contains("1 of 60 rows has no finite target and is left out", problem.Understood);
        var series = Forecasting.Read(Tables.Of(text), new() { Settings = new Dictionary<string, string> { ["horizon"] = "1" } });
        Assert.Contains(series.Understood, note => note.Contains("forecast, 1 step ahead, from ", StringComparison.Ordinal));
        Assert.Equal("a table of 1 row and 2 columns", Tables.Of("a,b\n1,2\n").Description);
    }

    private string Written(string name, byte[] bytes)
    {
        var path = Path.Combine(root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
