using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A transformer of whole tables: each cell has an element, and blocks of attention between rows, whose cells lie side by side there, take turns with such between the cells of a row. It learns to fill
/// cells that are masked, those of the target above all, from its own row and from others. (Kossen, Band, Lyle, Gomez, Rainforth and Gal, "Self-attention between datapoints", 2021.)
/// </summary>
/// <param name="Cells">From a value and whether it is masked to the element of a cell.</param>
/// <param name="Target">From a target, of classes its indicator, and whether it is masked to its element.</param>
/// <param name="Blocks">Attention between rows and between cells in turns.</param>
/// <param name="Norm">The norm behind them.</param>
/// <param name="Output">From the element of a target to the target.</param>
/// <param name="Values">From the element of a cell to its value, for each column: [columns, features].</param>
[Tree]
public sealed partial record RowAttention(CellElements Cells, Linear Target, TreeList<TransformerEncoderBlock> Blocks, LayerNorm Norm, Linear Output, Tensor Values)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="columns">Columns without the target.</param>
    /// <param name="outputs">Numbers of a target, or classes.</param>
    /// <param name="features">Numbers of the element of a cell.</param>
    /// <param name="depth">Pairs of blocks.</param>
    /// <param name="heads">Heads of attention, which divide the features.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static RowAttention Create(Key key, int columns, int outputs, int features, int depth, int heads)
    {
        var row = (columns + 1) * features;
        return Initialise.Of(key, key => new RowAttention(
            new(Sample.Normal(key.Fold(0), [columns, 2, features]), Sample.Normal(key.Fold(1), [columns, features])),
            Linear.Create(key.Fold(2), outputs + 1, features),
            [.. Enumerable.Range(0, 2 * depth).Select(i => TransformerEncoderBlock.Create(key.Fold(8 + i), i % 2 == 0 ? row : features, heads, 2 * (i % 2 == 0 ? row : features)))],
            LayerNorm.Create([features]), Linear.Create(key.Fold(3), features, outputs), Sample.Normal(key.Fold(4), [columns, features]) / Math.Sqrt(features)));
    }

    /// <summary>What all cells of a table are taken to be.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, outputs], of classes their indicators.</param>
    /// <param name="hidden">1 of masked cells of x, else 0: [rows, columns].</param>
    /// <param name="asked">1 of masked targets, else 0: [rows].</param>
    /// <param name="sees">bool [rows, rows]: which rows a row attends to; all when null.</param>
    /// <returns>The columns [rows, columns], and the targets [rows, outputs].</returns>
    public (Tensor Cells, Tensor Targets) Call(Tensor x, Tensor y, Tensor hidden, Tensor asked, Tensor? sees = null)
    {
        var (rows, asks) = (x.Shape[0], asked.ExpandDims(1));
        var target = Target.Call(Tensor.Concatenate([y * (1.0 - asks), asks], 1));
        var cells = Tensor.Concatenate([Cells.Call(x, hidden), target.ExpandDims(1)], 1);
        foreach (var (i, block) in Blocks.Index()) cells = i % 2 == 0 ? block.Call(cells.Flatten(1), sees).ReshapeTo(cells.Shape) : block.Call(cells);
        cells = Norm.Call(cells);
        return ((cells[.., ..^1] * Values).Sum(-1), Output.Call(cells[.., ^1]));
    }
}

/// <summary>Elements of the cells of columns.</summary>
/// <param name="Value">What a value and whether it is masked are multiplied by: [columns, 2, features].</param>
/// <param name="Column">What is added: [columns, features].</param>
[Tree]
public sealed partial record CellElements(Tensor Value, Tensor Column)
{
    internal Tensor Call(Tensor x, Tensor hidden) => (x * (1.0 - hidden)).ExpandDims(-1) * Value[.., 0] + hidden.ExpandDims(-1) * Value[.., 1] + Column;
}

/// <summary>A network of rows that answers for others by the rows that it learned from: each row that is asked attends to those and to itself.</summary>
/// <param name="Network">The network.</param>
/// <param name="X">The rows it knows: [known, columns].</param>
/// <param name="Y">Their targets, of classes their indicators: [known, outputs].</param>
[Tree]
public sealed partial record RowAttentionModel(RowAttention Network, Tensor X, Tensor Y) : ILayer
{
    private const int MostRows = 2000, MostColumns = 40, MostKnown = 1000;

    private static readonly Hyperparameter steps = Hyperparameter.Whole("steps", "steps of training", 1000, 300, 3000);

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("npt", "A transformer between rows as well as columns, which answers from the rows that it learned from.", Fit, Shape, Work)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables whose rows say something of one another: duplicates, groups, neighbours",
        Paper = "Kossen et al., Self-attention between datapoints: going beyond individual input-output pairs in deep learning, 2021",
        IsAutomatic = false,
        Limits = problem => problem.Split.Train.Count > MostRows ? $"it takes at most {MostRows} rows and there are {problem.Split.Train.Count} to train"
            : problem.Signature.Inputs > MostColumns ? $"it takes at most {MostColumns} features and there are {problem.Signature.Inputs}" : null,
        Own =
        [
            steps,
            Hyperparameter.Number("rate", "highest learning rate", 2e-3, 3e-4, 1e-2),
            Hyperparameter.Whole("features", "numbers of the element of a cell, of which four make a head", 8, 8, 16),
            Hyperparameter.Whole("depth", "pairs of attention between rows and between cells", 2, 1, 3, HyperparameterScale.Linear),
            Hyperparameter.Whole("rows", "rows of a step", 128, 64, 512),
            Hyperparameter.Number("hidden", "share of other cells that are masked and are to be filled", 0.15, 0.02, 0.3),
        ],
    };

    /// <summary>[n, columns] gives [n, outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var (known, asked) = (X.Shape[0], x.Shape[0]);
        var (rows, all) = (Tensor.Arange(known + asked), Tensor.Concatenate([X, x]));
        var sees = (rows < known) | Tensor.Equal(rows.ExpandDims(1), rows);
        var asks = (rows >= known).AsType(x.ElementType);
        return Network.Call(all, Y.Pad([(0, asked), (0, 0)]), Tensor.ZerosLike(all), asks, sees).Targets[known..];
    }

    private static RowAttentionModel Fit(ExamplesProblem problem, FitRun run)
    {
        const double Asked = 0.3;
        var (choice, train) = (run.Configuration, problem.Train);
        var (count, rows) = (Math.Max(2, (int)Math.Round(choice.Whole("steps") * run.Share)), Math.Min(choice.Whole("rows"), train.Count));
        var isClasses = Indicators.AreClasses(train.Targets);
        Tensor Shown(Tensor targets) => isClasses ? Tensor.OneHot(targets, problem.Signature.Outputs) : targets.Flatten(1);
        Tensor Loss(RowAttention network, Examples batch, Key key)
        {
            var asked = Sample.Bernoulli(key.Fold(0), Tensor.Full([rows], Asked)).AsType(ElementType.Float32);
            var hidden = Sample.Bernoulli(key.Fold(1), Tensor.Full(batch.Inputs.Shape, choice["hidden"])).AsType(ElementType.Float32);
            var (cells, targets) = network.Call(batch.Inputs, Shown(batch.Targets), hidden, asked);
            var own = isClasses ? -(targets.LogSoftmax() * Shown(batch.Targets)).Sum(-1) : Tensor.Square(targets - Shown(batch.Targets)).Mean(-1);
            return (own * asked).Sum() / (asked.Sum() + 1e-6) + 0.3 * (Tensor.Square(cells - batch.Inputs) * hidden).Sum() / (hidden.Sum() + 1e-6);
        }
        var optimiser = new ClippedByNorm(new AdamW(Schedule.OneCycle(choice["rate"], count, rising: 0.2), Decay: 1e-2, Decayed: Leaves.Matrices), 1);
        var network = run.Train(new Trainer<RowAttention, Examples>(optimiser, Loss), Drawn(run.Key.Fold(0), problem.Signature, choice), problem.Batches(rows, run.Key.Fold(1)), count);
        var some = Tensor.From<int>([.. new KeyRandom(run.Key.Fold(2)).Permutation(train.Count).Take(MostKnown).Order()]);
        return new(network, train.Inputs.Take(some).Evaluate(), Shown(train.Targets).Take(some).Evaluate());
    }

    private static RowAttention Drawn(Key key, ModelSignature signature, Configuration choice) =>
        RowAttention.Create(key, signature.Inputs, signature.Outputs, choice.Whole("features") / 4 * 4, choice.Whole("depth"), choice.Whole("features") / 4);

    private static RowAttentionModel Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) => new(
        Initialise.Structure(key => Drawn(key, signature, configuration)), Tensor.Zeros(stored["x"].Shape), Tensor.Zeros(stored["y"].Shape));

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var rows = Math.Min(configuration.Whole("rows"), problem.Split.Train.Count);
        var network = Initialise.Structure(key => Drawn(key, problem.Signature, configuration));
        var forward = Computation.Of(
            (network, x, y) => network.Call(x, y, Tensor.ZerosLike(x), Tensor.Zeros([rows])).Targets, network, problem.Signature.ZeroInputs(rows), Tensor.Zeros([rows, problem.Signature.Outputs])).Cost.Flops;
        var count = configuration.Whole("steps");
        return new((3.0 * forward + 20.0 * ParameterCount.Of(network)) * count, count, 2);
    }
}
