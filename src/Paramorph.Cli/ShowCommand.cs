using System.CommandLine;
using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Papers;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Tells what a paper's experiment is.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The paper: paramorph list --all names them." };
        var format = SharedOptions.Format();
        var command = new Command("show", "Tells what a paper does, what its experiment puts to the test, its settings, and the recorded result.") { id, format };
        command.SetAction(parsed =>
        {
            var paper = PaperOf(parsed.GetValue(id)!);
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize(ShownPaper.Of(paper), ListJson.Default.ShownPaper));
            else Print(paper);
            return ExitCode.Held;
        });
        return command;
    }

    /// <summary>The paper of an id; an unknown one is an error that names those like it.</summary>
    public static Paper PaperOf(string id)
    {
        if (Catalogue.Find(id) is { } paper) return paper;
        var near = Catalogue.Papers.Select(paper => paper.Id).Where(known => known.Contains(id, StringComparison.OrdinalIgnoreCase) || Nearest.Edits(known, id) <= 2).Take(5).ToArray();
        throw new ExperimentException($"there is no paper {id}{(near.Length > 0 ? $"; there is {string.Join(", ", near)}" : "")}: paramorph list --all names them all.");
    }

    private static void Print(Paper paper)
    {
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(paper.Title)}[/]\n[grey]{paper.Id}, {paper.Family}, {paper.Kind}[/]\n");
        Paragraph("mechanism", paper.What);
        if (paper.Experiment() is not { } experiment)
        {
            Paragraph("planned", paper.Show);
            return;
        }
        Paragraph("question", experiment.Question);
        Paragraph("original", experiment.Original);
        Paragraph("here", experiment.Difference);
        Paragraph("budget", experiment.Budget);
        Paragraph("data", experiment.Data ?? "generated; no file is read.");
        foreach (var arm in experiment.Arms) Paragraph($"arm {arm.Name}", $"{arm.Meaning}{(arm.Candidates.Count > 1 ? $" Searched: {string.Join("; ", arm.Candidates)}." : "")}");
        foreach (var metric in experiment.Metrics) Paragraph($"metric {metric.Name}", metric.Meaning);
        foreach (var claim in experiment.Claims) Paragraph(claim.IsMain ? "claim" : "claim, beside", $"{claim.Text} ({claim.Origin}).");
        var table = new Table().Border(TableBorder.Simple).AddColumn("setting").AddColumn("smoke").AddColumn("full").AddColumn("meaning");
        foreach (var setting in experiment.Settings) table.AddRow(setting.Name, setting.Smoke, setting.Full, Markup.Escape($"{setting.Meaning}; {setting.Allowed}"));
        AnsiConsole.Write(table);
        if (paper.Recorded() is not { } result) return;
        AnsiConsole.MarkupLine($"[bold]recorded result[/]{(paper.IsOfNow(result) ? "" : ", [yellow]stale: the experiment has changed since[/]")}");
        Tables.Print(AnsiConsole.Console, experiment, result);
        if (experiment.Why is { } why) Paragraph("why", why);
        foreach (var earlier in experiment.Earlier) Paragraph($"earlier, {earlier.Date}", $"{ExperimentReport.Words(earlier.Verdict)}. {earlier.Changed}");
    }

    private static void Paragraph(string name, string text) => AnsiConsole.MarkupLine($"[bold]{Markup.Escape(name)}[/]  {Markup.Escape(text)}");
}

/// <summary>A paper as <c>show --format json</c> gives it.</summary>
internal sealed record ShownPaper(
    string Id,
    string Title,
    string Family,
    string Kind,
    string Status,
    string What,
    string Show,
    string? Question,
    string? Original,
    string? Difference,
    string? Budget,
    string? Data,
    ShownItem[] Arms,
    ShownItem[] Metrics,
    string[] Claims,
    ShownSetting[] Settings)
{
    public static ShownPaper Of(Paper paper)
    {
        var experiment = paper.Experiment();
        return new(
            paper.Id, paper.Title, paper.Family, paper.Kind, paper.Works ? "works" : "planned", paper.What, paper.Show,
            experiment?.Question, experiment?.Original, experiment?.Difference, experiment?.Budget, experiment?.Data,
            [.. experiment?.Arms.Select(arm => new ShownItem(arm.Name, arm.Meaning)) ?? []],
            [.. experiment?.Metrics.Select(metric => new ShownItem(metric.Name, metric.Meaning)) ?? []],
            [.. experiment?.Claims.Select(claim => claim.Text) ?? []],
            [.. experiment?.Settings.Select(setting => new ShownSetting(setting.Name, setting.Smoke, setting.Full, setting.Meaning, setting.Allowed)) ?? []]);
    }
}

/// <summary>A name with its meaning.</summary>
internal sealed record ShownItem(string Name, string Meaning);

/// <summary>A setting with its defaults.</summary>
internal sealed record ShownSetting(string Name, string Smoke, string Full, string Meaning, string Allowed);
