using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>What people read of an experiment: what it asks, what came out, and why.</summary>
public static class ExperimentReport
{
    /// <summary>The report of a run, without its pictures.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="result">What came of it.</param>
    public static Report Of(IExperiment experiment, ExperimentResult result)
    {
        var report = new Report($"{experiment.Id}: {Words(result.Verdict)}");
        Add(report, experiment, result);
        report.Section("How it ran");
        report.Item($"`paramorph run {experiment.Id} --size {result.Size.ToString().ToLowerInvariant()} --seed {result.Seeds[0]} --seeds {result.Seeds.Count}{(result.Data is null ? "" : $" --data {result.Data}")}`, with `--set` for each setting that is not the usual one");
        report.Item(FormattableString.Invariant($"{result.Seeds.Count} seeds from {result.Seeds[0]}, size {result.Size.ToString().ToLowerInvariant()}, {Report.Number(result.Seconds)} s, {result.PeakBytes / 1e6:0} MB at most{(result.Data is null ? "" : $", data {result.Data}")}"));
        report.Item(FormattableString.Invariant($"{result.Machine.Processor}, {result.Machine.Threads} threads, {result.Machine.System}, {result.Machine.Runtime}, version {result.Version}, {result.Date:yyyy-MM-dd}"));
        report.Item(string.Join(", ", result.Settings.Select(setting => $"{setting.Key} {setting.Value}")));
        return report;
    }

    /// <summary>Adds what an experiment asks and what came out to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="result">What came of it; null while nothing has.</param>
    public static void Add(Report report, IExperiment experiment, ExperimentResult? result)
    {
        report.Item($"**Question** {experiment.Question}");
        report.Item($"**The original** {experiment.Original}");
        report.Item($"**Here** {experiment.Difference}");
        report.Item($"**Budget** {experiment.Budget}");
        if (result is null) return;
        report.Table(["claim", "from", "verdict", "effect", "interval"], result.Claims.Select(claim => (string[])
        [
            $"{claim.Text}{(claim.IsMain ? "" : " (beside)")}", claim.Origin, Words(claim.Verdict), $"{Report.Number(claim.Effect)} {claim.Unit}", $"{Report.Number(claim.Interval[0])} to {Report.Number(claim.Interval[1])}",
        ]));
        if (experiment.Why is { } why) report.Line($"**Why** {why}");
        var metrics = experiment.Metrics.Select(metric => metric.Name).ToArray();
        report.Table(["arm", .. metrics, "parameters", "steps", "Gflops", "seconds"], result.Arms.Select(arm => (string[])
        [
            arm.Name,
            .. metrics.Select(name => arm.Metrics.TryGetValue(name, out var value) && double.IsFinite(value.Mean) ? $"{Report.Number(value.Mean)} ± {value.Sd.ToString("G2", CultureInfo.InvariantCulture)}" : "-"),
            $"{arm.Parameters}", $"{arm.Steps}", Report.Number(arm.Flops / 1e9), arm.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
        ]));
        AddPerTask(report, result, metrics);
        AddSearched(report, result);
        foreach (var warning in result.Warnings) report.Line($"Note: {warning}.");
        foreach (var earlier in experiment.Earlier) report.Line($"**Earlier** {earlier.Date}, {Words(earlier.Verdict)}. {earlier.Changed}");
    }

    /// <summary>A verdict in words.</summary>
    public static string Words(Verdict verdict) => verdict switch { Verdict.Held => "held", Verdict.NotHeld => "not held", Verdict.NotDecided => "not decided", _ => "inconclusive" };

    /// <summary>What was measured beside the metrics: figures of single tasks, as a rule.</summary>
    private static void AddPerTask(Report report, ExperimentResult result, string[] metrics)
    {
        string[] others = [.. result.Arms.SelectMany(arm => arm.Metrics.Keys).Distinct().Except(metrics)];
        if (others.Length == 0) return;
        report.Table(["of it", .. result.Arms.Select(arm => arm.Name)], others.Select(name => (string[])
            [name, .. result.Arms.Select(arm => arm.Metrics.TryGetValue(name, out var value) ? Report.Number(value.Mean) : "")]));
    }

    /// <summary>What the searches chose, by seed.</summary>
    private static void AddSearched(Report report, ExperimentResult result)
    {
        var searched = result.Arms.Where(arm => arm.Searches is { Count: > 0 }).ToArray();
        if (searched.Length == 0) return;
        report.Table(["searched", "tried", "chosen, by seed"], searched.Select(arm => (string[])
            [arm.Name, string.Join("; ", arm.Searches.SelectMany(search => search).Select(candidate => Choice(candidate.Choice)).Distinct()), string.Join("; ", arm.Choices.Select(Choice))]));
    }

    private static string Choice(IReadOnlyDictionary<string, double> choice) => string.Join(", ", choice.Select(pair => $"{pair.Key} {Report.Number(pair.Value)}"));
}
