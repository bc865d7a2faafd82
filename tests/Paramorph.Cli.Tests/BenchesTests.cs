using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Papers.Benches;
using Paramorph.Problems;

namespace Paramorph.Cli.Tests;

public sealed class BenchesTests
{
    /// <summary>Benches whose own tasks are examples, which take a moment to make.</summary>
    public static TheoryData<string> Tasks => [.. ((string[])["table-classification", "table-regression", "formulas", "small-images", "compression"]).SelectMany(id =>
        Bench(id).Tasks.Where(task => task.File is null).Select(task => $"{id} {task.Name}"))];

    [Fact]
    public void Names_are_unique()
    {
        Assert.Equal(BenchCatalogue.All.Count, BenchCatalogue.All.Select(bench => bench.Id).Distinct().Count());
        Assert.All(BenchCatalogue.All, bench => Assert.Equal(bench.Tasks.Count, bench.Tasks.Select(task => task.Name).Distinct().Count()));
        Assert.All(BenchCatalogue.All, bench => Assert.Equal(bench.Standing.Count, bench.Standing.Select(standing => standing.Name).Distinct().Count()));
    }

    [Fact]
    public void What_is_published_is_of_tasks_and_metrics_of_the_bench() => Assert.All(
        BenchCatalogue.All.SelectMany(bench => bench.Standing.SelectMany(standing => standing.Published.Select(figure => (bench, figure)))),
        pair => Assert.True(pair.bench.Tasks.Any(task => task.Name == pair.figure.Task) && pair.bench.Metrics.Any(metric => metric.Name == pair.figure.Metric)));

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_task_is_drawn_anew_under_each_seed_and_the_same_under_one(string which)
    {
        var (id, name) = (which.Split(' ')[0], which.Split(' ')[1]);
        var task = Bench(id).Tasks.Single(task => task.Name == name);
        var (first, again, other) = ((ExamplesProblem)task.Problem(1), (ExamplesProblem)task.Problem(1), (ExamplesProblem)task.Problem(2));
        Assert.Equal(first.Train.Inputs.ToDoubles(), again.Train.Inputs.ToDoubles());
        Assert.NotEqual(first.Train.Targets.ToDoubles().Take(100), other.Train.Targets.ToDoubles().Take(100));
        Assert.All(first.Train.Inputs.ToDoubles().Concat(first.Train.Targets.ToDoubles()), value => Assert.True(double.IsFinite(value)));
        Assert.InRange(first.Split.Test.Count, 500, 5000);
        Assert.All(Bench(id).Standing, standing => Assert.Null(standing.Method.Unsuited(first)));
    }

    [Theory]
    [InlineData("bessel", 0.0, 2.0, 0.22389077914)]
    [InlineData("bessel", 1.0, 3.0, 0.33905895853)]
    [InlineData("elliptic", 1.0, 0.5, 1.0832167728)]
    [InlineData("legendre", 3.0, 0.4, -0.44)]
    [InlineData("legendre", 0.5, 1.0, 1.0)]
    public void Special_functions_have_the_values_of_tables(string name, double first, double second, double value) =>
        Assert.Equal(value, FormulasBench.Formulas.Single(formula => formula.Name == name).Value([first, second]), 8);

    [Fact]
    public void Splits_that_a_file_brings_are_those_of_the_first_seeds_and_others_are_drawn()
    {
        var folder = Directory.CreateTempSubdirectory("paramorph-splits-");
        try
        {
            var data = Sample.Normal(Key.Of(1), [40, 3], ElementType.Float64).Evaluate();
            Npz.Write(Path.Combine(folder.FullName, "uci_splits_concrete.npz"), new Dictionary<string, Tensor> { ["data"] = data, ["test_0"] = Tensor.From<int>([3, 1, 2]), ["test_1"] = Tensor.From<int>([7, 8, 9]) });
            double[] Judged(int seed) => [.. ((ExamplesProblem)Bench("table-regression").Tasks.Single(task => task.Name == "concrete").Problem(seed, folder.FullName)).Split.Test.ToDoubles().Order()];
            Assert.Equal([1, 2, 3], Judged(1));
            Assert.Equal([7, 8, 9], Judged(2));
            Assert.Equal(4, Judged(3).Length);
            Assert.NotEqual(Judged(3), Judged(4));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Bench Bench(string id) => BenchCatalogue.All.Single(bench => bench.Id == id);
}
