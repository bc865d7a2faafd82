using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// A Kolmogorov-Arnold layer whose inputs choose among families of functions: each has one function of every family, and takes their mean with weights that are
/// learned. It is trained whole; then with a penalty on the entropy of the weights, which makes each input settle on one family; then <see cref="Pruned()"/> leaves
/// that alone, and the layer goes on learning. (Yang, Zhang, Luo, Lu and Shen, "Activation Space Selectable Kolmogorov-Arnold Networks", 2024.) As weights multiply
/// coefficients, it is a map from raw parameters to those of a layer.
/// </summary>
/// <param name="Pool">A layer with a group of all inputs for each family.</param>
/// <param name="Logits">[inputs, families]: the weights are their softmax.</param>
[Tree]
public sealed partial record SelectableKanLayer(KanLayer Pool, Tensor Logits) : ILayer, IParametrisation<KanLayer>
{
    /// <summary>How many times faster weights learn than functions while inputs settle.</summary>
    private const double SettlingPace = 20;

    /// <summary>Networks of such layers as a method: a fifth of the steps trains every family, a tenth lets inputs settle on one, the rest trains what is left.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("s-kan", "A Kolmogorov-Arnold network whose inputs choose their family of functions.", Network)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "formulas whose parts are unlike one another: waves, steps, polynomials",
        Paper = "Yang, Zhang, Luo, Lu and Shen, Activation space selectable Kolmogorov-Arnold networks, 2024",
        IsAutomatic = false,
        Own = [.. ((NetworkMethod)KanLayer.Method).Own.Where(parameter => parameter.Name != "basis")],
        Epochs = ((NetworkMethod)KanLayer.Method).Epochs,
        Rate = ((NetworkMethod)KanLayer.Method).Rate,
        Stages =
        [
            new(0.2),
            new(0.1)
            {
                Penalty = network => EntropyOf((Sequential)network),
                Optimiser = usual => new ScaledRate(usual, static (path, _) => path.EndsWith("logits", StringComparison.Ordinal), SettlingPace),
            },
            new(0.7) { Before = network => PrunedOf((Sequential)network) },
        ],
        Ended = (network, choice) => new Sequential([.. ((Sequential)network).Layers.Select(layer => Settled((KanLayer)layer, UnivariateBasis.All(choice.Whole("functions"))))]),
    };

    /// <summary>A layer with drawn functions of each family and equal weights.</summary>
    /// <param name="families">The families.</param>
    /// <exception cref="ShapeException">There is no family, a size is below 1, or a size of the kernel is even.</exception>
    /// <inheritdoc cref="KanLayer.Create"/>
    public static SelectableKanLayer Create(
        Key key, IReadOnlyList<UnivariateBasis> families, int inputs, int outputs, Sequence<int> kernel = default, bool isSquashed = false, ElementType type = ElementType.Float32)
    {
        if (families.Count == 0) throw new ShapeException("selectable kan layer: there must be at least one family of functions.");
        KanLayer[] layers = [.. families.Select((basis, i) => KanLayer.Create(key.Fold(i), basis, inputs, outputs, kernel, isSquashed, type))];
        return new(layers[0] with { Groups = [.. layers.Select(layer => layer.Groups[0])] }, Tensor.Zeros([inputs, families.Count], type).Evaluate());
    }

    /// <summary>The mean over all selectable layers of a network of the <see cref="Entropy"/>: the penalty of selective training.</summary>
    public static Tensor EntropyOf(Sequential network)
    {
        Tensor[] entropies = [.. network.Layers.OfType<SelectableKanLayer>().Select(layer => layer.Entropy())];
        return entropies.Length == 0 ? Tensor.Scalar(0f) : Tensor.Stack(entropies).Mean();
    }

    /// <summary>A network whose selectable layers are pruned.</summary>
    public static Sequential PrunedOf(Sequential network) => new([.. network.Layers.Select(layer => layer is SelectableKanLayer selectable ? selectable.Pruned() : layer)]);

    /// <summary>The weight of each family for each input [inputs, families]; they sum to 1 over the families.</summary>
    public Tensor Weights() => Logits.Softmax(-1);

    /// <summary>The mean over the inputs of the entropy of their weights, in nats: 0 where each has settled on one family.</summary>
    public Tensor Entropy() => -(Weights() * Logits.LogSoftmax(-1)).Sum(-1).Mean();

    /// <summary>The layer whose functions are the means.</summary>
    public KanLayer Materialise()
    {
        var weights = Weights();
        return Pool with { Groups = [.. Pool.Groups.Select((group, family) => group with { Coefficients = Weighted(group.Coefficients, weights[.., family]) })] };
    }

    /// <inheritdoc cref="KanLayer.Call"/>
    public Tensor Call(Tensor x) => Materialise().Call(x);

    /// <summary>
    /// The layer of which each input keeps the family that has the largest weight, with the function that it has there; it has as many parameters as one of a single
    /// family of that count.
    /// </summary>
    public KanLayer Pruned()
    {
        var (best, weights) = (Logits.ArgMax(-1).AsType(ElementType.Int32).ToArray<int>(), Weights());
        var groups = new List<KanGroup>();
        for (var family = 0; family < Pool.Groups.Count; family++)
        {
            int[] nodes = [.. Enumerable.Range(0, best.Length).Where(node => best[node] == family)];
            if (nodes.Length == 0) continue;
            var rows = Tensor.From(nodes);
            var (basis, _, coefficients) = Pool.Groups[family];
            groups.Add(new(basis, [.. nodes], Weighted(coefficients.Take(rows), weights[.., family].Take(rows)).Evaluate()));
        }
        return Pool with { Groups = [.. groups] };
    }

    private static Tensor Weighted(Tensor coefficients, Tensor weights) =>
        coefficients * weights.Reshape([-1, .. Enumerable.Repeat(1, coefficients.Rank - 1)]);

    /// <summary>The layer that has settled on what a pruned one computes: functions of other families are zero, and their weights vanish.</summary>
    private static SelectableKanLayer Settled(KanLayer pruned, IReadOnlyList<UnivariateBasis> families)
    {
        const double Never = -1e30;
        var inputs = pruned.Base.Shape[0];
        var logits = Enumerable.Repeat(Never, inputs * families.Count).ToArray();
        KanGroup Group(UnivariateBasis basis, int family)
        {
            var own = pruned.Groups.FirstOrDefault(group => group.Basis == basis);
            if (own is null) return new(basis, [.. Enumerable.Range(0, inputs)], Tensor.Zeros([inputs, basis.Count, .. pruned.Base.Shape.Sizes[1..]], pruned.Base.ElementType));
            foreach (var node in own.Nodes) logits[node * families.Count + family] = 0;
            // Row i is that of the node, and of nodes of other families a row of zeros behind all others.
            var rows = Enumerable.Repeat(own.Nodes.Count, inputs).ToArray();
            foreach (var (row, node) in own.Nodes.Index()) rows[node] = row;
            var coefficients = Tensor.Concatenate([own.Coefficients, Tensor.ZerosLike(own.Coefficients[..1])], 0);
            return new(basis, [.. Enumerable.Range(0, inputs)], coefficients.Take(Tensor.From(rows), 0).Evaluate());
        }
        KanGroup[] groups = [.. families.Select(Group)];
        return new(pruned with { Groups = [.. groups] }, Tensor.From<double>(logits, [inputs, families.Count]).AsType(pruned.Base.ElementType).Evaluate());
    }

    private static Sequential Network(Key key, ModelSignature signature, Configuration choice)
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs];
        var families = UnivariateBasis.All(choice.Whole("functions"));
        return new([.. Enumerable.Range(0, sizes.Length - 1).Select(i => Create(key.Fold(i), families, sizes[i], sizes[i + 1], isSquashed: true))]);
    }
}
