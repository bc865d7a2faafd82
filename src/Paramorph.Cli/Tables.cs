using System.Globalization;
using Paramorph.Experiments;
using Paramorph.Papers;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Results as tables for people.</summary>
internal static class Tables
{
    /// <summary>Prints what the arms measured and what became of the claims.</summary>
    public static void Print(IAnsiConsole console, IExperiment experiment, ExperimentResult result)
    {
        var arms = new Table().Border(TableBorder.Simple).AddColumn("arm");
        foreach (var metric in experiment.Metrics) arms.AddColumn(new TableColumn(metric.Name).RightAligned());
        foreach (var name in (string[])["parameters", "steps", "Gflops", "seconds"]) arms.AddColumn(new TableColumn(name).RightAligned());
        foreach (var arm in result.Arms)
        {
            arms.AddRow([
                Markup.Escape(arm.Name),
                .. experiment.Metrics.Select(metric => arm.Metrics.TryGetValue(metric.Name, out var value) ? Spread(value) : ""),
                arm.Parameters.ToString("N0", CultureInfo.InvariantCulture), arm.Steps.ToString("N0", CultureInfo.InvariantCulture), Number(arm.Flops / 1e9), Number(arm.Seconds),
            ]);
        }
        console.Write(arms);
        var claims = new Table().Border(TableBorder.Simple).AddColumn("claim").AddColumn("verdict").AddColumn(new TableColumn("effect").RightAligned()).AddColumn(new TableColumn("interval").RightAligned());
        foreach (var claim in result.Claims)
            claims.AddRow(Markup.Escape($"{claim.Text} ({claim.Origin}{(claim.IsMain ? "" : ", beside")})"), Coloured(ExperimentReport.Words(claim.Verdict)), $"{Number(claim.Effect)} {Markup.Escape(claim.Unit)}", $"{Number(claim.Interval[0])} to {Number(claim.Interval[1])}");
        console.Write(claims);
        foreach (var warning in result.Warnings) console.MarkupLine($"[yellow]{Markup.Escape(warning)}.[/]");
        var seeds = result.Seeds.Count == 1 ? "one seed, which decides nothing" : $"{result.Seeds.Count} seeds";
        console.MarkupLine($"{Coloured(ExperimentReport.Words(result.Verdict))} over {seeds}, {result.Size.ToString().ToLowerInvariant()} size, {Number(result.Seconds)} s, {Number(result.PeakBytes / 1e6)} MB at most.");
    }

    /// <summary>A verdict's words in its colour.</summary>
    public static string Coloured(string verdict) => verdict switch { "held" => "[green]held[/]", "not held" => "[red]not held[/]", _ => $"[yellow]{verdict}[/]" };

    /// <summary>A number to four digits.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Spread(MetricResult value) => value.Values.Count < 2 || !double.IsFinite(value.Mean) ? Number(value.Mean) : $"{Number(value.Mean)} ± {value.Sd.ToString("G2", CultureInfo.InvariantCulture)}";
}
