using Paramorph.Boosting;
using Paramorph.Methods;
using Paramorph.Tests.Methods;

namespace Paramorph.Tests.Boosting;

public sealed class BoostedTreesTests
{
    /// <summary>Two trees of depth 2: the first asks for x0 > 1 and x1 > 2, the second for x1 > 0 and then nothing.</summary>
    private static readonly BoostedTrees Two = new(
        Tensor.From(new[,] { { 0, 1 }, { 1, 0 } }), Tensor.From(new[,] { { 1f, 2f }, { 0f, float.PositiveInfinity } }),
        Tensor.From<float>([1, 2, 3, 4, 10, 20, 30, 40], [2, 4, 1]), Tensor.From<float>([100]));

    [Fact]
    public void A_leaf_is_the_number_that_the_answers_make_in_binary() =>
        Assert.Equal([111, 124, 122, 112], Two.Call(Tensor.From(new[,] { { 0f, 0f }, { 2f, 3f }, { 2f, 0.5f }, { 2f, -1f } })).ToDoubles());

    [Fact]
    public void Leaves_have_derivatives()
    {
        var gradient = Gradient.Of(Two, trees => trees.Call(Tensor.From(new[,] { { 2f, 3f } })).Sum());
        Assert.Equal([0, 0, 0, 1, 0, 1, 0, 0], gradient.Leaves.ToDoubles());
    }

    [Fact]
    public void Where_time_is_over_the_trees_that_have_grown_are_kept_and_the_others_add_nothing()
    {
        var problem = Methods.Examples.Waves(200);
        var configuration = Configuration.Default(BoostedTrees.Method.Hyperparameters).With("trees", 20).With("depth", 3);
        var notes = new List<string>();
        BoostedTrees Grown(CancellationToken deadline) => (BoostedTrees)BoostedTrees.Method.Fit(problem, new(configuration, Key.Of(1)) { Deadline = deadline, Note = notes.Add });
        var (whole, cut) = (Grown(CancellationToken.None), Grown(new(canceled: true)));
        Assert.Equal(["the time was over after 1 of 20 trees"], notes);
        var first = whole with { Features = whole.Features[..1], Thresholds = whole.Thresholds[..1], Leaves = whole.Leaves[..1] };
        Assert.Equal(whole.Leaves.Shape, cut.Leaves.Shape);
        Assert.Equal(first.Call(problem.Train.Inputs).ToDoubles(), cut.Call(problem.Train.Inputs).ToDoubles());
    }

    [Fact]
    public void One_tree_of_one_level_is_the_best_stump()
    {
        var problem = Methods.Examples.Waves(200);
        var stump = (BoostedTrees)Methods.Examples.Fitted(
            BoostedTrees.Method, problem, ("trees", 1), ("depth", 1), ("rate", 1), ("leaf-penalty", 1e-9), ("rows", 1), ("columns", 1));
        var (x, y) = (problem.Train.Inputs.ToArray<float>(), problem.Train.Targets.ToDoubles());
        // Every threshold of every feature is tried by its definition: the fewest squares about the means of both sides.
        var least = Enumerable.Range(0, 3).SelectMany(f => Enumerable.Range(0, y.Length).Select(i => Squares(x, y, f, x[i * 3 + f]))).Min();
        var found = Squares(x, y, stump.Features.ToArray<int>()[0], stump.Thresholds.ToArray<float>()[0]);
        // Bins are as fine as quantiles of 160 rows in 128 parts.
        Assert.InRange(found, least, 1.03 * least);
        var outputs = problem.Outputs(stump, problem.Split.Train).ToDoubles();
        Assert.Equal(found, outputs.Zip(y, (a, b) => (a - b) * (a - b)).Sum(), 3);
    }

    [Fact]
    public void A_jump_is_found_where_it_is()
    {
        var random = new Random(2);
        var text = "a,b,y\n" + string.Concat(Enumerable.Range(0, 500).Select(_ => (A: random.Next(100), B: random.NextDouble())).Select(row =>
            FormattableString.Invariant($"{row.A},{row.B},{(row.A >= 37 ? 5 : 1)}\n")));
        var problem = Paramorph.Problems.TableRegression.Read(Problems.Tables.Of(text), new());
        var trees = Methods.Examples.Fitted(BoostedTrees.Method, problem);
        Assert.InRange(problem.Test(trees)["RMSE"], 0, 0.01);
    }

    private static double Squares(float[] x, double[] y, int feature, float threshold)
    {
        double About(Func<int, bool> chosen)
        {
            var own = Enumerable.Range(0, y.Length).Where(chosen).Select(i => y[i]).ToArray();
            return own.Length == 0 ? 0 : own.Sum(value => Math.Pow(value - own.Average(), 2));
        }
        return About(i => x[i * 3 + feature] > threshold) + About(i => !(x[i * 3 + feature] > threshold));
    }
}
