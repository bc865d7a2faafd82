using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Experiments;
using Paramorph.Papers;
using Paramorph.Papers.Benches;
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
        var elsewhere = new Option<bool>("--elsewhere") { Description = "Runs under other seeds than those on record, searches included, writes nothing, and tells claim by claim whether the two agree." };
        var seed = new Option<int?>("--seed") { Description = "The first seed, by default 1, and with --elsewhere one that no record has." };
        var format = SharedOptions.Format();
        var root = new Option<string>("--root") { Description = "The folder that holds results/ and docs/.", DefaultValueFactory = _ => "." }.Named();
        var command = new Command("verify", "Runs experiments at full size, writes results/ID.json for each, and makes docs/catalogue.md and results/index.json of all records.") { ids, family, all, seeds, seed, elsewhere, root, format };
        command.SetAction(parsed =>
        {
            var papers = Chosen(parsed.GetValue(ids) ?? [], parsed.GetValue(family), parsed.GetValue(all));
            var folder = parsed.GetValue(root)!;
            if (parsed.GetValue(elsewhere)) return Elsewhere(papers, parsed.GetValue(seeds), parsed.GetValue(seed), folder, parsed.GetValue(format));
            var (code, results) = (ExitCode.Held, parsed.GetValue(format) == OutputFormat.Json ? new List<ExperimentResult>() : null);
            foreach (var paper in papers)
            {
                try
                {
                    if (Verify(paper, parsed.GetValue(seeds), parsed.GetValue(seed) ?? 1, folder, results) != Verdict.Held && code == ExitCode.Held) code = ExitCode.NotHeld;
                }
                catch (Exception exception) when (papers.Length > 1 && exception is not OperationCanceledException)
                {
                    // The other papers are still to be verified; the record that this one has stays.
                    Console.Error.WriteLine($"paramorph: {paper.Id} failed: {exception.Message}");
                    code = ExitCode.Failure;
                }
            }
            if (results is not null) Console.WriteLine($"[{string.Join(",\n", results.Select(result => result.ToJson()))}]");
            return code;
        });
        return command;
    }

    /// <summary>Runs one paper, writes its record, and brings the page of all records up to date.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="seeds">How many seeds, or as many as it wants.</param>
    /// <param name="seed">The first.</param>
    /// <param name="folder">The folder that holds results/.</param>
    /// <param name="results">Takes the result, which is printed when null.</param>
    private static Verdict Verify(Paper paper, int? seeds, int seed, string folder, List<ExperimentResult>? results)
    {
        var experiment = paper.Experiment()!;
        if (results is null) AnsiConsole.MarkupLine($"[bold]{Markup.Escape(paper.Id)}[/]  {Markup.Escape(experiment.Question)}");
        var result = LiveRun.Run(experiment, Options(paper, seeds, seed)) with { Out = null };
        if (results is null) Tables.Print(AnsiConsole.Console, experiment, result);
        else results.Add(result);
        Records.Keep(folder, paper, result);
        return result.Verdict;
    }

    private static RunOptions Options(Paper paper, int? seeds, int seed) =>
        new() { Seeds = seeds, Seed = seed, Out = Path.Combine("paramorph-runs", paper.Id), Code = paper.Code, Standing = BenchCatalogue.Standing };

    /// <summary>Runs papers under seeds that their records do not have, and compares claim by claim.</summary>
    private static int Elsewhere(Paper[] papers, int? seeds, int? seed, string folder, OutputFormat format)
    {
        var found = new List<Agreement>();
        foreach (var paper in papers)
        {
            var recorded = Records.Of(folder, paper) ?? throw new ExperimentException($"there is no record of {paper.Id} in {folder} to compare with: paramorph verify {paper.Id} makes one.");
            var first = seed ?? recorded.Seeds.Max() + 1000;
            if (recorded.Seeds.Any(known => known >= first && known < first + (seeds ?? paper.Experiment()!.Seeds))) throw new ExperimentException($"seed {first} and those after it are on record of {paper.Id}: --seed needs others.");
            var result = LiveRun.Run(paper.Experiment()!, Options(paper, seeds, first) with { Out = Path.Combine("paramorph-runs", $"{paper.Id}-elsewhere") });
            found.Add(Agreement.Of(recorded, result));
            if (format != OutputFormat.Json) Print(found[^1]);
        }
        if (format == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize([.. found], AgreementJson.Default.AgreementArray));
        return found.All(agreement => agreement.Agrees) ? ExitCode.Held : ExitCode.NotHeld;
    }

    private static void Print(Agreement agreement)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(agreement.Id)).AddColumn("recorded").AddColumn("elsewhere");
        foreach (var claim in agreement.Claims) table.AddRow(Markup.Escape($"{claim.Text}{(claim.IsMain ? "" : " (beside)")}"), Tables.Coloured(claim.Recorded), Tables.Coloured(claim.Elsewhere));
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"{(agreement.Agrees ? "[green]agrees[/]" : "[red]does not agree[/]")} under seeds {string.Join(", ", agreement.Seeds)}.");
    }

    private static Paper[] Chosen(string[] ids, string? family, bool all)
    {
        var named = ids.Select(ShowCommand.PaperOf).ToArray();
        if (named.FirstOrDefault(paper => !paper.Works) is { } planned) throw new ExperimentException($"{planned.Id} is planned and does not run yet.");
        var chosen = Catalogue.Papers.Where(paper => paper.Works && (all || paper.Family == family || named.Contains(paper))).ToArray();
        return chosen.Length > 0 ? chosen : throw new ExperimentException("nothing to verify: give ids, --family or --all.");
    }
}

/// <summary>Whether a run under other seeds says the same as the record.</summary>
internal sealed record Agreement(string Id, IReadOnlyList<int> Seeds, IReadOnlyList<ClaimAgreement> Claims, bool Agrees)
{
    public static Agreement Of(ExperimentResult recorded, ExperimentResult other)
    {
        ClaimAgreement[] claims =
        [
            .. other.Claims.Select(claim => new ClaimAgreement(
                claim.Text, claim.IsMain, recorded.Claims.FirstOrDefault(known => known.Text == claim.Text) is { } known ? ExperimentReport.Words(known.Verdict) : "not on record", ExperimentReport.Words(claim.Verdict))),
        ];
        return new(recorded.Id, other.Seeds, claims, claims.All(claim => !claim.IsMain || !claim.Contradicts));
    }
}

/// <summary>What the record says of a claim, and what other seeds say.</summary>
internal sealed record ClaimAgreement(string Text, bool IsMain, string Recorded, string Elsewhere)
{
    /// <summary>Whether other seeds do not say what the record says; a claim that the record leaves open contradicts nothing.</summary>
    [JsonIgnore]
    public bool Contradicts => Recorded != Elsewhere && Recorded != "inconclusive";
}

/// <summary>How agreement looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Agreement[]))]
internal sealed partial class AgreementJson : JsonSerializerContext;
