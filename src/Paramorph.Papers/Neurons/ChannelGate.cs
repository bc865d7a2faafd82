using Paramorph.Layers;

namespace Paramorph.Papers.Neurons;

/// <summary>Attention of channels: each is multiplied by a gate of the means of all. (Hu, Shen and Sun, "Squeeze-and-excitation networks", 2018, with one affine map.)</summary>
/// <param name="Map">From the means of channels to gates before the activation.</param>
/// <param name="Gate">Their activation.</param>
[Tree]
internal sealed partial record ChannelGate(Linear Map, ILayer Gate) : ILayer
{
    /// <summary>[n, channels, height, width] gives its shape.</summary>
    public Tensor Call(Tensor x) => x * Gate.Call(Map.Call(x.Mean([-2, -1]))).ExpandDims(-1).ExpandDims(-1);
}
