using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>A trained network of linear layers and convolutions, and what its layers give for some examples: all that is needed to quantise it.</summary>
/// <param name="Network">The network, without quantisers.</param>
/// <param name="Examples">Inputs of the kind that it will see, [n, ...].</param>
/// <param name="Activations">What each layer gives for them.</param>
public sealed record ObservedNetwork(Sequential Network, Tensor Examples, TreeList<Tensor> Activations)
{
    private static readonly Func<Sequential, Tensor, TreeList<Tensor>> observe = Compile.Of((Sequential network, Tensor x) => PostTraining.Activations(network, x));

    /// <summary>Which leaves are quantised: matrices and kernels.</summary>
    public static LeafFilter Kernels { get; } = static (path, _) => path.EndsWith(".weight", StringComparison.Ordinal);

    /// <summary>Looks at a network.</summary>
    /// <param name="network">The network, without quantisers.</param>
    /// <param name="examples">Inputs of the kind that it will see, [n, ...].</param>
    public static ObservedNetwork Of(Sequential network, Tensor examples) => new(network, examples, observe(network, examples));

    /// <summary>A symmetric quantiser of a matrix or kernel whose outputs have scales of their own.</summary>
    /// <param name="weight">[inputs, outputs] or [outputs, inputs, ...].</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <param name="calibration">How ranges are chosen; by least squares when null.</param>
    public static Quantiser ByChannel(Tensor weight, int bits, Calibration? calibration = null) => (calibration ?? Calibration.LeastSquares).Of(weight, bits, weight.Rank == 2 ? 1 : 0);

    /// <summary>The network with codes of so many bits for weights and for the activations between layers.</summary>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <param name="weights">From a weight and bits to its quantiser; <see cref="ByChannel"/> when null.</param>
    /// <param name="activations">How ranges of activations are chosen; by least squares when null.</param>
    public QuantisedNetwork Quantised(int bits, Func<Tensor, int, Quantiser>? weights = null, Calibration? activations = null)
    {
        var network = Calibrated(bits, activations);
        return new(network, FakeQuantised.Quantisers(network, (_, weight) => (weights ?? ((weight, bits) => ByChannel(weight, bits)))(weight, bits), Kernels));
    }

    /// <summary>The same with bits of its own for each layer's weights, which take no more memory than with so many bits for all (<see cref="MixedPrecision"/>).</summary>
    /// <param name="bits">Bits of the activations, and bits a weight on average.</param>
    /// <param name="choices">Bits that a layer's weights may have.</param>
    /// <param name="loss">The loss of a network one of whose layers has rounded weights, by which layers are told apart.</param>
    public QuantisedNetwork Mixed(int bits, IReadOnlyList<int> choices, Func<Sequential, double> loss)
    {
        var network = Calibrated(bits, null);
        (string Path, long Weights)[] layers = [.. Tree.Names(network).Zip(Tree.Leaves(network)).Where(leaf => Kernels(leaf.First, leaf.Second)).Select(leaf => (leaf.First, (long)leaf.Second.Count))];
        var chosen = MixedPrecision.Allocate(layers, choices, bits * layers.Sum(layer => layer.Weights), (path, width) =>
            loss(new QuantisedNetwork(network, FakeQuantised.Quantisers(network, (_, weight) => ByChannel(weight, width), Leaves.Named(path))).Rounded()));
        return new(network, FakeQuantised.Quantisers(network, (path, weight) => ByChannel(weight, chosen[path]), Kernels));
    }

    /// <summary>The network with the levels that k-means finds for each weight (<see cref="Codebook.KMeans"/>) and codes for the activations between layers.</summary>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <returns>The network with rounded weights; and its bytes in single precision through those of codes, levels and all else.</returns>
    public (Sequential Network, double Compression) Shared(int bits)
    {
        var (network, bytes) = (Calibrated(bits, null), 0L);
        var rounded = Tree.Map(network, (path, leaf) =>
        {
            if (!Kernels(path, leaf))
            {
                bytes += leaf.Type.Bytes;
                return leaf;
            }
            var codebook = Codebook.KMeans(leaf, bits);
            bytes += (leaf.Count * bits + 7) / 8 + codebook.Levels.Type.Bytes;
            return codebook.Round(leaf).Evaluate();
        });
        return (rounded, (double)CompressedNetwork.Bytes(Network) / bytes);
    }

    private Sequential Calibrated(int bits, Calibration? activations) => PostTraining.Calibrate(Network, Examples, Activations, bits, activations ?? Calibration.LeastSquares);
}
