using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>A network with quantisers of activations in it and quantisers of its weights beside it: it can be run with rounding, trained with rounding, and run in integers.</summary>
/// <param name="Network">The network with its quantisers of activations (<see cref="PostTraining.Calibrate"/>).</param>
/// <param name="Weights">Quantisers of weights by their paths.</param>
public sealed record QuantisedNetwork(Sequential Network, IReadOnlyDictionary<string, Quantiser> Weights)
{
    /// <summary>The bytes of weights and biases in single precision through those of packed codes, scales, biases and the quantisers of activations: all that the network is kept as.</summary>
    public double Compression
    {
        get
        {
            long single = 0, packed = 0;
            foreach (var (path, leaf) in Tree.Names(Network).Zip(Tree.Leaves(Network)))
            {
                var isOfLayer = Weights.TryGetValue(path, out var quantiser) || path.EndsWith(".bias", StringComparison.Ordinal);
                if (isOfLayer) single += leaf.Type.Bytes;
                packed += quantiser is null ? leaf.Type.Bytes : CompressedNetwork.Bytes(PackedCodes.Of(quantiser.Quantise(leaf), quantiser.Bits)) + quantiser.LogScale.Type.Bytes;
            }
            return (double)single / packed;
        }
    }

    /// <summary>To be trained with rounding in place: weights and scales are learned (<see cref="FakeQuantised"/>).</summary>
    public Parametrised<Sequential> Learned() => FakeQuantised.Of(Network, Weights);

    /// <summary>With what codes of weights stand for in their place.</summary>
    public Sequential Rounded() => Parametrised.Merge(Learned());

    /// <summary>The rounded network and its compression.</summary>
    public (Sequential Network, double Compression) Kept() => (Rounded(), Compression);

    /// <summary>In integers alone.</summary>
    /// <exception cref="ArgumentException">Quantisers are missing or of a kind that integer arithmetic does not know.</exception>
    public IntegerNetwork InIntegers() => IntegerNetwork.Of(Network, Weights);
}
