using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>Post-training quantisation of activations: ranges from the activations on a few examples. (Section III.B of the survey of Gholami et al., 2021.)</summary>
public static class PostTraining
{
    /// <summary>Bits of what enters and leaves a network.</summary>
    private const int BitsOfEnds = 8;

    /// <summary>What each layer of a network gives for some examples: what <see cref="Calibrate"/> chooses ranges from.</summary>
    /// <param name="network">The network, without quantisers.</param>
    /// <param name="examples">Inputs of the kind that it will see, [n, ...].</param>
    public static TreeList<Tensor> Activations(Sequential network, Tensor examples)
    {
        var outputs = new List<Tensor>();
        foreach (var layer in network.Layers) outputs.Add(layer.Call(outputs.Count == 0 ? examples : outputs[^1]));
        return [.. outputs];
    }

    /// <summary>
    /// A network with quantisers in it: of its input, and behind each linear layer and convolution, behind the ReLU if there is one. What enters and leaves the
    /// network has 8 bits.
    /// </summary>
    /// <param name="network">The network, without quantisers.</param>
    /// <param name="examples">Inputs of the kind that it will see, [n, ...].</param>
    /// <param name="activations">What <see cref="Activations"/> gives for them, evaluated.</param>
    /// <param name="bits">Bits of the activations between, 2 to 8.</param>
    /// <param name="calibration">How ranges are chosen.</param>
    public static Sequential Calibrate(Sequential network, Tensor examples, TreeList<Tensor> activations, int bits, Calibration calibration)
    {
        var layers = new List<ILayer> { calibration.Of(examples, BitsOfEnds, isSymmetric: false) };
        var last = Enumerable.Range(0, network.Layers.Count).Last(i => IsAffine(network.Layers[i]));
        var isWaiting = false;
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            layers.Add(layer);
            isWaiting |= IsAffine(layer);
            var isFollowedByRelu = i + 1 < network.Layers.Count && IntegerNetwork.IsRelu(network.Layers[i + 1]);
            if (!isWaiting || isFollowedByRelu) continue;
            layers.Add(calibration.Of(activations[i], i >= last ? BitsOfEnds : bits, isSymmetric: false));
            isWaiting = false;
        }
        return new([.. layers]);
    }

    private static bool IsAffine(ILayer layer) => layer is Linear or Convolution;
}
