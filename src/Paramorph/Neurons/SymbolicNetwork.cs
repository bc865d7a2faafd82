using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>A formula: symbolic layers one behind the other.</summary>
/// <param name="Layers">The layers.</param>
[Tree]
public sealed partial record SymbolicNetwork(TreeList<SymbolicLayer> Layers) : ILayer
{
    /// <summary>The penalty goes on in two parts, between which grids are fitted to what passes.</summary>
    private const int SparseParts = 2;

    /// <summary>A search for a formula as a method: a small Kolmogorov-Arnold network is trained with a penalty on its edges, pruned, trained without, and its functions get names.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("symbolic-kan", "A formula: a small Kolmogorov-Arnold network that is made sparse, and whose functions are replaced by named ones.", Fit, Shape, Work)
    {
        Kinds = ["table-regression"],
        GoodAt = "answers that follow from a short formula of the columns, which `paramorph inspect` prints",
        Paper = "Liu et al., KAN: Kolmogorov-Arnold networks, 2024",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("width", "functions that the hidden layer sums, before it is pruned", 5, 1, 8),
            Hyperparameter.Whole("intervals", "intervals of a grid", 5, 3, 12),
            Hyperparameter.Whole("iterations", "iterations of L-BFGS of each of four stages", 100, 50, 200),
            Hyperparameter.Number("penalty", "penalty on edges while the network is made sparse", 3e-2, 5e-3, 0.2),
        ],
    };

    /// <summary>The network whose functions are those of the library that are nearest to a network's at samples.</summary>
    /// <param name="network">A network of dense Kolmogorov-Arnold layers.</param>
    /// <param name="samples">What enters it: [n, inputs].</param>
    public static SymbolicNetwork Of(Sequential network, Tensor samples)
    {
        var layers = new List<SymbolicLayer>();
        foreach (var layer in network.Layers.Cast<KanLayer>())
        {
            layers.Add(SymbolicLayer.Of(layer, samples));
            samples = layer.Call(samples).Evaluate();
        }
        return new([.. layers]);
    }

    /// <summary>A formula of examples, found as <see cref="Method"/> says.</summary>
    /// <param name="key">Draws the first network.</param>
    /// <param name="x">f64 [n, inputs].</param>
    /// <param name="y">f64 [n, outputs].</param>
    /// <param name="width">Hidden nodes before pruning.</param>
    /// <param name="intervals">Intervals of a grid.</param>
    /// <param name="penalty">The weight of <see cref="KanPruning.Penalty"/> while the network is made sparse.</param>
    /// <param name="rule">When each of the four stages ends.</param>
    /// <returns>The formula, and the pruned network that it was read from.</returns>
    public static (SymbolicNetwork Formula, Sequential Pruned) Found(Key key, Tensor x, Tensor y, int width, int intervals, double penalty, StoppingRule rule)
    {
        var basis = UnivariateBasis.BSplines(intervals + 3);
        Sequential network = new(
        [
            KanLayer.Create(key.Fold(0), basis, x.Shape[1], width, type: ElementType.Float64), KanLayer.Create(key.Fold(1), basis, width, y.Shape[1], type: ElementType.Float64),
        ]);
        for (var part = 0; part < SparseParts; part++)
            network = Minimised(KanGrid.Fitted(network, x, intervals), rule, kan => Error(kan, x, y) + penalty * KanPruning.Penalty(kan, x));
        network = Minimised(KanGrid.Fitted(KanPruning.Pruned(network, x), x, intervals), rule, kan => Error(kan, x, y));
        return (Minimised(Of(network, x), rule, formula => Error(formula, x, y)), network);
    }

    /// <summary>The output of the last layer.</summary>
    public Tensor Call(Tensor x) => Layers.Aggregate(x, (value, layer) => layer.Call(value));

    /// <summary>The formula of each output.</summary>
    /// <param name="inputs">How each input is written.</param>
    public IReadOnlyList<string> Formulas(IReadOnlyList<string> inputs) => Layers.Aggregate(inputs, (names, layer) => layer.Formulas(names));

    private static Tensor Error(ILayer layer, Tensor x, Tensor y) => Tensor.Square(layer.Call(x) - y).Mean();

    private static TModel Minimised<TModel>(TModel model, StoppingRule rule, Func<TModel, Tensor> loss)
        where TModel : ITree<TModel> => new Lbfgs(Stop: rule).Minimise(model, loss).Model;

    private static SymbolicNetwork Fit(ExamplesProblem problem, FitRun run)
    {
        var (train, choice) = (problem.Train, run.Configuration);
        var iterations = choice.Whole("iterations");
        var rule = new StoppingRule(iterations) { Cancellation = run.Cancellation, Progress = (iteration, loss) => run.Progress?.Invoke(iteration, iterations, loss) };
        var (x, y) = (train.Inputs.AsType(ElementType.Float64).Evaluate(), train.Targets.AsType(ElementType.Float64).Evaluate());
        var (formula, _) = Found(run.Key, x, y, choice.Whole("width"), choice.Whole("intervals"), choice["penalty"], rule);
        run.Cancellation.ThrowIfCancellationRequested();
        return Tree.Map(formula, leaf => (leaf.ElementType == ElementType.Float64 ? leaf.AsType(ElementType.Float32) : leaf).Evaluate());
    }

    private static SymbolicNetwork Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        Tensor Zeros(string path) => Tensor.Zeros(stored[path].Shape, stored[path].ElementType);
        var layers = Enumerable.Range(0, stored.Keys.Count(path => path.EndsWith(".bias", StringComparison.Ordinal))).Select(layer => new SymbolicLayer(
            [.. Enumerable.Range(0, SymbolicFunction.Library.Count).Select(i => $"layers[{layer}].terms[{i}].").Select(at =>
                new SymbolicTerms(Zeros($"{at}inputs"), Zeros($"{at}outputs"), Zeros($"{at}scale"), Zeros($"{at}shift"), Zeros($"{at}factor")))],
            Zeros($"layers[{layer}].bias")));
        return new([.. layers]);
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var (rows, edges) = ((double)problem.Split.Train.Count, configuration.Whole("width") * (problem.Signature.Inputs + problem.Signature.Outputs));
        // A function is a recursion over its knots, with a derivative; in double precision, looked at now and then twice.
        var look = 100.0 * rows * edges * (configuration.Whole("intervals") + 6);
        return new(4 * configuration.Whole("iterations") * look + 1e8 * edges, 4 * configuration.Whole("iterations"), 4);
    }
}
