using Paramorph.Experiments;
using Paramorph.Papers;

namespace Paramorph.Cli.Tests;

public sealed class PapersTests
{
    public static TheoryData<string> Works => [.. Catalogue.Papers.Where(paper => paper.Works).Select(paper => paper.Id)];

    [Fact]
    public void Ids_are_unique() => Assert.Equal(Catalogue.Papers.Count, Catalogue.Papers.Select(paper => paper.Id).Distinct().Count());

    [Theory]
    [MemberData(nameof(Works))]
    public void An_experiment_is_consistent(string id)
    {
        var paper = Catalogue.Find(id)!;
        var experiment = paper.Experiment()!;
        Assert.Equal(id, experiment.Id);
        Assert.Equal(ArmRole.Method, experiment.Arms[0].Role);
        Assert.Contains(experiment.Arms, arm => arm.Role == ArmRole.Baseline);
        Assert.Contains(experiment.Claims, claim => claim.IsMain);
        var claimed = experiment.Claims.SelectMany(claim => claim.Arms).ToHashSet();
        Assert.All(experiment.Arms.Where(arm => arm.Role == ArmRole.Baseline), arm => Assert.True(claimed.Contains(arm.Name), $"the baseline {arm.Name} stands in no claim"));
        Assert.Equal(experiment.Arms.Count, experiment.Arms.Select(arm => arm.Name).Distinct().Count());
        Assert.Equal(experiment.Settings.Count, experiment.Settings.Select(setting => setting.Name).Distinct().Count());
        var searched = experiment.Arms.Select(arm => arm.Candidates.Count).Where(count => count > 1).Distinct();
        Assert.True(searched.Count() <= 1, "arms that are searched must have equally many candidates");
        _ = new SettingValues(experiment.Settings, RunSize.Full, experiment.Settings.ToDictionary(setting => setting.Name, setting => setting.Full));
        _ = new SettingValues(experiment.Settings, RunSize.Smoke, experiment.Settings.ToDictionary(setting => setting.Name, setting => setting.Smoke));
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void What_did_not_hold_has_a_reason(string id)
    {
        var paper = Catalogue.Find(id)!;
        if (paper.Recorded() is { } result && paper.IsOfNow(result) && result.Verdict != Verdict.Held) Assert.NotNull(paper.Experiment()!.Why);
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void A_smoke_run_measures_every_metric_and_looks_at_every_claim(string id)
    {
        var (experiment, result) = (Catalogue.Find(id)!.Experiment()!, SmokeRuns.Of(id));
        Assert.Equal(experiment.Claims.Count, result.Claims.Count);
        Assert.All(result.Arms, arm => Assert.All(experiment.Metrics, metric => Assert.Equal(2, arm.Metrics[metric.Name].Values.Count)));
        Assert.All(result.Arms, arm => Assert.True(arm.Parameters >= 0 && arm.Flops >= 0));
    }
}
