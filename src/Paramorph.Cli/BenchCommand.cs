using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Experiments;
using Paramorph.Papers;
using Paramorph.Papers.Benches;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Compares methods on a bench.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("id") { Description = "The bench; without one, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var method = new Option<string[]>("--method") { Description = "Methods beside the standing ones; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var only = new Option<bool>("--only") { Description = "The methods of --method alone." };
        var fresh = new Option<bool>("--fresh") { Description = "Runs everything again, whatever is on record." };
        var seed = new Option<int>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds, by default as many as the bench wants." };
        var size = new Option<RunSize>("--size") { Description = "Smoke takes seconds and decides nothing.", DefaultValueFactory = _ => RunSize.Full };
        var data = new Option<string?>("--data") { Description = "A folder with the files of others that some tasks read." }.Named();
        var threads = new Option<int>("--threads") { Description = "Threads in all; the results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var folder = new Option<string?>("--out") { Description = "The folder for what has ended, from which --resume goes on. By default paramorph-runs/bench-ID." }.Named();
        var resume = new Option<bool>("--resume") { Description = "Goes on with the interrupted run in the folder." };
        var record = new Option<string?>("--record") { Description = "A folder that holds results/ and docs/: the leaderboard becomes results/benches/ID.json there, and docs/benches.md is made of all." }.Named();
        var watching = new Watching();
        var format = SharedOptions.Format();
        var command = new Command("bench", "Compares methods on tasks of one kind, searched, trained and judged alike: a leaderboard. What is on record is not run again.") { id, method, only, fresh, seed, seeds, size, data, threads, folder, resume, record, format };
        foreach (var option in watching.All) command.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(id) is not { } name) return List(parsed.GetValue(format));
            var progress = watching.Begin(parsed);
            var bench = BenchOf(name);
            Contestant[] added = [.. (parsed.GetValue(method) ?? []).Select(method => new Contestant(Catalogues.MethodOf(method), ArmRole.Method))];
            foreach (var contestant in added.Where(contestant => bench.Standing.Any(standing => standing.Name == contestant.Name)))
                throw new ExperimentException($"{contestant.Name} stands on the bench {bench.Id} anyway.");
            if (added.Length > 0 && bench.Tasks.FirstOrDefault(task => task.File is null)?.Problem(parsed.GetValue(seed)).Kind is { } kind)
                foreach (var contestant in added.Where(contestant => !contestant.Method.Kinds.Contains(kind)))
                    throw new ExperimentException($"{contestant.Name} is not for {kind}, as the tasks of the bench {bench.Id} are: paramorph methods --problem {kind} names those that are.");
            Contestant[] contestants = parsed.GetValue(only) ? added : [.. bench.Standing, .. added];
            if (contestants.Length == 0) throw new ExperimentException("--only needs methods: --method NAME.");
            var root = parsed.GetValue(record);
            if (root is not null && (parsed.GetValue(size) != RunSize.Full || parsed.GetValue(only))) throw new ExperimentException("only a full run is recorded, of all standing methods.");
            var known = parsed.GetValue(fresh) ? null : root is null ? BenchCatalogue.Recorded(bench) : Records.Of(root, bench);
            var options = new RunOptions
            {
                Seed = parsed.GetValue(seed),
                Seeds = parsed.GetValue(seeds),
                Size = parsed.GetValue(size),
                DataFile = parsed.GetValue(data),
                Threads = parsed.GetValue(threads),
                Out = parsed.GetValue(folder) ?? Path.Combine("paramorph-runs", $"bench-{bench.Id}"),
                Resume = parsed.GetValue(resume),
                Code = BenchCatalogue.Code(bench),
                Standing = _ => known is null ? null : new(known, BenchCatalogue.Code(bench)),
            };
            var experiment = bench.Experiment(contestants);
            ExperimentRunner.Check(experiment, options);
            var board = BenchRecord.Of(bench, options.Code, contestants, LiveRun.Run(experiment, options, progress));
            if (root is not null) Records.Keep(root, bench, board);
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(board.ToJson());
            else Print(bench, board);
            return ExitCode.Held;
        });
        return command;
    }

    private static Bench BenchOf(string id) => BenchCatalogue.All.FirstOrDefault(bench => bench.Id == id)
        ?? throw new ExperimentException($"there is no bench {id}; there is {string.Join(", ", BenchCatalogue.All.Select(bench => bench.Id))}.");

    private static int List(OutputFormat format)
    {
        ListedBench[] benches = [.. BenchCatalogue.All.Select(ListedBench.Of)];
        if (format == OutputFormat.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(benches, BenchJson.Default.ListedBenchArray));
            return ExitCode.Held;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("id").NoWrap()).AddColumn("tasks").AddColumn("standing methods").AddColumn("on record");
        foreach (var bench in benches) table.AddRow(bench.Id, Markup.Escape(string.Join(", ", bench.Tasks)), Markup.Escape(string.Join(", ", bench.Standing)), bench.Record ?? "no");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("paramorph bench ID shows a leaderboard, and runs what is missing.");
        return ExitCode.Held;
    }

    private static void Print(Bench bench, BenchRecord board)
    {
        var objective = bench.Metrics[0].Name;
        AnsiConsole.WriteLine($"{bench.Meaning}\n{board.Budget} for each method, task and seed; {board.Seeds.Count} seeds.{(board.Tasks.Count > 1 ? $" {BenchesPage.Summary(bench)}" : "")}");
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("method").NoWrap());
        foreach (var name in (string[])[.. bench.Metrics.Select(metric => metric.Name), "parameters", "Gflops", "seconds"]) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var entry in board.Methods)
        {
            table.AddRow([
                Name(entry), .. bench.Metrics.Select(metric => Interval(entry.Metrics[metric.Name])),
                entry.Parameters.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Tables.Number(entry.Flops / 1e9), Tables.Number(entry.Seconds),
            ]);
        }
        AnsiConsole.Write(table);
        if (board.Tasks.Count > 1) AnsiConsole.Write(OnTasks(objective, board));
        foreach (var entry in board.Methods)
            foreach (var figure in entry.Published)
                AnsiConsole.MarkupLine(Markup.Escape($"{entry.Name}: {figure.Metric} on {figure.Task} is published as {Tables.Number(figure.Value)} ({figure.Source}), which is {(figure.Reached ? "reached" : "not reached")} here."));
        if (!board.Ready) AnsiConsole.MarkupLine("[yellow]The bench is not ready: a standing method stays behind its published figure, so nothing is decided here.[/]");
    }

    /// <summary>The first metric on each task.</summary>
    private static Table OnTasks(string objective, BenchRecord board)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn($"{objective} on").NoWrap());
        foreach (var task in board.Tasks) table.AddColumn(new TableColumn(Markup.Escape(task)).RightAligned());
        foreach (var entry in board.Methods) table.AddRow([Name(entry), .. board.Tasks.Select(task => Tables.Number(entry.Metrics[Bench.On(objective, task)].Mean))]);
        return table;
    }

    private static string Name(BenchEntry entry) => entry.Role == ArmRole.Method ? $"[bold]{Markup.Escape(entry.Name)}[/]" : Markup.Escape(entry.Name);

    private static string Interval(BenchMetric metric) => metric.Values.Count < 2 ? Tables.Number(metric.Mean) : $"{Tables.Number(metric.Mean)} ({Tables.Number(metric.Low)} to {Tables.Number(metric.High)})";
}

/// <summary>A bench in the list.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Meaning">What it compares.</param>
/// <param name="Tasks">The names of its tasks.</param>
/// <param name="Standing">The names of the methods that always take part.</param>
/// <param name="Record">Whether the leaderboard on record is ready, not ready or stale; null where there is none.</param>
internal sealed record ListedBench(string Id, string Meaning, string[] Tasks, string[] Standing, string? Record)
{
    public static ListedBench Of(Bench bench) => new(
        bench.Id, bench.Meaning, [.. bench.Tasks.Select(task => task.Name)], [.. bench.Standing.Select(standing => standing.Name)],
        BenchCatalogue.Recorded(bench) is not { } record ? null : record.IsOf(bench, BenchCatalogue.Code(bench)) ? record.Ready ? "ready" : "not ready" : "stale");
}

/// <summary>How the list of benches looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ListedBench[]))]
internal sealed partial class BenchJson : JsonSerializerContext;
