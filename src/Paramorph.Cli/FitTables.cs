using System.Globalization;
using Paramorph.Fitting;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>What came of a fit, for people.</summary>
internal static class FitTables
{
    private const int MostTried = 8;

    public static void Print(IAnsiConsole console, Problem problem, FitResult result)
    {
        var test = new Table().Border(TableBorder.Simple).AddColumn("on test examples");
        foreach (var metric in problem.Metrics) test.AddColumn(new TableColumn(metric.Name).RightAligned());
        test.AddRow([$"[bold]{Markup.Escape(result.Method)}[/]", .. problem.Metrics.Select(metric => Spread(result, metric.Name))]);
        foreach (var simple in result.Simple) test.AddRow([Markup.Escape(simple.Name), .. problem.Metrics.Select(metric => Tables.Number(simple.Metrics.GetValueOrDefault(metric.Name, double.NaN)))]);
        console.Write(test);
        var tried = new Table().Border(TableBorder.Simple).AddColumn("tried").AddColumn(new TableColumn($"{problem.Objective.Name}, validation").RightAligned()).AddColumn(new TableColumn("length").RightAligned())
            .AddColumn(new TableColumn("s").RightAligned()).AddColumn("hyperparameters");
        foreach (var item in result.Tried.Take(MostTried))
        {
            tried.AddRow(
                Markup.Escape(item.Method), Tables.Number(item.Metrics[problem.Objective.Name]), Percent(item.Share), Tables.Number(item.Seconds),
                Markup.Escape(string.Join(", ", item.Hyperparameters.Select(pair => $"{pair.Key} {pair.Value}"))));
        }
        console.Write(tried);
        if (result.Tried.Count > MostTried) console.WriteLine($"and {result.Tried.Count - MostTried} more {(result.Tried.Count == MostTried + 1 ? "candidate" : "candidates")}.");
        if (result.Intervals is { } own)
        {
            console.WriteLine(own.CalibrationError is { } error
                ? string.Create(CultureInfo.InvariantCulture, $"Sets of classes that promise {own.Level:P0} hold the true class of {own.Coverage:P1} of test examples; calibration error {error:F3}.")
                : string.Create(CultureInfo.InvariantCulture, $"Intervals that promise {own.Level:P0} hold {own.Coverage:P1} of test examples; mean width {Tables.Number(own.Width)}, log-likelihood {Tables.Number(own.LogLikelihood ?? double.NaN)}."));
        }
        foreach (var note in result.Notes) console.WriteLine($"Note: {note}.");
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Parameters:N0} parameters, {result.Seconds:F1} s, {result.PeakBytes / 1e6:F0} MB at most. The model is in {result.Out}: paramorph predict {Quoted(result.Out!)} FILE uses it."));
    }

    /// <summary>A share, of which small ones are told too.</summary>
    private static string Percent(double share) => (100 * share).ToString(share < 0.1 ? "G2" : "F0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A name as shells take it.</summary>
    private static string Quoted(string name) => name.All(letter => char.IsLetterOrDigit(letter) || "/\\.:_-+~".Contains(letter, StringComparison.Ordinal)) ? name : $"\"{name}\"";

    private static string Spread(FitResult result, string metric)
    {
        var value = Tables.Number(result.Metrics.Test[metric]);
        return result.Metrics.TestIntervals.TryGetValue(metric, out var ends) ? $"{value} ({Tables.Number(ends[0])} to {Tables.Number(ends[1])})" : value;
    }
}
