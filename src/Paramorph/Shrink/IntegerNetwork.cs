using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>
/// A network that runs on 8-bit integers from its input on: integer-only inference. (Gholami et al., "A Survey of Quantization Methods for Efficient Neural
/// Network Inference", 2021, section III.D, Figure 6 on the right.)
/// </summary>
/// <param name="Input">From real inputs to codes.</param>
/// <param name="Layers">What maps codes to codes.</param>
/// <param name="Output">What the codes of the last layer stand for.</param>
[Tree]
public sealed partial record IntegerNetwork(Quantiser Input, TreeList<ILayer> Layers, Quantiser Output) : ILayer
{
    /// <summary>
    /// A network in integers. It begins with a quantiser, and one follows each linear layer and convolution, behind the ReLU if there is one; all else (pooling by
    /// maxima, rearrangements) acts on codes as it does on numbers, and pooling behind a convolution on its sums.
    /// </summary>
    /// <param name="network">The network with its quantisers of activations.</param>
    /// <param name="weights">Quantisers of the weights by their paths in the network, such as <c>layers[1].weight</c>.</param>
    /// <exception cref="ArgumentException">Quantisers are missing or of a kind that integer arithmetic does not know.</exception>
    public static IntegerNetwork Of(Sequential network, IReadOnlyDictionary<string, Quantiser> weights)
    {
        if (network.Layers is not [Quantiser first, ..]) throw new ArgumentException("a network in integers begins with the quantiser of its input.", nameof(network));
        var (layers, current) = (new List<ILayer>(), first);
        for (var i = 1; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            if (layer is not (Linear or Convolution))
            {
                layers.Add(layer);
                continue;
            }
            var path = $"layers[{i}].weight";
            if (!weights.TryGetValue(path, out var weight)) throw new ArgumentException($"there is no quantiser for {path}.", nameof(weights));
            var isRectified = i + 1 < network.Layers.Count && IsRelu(network.Layers[i + 1]);
            if (isRectified) i++;
            if (i + 1 == network.Layers.Count || network.Layers[++i] is not Quantiser output)
                throw new ArgumentException($"the layer of {path} is not followed by a quantiser of its output.", nameof(network));
            layers.Add(layer is Linear linear
                ? IntegerLinear.Of(linear, weight, current, output, isRectified)
                : IntegerConvolution.Of((Convolution)layer, weight, current, output, isRectified) with { Pooling = i + 1 < network.Layers.Count && network.Layers[i + 1] is MaxPooling ? (MaxPooling)network.Layers[++i] : null });
            current = output;
        }
        return new(first, [.. layers], current);
    }

    /// <summary>Real inputs give real outputs; all between is done with integers.</summary>
    public Tensor Call(Tensor x) => Output.Dequantise(Layers.Aggregate(Input.Quantise(x), (codes, layer) => layer.Call(codes)));

    /// <summary>Whether a layer is the ReLU, which integer layers take into their range.</summary>
    internal static bool IsRelu(ILayer layer) => layer is Elementwise { Function: var function } && function == Activation.Relu;
}
