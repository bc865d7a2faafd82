using Paramorph.Formats;

namespace Paramorph.Tests;

public class PublicApiTests
{
    private const string Command = "PARAMORPH_WRITE_PAGES=1 dotnet test -c Release tests/Paramorph.Tests --filter PublicApiTests";

    /// <summary>A change of the API shows as a change of this file, and is meant.</summary>
    [Fact]
    public void The_public_API_is_the_one_on_record()
    {
        var (file, found) = (Repository.File("tests", "Paramorph.Tests", "PublicApi.txt"), PublicApi.Text(typeof(Tensor).Assembly, typeof(Npz).Assembly, typeof(Hdf5).Assembly));
        if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(file, found);
        var (now, before) = (found.Split('\n'), File.Exists(file) ? File.ReadAllLines(file) : []);
        var (added, removed) = (now.Except(before).Take(20), before.Except(now).Take(20));
        var isSame = found == (File.Exists(file) ? File.ReadAllText(file) : "");
        Assert.True(isSame, $"the public API is another than tests/Paramorph.Tests/PublicApi.txt has. If that is meant: {Command}\nnew: {string.Join("\nnew: ", added)}\ngone: {string.Join("\ngone: ", removed)}");
    }

    [Fact]
    public void The_text_shows_what_others_see_and_nothing_else()
    {
        var lines = PublicApi.Text(typeof(PublicApiTests).Assembly).Split('\n');
        Assert.Contains($"sealed class {typeof(Shown).FullName!.Replace('+', '.')} : IDisposable, IEquatable<PublicApiTests.Shown>", lines);
        foreach (var line in (string[])["    new(Int32 Width)", "    Int32 Width { get; init; }", "    static T First<T>(T[] items, Int32 from?)", "    Void Dispose()"]) Assert.Contains(line, lines);
        Assert.DoesNotContain(lines, line => line.Contains("Unseen", StringComparison.Ordinal) || line.Contains("PrintMembers", StringComparison.Ordinal));
    }

    public sealed record Shown(int Width) : IDisposable
    {
        public static T First<T>(T[] items, int from = 0) => items[from];

        public void Dispose() => Unseen();

        private static void Unseen()
        {
        }
    }
}
