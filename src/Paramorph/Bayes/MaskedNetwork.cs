using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>Rectifier networks side by side, one for each draw or chain, whose hidden nodes are multiplied by masks. (Kong et al., "Masked Bayesian neural networks", 2023, Eq. 2.)</summary>
/// <param name="Weights">Of each layer: [networks, inputs, outputs].</param>
/// <param name="Biases">Of each layer: [networks, outputs].</param>
[Tree]
public sealed partial record MaskedNetwork(TreeList<Tensor> Weights, TreeList<Tensor> Biases)
{
    /// <summary>Networks with drawn weights, of the variance that keeps values of about one size.</summary>
    /// <param name="key">The key.</param>
    /// <param name="networks">How many.</param>
    /// <param name="sizes">Number of inputs, of nodes of each hidden layer, of outputs.</param>
    /// <param name="type">f32 or f64.</param>
    public static MaskedNetwork Create(Key key, int networks, IReadOnlyList<int> sizes, ElementType type = ElementType.Float32)
    {
        Tensor Draw(int layer, bool isWeight, params int[] shape) => Math.Sqrt(1.0 / sizes[layer]) * Sample.Normal(key.Fold(layer).Fold(isWeight ? 0 : 1), [.. shape], type);
        var layers = Enumerable.Range(0, sizes.Count - 1);
        return new([.. layers.Select(layer => Draw(layer, true, networks, sizes[layer], sizes[layer + 1]))], [.. layers.Select(layer => Draw(layer, false, networks, sizes[layer + 1]))]);
    }

    /// <summary>What each network makes of the inputs: [n, inputs] gives [networks, n, outputs].</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="masks">The masks of the nodes of all hidden layers, one after the other: [networks, nodes]; all ones when null.</param>
    public Tensor Call(Tensor x, Tensor? masks = null)
    {
        var (values, first) = (x, 0);
        for (var layer = 0; layer < Weights.Count; layer++)
        {
            values = Tensor.MatMul(values, Weights[layer]) + Biases[layer].ExpandDims(-2);
            if (layer == Weights.Count - 1) break;
            values = Tensor.Relu(values);
            var next = first + Biases[layer].Shape[^1];
            if (masks is not null) values *= masks[.., first..next].ExpandDims(-2);
            first = next;
        }
        return values;
    }

    /// <summary>The same networks without masks and with as few nodes as the largest needs: nodes that are on come first, what comes from those that are off is zero.</summary>
    /// <param name="masks">[networks, nodes].</param>
    public MaskedNetwork Pruned(Tensor masks)
    {
        var (weights, biases, first) = (Weights.ToArray(), Biases.ToArray(), 0);
        for (var layer = 0; layer < weights.Length - 1; layer++)
        {
            var width = biases[layer].Shape[^1];
            var own = masks[.., first..(first + width)];
            var most = Math.Max(1, (int)own.Sum(1).Max().Item());
            var order = own.ArgSort(1, isDescending: true)[.., ..most];
            weights[layer] = weights[layer].TakeAlong(order.ExpandDims(1).BroadcastTo([order.Shape[0], weights[layer].Shape[1], most]), 2).Evaluate();
            biases[layer] = biases[layer].TakeAlong(order, 1).Evaluate();
            var outgoing = weights[layer + 1] * own.ExpandDims(2);
            weights[layer + 1] = outgoing.TakeAlong(order.ExpandDims(2).BroadcastTo([order.Shape[0], most, outgoing.Shape[2]]), 1).Evaluate();
            first += width;
        }
        return new([.. weights], [.. biases]);
    }
}
