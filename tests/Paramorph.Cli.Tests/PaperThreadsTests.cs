using Paramorph.Experiments;
using Paramorph.Papers;

namespace Paramorph.Cli.Tests;

/// <summary>Beside <see cref="PapersTests"/>, at the same time.</summary>
public sealed class PaperThreadsTests
{
    public static TheoryData<string> Timeless => [.. Catalogue.Papers.Where(paper => paper.Experiment() is { MeasuresTime: false }).Select(paper => paper.Id)];

    [Theory]
    [MemberData(nameof(Timeless))]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads(string id)
    {
        var alone = ExperimentRunner.Run(Catalogue.Find(id)!.Experiment()!, new RunOptions { Size = RunSize.Smoke, Seeds = 1, Seed = 7, Threads = 1 });
        foreach (var (a, b) in alone.Arms.Zip(SmokeRuns.Of(id).Arms))
            foreach (var (name, value) in a.Metrics) Assert.Equal(value.Values[0], b.Metrics[name].Values[0]);
    }
}
