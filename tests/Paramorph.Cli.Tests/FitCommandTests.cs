using System.Text.Json;

namespace Paramorph.Cli.Tests;

public sealed class FitCommandTests : IDisposable
{
    private static readonly string[] Quick = ["--method", "mlp", "--budget", "4000steps"];
    private readonly string folder = Directory.CreateTempSubdirectory("paramorph-fit-cli-").FullName;

    private string Model => Path.Combine(folder, "model");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_written_names_the_options_of_the_command_as_the_screen_does()
    {
        var outcome = Command.Run(["fit", Table(), "--out", Model, .. Quick]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        foreach (var text in (string[])[outcome.Error, .. new[] { "report.md", "README.md", "result.json" }.Select(name => File.ReadAllText(Path.Combine(Model, name)))])
        {
            Assert.Contains("--header false takes it for data", text, StringComparison.Ordinal);
            Assert.DoesNotContain("HasHeader", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_fit_ends_with_one_JSON_object_and_its_model_predicts_and_is_inspected()
    {
        var outcome = Command.Run(["fit", Table(), "--out", Model, "--format", "json", .. Quick]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        using var result = JsonDocument.Parse(outcome.Output);
        foreach (var name in (string[])["problem", "method", "hyperparameters", "data", "metrics", "intervals", "simple", "tried", "parameters", "seconds", "peakBytes", "out"])
            Assert.True(result.RootElement.TryGetProperty(name, out _), name);
        foreach (var name in (string[])["file", "rows", "columns", "understood"]) Assert.True(result.RootElement.GetProperty("data").TryGetProperty(name, out _), name);
        Assert.True(result.RootElement.GetProperty("metrics").GetProperty("test").GetProperty("RMSE").GetDouble() > 0);
        Assert.True(result.RootElement.GetProperty("metrics").GetProperty("validation").TryGetProperty("RMSE", out _));
        foreach (var name in (string[])["level", "coverage"]) Assert.True(result.RootElement.GetProperty("intervals").TryGetProperty(name, out _), name);

        var answers = Path.Combine(folder, "answers.csv");
        Assert.Equal(0, Command.Run("predict", Model, Write("new.csv", "colour,a,b\nred,0.5,50\nblue,0.25,10\n"), "-o", answers).ExitCode);
        var lines = File.ReadAllLines(answers);
        Assert.Equal(3, lines.Length);
        Assert.Equal("y,\"y low\",\"y high\"", lines[0]);

        var nowhere = Command.Run("predict", Model, Table(), "-o", Path.Combine(folder, "nowhere", "answers.csv"));
        Assert.Equal(2, nowhere.ExitCode);
        Assert.EndsWith("answers.csv could not be written: there is no such folder.\n", nowhere.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        var inspected = Command.Run("inspect", Model, "--format", "json");
        using var inspection = JsonDocument.Parse(inspected.Output);
        foreach (var name in (string[])["problem", "method", "parameters", "flops", "microsecondsOfOne", "operations"]) Assert.True(inspection.RootElement.TryGetProperty(name, out _), name);
        Assert.Equal(result.RootElement.GetProperty("parameters").GetInt64(), inspection.RootElement.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void A_series_of_more_rows_than_are_kept_is_a_series_and_read_whole()
    {
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var hours = Write("hours.csv", "date,load\n" + string.Concat(Enumerable.Range(0, 700).Select(i => FormattableString.Invariant($"{start.AddHours(i):yyyy-MM-dd HH:mm:ss},{Math.Sin(i / 4.0)}\n"))));
        var series = Command.Run("fit", hours, "--dry-run", "--max-rows", "300");
        Assert.True(series.ExitCode == 0, series.Error);
        Assert.Contains("forecasting", series.Output, StringComparison.Ordinal);
        Assert.Contains("of 700 times train", series.Output, StringComparison.Ordinal);
        // A method for tables takes it as one.
        var regression = Command.Run("fit", hours, "--dry-run", "--method", "ridge");
        Assert.True(regression.ExitCode == 0, regression.Error);
        Assert.Contains("table-regression", regression.Output, StringComparison.Ordinal);
        // Visits at any time are none, of which so many as are wanted are kept.
        var visits = Write("visits.csv", "date,load,cost\n" + string.Concat(Enumerable.Range(0, 700).Select(i => FormattableString.Invariant($"{start.AddSeconds(i * i * 37 + i):yyyy-MM-dd HH:mm:ss},{Math.Sin(i / 4.0)},{i % 7}\n"))));
        var table = Command.Run("fit", visits, "--dry-run", "--max-rows", "300");
        Assert.True(table.ExitCode == 0, table.Error);
        Assert.Contains("300 of 700 rows are kept", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_and_the_screen_name_options_of_the_command_and_a_name_with_a_blank_is_quoted()
    {
        var model = Path.Combine(folder, "my model");
        var outcome = Command.Run(["fit", Table(), "--out", model, "--method", "ridge", "--budget", "200steps"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains($"paramorph predict \"{model}\" FILE uses it", outcome.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("ridge (simple answer)", outcome.Output, StringComparison.Ordinal);
        foreach (var text in (string[])[outcome.Error, .. ((string[])["report.md", "README.md", "result.json"]).Select(page => File.ReadAllText(Path.Combine(model, page)))])
        {
            Assert.Contains("--header false takes it for data", text, StringComparison.Ordinal);
            Assert.DoesNotContain("HasHeader", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_is_exported_and_the_file_is_inspected()
    {
        Assert.Equal(0, Command.Run(["fit", Table(), "--out", Model, .. Quick]).ExitCode);
        var file = Path.Combine(folder, "model.onnx");
        var exported = Command.Run("export", Model, "--onnx", file, "--type", "f32");
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Contains("takes inputs: f32[?, 3]", exported.Output, StringComparison.Ordinal);
        Assert.Contains("gives answers: f32[?, 1], low: f32[?, 1], high: f32[?, 1]", exported.Output, StringComparison.Ordinal);
        Assert.Contains("    a: a number, NaN where it is missing", exported.Output, StringComparison.Ordinal);
        Assert.Contains("-1 for any other", exported.Output, StringComparison.Ordinal);

        using var inspection = JsonDocument.Parse(Command.Run("inspect", file, "--format", "json").Output);
        var root = inspection.RootElement;
        Assert.Equal("Paramorph", root.GetProperty("producer").GetString());
        Assert.Equal(18, root.GetProperty("operatorSet").GetInt32());
        Assert.Equal(["inputs"], root.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
        Assert.Equal(["answers", "low", "high"], root.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.True(root.GetProperty("operators").GetProperty("MatMul").GetInt32() > 0);
        using var model = JsonDocument.Parse(Command.Run("inspect", Model, "--format", "json").Output);
        Assert.Equal(model.RootElement.GetProperty("parameters").GetInt64(), root.GetProperty("parameters").GetInt64());
        Assert.True(root.GetProperty("flops").GetDouble() > 0);
        Assert.Equal(0, root.GetProperty("unsupported").GetArrayLength());
        Assert.Equal("mlp", root.GetProperty("metadata").GetProperty("method").GetString());
        Assert.Contains("written by Paramorph, operator set 18", Command.Run("inspect", file).Output, StringComparison.Ordinal);

        var refused = Command.Run("export", Model, "--onnx", file, "--opset", "9");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("operator set 9 is not written: choose one from 17 to 22", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_shrunk_into_a_folder_of_its_own()
    {
        Assert.Equal(0, Command.Run(["fit", Table(), "--out", Model, .. Quick]).ExitCode);
        var before = File.ReadAllBytes(Path.Combine(Model, "model.safetensors"));
        var shrunk = Command.Run("shrink", Model, Table(), "--bits", "4", "--format", "json");
        Assert.True(shrunk.ExitCode == 0, shrunk.Error);
        using var told = JsonDocument.Parse(shrunk.Output);
        var root = told.RootElement;
        Assert.Equal($"{Model}-4bit", root.GetProperty("folder").GetString());
        Assert.Equal(before.Length, root.GetProperty("bytesBefore").GetInt64());
        Assert.Equal(new FileInfo(Path.Combine($"{Model}-4bit", "model.safetensors")).Length, root.GetProperty("bytesAfter").GetInt64());
        Assert.True(root.GetProperty("bytesAfter").GetInt64() < root.GetProperty("bytesBefore").GetInt64() / 2);
        Assert.InRange(root.GetProperty("answers").GetProperty("error").GetDouble(), 1e-9, root.GetProperty("answers").GetProperty("spread").GetDouble());
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Model, "model.safetensors")));
        Assert.Contains("rounded to 4 bits", File.ReadAllText(Path.Combine($"{Model}-4bit", "README.md")), StringComparison.Ordinal);
        Assert.Contains("rounded to 4 bits", File.ReadAllText(Path.Combine($"{Model}-4bit", "result.json")), StringComparison.Ordinal);

        // What was compared is what predict answers.
        string[] Answers(string model) => Command.Run("predict", model, Table()).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        double First(string line) => double.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        var differences = Answers(Model).Zip(Answers($"{Model}-4bit"), (a, b) => Math.Abs(First(a) - First(b))).ToArray();
        Assert.Equal(root.GetProperty("answers").GetProperty("largest").GetDouble(), differences.Max(), 1e-6);

        // Intervals reach as much farther, and hold what they held.
        double Width(string model) => Answers(model)[0].Split(',') is var numbers ? double.Parse(numbers[2], System.Globalization.CultureInfo.InvariantCulture) - double.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        Assert.Equal(Width(Model) + 2 * differences.Max(), Width($"{Model}-4bit"), 1e-6);

        var other = Path.Combine(folder, "other");
        var silent = Command.Run("shrink", Model, "-o", other);
        Assert.Contains("was not looked at", silent.Output, StringComparison.Ordinal);
        Assert.Equal(0, Command.Run("inspect", other).ExitCode);
        Assert.DoesNotContain("low", Command.Run("predict", other, Table()).Output, StringComparison.Ordinal);

        foreach (var (words, sentence) in ((string[] Words, string Sentence)[])[([Model, "--bits", "9"], "--bits is 2 to 8, not 9"), ([folder], "holds no model"), ([Model, Path.Combine(folder, "none.csv")], "none.csv"),
            ([Model, "--bits", "4"], "is there already"), ([Model, "-o", Model], "is the model itself"), ([Model, "-o", Path.Combine(Model, "in")], "lies in it"), ([Model, Write("empty.csv", "colour,a,b\n"), "-o", $"{other}2"], "no ")])
        {
            var refused = Command.Run(["shrink", .. words]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_equation_is_solved_by_its_name_and_asked_at_coordinates()
    {
        string[] small = ["--method", "pinn-newton", "--set", "width=8", "--set", "depth=2", "--set", "steps=20", "--set", "iterations=30", "--set", "points=100"];
        var fitted = Command.Run(["fit", "helmholtz", "--out", Model, "--set", "a=1", .. small]);
        Assert.True(fitted.ExitCode == 0, fitted.Error);
        Assert.Contains("relative L2", fitted.Output, StringComparison.Ordinal);
        // On the edges the field is zero whatever was learned.
        var predicted = Command.Run("predict", Model, Write("points.csv", "y,x\n0.3,-1\n1,0.2\n"));
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        var lines = predicted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("u", lines[0]);
        Assert.All(lines[1..], line => Assert.Equal(0, double.Parse(line, System.Globalization.CultureInfo.InvariantCulture), 12));
    }

    // A process is started and killed, which takes seconds.
    [Fact]
    public void A_fit_that_is_killed_and_resumed_gives_the_same_bytes()
    {
        var table = Table();
        var (whole, parts) = (Path.Combine(folder, "whole"), Path.Combine(folder, "parts"));
        Command.Run(["fit", table, "--out", whole, .. Quick]);
        // Where the machine is busy, a fit may end before it is killed: then another one is.
        for (var attempt = 0; attempt < 10 && !IsKilledHalfway(["fit", table, "--out", parts, .. Quick], $"{parts}.fitting"); attempt++) Directory.Delete(parts, recursive: true);
        Assert.False(Directory.Exists(parts));
        var resumed = Command.Run(["fit", table, "--out", parts, "--resume", .. Quick]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    /// <summary>Starts a fit and kills it when two of its models have ended; false if it ended first.</summary>
    private static bool IsKilledHalfway(string[] arguments, string journal)
    {
        using var process = Command.Start(arguments);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        while (!process.HasExited && Ended(journal) < 2) Thread.Sleep(5);
        process.Kill();
        process.WaitForExit();
        return Directory.Exists(journal);
    }

    private static int Ended(string journal)
    {
        try
        {
            return Directory.GetFiles(journal, "*.json").Length;
        }
        catch (DirectoryNotFoundException)
        {
            // It has not begun, or has just ended.
            return 0;
        }
    }

    [Fact]
    public void Without_a_name_bench_lists_all_as_one_JSON_value_too()
    {
        using var list = JsonDocument.Parse(Command.Run("bench", "--format", "json").Output);
        var bench = list.RootElement.EnumerateArray().Single(bench => bench.GetProperty("id").GetString() == "table-regression");
        Assert.Contains("boosted-trees", bench.GetProperty("standing").EnumerateArray().Select(name => name.GetString()));
        Assert.True(bench.GetProperty("tasks").GetArrayLength() > 1);
        Assert.Contains(bench.GetProperty("record").GetString(), (string?[])[null, "ready", "not ready", "stale"]);
        Assert.Contains("table-regression", Command.Run("bench").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_are_listed_and_one_tells_its_hyperparameters()
    {
        using var list = JsonDocument.Parse(Command.Run("methods", "--problem", "table-regression", "--format", "json").Output);
        Assert.Contains(list.RootElement.EnumerateArray(), method => method.GetProperty("name").GetString() == "mlp");
        Assert.All(list.RootElement.EnumerateArray(), method => Assert.Contains("table-regression", method.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString())));
        Assert.Contains("width", Command.Run("methods", "mlp").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no file", "fit", "nowhere.csv")]
    [InlineData("no problem of that name: allen-cahn, burgers", "fit", "burger")]
    [InlineData("helmholtz has no setting depth-of-water", "fit", "helmholtz", "--set", "depth-of-water=1")]
    [InlineData("names no equation", "fit", "TABLE", "--problem", "differential-equation")]
    [InlineData("there is no method wings", "fit", "TABLE", "--method", "wings")]
    [InlineData("has no column z", "fit", "TABLE", "--target", "z")]
    [InlineData("a budget is 60s", "fit", "TABLE", "--budget", "soon")]
    [InlineData("there is no kind of problem", "fit", "TABLE", "--problem", "weather")]
    [InlineData("holds text, and numbers are predicted", "fit", "TABLE", "--target", "colour", "--problem", "table-regression")]
    [InlineData("a share between 0 and 0.8", "fit", "TABLE", "--test", "2")]
    [InlineData("there is no folder", "predict", "nowhere", "TABLE")]
    [InlineData("there is no folder", "export", "nowhere", "--onnx", "never.onnx")]
    [InlineData("Option '--onnx' is required", "export", "nowhere")]
    [InlineData("this is no ONNX model", "inspect", "TABLE")]
    [InlineData("there is no method wings", "methods", "wings")]
    [InlineData("one row with a target", "fit", "ONE")]
    [InlineData("--test takes a number, not \"abc\".", "fit", "TABLE", "--test", "abc")]
    [InlineData("--threads takes a whole number up to 2,147,483,647, not \"many\".", "fit", "TABLE", "--threads", "many")]
    [InlineData("--size takes smoke or full, not \"huge\".", "run", "pig", "--size", "huge")]
    [InlineData("there is neither a folder nor a file nowhere.onnx", "inspect", "nowhere.onnx")]
    [InlineData("--out is the name of a file or folder, and is empty here", "fit", "TABLE", "--out", "")]
    [InlineData("data is the name of a file or folder, and is empty here", "fit", "")]
    [InlineData("model is the name of a file or folder, and is empty here", "predict", "")]
    [InlineData("--onnx is the name of a file or folder, and is empty here", "export", "nowhere", "--onnx", "")]
    [InlineData("--out is the name of a file or folder, and is empty here", "run", "pig", "--out", " ")]
    public void Wrong_use_is_one_clear_sentence_and_exit_code_2(string message, params string[] arguments)
    {
        string[] given = [.. arguments.Select(argument => argument switch { "TABLE" => Table(), "ONE" => Write("one.csv", "a,b\n1,2\n"), _ => argument })];
        var outcome = Command.Run(given[0] == "fit" && !given.Contains("--out") ? [.. given, "--out", Model] : given);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Model));
    }

    private string Table()
    {
        var random = new Random(3);
        string[] colours = ["red", "green", "blue"];
        return Write("table.csv", "a,b,colour,y\n" + string.Concat(Enumerable.Range(0, 200).Select(_ => (A: random.NextDouble(), B: 100 * random.NextDouble(), Colour: random.Next(3)))
            .Select(row => FormattableString.Invariant($"{row.A},{row.B},{colours[row.Colour]},{row.A * row.A + Math.Sin(row.B / 20) + row.Colour}\n"))));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
