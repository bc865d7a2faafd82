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
        Assert.NotEmpty(experiment.Claims);
        Assert.Equal(experiment.Arms.Count, experiment.Arms.Select(arm => arm.Name).Distinct().Count());
        Assert.Equal(experiment.Settings.Count, experiment.Settings.Select(setting => setting.Name).Distinct().Count());
        var searched = experiment.Arms.Select(arm => arm.Candidates.Count).Where(count => count > 1).Distinct();
        Assert.True(searched.Count() <= 1, "arms that are searched must have equally many candidates");
        _ = new SettingValues(experiment.Settings, RunSize.Full, experiment.Settings.ToDictionary(setting => setting.Name, setting => setting.Full));
        _ = new SettingValues(experiment.Settings, RunSize.Smoke, experiment.Settings.ToDictionary(setting => setting.Name, setting => setting.Smoke));
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void A_smoke_run_measures_every_metric_and_decides_every_claim(string id)
    {
        var experiment = Catalogue.Find(id)!.Experiment()!;
        var result = ExperimentRunner.Run(experiment, new RunOptions { Size = RunSize.Smoke, Seeds = 2 });
        Assert.Equal(experiment.Claims.Count, result.Claims.Count);
        Assert.All(result.Arms, arm => Assert.All(experiment.Metrics, metric => Assert.Equal(2, arm.Metrics[metric.Name].Values.Count)));
        Assert.All(result.Arms, arm => Assert.True(arm.Parameters >= 0 && arm.Flops >= 0));
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void The_same_seed_gives_the_same_bits(string id)
    {
        var options = new RunOptions { Size = RunSize.Smoke, Seeds = 1, Seed = 7 };
        var (first, second) = (ExperimentRunner.Run(Catalogue.Find(id)!.Experiment()!, options with { Threads = 1 }), ExperimentRunner.Run(Catalogue.Find(id)!.Experiment()!, options with { Threads = 2 }));
        if (Catalogue.Find(id)!.Experiment()!.MeasuresTime) return;
        foreach (var (a, b) in first.Arms.Zip(second.Arms))
            foreach (var (name, value) in a.Metrics) Assert.Equal(value.Values, b.Metrics[name].Values);
    }
}
