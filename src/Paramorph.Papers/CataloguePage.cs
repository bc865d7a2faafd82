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
        var page = new Report("The catalogue");
        var works = papers.Where(paper => paper.Works).ToArray();
        page.Line($"{works.Length} of {papers.Count} papers run. Generated from `results/` by `paramorph verify`: change nothing here by hand. An interval is that in which\nStudent's t puts the effect in 90 of 100 cases, from paired seeds, and the wider where a verdict rests on several claims; a claim holds if all of it lies on the claim's side.\nA record is stale when experiment, settings, candidates or claims are not those that it was made with.");
        page.Table(["paper", "family", "verdict", "seeds", "seconds"], works.Select(paper => Row(paper, recorded(paper))));
        foreach (var paper in works)
        {
            page.Section(paper.Id);
            page.Line(paper.Title);
            page.Line(paper.What);
            var result = recorded(paper);
            ExperimentReport.Add(page, paper.Experiment()!, result);
            if (result is not null) page.Line($"`paramorph verify {paper.Id} --seeds {result.Seeds.Count}`, {result.Date:yyyy-MM-dd}, {result.Machine.Processor}, {result.Machine.Threads} threads, version {result.Version}.");
        }
        page.Section("Planned");
        page.Table(["paper", "family", "title"], papers.Where(paper => !paper.Works).Select(paper => (string[])[paper.Id, paper.Family, paper.Title]));
        return page.ToMarkdown();
    }

    private static string[] Row(Paper paper, ExperimentResult? result) =>
    [
        $"[{paper.Id}](#{paper.Id})", paper.Family,
        result is null ? "not run" : paper.IsOfNow(result) ? ExperimentReport.Words(result.Verdict) : $"stale ({ExperimentReport.Words(result.Verdict)})",
        $"{result?.Seeds.Count}", $"{result?.Seconds:0}",
    ];
}
