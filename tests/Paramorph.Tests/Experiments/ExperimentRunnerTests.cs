using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Experiments;

public sealed class ExperimentRunnerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("paramorph-run-").FullName;
    private int runs;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_best_candidate_of_the_search_is_used()
    {
        var result = ExperimentRunner.Run(Distance(), new RunOptions());
        Assert.All(result.Arms[0].Choices, choice => Assert.Equal(2, choice["place"]));
        Assert.All(result.Arms[0].Searches, search => Assert.Equal(3, search.Count));
        Assert.Equal(Verdict.Held, result.Verdict);
    }

    [Fact]
    public void What_a_search_chooses_by_chance_is_part_of_the_spread_of_the_seeds()
    {
        // Under every other seed the search finds the wrong place.
        var result = ExperimentRunner.Run(
            Distance(
                arms:
                [
                    new("searched", "chooses among places", ArmRole.Method, (_, run) =>
                        run.Measure("error", run.Job.IsSearch && run.Job.Seed % 2 == 0 ? run.Choice["place"] : Math.Abs(run.Choice["place"] - 2) + 0.5)) { Candidates = Choice.Of("place", 0, 2) },
                    new("fixed", "stays at 0", ArmRole.Baseline, (_, run) => run.Measure("error", 1)),
                ]),
            new RunOptions { Seeds = 4 });
        Assert.Equal([2, 0, 2, 0], result.Arms[0].Choices.Select(choice => choice["place"]));
        Assert.Equal([0.5, 2.5, 0.5, 2.5], result.Arms[0].Metrics["error"].Values);
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
    }

    [Fact]
    public void Many_candidates_are_weeded_out_by_rounds_whose_last_has_the_full_length()
    {
        var lengths = new System.Collections.Concurrent.ConcurrentBag<(double Place, double Share)>();
        var result = ExperimentRunner.Run(
            Distance(
                (_, run) =>
                {
                    if (run.Job.Share is { } share) lengths.Add((run.Choice["place"], share));
                },
                candidates: Choice.Of("place", -3, -2, -1, 0, 1, 2, 3, 4, 5)),
            new RunOptions { Seeds = 1 });
        Assert.Equal(9, lengths.Count(item => item.Share < 0.2));
        Assert.Equal(3, lengths.Count(item => item.Share is > 0.3 and < 0.4));
        Assert.Equal(2, lengths.Count(item => item.Share == 1));
        Assert.Equal(2, result.Arms[0].Choices[0]["place"]);
    }

    [Fact]
    public void A_winner_at_the_end_of_a_range_widens_it()
    {
        var result = ExperimentRunner.Run(Distance(candidates: Choice.Of("place", 0.25, 0.5)), new RunOptions { Seeds = 1 });
        // The goal is at 2: 1 and then 2 are tried beyond, and no more.
        Assert.Equal([0.25, 0.5, 1, 2], result.Arms[0].Searches[0].Select(candidate => candidate.Choice["place"]));
        Assert.Equal(2, result.Arms[0].Choices[0]["place"]);
        Assert.Contains(result.Warnings, warning => warning.Contains("still is at the end of what was tried", StringComparison.Ordinal));
    }

    [Fact]
    public void A_small_run_decides_nothing()
    {
        var result = ExperimentRunner.Run(Distance(), new RunOptions { Size = RunSize.Smoke });
        Assert.Equal(Verdict.NotDecided, result.Verdict);
        Assert.All(result.Claims, claim => Assert.Equal(Verdict.NotDecided, claim.Verdict));
        Assert.All(result.Arms.SelectMany(arm => arm.Searches), search => Assert.InRange(search.Count, 1, 2));
    }

    [Fact]
    public void Budgets_that_are_less_equal_than_was_said_are_told()
    {
        var result = ExperimentRunner.Run(Distance((arm, run) => run.Count(10, arm == "fixed" ? 100 : 200, 5), equal: EqualBudget.Steps), new RunOptions());
        Assert.Equal("fixed took 0.5 times the steps of searched, which the experiment means to be equal", Assert.Single(result.Warnings));
        Assert.Empty(ExperimentRunner.Run(Distance((_, run) => run.Count(10, 100, 5), equal: EqualBudget.Flops), new RunOptions()).Warnings);
    }

    [Fact]
    public void A_fingerprint_changes_with_code_candidates_and_claims()
    {
        var known = ExperimentRunner.Fingerprint(Distance(), "code");
        Assert.Equal(known, ExperimentRunner.Fingerprint(Distance(), "code"));
        Assert.NotEqual(known, ExperimentRunner.Fingerprint(Distance(), "other code"));
        Assert.NotEqual(known, ExperimentRunner.Fingerprint(Distance(candidates: Choice.Of("place", 1, 2, 4)), "code"));
        Assert.NotEqual(known, ExperimentRunner.Fingerprint(Distance(claims: [Claim.Below("searched", "fixed", "error", 2)]), "code"));
    }

    [Fact]
    public void Side_claims_do_not_make_the_verdict()
    {
        var result = ExperimentRunner.Run(
            Distance(claims: [Claim.Below("searched", "fixed", "error").From("table 1"), Claim.Below("fixed", "searched", "error").From("ours").AsSide()]), new RunOptions());
        Assert.Equal(Verdict.Held, result.Verdict);
        Assert.Equal([Verdict.Held, Verdict.NotHeld], result.Claims.Select(claim => claim.Verdict));
        Assert.Equal(["table 1", "ours"], result.Claims.Select(claim => claim.Origin));
    }

    [Fact]
    public void Several_main_claims_have_wider_intervals()
    {
        ClaimResult First(params Claim[] claims) => ExperimentRunner.Run(Distance(claims: claims), new RunOptions()).Claims[0];
        var (claim, other) = (Claim.Below("searched", "fixed", "error"), Claim.AtMost("searched", "error", 1));
        var (alone, together, beside) = (First(claim), First(claim, other), First(claim, other.AsSide()));
        Assert.True(together.Interval[1] - together.Interval[0] > 1.3 * (alone.Interval[1] - alone.Interval[0]));
        Assert.Equal(alone.Interval, beside.Interval);
    }

    [Fact]
    public void Settings_that_do_not_fit_together_are_one_clear_sentence()
    {
        var experiment = Distance((_, _) => Tensor.Zeros([2]).Reshape(3));
        var error = Assert.Throws<ExperimentException>(() => ExperimentRunner.Run(experiment, new RunOptions { Settings = new Dictionary<string, string> { ["goal"] = "3" } }));
        Assert.StartsWith("searched of distance cannot be built with what was given: ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => ExperimentRunner.Run(experiment, new RunOptions()));
    }

    [Fact]
    public void Seeds_share_their_key_among_arms_and_differ_from_one_another()
    {
        var keys = new System.Collections.Concurrent.ConcurrentBag<(string Arm, (int, bool) Seed, string Key)>();
        ExperimentRunner.Run(Distance((arm, run) => keys.Add((arm, (run.Job.Seed, run.Job.IsSearch), string.Join(" ", run.Key.Data.ToArray<int>())))), new RunOptions());
        // Three seeds, and a search under each.
        Assert.Equal(6, keys.Select(key => (key.Seed, key.Key)).Distinct().Count());
        Assert.Equal(6, keys.Select(key => key.Key).Distinct().Count());
    }

    [Fact]
    public void A_task_is_made_once_and_given_up_when_its_last_run_has_ended()
    {
        var made = new List<WeakReference>();
        var alive = new List<int>();
        ExperimentRunner.Run(
            Distance(
                (_, _) =>
                {
                    GC.Collect();
                    alive.Add(made.Count(task => task.IsAlive));
                },
                task: () =>
                {
                    var task = new object();
                    made.Add(new(task));
                    return task;
                }),
            new RunOptions { Threads = 1 });
        // Each seed has one for its search and one for what is judged.
        Assert.Equal(6, made.Count);
        Assert.Equal(1, alive.Max());
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var (one, three) = (ExperimentRunner.Run(Distance(), new RunOptions { Threads = 1 }), ExperimentRunner.Run(Distance(), new RunOptions { Threads = 3 }));
        Assert.Equal(one.Arms.Select(arm => arm.Metrics["error"].Mean), three.Arms.Select(arm => arm.Metrics["error"].Mean));
    }

    [Fact]
    public void Candidates_are_told_in_their_order_whichever_ends_first()
    {
        var others = new System.Collections.Concurrent.ConcurrentDictionary<int, CountdownEvent>();
        var result = ExperimentRunner.Run(
            Distance((_, run) =>
            {
                if (!run.Job.IsSearch) return;
                var own = others.GetOrAdd(run.Job.Seed, _ => new CountdownEvent(2));
                if (run.Choice["place"] == 1) Assert.True(own.Wait(TimeSpan.FromSeconds(20)));
                else own.Signal();
            }),
            new RunOptions { Threads = 3 });
        Assert.All(result.Arms[0].Searches, search => Assert.Equal([1, 2, 3], search.Select(candidate => candidate.Choice["place"])));
    }

    [Fact]
    public void A_folder_of_another_program_is_left_alone()
    {
        var other = Path.Combine(folder, "other");
        Directory.CreateDirectory(Path.Combine(other, "runs"));
        File.WriteAllText(Path.Combine(other, "runs", "events.out"), "losses");
        var error = Assert.Throws<ExperimentException>(() => ExperimentRunner.Run(Distance(), new RunOptions { Out = other }));
        Assert.Contains("has a folder runs that is of no run of ours", error.Message, StringComparison.Ordinal);
        Assert.Equal("losses", File.ReadAllText(Path.Combine(other, "runs", "events.out")));
        // One of ours begins anew.
        var own = new RunOptions { Out = Path.Combine(folder, "own") };
        ExperimentRunner.Run(Distance(), own);
        ExperimentRunner.Run(Distance(), own);
    }

    [Fact]
    public void An_interrupted_run_goes_on_where_it_was()
    {
        var whole = ExperimentRunner.Run(Distance(), new RunOptions { Out = Path.Combine(folder, "whole") });
        var jobs = runs;
        runs = 0;
        using var cancel = new CancellationTokenSource();
        var options = new RunOptions { Out = Path.Combine(folder, "parts"), Threads = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => ExperimentRunner.Run(Distance((_, _) => { if (runs == 5) cancel.Cancel(); }), options, null, cancel.Token));
        Assert.False(File.Exists(Path.Combine(folder, "parts", "result.json")));
        var before = runs;
        var resumed = ExperimentRunner.Run(Distance(), options with { Resume = true });
        Assert.InRange(runs, jobs - 1, jobs + 1);
        Assert.True(before >= 5);
        Assert.Equal(whole.Arms.SelectMany(arm => arm.Metrics["error"].Values), resumed.Arms.SelectMany(arm => arm.Metrics["error"].Values));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(33)]
    [InlineData(77)]
    public void Training_that_is_interrupted_goes_on_from_its_checkpoint(int stop)
    {
        var progress = new Watcher();
        var whole = ExperimentRunner.Run(Training(), new RunOptions { Out = Path.Combine(folder, "whole") }, progress);
        using var cancel = new CancellationTokenSource();
        var options = new RunOptions { Out = Path.Combine(folder, "parts"), Threads = 1 };
        var before = new Watcher { Seen = count => { if (count == stop) cancel.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => ExperimentRunner.Run(Training(), options, before, cancel.Token));
        var after = new Watcher();
        var resumed = ExperimentRunner.Run(Training(), options with { Resume = true }, after);
        Assert.Equal(whole.Arms[0].Metrics["loss"].Values, resumed.Arms[0].Metrics["loss"].Values);
        Assert.Equal(progress.Count, before.Count + after.Count);
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "whole", "parameters")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, "parts", "parameters", Path.GetFileName(file))));
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "parts", "runs")));
    }

    [Fact]
    public void Another_run_is_not_resumed()
    {
        ExperimentRunner.Run(Distance(), new RunOptions { Out = folder });
        var error = Assert.Throws<ExperimentException>(() => ExperimentRunner.Run(
            Distance(), new RunOptions { Out = folder, Resume = true, Settings = new Dictionary<string, string> { ["goal"] = "3" } }));
        Assert.Contains("goal is 2, not 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_that_diverged_is_told()
    {
        var result = ExperimentRunner.Run(
            Distance((arm, run) =>
            {
                if (arm != "fixed" || run.Job.Seed != 2) return;
                var trainer = new Trainer<TreeList<Tensor>, TreeList<Tensor>>(new Adam(0.1), (w, _, _) => Tensor.Log(w[0] - 1.0));
                run.Train(trainer, [Tensor.Scalar(0.5f)], Batches.Whole<TreeList<Tensor>>([]), 5);
            }),
            new RunOptions { Seeds = 2 });
        Assert.Equal([double.NaN, 0], result.Arms[1].Metrics["diverged at step"].Values);
        Assert.DoesNotContain("diverged at step", result.Arms[0].Metrics.Keys);
    }

    [Fact]
    public void The_record_reads_back_as_it_was_written()
    {
        ExperimentRunner.Run(Distance(), new RunOptions { Out = folder, Seeds = 1 });
        var json = File.ReadAllText(Path.Combine(folder, "result.json"));
        var read = ExperimentResult.FromJson(json);
        Assert.Equal(Verdict.Inconclusive, read.Verdict);
        Assert.Equal(double.NaN, read.Claims[0].Interval[1]);
        Assert.Equal(json.Trim(), read.ToJson());
        Assert.Contains("\"verdict\": \"inconclusive\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_are_written_as_tables_and_drawings()
    {
        ExperimentRunner.Run(Distance((_, run) => run.Point("loss", 0, 1)), new RunOptions { Out = folder });
        var table = File.ReadAllLines(Path.Combine(folder, "curves", "loss.csv"));
        Assert.Equal("arm,seed,x,y", table[0]);
        Assert.Equal(7, table.Length);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Load(Path.Combine(folder, "curves", "loss.svg")).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("nothing", "1", "there is no setting nothing")]
    [InlineData("goal", "many", "the setting goal is a number")]
    [InlineData("goal", "-1", "the setting goal is a number")]
    public void A_wrong_setting_is_one_clear_sentence(string name, string value, string message)
    {
        var error = Assert.Throws<ExperimentException>(() => ExperimentRunner.Run(Distance(), new RunOptions { Settings = new Dictionary<string, string> { [name] = value } }));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_an_experiment_that_reads_none_is_an_error() =>
        Assert.Throws<ExperimentException>(() => ExperimentRunner.Run(Distance(), new RunOptions { DataFile = "x.csv" }));

    [Fact]
    public void What_an_arm_throws_is_what_the_caller_sees() =>
        Assert.Throws<InvalidDataException>(() => ExperimentRunner.Run(Distance((_, _) => throw new InvalidDataException("bad")), new RunOptions()));

    /// <summary>An experiment that needs no training: how far is a chosen place from the goal, with noise of each seed.</summary>
    private Experiment<object> Distance(
        Action<string, ArmRun>? also = null, IReadOnlyList<Arm<object>>? arms = null, Func<object>? task = null, Choice[]? candidates = null, Claim[]? claims = null, EqualBudget equal = default) => new()
        {
            Id = "distance",
            Question = "Is the searched place nearer?",
            Original = "None.",
            Difference = "None.",
            Budget = "none",
            Settings = [Setting.Number("goal", "where to go", smoke: 2, full: 2)],
            Task = _ => task?.Invoke() ?? new(),
            Arms = arms ??
        [
            new("searched", "chooses among places", ArmRole.Method, (_, run) => Measure(run, run.Choice["place"], also)) { Candidates = candidates ?? Choice.Of("place", 1, 2, 3) },
            new("fixed", "stays at 0", ArmRole.Baseline, (_, run) => Measure(run, 0, also)),
        ],
            Metrics = [new("error", "distance to the goal")],
            Claims = claims ?? [Claim.Below("searched", "fixed", "error")],
            Equal = equal,
        };

    /// <summary>Two models, one after the other, of 20 steps each under every one of two seeds.</summary>
    private static Experiment<object> Training() => new()
    {
        Id = "training",
        Question = "Is it learned?",
        Original = "None.",
        Difference = "None.",
        Budget = "none",
        Seeds = 2,
        Settings = [],
        Task = _ => new(),
        Arms =
        [
            new("line", "a line through noise", ArmRole.Method, (_, run) =>
            {
                var loss = 0.0;
                foreach (var name in (string[])["first", "second"])
                {
                    var trainer = new Trainer<TreeList<Tensor>, TreeList<Tensor>>(new Adam(0.1), (w, _, key) => Tensor.Square(w[0] + Sample.Normal(key, [4]) - 2.0).Mean());
                    var line = run.Train(trainer, [Tensor.Scalar(0.5f)], Batches.Whole<TreeList<Tensor>>([]), 20, name: name);
                    loss += Tensor.Square(line[0] - 2.0).Item();
                }
                run.Measure("loss", loss);
            }),
        ],
        Metrics = [new("loss", "distance to the goal")],
        Claims = [Claim.AtMost("line", "loss", 100)],
    };

    private void Measure(ArmRun run, double place, Action<string, ArmRun>? also)
    {
        Interlocked.Increment(ref runs);
        also?.Invoke(run.Job.Arm, run);
        var noise = (double)Sample.Uniform(run.Key, [], 0.01, 0.1);
        run.Measure("error", Math.Abs(place - run.Settings.Number("goal")) + noise);
    }

    /// <summary>Counts what progress is reported.</summary>
    private sealed class Watcher : IRunObserver
    {
        public int Count { get; private set; }

        public Action<int>? Seen { get; init; }

        public void Planned(int done, int jobs)
        {
        }

        public void Progressed(Job job, long step, long steps, double loss, double rate)
        {
            Count++;
            Seen?.Invoke(Count);
        }

        public void Finished(Job job, IReadOnlyDictionary<string, double> metrics)
        {
        }
    }
}
