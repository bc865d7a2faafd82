using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Fitting;

public sealed class FitTests : IDisposable
{
    private static readonly FitOptions Small = new() { Methods = [Mlp.Method], Budget = Budget.Parse("6000steps"), Threads = 2 };
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-fit-").FullName;

    private string Folder => Path.Combine(root, "model");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("3000h")]
    [InlineData("99999999999999h")]
    public void A_budget_that_no_clock_measures_is_refused(string budget) => Assert.Contains("at most 720h", Assert.Throws<ProblemException>(() => Budget.Parse(budget)).Message, StringComparison.Ordinal);

    [Fact]
    public void Intervals_that_never_hold_are_refused() => Assert.Throws<ProblemException>(() => Fit.Run(TableRegression.Read(Tables.Of(Tables.Linear(20)), new()), Small with { Level = 0 }));

    [Fact]
    public void A_model_beats_the_simple_answers_where_they_are_wrong()
    {
        var random = new Random(1);
        var text = "a,b,y\n" + string.Concat(Enumerable.Range(0, 400).Select(_ => (A: random.NextDouble(), B: random.NextDouble())).Select(row =>
            FormattableString.Invariant($"{row.A},{row.B},{Math.Sin(6 * row.A) * Math.Cos(5 * row.B)}\n")));
        var result = Fit.Run(TableRegression.Read(Tables.Of(text), new()), Small);
        Assert.All(result.Simple, simple => Assert.True(result.Metrics.Test["RMSE"] < 0.5 * simple.Metrics["RMSE"], $"{result.Metrics.Test["RMSE"]} {simple.Name} {simple.Metrics["RMSE"]}"));
        Assert.Equal("mlp", result.Method);
        Assert.DoesNotContain(result.Notes, note => note.Contains("no better", StringComparison.Ordinal));
        Assert.True(result.Tried.Count >= 2);
        Assert.InRange(result.Intervals!.Coverage, 0.7, 1);
    }

    [Fact]
    public void A_saved_model_answers_with_the_same_numbers()
    {
        foreach (var problem in Problems())
        {
            var result = Fit.Run(problem, Small with { Out = Folder });
            var raw = problem.Preparation.ReadInputs(Tables.Of("a,b,c,colour\n0.5,50,7,red\n0.25,10,7,blue\n"), []);
            var loaded = Model.Load(Folder);
            Assert.Equal(result.Model.Predict(raw).ToDoubles(), loaded.Predict(raw).ToDoubles());
            Assert.Equal(result.Model.Parameters, loaded.Parameters);
            Assert.Equal(result.Metrics.Test, Model.ReadResult(Folder)!.Metrics.Test);
            foreach (var file in (string[])["model.json", "model.safetensors", "report.md", "report.html", "README.md", "result.json"]) Assert.True(File.Exists(Path.Combine(Folder, file)), file);
            Assert.False(Directory.Exists($"{Folder}.fitting"));
        }
    }

    [Fact]
    public void A_fit_that_is_stopped_anywhere_and_resumed_gives_the_same_bytes()
    {
        var problem = Problems()[0];
        var whole = Path.Combine(root, "whole");
        Fit.Run(problem, Small with { Out = whole });
        var before = File.ReadAllBytes(Path.Combine(whole, "model.safetensors"));
        // Stopped after three models, then after five more, then not.
        for (var stop = 0; stop < 2; stop++)
        {
            using var cancel = new CancellationTokenSource();
            var options = Small with { Out = Folder, IsResumed = stop > 0 };
            Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, options, new Watcher(3 + 2 * stop, cancel.Cancel), cancellation: cancel.Token));
            Assert.False(Directory.Exists(Folder));
        }
        Fit.Run(problem, Small with { Out = Folder, IsResumed = true });
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
    }

    [Fact]
    public void Another_fit_is_not_resumed_and_a_whole_model_is_not_either()
    {
        var problem = Problems()[0];
        // Killed before anything was kept: it begins anew.
        Fit.Run(problem, Small with { Out = Folder, IsResumed = true });
        Assert.Contains("the model there is whole", Refusal(() => Fit.Run(problem, Small with { Out = Folder, IsResumed = true })), StringComparison.Ordinal);
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, Small with { Out = Folder }, new Watcher(1, cancel.Cancel), cancellation: cancel.Token));
        Assert.Contains("\"seed 1\", not \"seed 2\"", Refusal(() => Fit.Run(problem, Small with { Out = Folder, IsResumed = true, Seed = 2 })), StringComparison.Ordinal);
        var columns = TableRegression.Read(Tables.Of(Tables.Linear(120)), new() { Targets = ["a"] });
        Assert.Contains("other columns are predicted", Refusal(() => Fit.Run(columns, Small with { Out = Folder, IsResumed = true })), StringComparison.Ordinal);
        var rows = TableRegression.Read(Tables.Of(Tables.Linear(120)), new() { Key = Key.Of(77) });
        Assert.Contains("is another one: other", Refusal(() => Fit.Run(rows, Small with { Out = Folder, IsResumed = true })), StringComparison.Ordinal);
        var (first, second) = (Path.Combine(root, "first.csv"), Path.Combine(root, "second.csv"));
        foreach (var file in (string[])[first, second]) File.WriteAllText(file, file);
        using var other = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, Small with { Out = Folder }, new Watcher(1, other.Cancel), first, other.Token));
        Assert.Contains("is another one: it was begun with another file of data, or the file has changed since. Resume", Refusal(() => Fit.Run(problem, Small with { Out = Folder, IsResumed = true }, source: second)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_stays_one()
    {
        if (OperatingSystem.IsWindows()) return;
        var place = Directory.CreateDirectory(Path.Combine(root, "place")).FullName;
        Directory.CreateSymbolicLink(Folder, place);
        Fit.Run(Problems()[0], Small with { Out = Folder });
        Assert.NotNull(new DirectoryInfo(Folder).LinkTarget);
        Assert.True(File.Exists(Path.Combine(place, "model.json")));
    }

    [Fact]
    public void A_folder_with_the_model_of_another_program_is_not_replaced()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "model.json"), "{\"format\": \"layers-model\", \"weightsManifest\": []}");
        Assert.Contains("holds other things than a model", Refusal(() => Fit.Run(Problems()[0], Small with { Out = Folder })), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "model.json")));
    }

    [Fact]
    public void A_model_that_beats_no_simple_answer_is_said_to_be_worth_little_wherever_people_read_of_it()
    {
        // Noise, of which nothing can be learned: the mean is as good as it gets.
        var random = new Random(4);
        var noise = "a,b,y\n" + string.Concat(Enumerable.Range(0, 300).Select(_ => FormattableString.Invariant($"{random.NextDouble()},{random.NextDouble()},{random.NextDouble()}\n")));
        var poor = Fit.Run(TableRegression.Read(Tables.Of(noise), new()), Small with { Methods = [NearestNeighbours.Method], Fixed = new Dictionary<string, string> { ["neighbours"] = "1" }, Out = Folder });
        var best = poor.Simple.MinBy(answer => answer.Metrics["RMSE"])!;
        Assert.True(poor.Metrics.Test["RMSE"] > best.Metrics["RMSE"]);
        Assert.StartsWith($"the model is no better on test examples than the simple answer \"{best.Name}\"", poor.Notes[0], StringComparison.Ordinal);
        foreach (var page in (string[])["report.md", "README.md"]) Assert.Contains(poor.Notes[0], File.ReadAllText(Path.Combine(Folder, page)), StringComparison.Ordinal);
        Assert.Equal("the folder for the model has no name.", Refusal(() => poor.Model.Save("")));
    }

    [Fact]
    public void Intervals_of_a_model_without_error_have_no_width()
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 7},{(i == 55 ? 6 : 5)},{(i < 40 ? "train" : i < 50 ? "validation" : "test")}\n"));
        var result = Fit.Run(TableRegression.Read(Tables.Of("a,y,split\n" + rows), new()), Small with { Methods = [NearestNeighbours.Method] });
        Assert.Equal((0.9, 0.0), (result.Intervals!.Coverage, result.Intervals.Width));
    }

    [Fact]
    public void A_model_is_replaced_by_a_whole_one_only_and_other_folders_are_left_alone()
    {
        var problem = Problems()[0];
        Fit.Run(problem, Small with { Out = Folder });
        var before = File.ReadAllBytes(Path.Combine(Folder, "model.safetensors"));
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, Small with { Out = Folder, Seed = 5 }, new Watcher(2, cancel.Cancel), cancellation: cancel.Token));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
        Fit.Run(problem, Small with { Out = Folder, Seed = 5 });
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
        var diary = Path.Combine(root, "diary");
        Directory.CreateDirectory(diary);
        File.WriteAllText(Path.Combine(diary, "today.txt"), "rain");
        Assert.Contains("holds other things than a model", Refusal(() => Fit.Run(problem, Small with { Out = diary })), StringComparison.Ordinal);
        Assert.Equal("rain", File.ReadAllText(Path.Combine(diary, "today.txt")));
    }

    [Fact]
    public void A_model_that_a_killed_fit_had_taken_away_for_the_new_one_is_back_with_the_next_fit()
    {
        var problem = Problems()[0];
        Fit.Run(problem, Small with { Out = Folder });
        var before = File.ReadAllBytes(Path.Combine(Folder, "model.safetensors"));
        Directory.Move(Folder, $"{Folder}.old-k1ll3d.abc");
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, Small with { Out = Folder, Seed = 5 }, new Watcher(1, cancel.Cancel), cancellation: cancel.Token));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
    }

    [Fact]
    public void Of_two_fits_into_one_folder_the_second_is_refused_and_the_first_ends_as_if_alone()
    {
        var problem = Problems()[0];
        var alone = Path.Combine(root, "alone");
        Fit.Run(problem, Small with { Out = alone });
        var refusals = new List<string>();
        Fit.Run(problem, Small with { Out = Folder }, new Watcher(2, () =>
        {
            foreach (var isResumed in (bool[])[false, true]) refusals.Add(Refusal(() => Fit.Run(problem, Small with { Out = Folder, Seed = 5, IsResumed = isResumed })));
        }));
        Assert.Equal(2, refusals.Count);
        Assert.All(refusals, refusal => Assert.Equal($"another fit into {Folder} is under way: let it end, or give another folder.", refusal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(alone, "model.safetensors")), File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
        // What a process that died had locked is free.
        Directory.CreateDirectory($"{Folder}.fitting");
        File.WriteAllText(Path.Combine($"{Folder}.fitting", "lock"), "");
        Fit.Run(problem, Small with { Out = Folder });
        Assert.Equal([alone, Folder], Directory.GetFileSystemEntries(root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_new_model_replaces_the_files_of_the_old_one_and_nothing_else_in_its_folder()
    {
        Fit.Run(Problems()[1], Small with { Out = Folder });
        Assert.True(File.Exists(Path.Combine(Folder, "reliability.svg")));
        Assert.True(File.Exists(Path.Combine(Folder, "confusion.svg")));
        Assert.Contains("How it was made", File.ReadAllText(Path.Combine(Folder, "report.html")), StringComparison.Ordinal);
        var (notes, answers) = (Path.Combine(Folder, "notes.txt"), Path.Combine(Folder, "answers", "monday.csv"));
        File.WriteAllText(notes, "rain");
        Directory.CreateDirectory(Path.GetDirectoryName(answers)!);
        File.WriteAllText(answers, "y\n1\n");
        Fit.Run(Problems()[0], Small with { Out = Folder }).Model.Save(Folder);
        Assert.Equal(("rain", "y\n1\n"), (File.ReadAllText(notes), File.ReadAllText(answers)));
        Assert.Equal(["answers", "model.json", "model.safetensors", "notes.txt"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("table-regression", Model.Load(Folder).Kind);
        Assert.Equal([Folder], Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void A_fit_that_can_write_no_more_says_so_and_leaves_the_model_that_was_there()
    {
        var problem = Problems()[0];
        Fit.Run(problem, Small with { Out = Folder });
        var before = File.ReadAllBytes(Path.Combine(Folder, "model.safetensors"));
        var refusal = Refusal(() => Fit.Run(problem, Small with { Out = Folder, Seed = 5 }, new Watcher(3, () =>
        {
            Directory.Delete($"{Folder}.fitting", recursive: true);
            File.WriteAllText($"{Folder}.fitting", "in the way");
        })));
        Assert.StartsWith("the fit stopped: ", refusal, StringComparison.Ordinal);
        Assert.Contains("--resume goes on", refusal, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")));
    }

    [Fact]
    public void A_folder_that_was_tampered_with_or_is_newer_is_refused()
    {
        Fit.Run(Problems()[0], Small with { Out = Folder });
        var (json, tensors) = (Path.Combine(Folder, "model.json"), Path.Combine(Folder, "model.safetensors"));
        var (text, bytes) = (File.ReadAllText(json), File.ReadAllBytes(tensors));
        void Changed(string expected, string? description = null, byte[]? parameters = null)
        {
            File.WriteAllText(json, description ?? text);
            File.WriteAllBytes(tensors, parameters ?? bytes);
            Assert.Contains(expected, Refusal(() => Model.Load(Folder)), StringComparison.Ordinal);
        }
        Changed("changed or damaged", parameters: [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        Changed("was changed after the model was saved", description: text.Replace("\"mean\": ", "\"mean\": 1", StringComparison.Ordinal));
        Changed("a newer version", description: text.Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal));
        Changed("no description of a model", description: text[..100]);
        File.WriteAllText(json, text);
        File.Delete(tensors);
        Assert.Contains("has no model.safetensors", Refusal(() => Model.Load(Folder)), StringComparison.Ordinal);
        Assert.Contains("there is no folder", Refusal(() => Model.Load(Path.Combine(root, "nowhere"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_on_spans_are_those_of_the_traced_model_and_allocate_nothing()
    {
        var problem = Problems()[0];
        var model = Fit.Run(problem, Small).Model;
        var random = new Random(2);
        const int Count = 300;
        double[] inputs = [.. Enumerable.Range(0, Count).SelectMany(_ => new[] { random.NextDouble(), 100 * random.NextDouble(), random.Next(3) })];
        var expected = Compile.Of<Tensor, Tensor>(model.Call)(Tensor.From(inputs, [Count, 3])).ToDoubles();
        var answers = new double[Count];
        model.Predict(inputs, answers);
        Numbers.Close(expected, answers, 1e-5);
        foreach (var few in (int[])[1, 5, 20, 300])
        {
            var part = new double[few];
            model.Predict(inputs.AsSpan(0, 3 * few), part);
            Numbers.Close(answers[..few], part, 1e-5);
            Assert.Equal(0, Allocations.Least(() =>
            {
                for (var call = 0; call < 20; call++) model.Predict(inputs.AsSpan(0, 3 * few), part);
            }));
        }
        Parallel.For(0, 8, _ =>
        {
            var own = new double[Count];
            model.Predict(inputs, own);
            Assert.Equal(answers, own);
        });
        Assert.Throws<ArgumentException>(() => model.Predict(inputs.AsSpan(0, 4), answers.AsSpan(0, 1)));
    }

    [Fact]
    public void Fixed_hyperparameters_are_kept_and_unknown_ones_refused()
    {
        var result = Fit.Run(Problems()[0], Small with { Out = Folder, Fixed = new Dictionary<string, string> { ["width"] = "24", ["depth"] = "1" } });
        Assert.All(result.Tried, item => Assert.Equal(("24", "1"), (item.Hyperparameters["width"], item.Hyperparameters["depth"])));
        Assert.Contains("hyperparameter wings", Refusal(() => Fit.Run(Problems()[0], Small with { Fixed = new Dictionary<string, string> { ["wings"] = "2" } })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(100, true)]
    public void The_best_method_takes_part_even_where_it_costs_too_much_to_be_trained_on_folds(int steps, bool isFolded)
    {
        var line = (SolvedMethod)LinearRegression.Ridge with { Name = "line", Work = (_, _) => new(0, steps, 0) };
        var near = (SolvedMethod)NearestNeighbours.Method with { Work = (_, _) => new(0, 1, 0) };
        var result = Fit.Run(TableRegression.Read(Tables.Of(Tables.Linear(200)), new()), Small with { Methods = [near, line] });
        Assert.Equal("line", result.Model.Parts[0].Method.Name);
        Assert.Equal(isFolded, result.Model.Parts[0].Members > 1);
        Assert.Equal(1, result.Model.Parts.Sum(part => part.Weight), 1e-12);
        Assert.True(result.Metrics.Test["RMSE"] < 0.3 * result.Simple.Single(simple => simple.Name == "nearest neighbours").Metrics["RMSE"]);
    }

    [Fact]
    public void A_method_that_the_clock_does_not_allow_waits_for_all_others_and_is_cut()
    {
        var begun = new List<string>();
        SolvedMethod Watched(Method method, string name, double flops, bool waits) => (SolvedMethod)method with
        {
            Name = name,
            Work = (_, _) => new(flops, 0, 0),
            Solve = (problem, run) =>
            {
                lock (begun) begun.Add(name);
                if (waits) run.Cancellation.WaitHandle.WaitOne();
                run.Cancellation.ThrowIfCancellationRequested();
                return method.Fit(problem, run);
            },
        };
        Method[] methods = [Watched(LinearRegression.Ridge, "endless", 1e18, waits: true), Watched(LinearRegression.Ridge, "short", 1e6, waits: false)];
        var result = Fit.Run(TableRegression.Read(Tables.Of(Tables.Linear(200)), new()), new() { Methods = methods, Budget = Budget.OfSeconds(10), Threads = 1, Fixed = new Dictionary<string, string> { ["penalty"] = "0.01" } });
        Assert.Equal(("short", "endless"), (begun[0], begun[1]));
        Assert.Equal("short", result.Method);
        Assert.Contains(result.Notes, note => note.Contains("10s did not allow all of the plan", StringComparison.Ordinal));
    }

    [Fact]
    public void A_forecast_is_the_mean_of_models_of_several_stretches_of_time()
    {
        var series = "load\n" + string.Concat(Enumerable.Range(0, 1200).Select(i => FormattableString.Invariant($"{Math.Sin(i / 3.0) + 0.1 * Math.Sin(i * i)}\n")));
        var problem = Forecasting.Read(Tables.Of(series), new() { Settings = new Dictionary<string, string> { ["horizon"] = "8", ["lookback"] = "32" } });
        var result = Fit.Run(problem, new() { Methods = [Method.All.Single(method => method.Name == "linear-forecast")], Budget = Budget.Parse("200Gflop"), Threads = 2, Out = Folder });
        Assert.True(result.Model.Parts[0].Members >= 5);
        Assert.InRange(result.Metrics.Test["MSE"], 0, 0.05);
        Assert.InRange(result.Intervals!.Coverage, 0.8, 0.99);
        var raw = problem.Preparation.ReadInputs(Tables.Of(series), []);
        Assert.Equal(result.Model.Predict(raw).ToDoubles(), Model.Load(Folder).Predict(raw).ToDoubles());
    }

    [Fact]
    public void A_method_that_fails_is_told_and_does_not_end_the_others()
    {
        var fragile = (NetworkMethod)Mlp.Method with { Name = "fragile", Ended = (_, _) => throw new ArithmeticException("no particle is left.") };
        var result = Fit.Run(TableRegression.Read(Tables.Of(Tables.Linear(60)), new()), Small with { Methods = [fragile, Mlp.Method] });
        Assert.Equal("mlp", result.Method);
        Assert.Contains(result.Notes, note => note.Contains("fragile", StringComparison.Ordinal) && note.Contains("could not be fitted: no particle is left.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_resumed_fit_still_tells_which_method_failed()
    {
        var fragile = (NetworkMethod)Mlp.Method with { Name = "fragile", Ended = (_, _) => throw new ArithmeticException("no particle is left.") };
        var (problem, options) = (TableRegression.Read(Tables.Of(Tables.Linear(60)), new()), Small with { Methods = [fragile, Mlp.Method], Out = Folder });
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit.Run(problem, options, new Watcher(2, cancel.Cancel), cancellation: cancel.Token));
        var resumed = Fit.Run(problem, options with { IsResumed = true });
        Assert.Equal(Fit.Run(problem, options with { Out = Path.Combine(root, "whole") }).Notes, resumed.Notes);
        Assert.Contains(resumed.Notes, note => note.Contains("rung0-fragile", StringComparison.Ordinal) && note.Contains("could not be fitted: no particle is left.", StringComparison.Ordinal));
    }

    private static Problem[] Problems() =>
    [
        TableRegression.Read(Tables.Of(Tables.Linear(120)), new()),
        TableClassification.Read(Tables.Of(Tables.Linear(120, row => row % 3 == 0 ? "yes" : "no")), new()),
    ];

    private static string Refusal(Action action) => Assert.Throws<ProblemException>(action).Message;

    /// <summary>Does something after some models.</summary>
    private sealed class Watcher(int models, Action act) : IFitObserver
    {
        private int left = models;

        public void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple)
        {
        }

        public void Entered(string stage, int jobs)
        {
        }

        public void Progressed(string job, long step, long steps, double loss)
        {
        }

        public void Finished(string job, Metric objective, double value, double best)
        {
            if (--left == 0) act();
        }

        public void Noted(string note)
        {
        }
    }
}
