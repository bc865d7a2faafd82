using System.Globalization;
using System.Text;
using Paramorph.Experiments;

namespace Paramorph.Papers;

/// <summary>The page of the catalogue: every paper, and of those that run verdict, figures and what is different from the original.</summary>
public static class CataloguePage
{
    /// <summary>Writes the page.</summary>
    /// <param name="papers">All papers.</param>
    /// <param name="recorded">The record of a paper's full run, or null.</param>
    public static string Of(IReadOnlyList<Paper> papers, Func<Paper, ExperimentResult?> recorded)
    {
        var page = new StringBuilder();
        var works = papers.Where(paper => paper.Works).ToArray();
        page.Append(CultureInfo.InvariantCulture, $"# The catalogue\n\n{works.Length} of {papers.Count} papers run. Generated from `results/` by `paramorph verify`: change nothing here by hand. An interval is that in which\nStudent's t puts the effect in 90 of 100 cases, from paired seeds, and the wider where a verdict rests on several claims; a claim holds if all of it lies on the claim's side.\nA record is stale when experiment, settings, candidates or claims are not those that it was made with.\n");
        page.Append("\n| paper | family | verdict | seeds | seconds |\n|---|---|---|---|---|\n");
        foreach (var paper in works)
        {
            var result = recorded(paper);
            page.Append(CultureInfo.InvariantCulture, $"| [{paper.Id}](#{paper.Id}) | {paper.Family} | {(result is null ? "not run" : paper.IsOfNow(result) ? Words(result.Verdict) : $"stale ({Words(result.Verdict)})")} | {result?.Seeds.Count} | {result?.Seconds:0} |\n");
        }
        foreach (var paper in works) Section(page, paper, paper.Experiment()!, recorded(paper));
        page.Append("\n## Planned\n\n| paper | family | title |\n|---|---|---|\n");
        foreach (var paper in papers.Where(paper => !paper.Works)) page.Append(CultureInfo.InvariantCulture, $"| {paper.Id} | {paper.Family} | {Cell(paper.Title)} |\n");
        return page.ToString();
    }

    private static void Section(StringBuilder page, Paper paper, IExperiment experiment, ExperimentResult? result)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {paper.Id}\n\n{paper.Title}\n\n{paper.What}\n\n- Question: {experiment.Question}\n- The paper: {experiment.Original}\n- Here: {experiment.Difference}\n- Budget: {experiment.Budget}\n");
        if (result is null) return;
        var metrics = experiment.Metrics.Select(metric => metric.Name).ToArray();
        page.Append(CultureInfo.InvariantCulture, $"\n| arm | {string.Join(" | ", metrics)} | parameters | steps | Gflops | seconds |\n|---|{string.Concat(metrics.Select(_ => "---|"))}---|---|---|---|\n");
        foreach (var arm in result.Arms)
        {
            var values = metrics.Select(name => arm.Metrics.TryGetValue(name, out var value) && double.IsFinite(value.Mean) ? $"{Number(value.Mean)} ± {value.Sd.ToString("G2", CultureInfo.InvariantCulture)}" : "-");
            page.Append(CultureInfo.InvariantCulture, $"| {arm.Name} | {string.Join(" | ", values)} | {arm.Parameters} | {arm.Steps} | {Number(arm.Flops / 1e9)} | {arm.Seconds:0.0} |\n");
        }
        PerTask(page, result, metrics);
        Searched(page, result);
        page.Append("\n| claim | from | verdict | effect | interval |\n|---|---|---|---|---|\n");
        foreach (var claim in result.Claims)
            page.Append(CultureInfo.InvariantCulture, $"| {Cell(claim.Text)}{(claim.IsMain ? "" : " (beside)")} | {claim.Origin} | {Words(claim.Verdict)} | {Number(claim.Effect)} {claim.Unit} | {Number(claim.Interval[0])} to {Number(claim.Interval[1])} |\n");
        foreach (var warning in result.Warnings) page.Append(CultureInfo.InvariantCulture, $"\nNote: {warning}.\n");
        if (experiment.Why is { } why) page.Append(CultureInfo.InvariantCulture, $"\nWhy: {why}\n");
        foreach (var earlier in experiment.Earlier) page.Append(CultureInfo.InvariantCulture, $"\nEarlier, {earlier.Date}: {Words(earlier.Verdict)}. {earlier.Changed}\n");
        page.Append(CultureInfo.InvariantCulture, $"\n`paramorph verify {paper.Id} --seeds {result.Seeds.Count}`, {result.Date:yyyy-MM-dd}, {result.Machine.Processor}, {result.Machine.Threads} threads, version {result.Version}.\n");
    }

    /// <summary>What was measured beside the metrics: figures of single tasks, as a rule.</summary>
    private static void PerTask(StringBuilder page, ExperimentResult result, string[] metrics)
    {
        string[] others = [.. result.Arms.SelectMany(arm => arm.Metrics.Keys).Distinct().Except(metrics)];
        if (others.Length == 0) return;
        page.Append(CultureInfo.InvariantCulture, $"\n| of it | {string.Join(" | ", result.Arms.Select(arm => arm.Name))} |\n|---|{string.Concat(result.Arms.Select(_ => "---|"))}\n");
        foreach (var name in others)
            page.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {string.Join(" | ", result.Arms.Select(arm => arm.Metrics.TryGetValue(name, out var value) ? Number(value.Mean) : ""))} |\n");
    }

    /// <summary>What the searches chose, by seed.</summary>
    private static void Searched(StringBuilder page, ExperimentResult result)
    {
        var searched = result.Arms.Where(arm => arm.Searches is { Count: > 0 }).ToArray();
        if (searched.Length == 0) return;
        page.Append("\n| searched | tried | chosen, by seed |\n|---|---|---|\n");
        foreach (var arm in searched)
        {
            var tried = arm.Searches.SelectMany(search => search).Select(candidate => Choice(candidate.Choice)).Distinct();
            page.Append(CultureInfo.InvariantCulture, $"| {arm.Name} | {string.Join("; ", tried)} | {string.Join("; ", arm.Choices.Select(Choice))} |\n");
        }
    }

    private static string Choice(IReadOnlyDictionary<string, double> choice) => string.Join(", ", choice.Select(pair => $"{pair.Key} {Number(pair.Value)}"));

    /// <summary>A verdict in words.</summary>
    public static string Words(Verdict verdict) => verdict switch { Verdict.Held => "held", Verdict.NotHeld => "not held", Verdict.NotDecided => "not decided", _ => "inconclusive" };

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
