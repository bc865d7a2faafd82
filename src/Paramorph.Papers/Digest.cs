using System.Globalization;
using Paramorph.Experiments;

namespace Paramorph.Papers;

/// <summary>What came on record since a day: papers decided for the first time, verdicts that changed, claims confirmed again.</summary>
/// <param name="Since">The day, in UTC.</param>
/// <param name="Items">The papers, the latest first.</param>
public sealed record Digest(DateTime Since, IReadOnlyList<DigestItem> Items)
{
    /// <summary>The digest of the records that came with this version.</summary>
    public static Digest Of(DateTime since) => Of(since, Catalogue.Papers.Select(paper => (paper, paper.Recorded())));

    /// <summary>When the last record was made, in UTC.</summary>
    public static DateTime Latest => Catalogue.Papers.Select(paper => paper.Recorded()?.Date).Max() ?? DateTime.MinValue;

    internal static Digest Of(DateTime since, IEnumerable<(Paper Paper, ExperimentResult? Result)> records) => new(
        since, [.. records.Where(record => record.Result is { } result && result.Date >= since).Select(record => DigestItem.Of(record.Paper, record.Result!)).OrderByDescending(item => item.Result.Date)]);

    /// <summary>The digest for people.</summary>
    public Report Report()
    {
        var page = new Report("What the papers say now");
        page.Line(string.Create(CultureInfo.InvariantCulture, $"{Items.Count} {(Items.Count == 1 ? "verdict" : "verdicts")} on record since {Since:yyyy-MM-dd}."));
        foreach (var news in Items.GroupBy(item => item.News).OrderBy(group => group.Key))
        {
            page.Section(news.Key switch { News.Changed => "Verdicts that changed", News.First => "Decided for the first time", _ => "Decided again as before" });
            page.Table(
                ["paper", "verdict", "before", "date", "title"],
                news.Select(item => (string[])[item.Paper.Id, ExperimentReport.Words(item.Result.Verdict), item.Before is { } before ? ExperimentReport.Words(before.Verdict) : "-", item.Result.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), item.Paper.Title]));
            foreach (var item in news)
            {
                page.Item($"**{item.Paper.Id}** {item.Paper.What}{(item.Before is { } before ? $" Changed since: {before.Changed}" : "")}");
            }
        }
        return page;
    }
}

/// <summary>What is new of a paper.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Result">Its record.</param>
/// <param name="Before">Its last verdict before this one; null where this is the first.</param>
public sealed record DigestItem(Paper Paper, ExperimentResult Result, EarlierVerdict? Before)
{
    /// <summary>What it is.</summary>
    public News News => Before is null ? News.First : Before.Verdict == Result.Verdict ? News.Again : News.Changed;

    internal static DigestItem Of(Paper paper, ExperimentResult result) => new(paper, result, paper.Experiment()?.Earlier.LastOrDefault());
}

/// <summary>Kinds of news.</summary>
public enum News
{
    /// <summary>Another verdict than before.</summary>
    Changed,

    /// <summary>The first verdict.</summary>
    First,

    /// <summary>The verdict of before.</summary>
    Again,
}
