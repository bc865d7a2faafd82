using System.Text.Json.Nodes;
using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Experiments;

public sealed class BenchTests
{
    private int made;

    [Fact]
    public void Methods_are_ordered_by_the_first_metric_and_beside_what_is_published()
    {
        var board = Board(Bench(new Published("line", "RMSE", 0.5, "closed form")), new RunOptions());
        Assert.Equal(["kernel-ridge", "nearest-neighbours"], board.Methods.Select(entry => entry.Name));
        Assert.True(board.Methods[0].Metrics["RMSE"].Mean < board.Methods[1].Metrics["RMSE"].Mean);
        Assert.Equal(board.Methods[0].Metrics["RMSE on line"].Mean, board.Methods[0].Metrics["RMSE"].Mean, 1e-12);
        Assert.True(board.Ready);
        Assert.False(Board(Bench(new Published("line", "RMSE", 1e-9, "wishful thinking")), new RunOptions()).Ready);
    }

    [Fact]
    public void What_is_on_record_is_not_run_again_unless_bench_or_method_changed()
    {
        var bench = Bench();
        var first = Board(bench, new RunOptions());
        var runs = made;
        var options = new RunOptions { Standing = _ => new(first, "code") };
        var second = Board(bench, options);
        Assert.Equal(runs, made);
        Assert.Equal(first.Methods.SelectMany(entry => entry.Metrics["RMSE"].Values), second.Methods.SelectMany(entry => entry.Metrics["RMSE"].Values));
        Board(bench, new RunOptions { Standing = _ => new(first, "other code") });
        Assert.Equal(2 * runs, made);
        Board(bench, options with { Seed = 100 });
        Assert.Equal(3 * runs, made);
        Assert.True(first.IsOf(bench, "code"));
        Assert.False(first.IsOf(bench, "other code"));
    }

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        var board = Board(Bench(new Published("line", "RMSE", 0.5, "closed form")), new RunOptions());
        var read = BenchRecord.FromJson(board.ToJson());
        Assert.Equal(board.ToJson(), read.ToJson());
        Assert.Contains("\"literature\": {", board.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_on_an_older_record_without_fingerprints_of_parameters_is_not_run_again()
    {
        var bench = Bench();
        var board = JsonNode.Parse(Board(bench, new RunOptions()).ToJson())!;
        foreach (var entry in board["methods"]!.AsArray()) Assert.True(entry!.AsObject().Remove("parameterHashes"));
        var older = BenchRecord.FromJson(board.ToJsonString());
        made = 0;
        var again = Board(bench, new RunOptions { Standing = _ => new(older, "code") });
        Assert.Equal(0, made);
        Assert.All(again.Methods, entry => Assert.All(entry.ParameterHashes, Assert.Null));
    }

    [Fact]
    public void A_file_of_another_content_is_refused_and_a_missing_one_is_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("paramorph-bench-");
        try
        {
            var file = new BenchTask("file", "A file.", (_, path) => throw new InvalidOperationException(path)) { File = new("a.csv", new string('0', 64), "nobody") };
            var bench = Bench(more: file);
            Assert.Equal(["line"], Board(bench, new RunOptions { DataFile = folder.FullName }).Tasks);
            File.WriteAllText(Path.Combine(folder.FullName, "a.csv"), "1");
            var error = Assert.Throws<ProblemException>(() => Board(bench, new RunOptions { DataFile = folder.FullName }));
            Assert.Contains("is not the file of the task file: its SHA-256 is 6b86b273", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_bench_whose_published_figures_were_not_compared_is_not_ready()
    {
        var file = new BenchTask("file", "A file.", (_, path) => throw new InvalidOperationException(path)) { File = new("a.csv", new string('0', 64), "nobody") };
        Assert.False(Board(Bench(published: new("file", "RMSE", 1e9, "nobody"), more: file), new RunOptions { Seeds = 1 }).Ready);
    }

    [Fact]
    public void A_mean_of_errors_is_none_where_one_is() => Assert.Equal(
        [0, 1e-3, 2],
        new[] { Paramorph.Experiments.Bench.Mean(TableRegression.ErrorMetric, [0, 1, 1]), Paramorph.Experiments.Bench.Mean(TableRegression.ErrorMetric, [1e-9, 1, 1]), Paramorph.Experiments.Bench.Mean(new("score", "", Better.Higher), [1, 3]) }.Select(value => Math.Round(value, 9)));

    [Fact]
    public void A_method_that_does_not_suit_a_task_stands_there_without_a_figure()
    {
        // Kernels are solved exactly up to 3000 rows.
        var board = Board(Bench(more: new("long", "A long line.", (_, _) => TableRegression.Read(Tables.Of(Tables.Linear(4000)), new()))), new RunOptions { Seeds = 1 });
        var kernel = board.Methods.Single(entry => entry.Name == "kernel-ridge").Metrics;
        Assert.True(double.IsFinite(kernel["RMSE on line"].Mean));
        Assert.True(double.IsNaN(kernel["RMSE on long"].Mean) && double.IsNaN(kernel["RMSE"].Mean));
        Assert.Equal(["nearest-neighbours", "kernel-ridge"], board.Methods.Select(entry => entry.Name));
        Assert.Equal(board.ToJson(), BenchRecord.FromJson(board.ToJson()).ToJson());
    }

    private static BenchRecord Board(Bench bench, RunOptions options) => BenchRecord.Of(bench, "code", bench.Standing, ExperimentRunner.Run(bench.Experiment(), options));

    /// <summary>A line through noise of deviation 0.1 or so, which a smooth method learns better than neighbours.</summary>
    private Bench Bench(Published? published = null, BenchTask? more = null) => new()
    {
        Id = "lines",
        Meaning = "Which method finds a line?",
        Tasks =
        [
            new("line", "A line.", (_, _) =>
            {
                Interlocked.Increment(ref made);
                return TableRegression.Read(Tables.Of(Tables.Linear(120)), new());
            }),
            .. more is null ? (BenchTask[])[] : [more],
        ],
        Standing = [new(KernelRidge.Method) { Published = published is null ? [] : [published] }, new(Paramorph.Bayes.NearestNeighbours.Method)],
        Metrics = [new("RMSE", "root of the mean squared error")],
        Budget = Budget.OfPlannedSeconds(1),
        Seeds = 2,
    };
}
