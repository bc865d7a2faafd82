using System.Globalization;
using System.Text;
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
        var page = new StringBuilder();
        page.Append("# Benches\n\nMethods on tasks of one kind, searched, trained and judged alike. Generated from `results/benches/` by `paramorph bench ID --record .`: change nothing here by hand.\nAn interval is that in which Student's t puts the mean in 90 of 100 cases, over seeds of which each is the whole procedure: data, split, search, training.\n\n");
        page.Append("| bench | tasks | standing methods | ready |\n|---|---|---|---|\n");
        foreach (var bench in benches)
        {
            var record = recorded(bench);
            page.Append(CultureInfo.InvariantCulture, $"| [{bench.Id}](#{bench.Id}) | {bench.Tasks.Count} | {bench.Standing.Count} | {(record is null ? "not run" : Ready(bench, record))} |\n");
        }
        foreach (var bench in benches) Section(page, bench, recorded(bench));
        return page.ToString();
    }

    private static string Ready(Bench bench, BenchRecord record) => !record.IsOf(bench, BenchCatalogue.Code(bench)) ? "stale" : record.Ready ? "yes" : "no";

    private static void Section(StringBuilder page, Bench bench, BenchRecord? record)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {bench.Id}\n\n{bench.Meaning}\n\n{bench.Budget} for each method, task and seed, search included.\n\n");
        foreach (var task in bench.Tasks)
            page.Append(CultureInfo.InvariantCulture, $"- {task.Name}: {task.Meaning}{(task.File is { } file ? $" From `{file.Name}` ({file.Source}), when `--data` has it." : "")}\n");
        if (record is null) return;
        var objective = bench.Metrics[0].Name;
        var metrics = bench.Metrics.Select(metric => metric.Name).ToArray();
        var tasks = record.Tasks.Count > 1 ? record.Tasks : [];
        page.Append(CultureInfo.InvariantCulture, $"\n| method | {string.Join(" | ", metrics)} |{string.Concat(tasks.Select(task => $" {task} |"))} parameters | Gflops | seconds | comes from |\n|---|{string.Concat(metrics.Concat(tasks).Select(_ => "---|"))}---|---|---|---|\n");
        foreach (var entry in record.Methods)
        {
            var whole = metrics.Select(name => entry.Metrics[name]).Select(value => value.Values.Count < 2 ? Number(value.Mean) : $"{Number(value.Mean)} ({Number(value.Low)} to {Number(value.High)})");
            page.Append(CultureInfo.InvariantCulture, $"| {entry.Name} | {string.Join(" | ", whole)} |{string.Concat(tasks.Select(task => $" {Number(entry.Metrics[Bench.On(objective, task)].Mean)} |"))} {entry.Parameters} | {Number(entry.Flops / 1e9)} | {entry.Seconds:0.0} | {entry.Paper} |\n");
        }
        foreach (var (entry, figure) in record.Methods.SelectMany(entry => entry.Published.Select(figure => (entry, figure))))
            page.Append(CultureInfo.InvariantCulture, $"\n{entry.Name} on {figure.Task}: {figure.Metric} {Number(figure.Value)} is reported ({figure.Source}); it is {(figure.Reached ? "reached" : "not reached")} here.\n");
        page.Append(CultureInfo.InvariantCulture, $"\n`paramorph bench {bench.Id} --seeds {record.Seeds.Count} --record .`, {record.Date:yyyy-MM-dd}, {record.Machine?.Processor}, {record.Machine?.Threads} threads, version {record.Version}.\n");
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G4", CultureInfo.InvariantCulture) : "-";
}
