using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Experiments;
using Paramorph.Papers;
using Spectre.Console;
using AtomicFile = Paramorph.Formats.AtomicFile;

namespace Paramorph.Cli;

/// <summary>Finds papers by meaning, those like one of them, and what is new of them.</summary>
internal static class SearchCommands
{
    /// <summary><c>search</c>.</summary>
    public static Command Search()
    {
        var text = new Argument<string[]>("text") { Description = "What the paper should be about, in words of yours: \"shrink a network without data\".", Arity = ArgumentArity.OneOrMore };
        var most = Most();
        var format = SharedOptions.Format();
        var command = new Command("search", "Finds papers by what they are about: by their words, by words that mean the same, and by words that stand in the same places.") { text, most, format };
        command.SetAction(parsed =>
        {
            var query = string.Join(' ', parsed.GetValue(text)!);
            var found = PaperSearch.Find(query, CountOf(parsed.GetValue(most)));
            if (found.Count == 0 && parsed.GetValue(format) != OutputFormat.Json) Console.WriteLine("No paper shares a word with this, or one that means the same; paramorph list --all lists them all.");
            else Print(found, parsed.GetValue(format), "fit");
            return ExitCode.Held;
        });
        return command;
    }

    /// <summary><c>similar</c>.</summary>
    public static Command Similar()
    {
        var id = new Argument<string>("id") { Description = "The paper: paramorph list --all names them." };
        var most = Most();
        var format = SharedOptions.Format();
        var command = new Command("similar", "Lists the papers that are nearest to one in meaning.") { id, most, format };
        command.SetAction(parsed =>
        {
            Print(PaperSearch.Similar(ShowCommand.PaperOf(parsed.GetValue(id)!), CountOf(parsed.GetValue(most))), parsed.GetValue(format), "cosine");
            return ExitCode.Held;
        });
        return command;
    }

    /// <summary><c>digest</c>.</summary>
    public static Command Digest()
    {
        var days = new Option<int>("--days") { Description = "How many days back.", DefaultValueFactory = _ => 7 };
        var html = new Option<string?>("--html") { Description = "Write it as a page to this file." };
        var format = SharedOptions.Format();
        var command = new Command("digest", "Tells which papers were decided, or decided otherwise than before, in the last days.") { days, html, format };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(days) is var back && back is < 1 or > 36_500) throw new ExperimentException($"--days is {back}; it is a number from 1 to 36500.");
            var digest = Papers.Digest.Of(DateTime.UtcNow.AddDays(-back));
            if (parsed.GetValue(html) is { } file) AtomicFile.WriteText(file, digest.Report().ToHtml(Path.GetDirectoryName(Path.GetFullPath(file))!));
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize([.. digest.Items.Select(NewsItem.Of)], SearchJson.Default.NewsItemArray));
            else Print(digest);
            return ExitCode.Held;
        });
        return command;
    }

    private static Option<int> Most() => new("--most") { Description = "At most so many papers.", DefaultValueFactory = _ => 10 };

    private static int CountOf(int most) => most >= 1 ? most : throw new ExperimentException($"--most is {most}; it is a number from 1 on.");

    private static void Print(IReadOnlyList<FoundPaper> found, OutputFormat format, string score)
    {
        var items = found.Select(FoundItem.Of).ToArray();
        if (format == OutputFormat.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(items, SearchJson.Default.FoundItemArray));
            return;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("id").NoWrap()).AddColumn("family").AddColumn("status").AddColumn(new TableColumn(score).RightAligned()).AddColumn("title");
        foreach (var item in items)
            table.AddRow(Markup.Escape(item.Id), item.Family, item.Verdict is { } verdict ? Tables.Coloured(verdict) : item.Status, item.Score.ToString("F2", CultureInfo.InvariantCulture), Markup.Escape(item.Title));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("paramorph show ID tells more; paramorph similar ID finds those like it.");
    }

    private static void Print(Digest digest)
    {
        if (digest.Items.Count == 0)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Nothing came on record since {digest.Since:yyyy-MM-dd}; the last was on {Papers.Digest.Latest:yyyy-MM-dd}."));
            return;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("id").NoWrap()).AddColumn("verdict").AddColumn("before").AddColumn(new TableColumn("date").NoWrap()).AddColumn("title");
        foreach (var item in digest.Items.OrderBy(item => item.News).Select(NewsItem.Of))
            table.AddRow(Markup.Escape(item.Id), Tables.Coloured(item.Verdict), item.Before ?? "-", item.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Markup.Escape(item.Title));
        AnsiConsole.Write(table);
    }
}

/// <summary>A paper that was found.</summary>
internal sealed record FoundItem(string Id, string Title, string Family, string Status, string? Verdict, double Score)
{
    public static FoundItem Of(FoundPaper found)
    {
        var item = ListCommand.ItemOf(found.Paper);
        return new(item.Id, item.Title, item.Family, item.Status, item.Verdict, found.Score);
    }
}

/// <summary>What is new of a paper.</summary>
internal sealed record NewsItem(string Id, string Title, string News, string Verdict, string? Before, string? Changed, DateTime Date)
{
    public static NewsItem Of(DigestItem item) => new(
        item.Paper.Id, item.Paper.Title, item.News switch { Papers.News.Changed => "changed", Papers.News.First => "first", _ => "again" }, ExperimentReport.Words(item.Result.Verdict),
        item.Before is { } before ? ExperimentReport.Words(before.Verdict) : null, item.Before?.Changed, item.Result.Date);
}

/// <summary>How they look as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FoundItem[]))]
[JsonSerializable(typeof(NewsItem[]))]
internal sealed partial class SearchJson : JsonSerializerContext;
