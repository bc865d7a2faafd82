using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Layers;

/// <summary>
/// A transformer of the columns of a table that come in groups: each column has an element, columns attend to those of their own group, a group is an average of its columns by attention, groups attend
/// to one another, and the answer is read from their average by attention, whose weights say to which groups it listens. (Liu et al., "Towards CPU performance prediction: new challenge benchmark
/// dataset and novel approach", 2024, reads it from all groups side by side.)
/// </summary>
/// <param name="Value">What the value of a column is multiplied by: [columns, features].</param>
/// <param name="Column">What is added to make its element: [columns, features].</param>
/// <param name="Within">Blocks of attention among the columns of a group.</param>
/// <param name="Queries">What each group asks its columns for: [groups, features].</param>
/// <param name="Across">Blocks of attention among groups.</param>
/// <param name="Norm">The norm behind them.</param>
/// <param name="Query">What the answer asks the groups for: [features].</param>
/// <param name="Output">From the average of groups to the outputs.</param>
/// <param name="Groups">The number of the group of each column, from 0 on.</param>
[Tree]
public sealed partial record GroupAttention(
    Tensor Value, Tensor Column, TreeList<TransformerEncoderBlock> Within, Tensor Queries, TreeList<TransformerEncoderBlock> Across, LayerNorm Norm, Tensor Query, Mlp Output, Sequence<int> Groups) : ILayer
{
    private const int HeadFeatures = 8, MostColumns = 100;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("group-attention", "Attention within groups of columns and among the groups, which are told by what names of columns have before a dot.", (key, signature, choice) =>
        Create(key, signature.Groups ?? [.. Enumerable.Range(0, signature.Inputs)], signature.Outputs, HeadFeatures * choice.Whole("heads"), choice.Whole("depth"), choice.Whole("heads")))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables whose columns come in groups, named as cache.L2 and cache.L3 are, with thousands of rows; without such names each column is a group",
        Paper = "Liu et al., Towards CPU performance prediction: new challenge benchmark dataset and novel approach, 2024",
        IsAutomatic = false,
        Limits = problem => problem.Signature.Inputs > MostColumns ? $"it takes at most {MostColumns} features and there are {problem.Signature.Inputs}" : null,
        Own =
        [
            Hyperparameter.Whole("heads", "heads of attention, of eight features each", 2, 1, 4),
            Hyperparameter.Whole("depth", "blocks within groups, and as many among groups", 1, 1, 3, HyperparameterScale.Linear),
        ],
        Rate = NetworkMethod.UsualRate.Within(1e-2, 2e-3, 2e-2),
        Decay = NetworkMethod.UsualDecay.Within(0.1, 1e-3, 1),
        Epochs = NetworkMethod.UsualEpochs.Within(200, 80, 600),
        Batch = NetworkMethod.UsualBatch.Within(32, 16, 128),
        Slowness = 2,
    };

    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="groups">The number of the group of each column; those from 0 to the highest have a column each at least.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="features">Numbers of an element.</param>
    /// <param name="depth">Blocks within groups, and among groups.</param>
    /// <param name="heads">Heads of attention, which divide the features.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number of a group is left out, or the heads do not divide the features.</exception>
    public static GroupAttention Create(Key key, Sequence<int> groups, int outputs, int features, int depth, int heads, ElementType type = ElementType.Float32)
    {
        var count = groups.Distinct().Count();
        if (count == 0 || groups.Min() != 0 || groups.Max() != count - 1) throw new ShapeException($"group attention: groups {groups} are not numbered from 0 on with a column each.");
        TreeList<TransformerEncoderBlock> Blocks(Key key) => [.. Enumerable.Range(0, depth).Select(i => TransformerEncoderBlock.Create(key.Fold(i), features, heads, 2 * features, type: type))];
        return Initialise.Of(key, key => new GroupAttention(
            Sample.Normal(key.Fold(0), [groups.Count, features], type), Sample.Normal(key.Fold(1), [groups.Count, features], type), Blocks(key.Fold(2)), Sample.Normal(key.Fold(3), [count, features], type),
            Blocks(key.Fold(4)), LayerNorm.Create([features], type), Tensor.Zeros([features], type), Mlp.Create(key.Fold(5), [features, 2 * features, outputs], Activation.Gelu, type: type), groups));
    }

    /// <summary>[..., columns] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var groups = Elements(x);
        return Output.Call((Listens(groups).ExpandDims(-1) * groups).Sum(-2));
    }

    /// <summary>How much the answer listens to each group: [..., columns] gives [..., groups], whose sum is 1.</summary>
    public Tensor Weights(Tensor x) => Listens(Elements(x));

    /// <summary>The elements of groups behind all attention: [..., groups, features].</summary>
    private Tensor Elements(Tensor x)
    {
        var numbers = Tensor.From<int>([.. Groups]);
        var columns = x.ExpandDims(-1) * Value + Column;
        foreach (var block in Within) columns = block.Call(columns, Tensor.Equal(numbers.ExpandDims(1), numbers));
        var groups = Attention.ScaledDotProduct(Queries, columns, columns, Tensor.Equal(Tensor.Arange(Queries.Shape[0]).ExpandDims(1), numbers));
        foreach (var block in Across) groups = block.Call(groups);
        return Norm.Call(groups);
    }

    private Tensor Listens(Tensor groups) => ((groups * Query).Sum(-1) / Math.Sqrt(Query.Count)).Softmax();
}
