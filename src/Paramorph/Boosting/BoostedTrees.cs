using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Boosting;

/// <summary>
/// A sum of symmetric regression trees: all nodes of one level ask the same question, whether a feature is above a threshold, so a tree is a table whose row is the number that its answers make
/// in binary. Each tree is fitted to what those before it leave. (Friedman, "Greedy function approximation: a gradient boosting machine", 2001; symmetric trees: Prokhorenkova et al.,
/// "CatBoost: unbiased boosting with categorical features", 2018.)
/// </summary>
/// <param name="Features">The feature that each level asks for: i32 [trees, depth].</param>
/// <param name="Thresholds">The threshold of each level, infinite where a level asks nothing: f32 [trees, depth].</param>
/// <param name="Leaves">What each leaf adds: f32 [trees, 2^depth, outputs]; level d is bit d of a leaf's number.</param>
/// <param name="Offset">The answer without trees: f32 [outputs].</param>
[Tree]
public sealed partial record BoostedTrees(Tensor Features, Tensor Thresholds, Tensor Leaves, Tensor Offset) : ILayer
{
    /// <summary>Operations that take as long as adding a row to a histogram.</summary>
    private const double OperationsPerRow = 50;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "boosted-trees", "Gradient boosting of symmetric trees on quantile histograms.", (problem, run) => Fit(problem, run), Shape, Work)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables of any kind and scale, with jumps, thresholds and columns that do not matter",
        Paper = "Prokhorenkova et al., CatBoost: unbiased boosting with categorical features, 2018",
        Own =
        [
            Hyperparameter.Whole("trees", "trees", 800, 200, 1200),
            Hyperparameter.Number("rate", "what each tree's answer is multiplied by", 0.07, 0.02, 0.2),
            Hyperparameter.Whole("depth", "levels of a tree", 7, 4, 8, HyperparameterScale.Linear),
            Hyperparameter.Number("leaf-penalty", "penalty on the squared values of leaves, in examples", 2, 0.3, 30),
            Hyperparameter.Number("rows", "share of the examples that a tree sees", 0.8, 0.5, 1, HyperparameterScale.Linear),
            Hyperparameter.Number("columns", "share of the features among which a level chooses", 0.8, 0.3, 1, HyperparameterScale.Linear),
        ],
    };

    /// <summary>The sum of all trees: [n, features] gives [n, outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var (trees, depth) = (Features.Shape[0], Features.Shape[1]);
        var (leaves, outputs) = (Leaves.Shape[1], Leaves.Shape[2]);
        var isAbove = x.Take(Features.Reshape(-1), 1) > Thresholds.Reshape(-1);
        var bits = Tensor.From<int>([.. Enumerable.Range(0, depth).Select(level => 1 << level)]);
        var leaf = (isAbove.AsType(ElementType.Int32).Reshape(-1, trees, depth) * bits).Sum(-1);
        return Leaves.Reshape(-1, outputs).Take(leaf + Tensor.Arange(trees) * leaves).Sum(1) + Offset;
    }

    private static BoostedTrees Fit(ExamplesProblem problem, FitRun run)
    {
        var train = problem.Train;
        var (features, outputs) = (problem.Signature.Inputs, problem.Signature.Outputs);
        IBoostingLoss loss = train.Targets.ElementType == ElementType.Int32
            ? new CrossEntropyLoss(train.Targets.ToArray<int>(), outputs)
            : new SquaredLoss(train.Targets.ToArray<float>(), outputs);
        return new Booster(FeatureBins.Of(train.Inputs.ToArray<float>(), features), loss, run).Fit();
    }

    private static BoostedTrees Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var (trees, depth) = (configuration.Whole("trees"), configuration.Whole("depth"));
        return new(
            Tensor.Zeros([trees, depth], ElementType.Int32), Tensor.Zeros([trees, depth]), Tensor.Zeros([trees, 1 << depth, signature.Outputs]), Tensor.Zeros([signature.Outputs]));
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var (depth, features) = (configuration.Whole("depth"), problem.Signature.Inputs);
        var rows = configuration["rows"] * problem.Split.Train.Count * depth;
        // Beside the rows of histograms each level weighs the bins of all its leaves.
        var some = problem.At(problem.Split.Train[..Math.Min(512, problem.Split.Train.Count)].Evaluate()).Inputs.ToArray<float>();
        var bins = FeatureBins.Of(some, features).Thresholds.Average(thresholds => thresholds.Length + 1.0) * (1 << depth);
        var outputs = problem.Signature.Outputs == 2 ? 1 : Math.Min(Booster.MostScored, problem.Signature.Outputs);
        return new(OperationsPerRow * configuration.Whole("trees") * outputs * configuration["columns"] * features * (rows + bins), 0, 0);
    }
}
