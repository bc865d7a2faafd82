using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Papers;
using Paramorph.Tests.Formats;

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
    public void Activations_are_listed_shown_and_given_as_JSON()
    {
        var shown = Command.Run("activations", "tanhexp");
        Assert.Equal(0, shown.ExitCode);
        foreach (var words in (string[])["x*tanh(exp(x))", "-0.3533 to inf", "Liu and Di, 2020", "the same: telu-exp"]) Assert.Contains(words, shown.Output, StringComparison.Ordinal);
        using var list = JsonDocument.Parse(Command.Run("activations", "--family", "waves", "--format", "json").Output);
        var snake = list.RootElement.EnumerateArray().Single(function => function.GetProperty("name").GetString() == "snake");
        Assert.Equal("x + sin(a*x)^2/a", snake.GetProperty("formula").GetString());
        Assert.True(snake.GetProperty("parameters")[0].GetProperty("isLearned").GetBoolean());
        Assert.Equal(JsonValueKind.Null, snake.GetProperty("high").ValueKind);
        Assert.Equal(2, Command.Run("activations", "reru").ExitCode);
    }

    [Fact]
    public void Showing_a_paper_tells_its_claims_and_settings()
    {
        var outcome = Command.Run("show", "pig");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("relative L2 of pig is below that of pinn", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("budget-share", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ends_with_one_JSON_object_and_leaves_its_folder()
    {
        var outcome = Command.Run("run", "pig", "--size", "smoke", "--seeds", "2", "--set", "budget-share=0.0005", "--out", folder, "--format", "json");
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

    // Processes are started and killed, which takes seconds.
    [Fact]
    public void A_run_that_is_killed_again_and_again_ends_with_the_same_bits()
    {
        string[] arguments = ["run", "sparse-rnn", "--size", "smoke", "--seeds", "2", "--format", "json", "--out"];
        var (whole, parts) = (Path.Combine(folder, "whole"), Path.Combine(folder, "parts"));
        Command.Run([.. arguments, whole]);
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Command.Start([.. arguments, parts, .. kill == 0 ? (string[])[] : ["--resume"]]);
            KillAfterWriting(process, Path.Combine(parts, "runs"), files: 2 + 3 * kill);
        }
        var last = Command.Run([.. arguments, parts, "--resume"]);
        Assert.Contains(last.ExitCode, (int[])[0, 3]);
        Assert.Equal(Metrics(whole), Metrics(parts));
        foreach (var file in Directory.GetFiles(Path.Combine(whole, "parameters")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(parts, "parameters", Path.GetFileName(file))));
    }

    [Theory]
    [InlineData("there is no paper pigs; there is pig", "run", "pigs")]
    [InlineData("there is no setting nothing", "run", "pig", "--set", "nothing=1")]
    [InlineData("--set takes name=value", "run", "pig", "--set", "steps")]
    [InlineData("there is no file", "run", "pig", "--data", "nowhere.mat")]
    [InlineData("at least one seed", "run", "pig", "--seeds", "0")]
    [InlineData("there is nothing to resume", "run", "pig", "--resume", "--out", "/nowhere-at-all")]
    [InlineData("run does not know --sedes. Is --seeds meant?", "run", "pig", "--sedes", "0")]
    [InlineData("list does not know --staus. Is --status meant?", "list", "pig", "--staus")]
    [InlineData("fit does not know --bugdet. Is --budget meant?", "fit", "--bugdet", "3", "a.csv")]
    [InlineData("there is no command verfiy. Is verify meant?", "verfiy")]
    [InlineData("there is no method siern: paramorph methods names them. Is siren meant?", "fit", "a.csv", "--method", "siern")]
    [InlineData("nothing to verify", "verify")]
    [InlineData("there is no family", "list", "--family", "birds")]
    [InlineData("there is no bench birds; there is ", "bench", "birds")]
    [InlineData("pinn stands on the bench equations anyway", "bench", "equations", "--method", "pinn")]
    [InlineData("cnn is not for differential-equation, as the tasks of the bench equations are: paramorph methods --problem differential-equation names those that are.", "bench", "equations", "--method", "cnn")]
    [InlineData("only a full run is recorded", "bench", "equations", "--size", "smoke", "--record", ".")]
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
    public void A_bench_is_a_leaderboard_that_ends_with_one_JSON_object()
    {
        var outcome = Command.Run("bench", "equations", "--size", "smoke", "--seeds", "2", "--method", "pig", "--out", folder, "--format", "json");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var board = BenchRecord.FromJson(outcome.Output);
        Assert.Equal("equations", board.Id);
        Assert.False(board.Ready);
        Assert.Contains(board.Methods, entry => entry.Name == "pig" && entry.Role == ArmRole.Method);
        Assert.Equal(board.Methods.Select(entry => entry.Metrics["relative L2"].Mean).Order(), board.Methods.Select(entry => entry.Metrics["relative L2"].Mean));
        Assert.All(board.Methods, entry => Assert.Equal(2, entry.Metrics["relative L2 on burgers"].Values.Count));
        Assert.Contains("equations", Command.Run("bench").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_one_clear_sentence()
    {
        var file = Path.Combine(folder, "x.mat");
        File.WriteAllText(file, "this is no MATLAB file");
        var outcome = Command.Run("fit", file, "--out", Path.Combine(folder, "out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("x.mat", outcome.Error, StringComparison.Ordinal);
    }

    [PythonTheory("numpy, scipy")]
    [InlineData("x = 2 * x", "its x goes from -2 to 2, and that of the equation from -1 to 1")]
    [InlineData("x, u = x[:100], u[:100]", "its x goes from -1 to -0.01")]
    [InlineData("t = t + 0.5", "its t goes from 0.5 to 1.5, and that of the equation from 0 to 1")]
    [InlineData("u = 0.9 * u", "at t = 0 differs from what is known there by up to 0.1, more than 0.01")]
    [InlineData("u = u + 0j", "variable uu: holds complex numbers")]
    [InlineData("u[3, 4] = np.nan", "it holds values that are no numbers")]
    [InlineData("u = 'text'", "holds no solution of one")]
    public void A_solution_of_another_problem_is_refused(string change, string message)
    {
        Python.Run(folder, $"""
            import numpy as np, scipy.io
            x, t = np.linspace(-1, 1, 201), np.linspace(0, 1, 11)
            u = np.repeat((x**2 * np.cos(np.pi * x))[:, None], 11, 1)
            {change}
            scipy.io.savemat('a.mat', dict(x=x, tt=t, uu=u))
            """);
        var outcome = Command.Run("fit", Path.Combine(folder, "a.mat"), "--problem", "differential-equation", "--budget", "100steps", "--out", Path.Combine(folder, "out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_refused_and_the_reverse()
    {
        var file = Path.Combine(folder, "digits.csv");
        File.WriteAllText(file, "1,2\n");
        var outcome = Command.Run("run", "relinear", "--data", file, "--size", "smoke", "--out", Path.Combine(folder, "out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is a file, and relinear reads a folder: a folder with files of the bench table-classification: ", outcome.Error, StringComparison.Ordinal);
        outcome = Command.Run("run", "lc-pfn", "--data", folder, "--size", "smoke", "--out", Path.Combine(folder, "out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is a folder, and lc-pfn reads a file: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_should_not_happen_is_one_sentence_and_a_log()
    {
        using var error = new StringWriter();
        Assert.Equal(1, Failure.Tell(new InvalidOperationException("first\nsecond."), ["fit", "a.csv"], error));
        var sentence = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("paramorph: this should not have happened: first second; please report it with ", sentence, StringComparison.Ordinal);
        var log = sentence.Split("report it with ")[1].Split(", which")[0];
        Assert.Contains("fit a.csv", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), File.ReadAllText(log), StringComparison.Ordinal);
        File.Delete(log);
    }

    [Fact]
    public void Help_names_every_command()
    {
        var outcome = Command.Run("--help");
        Assert.Equal(0, outcome.ExitCode);
        foreach (var name in (string[])["fit", "predict", "inspect", "methods", "list", "show", "run", "bench", "verify"]) Assert.Contains(name, outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Kills a process that cannot object, once it has written some files more than were there.</summary>
    private static void KillAfterWriting(System.Diagnostics.Process process, string folder, int files)
    {
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var written = new HashSet<string>();
        while (!process.HasExited && written.Count < files)
        {
            if (Directory.Exists(folder))
                foreach (var file in Listed(folder).Where(file => File.GetLastWriteTimeUtc(file) > process.StartTime.ToUniversalTime())) written.Add(file);
            Thread.Sleep(5);
        }
        process.Kill();
        process.WaitForExit();
    }

    private static string[] Listed(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        }
        catch (DirectoryNotFoundException)
        {
            // A job that ends removes its checkpoints while they are listed.
            return [];
        }
    }

    private static string Metrics(string folder)
    {
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "result.json")));
        return string.Join("\n", result.RootElement.GetProperty("arms").EnumerateArray().Select(arm => $"{arm.GetProperty("name")} {arm.GetProperty("metrics")} {arm.GetProperty("choices")}"));
    }
}
