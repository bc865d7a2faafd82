using Paramorph.Layers;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public sealed class CompressedNetworkTests
{
    private static readonly Key Seed = Key.Of(3);

    private static Sequential Network { get; } = new([
        Convolution.Create(Seed.Fold(0), 3, 8, [3, 3]), new Elementwise(Activation.Relu), new Flattening(), Linear.Create(Seed.Fold(1), 128, 40), Linear.Create(Seed.Fold(2), 40, 2), Linear.Create(Seed.Fold(3), 2, 3)]);

    private static Tensor Images { get; } = Sample.Normal(Seed.Fold(4), [5, 3, 4, 4]).Evaluate();

    /// <summary>Matrices and kernels of the network that are large enough to be compressed, and how many weights they have.</summary>
    private static readonly int[] meant = [216, 5120, 80];

    /// <summary>Biases and the last matrix, in bytes.</summary>
    private const int Others = 4 * (8 + 40 + 2 + 3 + 6);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Rounded_weights_are_those_of_their_codes_and_take_their_bits(int bits)
    {
        var quantisers = WeightCodes.Quantisers(Network, bits);
        var compressed = CompressedNetwork.Rounded(Network, bits);
        AssertEqual(WeightCodes.Rounded(Network, quantisers), (Sequential)compressed.Weights.Materialise());
        Assert.Equal(meant.Sum(count => (count * bits + 7) / 8) + quantisers.Values.Sum(quantiser => 4 * quantiser.LogScale.Count) + Others, CompressedNetwork.Bytes(compressed));
        Assert.Equal(compressed.Weights.Materialise().Call(Images).ToArray<float>(), compressed.Call(Images).ToArray<float>());
    }

    [Fact]
    public void Rounding_in_training_and_packing_change_no_answer()
    {
        var rounding = CompressedNetwork.Rounding(Network, 3);
        var packed = rounding.Packed();
        AssertClose(rounding.Call(Images), packed.Call(Images), 1e-6);
        Assert.Equal(CompressedNetwork.Bytes(CompressedNetwork.Rounded(Network, 3)), CompressedNetwork.Bytes(packed));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Shared_weights_are_the_nearest_of_few_levels(int bits)
    {
        var compressed = CompressedNetwork.Shared(Network, bits);
        var (was, now) = (((Linear)Network.Layers[3]).Weight.ToArray<float>(), ((Linear)((Sequential)compressed.Weights.Materialise()).Layers[3]).Weight.ToArray<float>());
        var levels = now.Distinct().ToArray();
        Assert.InRange(levels.Length, 2, 1 << bits);
        Assert.Equal(was.Select(weight => levels.Min(level => Math.Abs(level - weight))), was.Zip(now, (weight, level) => Math.Abs(level - weight)));
        Assert.Equal(meant.Sum(count => (count * bits + 7) / 8 + (4 << bits)) + Others, CompressedNetwork.Bytes(compressed));
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.1)]
    [InlineData(0.0)]
    public void Of_pruned_weights_the_largest_stay_and_the_others_are_zero(double keep)
    {
        var compressed = CompressedNetwork.Pruned(Network, keep);
        int[] places = [0, 3, 4];
        var was = Weights(Network, places);
        var threshold = was.Select(Math.Abs).OrderDescending().ElementAtOrDefault((int)Math.Round(keep * was.Length));
        Assert.Equal(was.Select(weight => keep > 0 && Math.Abs(weight) > threshold ? weight : 0), Weights((Sequential)compressed.Weights.Materialise(), places));
        var kept = keep == 0 ? 3 : was.Count(weight => Math.Abs(weight) > threshold);
        Assert.Equal(meant.Sum(count => (count + 7) / 8) + 4 * kept + Others, CompressedNetwork.Bytes(compressed));
    }

    [Fact]
    public void Kept_weights_are_trained_as_they_are_in_the_network()
    {
        var compressed = CompressedNetwork.Pruned(Network, 0.3);
        var pruned = (Sequential)compressed.Weights.Materialise();
        var expected = ((Linear)Gradient.Of(pruned, network => Tensor.Square(network.Call(Images)).Sum()).Layers[3]).Weight.ToArray<float>();
        var gradient = Gradient.Of(compressed, network => Tensor.Square(network.Call(Images)).Sum());
        var kept = ((Linear)pruned.Layers[3]).Weight.ToArray<float>().Zip(expected).Where(pair => pair.First != 0).Select(pair => (double)pair.Second).ToArray();
        var own = Tree.Leaves(gradient)[Array.FindIndex(Tree.Names(gradient), name => name.Contains("layers[3].weight.values", StringComparison.Ordinal))].ToDoubles();
        Assert.Equal(kept.Length, own.Length);
        Assert.All(kept.Zip(own), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * kept.Max(Math.Abs)));
    }

    [Fact]
    public void Few_weights_that_share_levels_keep_their_places()
    {
        var pruned = CompressedNetwork.Pruned(Network, 0.5);
        var shared = pruned.SharedValues(3);
        var (before, after) = (Weights((Sequential)pruned.Weights.Materialise(), [3]), Weights((Sequential)shared.Weights.Materialise(), [3]));
        Assert.Equal(before.Select(weight => weight == 0), after.Select(weight => weight == 0));
        Assert.InRange(after.Distinct().Count(), 3, 9);
        Assert.True(CompressedNetwork.Bytes(shared) < CompressedNetwork.Bytes(pruned) / 2);
    }

    private static float[] Weights(Sequential network, int[] places) => [.. places.SelectMany(place => Tree.Leaves(network.Layers[place]).First(leaf => leaf.Rank >= 2).ToArray<float>())];

    private static void AssertEqual(Sequential expected, Sequential actual) =>
        Assert.All(Tree.Leaves(expected).Zip(Tree.Leaves(actual)), pair => AssertClose(pair.First, pair.Second, 1e-6));

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) => Assert.InRange(Tensor.Abs(expected - actual).Max().Item(), 0, tolerance);
}
