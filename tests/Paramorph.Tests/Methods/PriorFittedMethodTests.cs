using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Methods;

public sealed class PriorFittedMethodTests
{
    private static readonly (string, double)[] few = [("steps", 30), ("width", 16), ("depth", 2)];

    private static readonly Method method = PriorFittedMethod.Method;

    [Fact]
    public void Without_having_been_trained_on_the_answers_it_is_nearer_to_them_than_a_line()
    {
        (string, double)[] some = [("steps", 2000), ("width", 32), ("depth", 2)];
        var line = TableRegression.Read(Tables.Of(Text(300, "y", (a, b) => Math.Tanh(3 * a) + b * b)), new());
        Assert.InRange(line.Test(Examples.Fitted(method, line, some))["RMSE"], 0, 0.7 * line.SimpleAnswers().Single(simple => simple.Name == "ridge").Test["RMSE"]);
        var sides = TableClassification.Read(Tables.Of(Text(300, "side", (a, b) => a * b > 0 ? 1 : 0)), new() { Targets = ["side"] });
        Assert.InRange(sides.Test(Examples.Fitted(method, sides, some))["accuracy"], 0.8, 1);
    }

    [Fact]
    public void A_model_is_kept()
    {
        Examples.AssertKept(method, Examples.Waves(100), few);
        Examples.AssertKept(method, Examples.Rings(100), few);
    }

    [Fact]
    public void Training_that_was_stopped_goes_on_to_the_same_model()
    {
        var root = Directory.CreateTempSubdirectory("paramorph-prior-").FullName;
        try
        {
            var problem = Examples.Waves(60);
            var choice = few.Aggregate(Configuration.Default(method.Hyperparameters), (choice, value) => choice.With(value.Item1, value.Item2)).With("steps", 500);
            var whole = method.Fit(problem, new(choice, Key.Of(3)));
            using var cancel = new CancellationTokenSource();
            var run = new FitRun(choice, Key.Of(3)) { Checkpoints = root };
            Assert.Throws<OperationCanceledException>(() => method.Fit(problem, run with
            {
                Cancellation = cancel.Token,
                Progress = (step, _, _) =>
                {
                    if (step >= 300) cancel.Cancel();
                },
            }));
            var resumed = new List<long>();
            var model = method.Fit(problem, run with { Progress = (step, _, _) => resumed.Add(step) });
            Assert.True(resumed[0] > 200);
            Assert.Equal(Leaves(whole), Leaves(model));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void It_says_of_what_there_is_too_much()
    {
        Assert.Null(method.Unsuited(Examples.Waves(100)));
        Assert.Contains("1000 rows and there are 1200", method.Unsuited(Examples.Waves(1500)), StringComparison.Ordinal);
        var names = Enumerable.Range(0, 31).Select(i => $"c{i}").ToArray();
        var random = new Random(1);
        var wide = string.Join(',', names) + "\n" + string.Concat(Enumerable.Range(0, 60).Select(_ => string.Join(',', names.Select(_ => FormattableString.Invariant($"{random.NextDouble()}"))) + "\n"));
        Assert.Contains("20 features and there are 30", method.Unsuited(TableRegression.Read(Tables.Of(wide), new())), StringComparison.Ordinal);
    }

    private static double[] Leaves(ILayer model) => [.. Tree.Leaves(model).SelectMany(leaf => leaf.ToDoubles())];

    private static string Text(int rows, string target, Func<double, double, double> answer)
    {
        var random = new Random(5);
        return $"a,b,{target}\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => (A: 2 * random.NextDouble() - 1, B: 2 * random.NextDouble() - 1))
            .Select(row => FormattableString.Invariant($"{row.A},{row.B},{answer(row.A, row.B)}\n")));
    }
}
