using System.Text.Json;
using Paramorph.Papers;

namespace Paramorph.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("paramorph-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_whole_list_has_every_paper_with_its_status()
    {
        var outcome = Command.Run("list", "--all", "--format", "json");
        Assert.Equal(0, outcome.ExitCode);
        using var list = JsonDocument.Parse(outcome.Output);
        Assert.Equal(Catalogue.Papers.Count, list.RootElement.GetArrayLength());
        Assert.All(list.RootElement.EnumerateArray(), paper => Assert.Contains(paper.GetProperty("status").GetString(), (string[])["works", "planned"]));
        foreach (var name in (string[])["id", "title", "family", "kind", "status", "verdict"]) Assert.True(list.RootElement[0].TryGetProperty(name, out _));
    }

    [Fact]
    public void The_list_is_filtered_by_family_and_words()
    {
        var outcome = Command.Run("list", "gaussians", "--family", "pinn", "--format", "json");
        using var list = JsonDocument.Parse(outcome.Output);
        Assert.Contains(list.RootElement.EnumerateArray(), paper => paper.GetProperty("id").GetString() == "pig");
        Assert.All(list.RootElement.EnumerateArray(), paper => Assert.Equal("pinn", paper.GetProperty("family").GetString()));
    }

    [Fact]
    public void Showing_a_paper_tells_its_claims_and_settings()
    {
        var outcome = Command.Run("show", "pig");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("relative L2 of pig is below that of pinn", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("gaussians", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ends_with_one_JSON_object_and_leaves_its_folder()
    {
        var outcome = Command.Run("run", "pig", "--size", "smoke", "--seeds", "2", "--set", "steps=5", "pinn-steps=5", "--out", folder, "--format", "json");
        Assert.Contains(outcome.ExitCode, (int[])[0, 3]);
        using var result = JsonDocument.Parse(outcome.Output);
        foreach (var name in (string[])["id", "seeds", "size", "verdict", "claims", "arms", "seconds", "peakBytes", "out"]) Assert.True(result.RootElement.TryGetProperty(name, out _), name);
        var arm = result.RootElement.GetProperty("arms")[0];
        foreach (var name in (string[])["name", "metrics", "parameters", "steps", "flops", "seconds"]) Assert.True(arm.TryGetProperty(name, out _), name);
        Assert.Equal(2, arm.GetProperty("metrics").GetProperty("relative L2").GetProperty("values").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(folder, "result.json")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "pictures"), "*.png"));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "curves"), "*.csv"));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "parameters"), "*.safetensors"));
    }

    [Theory]
    [InlineData("there is no paper pigs; there is pig", "run", "pigs")]
    [InlineData("there is no setting nothing", "run", "pig", "--set", "nothing=1")]
    [InlineData("--set takes name=value", "run", "pig", "--set", "steps")]
    [InlineData("there is no file", "run", "pig", "--data", "nowhere.mat")]
    [InlineData("at least one seed", "run", "pig", "--seeds", "0")]
    [InlineData("there is nothing to resume", "run", "pig", "--resume", "--out", "/nowhere-at-all")]
    [InlineData("Unrecognized", "run", "pig", "--sedes", "0")]
    [InlineData("nothing to verify", "verify")]
    [InlineData("there is no family", "list", "--family", "birds")]
    public void Wrong_use_is_one_clear_sentence_and_exit_code_2(string message, params string[] arguments)
    {
        var outcome = Command.Run(arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output.Trim());
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_planned_paper_does_not_run()
    {
        var outcome = Command.Run("run", Catalogue.Papers.First(paper => !paper.Works).Id);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is planned and does not run yet", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_one_clear_sentence()
    {
        var file = Path.Combine(folder, "x.mat");
        File.WriteAllText(file, "this is no MATLAB file");
        var outcome = Command.Run("run", "pig", "--data", file, "--size", "smoke", "--out", Path.Combine(folder, "out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("x.mat", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_command()
    {
        var outcome = Command.Run("--help");
        Assert.Equal(0, outcome.ExitCode);
        foreach (var name in (string[])["list", "show", "run", "verify"]) Assert.Contains(name, outcome.Output, StringComparison.Ordinal);
    }
}
