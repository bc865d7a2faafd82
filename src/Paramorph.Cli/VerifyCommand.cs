using System.CommandLine;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Papers;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Runs experiments at full size and keeps their records.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("id") { Description = "Papers.", Arity = ArgumentArity.ZeroOrMore };
        var family = new Option<string?>("--family") { Description = "All papers of a family that run." };
        var all = new Option<bool>("--all") { Description = "All papers that run." };
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds, by default as many as each experiment wants." };
        var root = new Option<string>("--root") { Description = "The folder that holds results/ and docs/.", DefaultValueFactory = _ => "." };
        var command = new Command("verify", "Runs experiments at full size, writes results/ID.json for each, and makes docs/catalogue.md of all records.") { ids, family, all, seeds, root };
        command.SetAction(parsed =>
        {
            var papers = Chosen(parsed.GetValue(ids) ?? [], parsed.GetValue(family), parsed.GetValue(all));
            var folder = parsed.GetValue(root)!;
            Directory.CreateDirectory(Path.Combine(folder, "results"));
            Directory.CreateDirectory(Path.Combine(folder, "docs"));
            var code = ExitCode.Held;
            foreach (var paper in papers)
            {
                try
                {
                    if (Verify(paper, parsed.GetValue(seeds), folder) != Verdict.Held && code == ExitCode.Held) code = ExitCode.NotHeld;
                }
                catch (Exception exception) when (papers.Length > 1 && exception is not OperationCanceledException)
                {
                    // The other papers are still to be verified; the record that this one has stays.
                    Console.Error.WriteLine($"paramorph: {paper.Id} failed: {exception.Message}");
                    code = ExitCode.Failure;
                }
            }
            return code;
        });
        return command;
    }

    /// <summary>Runs one paper, writes its record, and brings the page of all records up to date.</summary>
    private static Verdict Verify(Paper paper, int? seeds, string folder)
    {
        var experiment = paper.Experiment()!;
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(paper.Id)}[/]  {Markup.Escape(experiment.Question)}");
        var result = LiveRun.Run(experiment, new RunOptions { Seeds = seeds, Out = Path.Combine("paramorph-runs", paper.Id) }) with { Out = null };
        Tables.Print(AnsiConsole.Console, experiment, result);
        AtomicFile.WriteText(Record(folder, paper), result.ToJson() + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "docs", "catalogue.md"), CataloguePage.Of(Catalogue.Papers, other => Read(folder, other)));
        return result.Verdict;
    }

    private static Paper[] Chosen(string[] ids, string? family, bool all)
    {
        var named = ids.Select(ShowCommand.PaperOf).ToArray();
        if (named.FirstOrDefault(paper => !paper.Works) is { } planned) throw new ExperimentException($"{planned.Id} is planned and does not run yet.");
        var chosen = Catalogue.Papers.Where(paper => paper.Works && (all || paper.Family == family || named.Contains(paper))).ToArray();
        return chosen.Length > 0 ? chosen : throw new ExperimentException("nothing to verify: give ids, --family or --all.");
    }

    private static ExperimentResult? Read(string folder, Paper paper) => File.Exists(Record(folder, paper)) ? ExperimentResult.FromJson(File.ReadAllText(Record(folder, paper))) : null;

    private static string Record(string folder, Paper paper) => Path.Combine(folder, "results", $"{paper.Id}.json");
}
