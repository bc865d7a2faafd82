using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// What makes Kolmogorov-Arnold networks small: a penalty that leaves few edges with functions other than 0, and the removal of nodes that these leave alone. (Liu et al., "KAN: Kolmogorov-Arnold
/// Networks", 2024, section 2.5.)
/// </summary>
public static class KanPruning
{
    /// <summary>What each input adds to each output of a dense layer: [n, inputs] gives [n, inputs, outputs].</summary>
    public static Tensor Edges(KanLayer layer, Tensor x)
    {
        var places = layer.IsSquashed ? Tensor.Tanh(x) : x;
        var edges = Tensor.Silu(x).ExpandDims(-1) * layer.Base;
        foreach (var (basis, nodes, coefficients) in layer.Groups)
        {
            var own = Einsum.Of("nik,iko->nio", basis.Values(Tensor.Stack([.. nodes.Select(node => places[.., node])], 1)), coefficients);
            // A group need not be of all inputs, nor in their order.
            edges += Tensor.Stack([.. Enumerable.Range(0, layer.Base.Shape[0]).Select(input =>
                nodes.Index().Where(node => node.Item == input).Select(node => own[.., node.Index]).FirstOrDefault() ?? Tensor.ZerosLike(own[.., 0]))], 1);
        }
        return edges;
    }

    /// <summary>
    /// The size of each edge of a layer, the mean over samples of its distance from its own mean: [inputs, outputs]. Eq. 2.17 takes that from 0; but what an edge adds alike to all samples tells
    /// nothing of the input.
    /// </summary>
    public static Tensor Sizes(KanLayer layer, Tensor x) => Sizes(Edges(layer, x));

    /// <summary>
    /// The sum over the layers of the sizes of their edges and, times a weight, of the entropy of the shares that edges have of it (Eq. 2.18 to 2.20): it is low where a few edges do all.
    /// </summary>
    /// <param name="network">A network of dense Kolmogorov-Arnold layers.</param>
    /// <param name="x">What enters it: [n, inputs].</param>
    /// <param name="entropy">The weight of the entropy.</param>
    public static Tensor Penalty(Sequential network, Tensor x, double entropy = 2)
    {
        var sum = Tensor.Zeros([], x.ElementType);
        foreach (var layer in Layers(network))
        {
            var edges = Edges(layer, x);
            var sizes = Sizes(edges);
            var all = sizes.Sum();
            var shares = sizes / (all + 1e-12);
            sum += all - entropy * Tensor.Xlogy(shares, shares + 1e-12).Sum();
            x = edges.Sum(1);
        }
        return sum;
    }

    /// <summary>
    /// The network without hidden nodes whose largest edge on either side is small (Eq. 2.21); at least one of each layer stays.
    /// </summary>
    /// <param name="network">A network of dense Kolmogorov-Arnold layers.</param>
    /// <param name="x">What enters it: [n, inputs].</param>
    /// <param name="threshold">The size below which an edge is small.</param>
    public static Sequential Pruned(Sequential network, Tensor x, double threshold = 0.01)
    {
        KanLayer[] layers = [.. Layers(network)];
        var sizes = new List<Tensor>();
        foreach (var layer in layers)
        {
            sizes.Add(Sizes(layer, x).Evaluate());
            x = layer.Call(x).Evaluate();
        }
        for (var i = 0; i + 1 < layers.Length; i++)
        {
            var (before, after) = (sizes[i].Max(0).ToDoubles(), sizes[i + 1].Max(1).ToDoubles());
            var least = before.Zip(after, Math.Min).ToArray();
            int[] kept = [.. Enumerable.Range(0, least.Length).Where(node => least[node] >= Math.Min(threshold, least.Max()))];
            (layers[i], layers[i + 1]) = (WithOutputs(layers[i], kept), WithInputs(layers[i + 1], kept));
        }
        return new([.. layers]);
    }

    private static Tensor Sizes(Tensor edges) => Tensor.Abs(edges - edges.Mean(0)).Mean(0);

    private static IEnumerable<KanLayer> Layers(Sequential network) => network.Layers.Select(layer =>
        layer is KanLayer { Base.Rank: 2 } kan ? kan : throw new ShapeException($"kan pruning: a layer {layer.GetType().Name} is none of Kolmogorov and Arnold, which are dense here."));

    private static KanLayer WithOutputs(KanLayer layer, int[] kept) => layer with
    {
        Base = layer.Base.Take(Tensor.From(kept), 1).Evaluate(),
        Groups = [.. layer.Groups.Select(group => group with { Coefficients = group.Coefficients.Take(Tensor.From(kept), 2).Evaluate() })],
    };

    private static KanLayer WithInputs(KanLayer layer, int[] kept)
    {
        var groups = new List<KanGroup>();
        foreach (var (basis, nodes, coefficients) in layer.Groups)
        {
            var own = nodes.Index().Where(node => kept.Contains(node.Item)).ToArray();
            if (own.Length > 0) groups.Add(new(basis, [.. own.Select(node => Array.IndexOf(kept, node.Item))], coefficients.Take(Tensor.From([.. own.Select(node => node.Index)]), 0).Evaluate()));
        }
        return layer with { Base = layer.Base.Take(Tensor.From(kept), 0).Evaluate(), Groups = [.. groups] };
    }
}
