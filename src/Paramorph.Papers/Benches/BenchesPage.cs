using System.Globalization;
using Paramorph.Experiments;

namespace Paramorph.Papers.Benches;

/// <summary>The page of the benches: each with its tasks and its leaderboard.</summary>
public static class BenchesPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="benches">The benches.</param>
    /// <param name="recorded">The record of a bench, or null.</param>
    public static string Of(IReadOnlyList<Bench> benches, Func<Bench, BenchRecord?> recorded)
    {
        var page = new Report("Benches");
        page.Line("Methods on tasks of one kind, searched, trained and judged alike. Generated from `results/benches/` by `paramorph bench ID --record .`: change nothing here by hand.\nAn interval is that in which Student's t puts the mean in 90 of 100 cases, over seeds of which each is the whole procedure: data, split, search, training.");
        page.Table(["bench", "tasks", "standing methods", "ready"], benches.Select(bench => (string[])[$"[{bench.Id}](#{bench.Id})", $"{bench.Tasks.Count}", $"{bench.Standing.Count}", recorded(bench) is { } record ? Ready(bench, record) : "not run"]));
        foreach (var bench in benches) Section(page, bench, recorded(bench));
        return page.ToMarkdown();
    }

    private static string Ready(Bench bench, BenchRecord record) => !record.IsOf(bench, BenchCatalogue.Code(bench)) ? "stale" : record.Ready ? "yes" : "no";

    private static void Section(Report page, Bench bench, BenchRecord? record)
    {
        page.Section(bench.Id);
        page.Line(bench.Meaning);
        page.Line($"{bench.Budget} for each method, task and seed, search included.");
        foreach (var task in bench.Tasks) page.Item($"{task.Name}: {task.Meaning}{(task.File is { } file ? $" From `{file.Name}` ({file.Source}), when `--data` has it." : "")}");
        if (record is null) return;
        var objective = bench.Metrics[0].Name;
        var metrics = bench.Metrics.Select(metric => metric.Name).ToArray();
        var tasks = record.Tasks.Count > 1 ? record.Tasks : [];
        page.Table(["method", .. metrics, .. tasks, "parameters", "Gflops", "seconds", "comes from"], record.Methods.Select(entry => (string[])
        [
            entry.Name, .. metrics.Select(name => Spread(entry.Metrics[name])), .. tasks.Select(task => Report.Number(entry.Metrics[Bench.On(objective, task)].Mean)),
            $"{entry.Parameters}", Report.Number(entry.Flops / 1e9), entry.Seconds.ToString("0.0", CultureInfo.InvariantCulture), $"{entry.Paper}",
        ]));
        if (record.Tasks.Count > 1) page.Line(Summary(bench));
        foreach (var (entry, figure) in record.Methods.SelectMany(entry => entry.Published.Select(figure => (entry, figure))))
            page.Line($"{entry.Name} on {figure.Task}: {figure.Metric} {Report.Number(figure.Value)} is reported ({figure.Source}); it is {(figure.Reached ? "reached" : "not reached")} here.");
        page.Line($"`paramorph bench {bench.Id} --seeds {record.Seeds.Count} --record .`, {record.Date:yyyy-MM-dd}, {record.Machine?.Processor}, {record.Machine?.Threads} threads, version {record.Version}.");
    }

    /// <summary>What the figures of a whole bench are means of.</summary>
    public static string Summary(Bench bench) =>
        $"The first figures are means over {(bench.Tasks.Any(task => task.File is null) && bench.Tasks.Any(task => task.File is not null) ? "the tasks that the bench makes itself" : "its tasks")}, geometric ones of errors, with 90 % intervals over seeds.";

    private static string Spread(BenchMetric value) =>
        value.Values.Count < 2 ? Report.Number(value.Mean) : $"{Report.Number(value.Mean)} ({Report.Number(value.Low)} to {Report.Number(value.High)})";
}
