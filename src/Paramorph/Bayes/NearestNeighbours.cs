using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// The nearest training examples answer: of numbers the mean of their targets, of classes the logarithm of their votes. (Cover and Hart, "Nearest neighbor pattern classification", 1967.) Near
/// ones count as 1 / distance where <paramref name="IsWeighted"/>. (Dudani, "The distance-weighted k-nearest-neighbor rule", 1976.)
/// </summary>
/// <param name="Points">The examples: f32 [n, features].</param>
/// <param name="Targets">Their targets f32 [n, outputs], or their classes i32 [n].</param>
/// <param name="Outputs">Numbers of an answer, or classes.</param>
/// <param name="Count">How many answer.</param>
/// <param name="IsWeighted">Whether nearer ones count more.</param>
[Tree]
public sealed partial record NearestNeighbours(Tensor Points, Tensor Targets, int Outputs, int Count, bool IsWeighted) : ILayer
{
    private const int MostRows = 20_000;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("nearest-neighbours", "The mean, or the votes, of the nearest training examples.", Fit, Shape, (_, _) => new(1e8, 0, 0))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "few columns and many rows, where like examples have like answers",
        Paper = "Cover and Hart, Nearest neighbor pattern classification, 1967",
        Limits = problem => problem.Split.Train.Count > MostRows ? $"it keeps at most {MostRows} rows and there are {problem.Split.Train.Count} to train" : null,
        Own =
        [
            Hyperparameter.Whole("neighbours", "examples that answer", 5, 1, 50),
            Hyperparameter.Word("weights", "whether nearer examples count more", "distance", "equal"),
        ],
    };

    /// <summary>The simple answer of the nearest examples, all of which count alike.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="known">The examples; of more than some ten thousand every n-th.</param>
    /// <param name="count">How many answer.</param>
    /// <returns>From rows to outputs.</returns>
    internal static Func<Tensor, Tensor> Answers(ExamplesProblem problem, Examples known, int count)
    {
        var stride = (known.Count + MostRows - 1) / MostRows;
        Tensor Some(Tensor values) => stride == 1 ? values : values[TensorIndex.Every(stride, ..)];
        var targets = Indicators.AreClasses(known.Targets) ? known.Targets : known.Targets.Flatten(1);
        var layer = new NearestNeighbours(Some(known.Inputs.Flatten(1)).Evaluate(), Some(targets).Evaluate(), problem.Signature.Outputs, count, IsWeighted: false);
        return rows => problem.Outputs(layer, rows);
    }

    /// <summary>[n, features...] gives [n, outputs].</summary>
    public Tensor Call(Tensor x)
    {
        x = x.Flatten(1);
        var count = Math.Min(Count, Points.Shape[0]);
        var distances = Tensor.Square(x).Sum(-1).ExpandDims(-1) + Tensor.Square(Points).Sum(-1) - 2.0 * Tensor.MatMul(x, Points.T);
        var (nearness, places) = (-distances).TopK(count);
        // A small share of the usual distance keeps equal points from counting without bound.
        var weights = IsWeighted ? 1.0 / Tensor.Sqrt(Tensor.Maximum(-nearness, 0.0) + 1e-6 * Points.Shape[1]) : Tensor.OnesLike(nearness);
        var shares = weights / weights.Sum(-1).ExpandDims(-1);
        var near = Targets.Take(places);
        if (!Indicators.AreClasses(Targets)) return (near * shares.ExpandDims(-1)).Sum(1);
        // Half a vote is shared by all classes, so that none is impossible.
        var votes = (Tensor.OneHot(near, Outputs) * shares.ExpandDims(-1)).Sum(1) * (double)count;
        return Tensor.Log((votes + 0.5 / Outputs) / (count + 0.5));
    }

    private static NearestNeighbours Fit(ExamplesProblem problem, FitRun run) => Of(problem.Train.Inputs, problem.Train.Targets, problem.Signature, run.Configuration);

    private static NearestNeighbours Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) =>
        Of(Zeros(stored["points"]), Zeros(stored["targets"]), signature, configuration);

    private static Tensor Zeros(TensorType type) => Tensor.Zeros(type.Shape, type.ElementType);

    private static NearestNeighbours Of(Tensor points, Tensor targets, ModelSignature signature, Configuration configuration) =>
        new(points, targets, signature.Outputs, configuration.Whole("neighbours"), configuration.Word("weights") == "distance");
}
