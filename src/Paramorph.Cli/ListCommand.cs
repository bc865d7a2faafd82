using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Experiments;
using Paramorph.Papers;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Lists papers.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var text = new Argument<string[]>("text") { Description = "Words that id, title or mechanism must contain.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Planned papers, too." };
        var family = new Option<string?>("--family") { Description = "Only this family." };
        var status = new Option<string?>("--status") { Description = "Only papers of this status: works, planned, held, not held, inconclusive or stale." };
        var format = SharedOptions.Format();
        var command = new Command("list", "Lists the papers whose experiment runs; --all lists the planned ones, too.") { text, all, family, status, format };
        command.SetAction(parsed =>
        {
            var rows = Catalogue.Papers.Select(Row.Of).Where(row => Fits(row, parsed.GetValue(text) ?? [], parsed.GetValue(family), parsed.GetValue(status), parsed.GetValue(all))).ToArray();
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize([.. rows.Select(row => row.Item)], ListJson.Default.ListItemArray));
            else Print(rows);
            return ExitCode.Held;
        });
        return command;
    }

    /// <summary>A paper as the list shows it.</summary>
    public static ListItem ItemOf(Paper paper) =>
        new(paper.Id, paper.Title, paper.Family, paper.Kind, paper.Works ? "works" : "planned", paper.Recorded() is { } result ? paper.IsOfNow(result) ? ExperimentReport.Words(result.Verdict) : "stale" : null);

    private static bool Fits(Row row, string[] words, string? family, string? status, bool all)
    {
        if (family is not null && !Catalogue.Papers.Any(paper => paper.Family == family))
            throw new ExperimentException($"there is no family {family}; the families are {string.Join(", ", Catalogue.Papers.Select(paper => paper.Family).Distinct().Order(StringComparer.Ordinal))}.");
        if (status is not (null or "works" or "planned" or "held" or "not held" or "inconclusive" or "stale"))
            throw new ExperimentException($"there is no status {status}; it is works, planned, held, not held, inconclusive or stale.");
        return (all || row.Item.Status == "works" || status == "planned")
            && (family is null || row.Item.Family == family)
            && (status is null || row.Item.Status == status || row.Item.Verdict == status)
            && words.All(word => $"{row.Paper.Id} {row.Paper.Title} {row.Paper.What}".Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static void Print(Row[] rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("id").NoWrap()).AddColumn("family").AddColumn("status").AddColumn("title");
        foreach (var row in rows)
            table.AddRow(Markup.Escape(row.Item.Id), row.Item.Family, row.Item.Verdict is { } verdict ? Tables.Coloured(verdict) : row.Item.Status, Markup.Escape(row.Item.Title));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{rows.Length} of {Catalogue.Papers.Count} papers. paramorph show ID tells more; paramorph run ID runs one.");
    }

    private sealed record Row(Paper Paper, ListItem Item)
    {
        public static Row Of(Paper paper) => new(paper, ItemOf(paper));
    }
}

/// <summary>A paper in the list.</summary>
internal sealed record ListItem(string Id, string Title, string Family, string Kind, string Status, string? Verdict);

/// <summary>How the list looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ListItem[]))]
[JsonSerializable(typeof(ShownPaper))]
internal sealed partial class ListJson : JsonSerializerContext;
