using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>
/// A network that is kept as codes of its weights, out of which it makes these whenever it is called: its leaves are what it is kept as, so that files of it are small, and what has a derivative
/// among them can be trained further.
/// </summary>
/// <param name="Weights">What gives the network.</param>
[Tree]
public sealed partial record CompressedNetwork(Parametrised<ILayer> Weights) : ILayer
{
    /// <summary>Weights of a matrix or kernel that is compressed, at the fewest.</summary>
    private const int FewestNumbers = 32;

    /// <summary>The output of the network.</summary>
    public Tensor Call(Tensor x) => Weights.Materialise().Call(x);

    /// <summary>The bytes of all numbers that a tree is kept as.</summary>
    public static long Bytes<T>(T tree)
        where T : ITree<T> => Tree.Leaves(tree).Sum(leaf => leaf.Type.Bytes);

    /// <summary>Each matrix and kernel of 32 numbers or more rounded to codes. (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018, section 3: weights alone, by channel.)</summary>
    /// <param name="network">The network.</param>
    /// <param name="bits">Bits of a weight, 2 to 8.</param>
    public static CompressedNetwork Rounded(ILayer network, int bits)
    {
        var quantisers = WeightCodes.Quantisers(network, bits);
        return new(Parametrised.Of(network).With((path, _) => quantisers.ContainsKey(path), (path, weight) => RoundedWeight.Of(weight.Materialise(), quantisers[path])));
    }

    /// <summary>The same to be trained with rounding in place: <see cref="Packed"/> makes codes of it. (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018.)</summary>
    /// <inheritdoc cref="Rounded"/>
    public static CompressedNetwork Rounding(ILayer network, int bits) => new(FakeQuantised.Of(network, WeightCodes.Quantisers(network, bits)));

    /// <summary>It with codes in place of weights that were rounded in training.</summary>
    public CompressedNetwork Packed() => new(Weights.With(
        Leaves.All, weight => weight is FakeQuantised rounded ? RoundedWeight.Of(rounded.Weight.Materialise(), rounded.Quantiser) : weight));

    /// <summary>Each matrix and kernel with the levels that k-means finds for it, but for those that take no fewer bytes so. (Han, Mao and Dally, "Deep Compression", 2016.)</summary>
    /// <param name="network">The network.</param>
    /// <param name="bits">Bits of a weight, 2 to 8.</param>
    public static CompressedNetwork Shared(ILayer network, int bits) => new(Parametrised.Of(network).With(
        (path, leaf) => IsMeant(path, leaf) && leaf.Count * (32 - bits) > 32 << bits, weight => SharedWeight.Of(weight.Materialise(), bits)));

    /// <summary>The weights of largest modulus of all matrices and kernels. (Han, Pool, Tran and Dally, "Learning both Weights and Connections for Efficient Neural Networks", 2015.)</summary>
    /// <param name="network">The network.</param>
    /// <param name="keep">The part of the weights that stays, 0 to 1.</param>
    public static CompressedNetwork Pruned(ILayer network, double keep) => new(Parametrised.Of(network).Zip(
        Pruning.ByMagnitude(network, 1 - keep, IsMeant), IsMeant, (weight, kept) => SparseWeight.Of(weight.Materialise(), kept)));

    /// <summary>It with the levels that k-means finds for the values of its sparse weights, but for those that would take no fewer bytes so if half of their elements were kept.</summary>
    /// <param name="bits">Bits of a value, 2 to 8.</param>
    public CompressedNetwork SharedValues(int bits) => new(Weights.With(Leaves.All, weight =>
        weight is SparseWeight { Kept.Shape.ElementCount: var count } sparse && count / 2 * (32 - bits) > 32 << bits ? sparse with { Values = Shared(sparse.Values.Materialise(), bits) } : weight));

    private static SharedValues Shared(Tensor values, int bits)
    {
        var shared = SharedWeight.Of(values, bits);
        return new(shared.Codes.Bytes, shared.Book, bits);
    }

    private static bool IsMeant(string path, Tensor leaf) => leaf.ElementType == ElementType.Float32 && leaf.Rank >= 2 && leaf.Count >= FewestNumbers;
}
