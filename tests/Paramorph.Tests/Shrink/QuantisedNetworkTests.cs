using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public sealed class QuantisedNetworkTests
{
    private static readonly Sequential network = SmallConvolutionalNetwork.Create(Key.Of(1), [1, 8, 8], 3, 10);

    private static readonly Tensor examples = Sample.Normal(Key.Of(2), [20, 1, 8, 8]).Evaluate();

    private static readonly ObservedNetwork observed = ObservedNetwork.Of(network, examples);

    [Fact]
    public void A_small_network_takes_images_with_any_leading_axes()
    {
        Assert.Equal([20, 10], network.Call(examples).Shape);
        Numbers.Close(network.Call(examples).ToDoubles(), network.Call(examples.Reshape(4, 5, 1, 8, 8)).ToDoubles(), 1e-5);
        // Two convolutions of kernel 3 and an affine map of what two halvings leave.
        Assert.Equal((9 * 3 + 3) + (9 * 3 * 6 + 6) + (6 * 4 * 10 + 10), ParameterCount.Of(network));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    public void Compression_is_that_of_counted_bits(int bits)
    {
        var quantised = observed.Quantised(bits);
        // Weights, scales by output, biases, and the scale and zero point of each quantiser of activations.
        static long Bytes(int weights, int bits) => (weights * (long)bits + 7) / 8;
        var packed = Bytes(27, bits) + Bytes(162, bits) + Bytes(240, bits) + 4 * (3 + 6 + 10) + 4 * (3 + 6 + 10) + Tree.Leaves(quantised.Network).Sum(leaf => leaf.Type.Bytes) - 4 * ParameterCount.Of(network);
        Assert.Equal(4.0 * ParameterCount.Of(network) / packed, quantised.Compression, 1e-9);
    }

    [Fact]
    public void Rounded_weights_have_as_many_values_as_codes()
    {
        var rounded = observed.Quantised(2).Kept().Network;
        var kernels = rounded.Layers.OfType<Convolution>().Last().Weight;
        for (var output = 0; output < 6; output++) Assert.InRange(kernels[output].ToDoubles().Distinct().Count(), 1, 3);
        var one = observed.Quantised(2, (weight, bits) => Calibration.MinMax.Of(weight, bits)).Rounded().Layers.OfType<Linear>().Single().Weight;
        Assert.InRange(one.ToDoubles().Distinct().Count(), 1, 3);
        Assert.InRange(observed.Shared(2).Network.Layers.OfType<Linear>().Single().Weight.ToDoubles().Distinct().Count(), 2, 4);
    }

    [Fact]
    public void Eight_bits_answer_nearly_as_the_network_does_in_integers_too()
    {
        var (truth, quantised) = (network.Call(examples).ToDoubles(), observed.Quantised(8));
        var most = truth.Max(Math.Abs);
        Numbers.Close(truth, quantised.Rounded().Call(examples).ToDoubles(), 0.05 * most);
        Numbers.Close(truth, quantised.InIntegers().Call(examples).ToDoubles(), 0.06 * most);
    }

    [Fact]
    public void Mixed_bits_take_no_more_memory_and_go_where_they_matter()
    {
        // Only the last layer matters to this loss, which is how far its weights are from what they were.
        var weight = network.Layers.OfType<Linear>().Single().Weight;
        double Loss(Sequential other) => Tensor.Square(other.Layers.OfType<Linear>().Single().Weight - weight).Sum().Item();
        var mixed = observed.Mixed(4, [2, 3, 4, 5, 6, 8], Loss);
        var bits = mixed.Weights.Values.Select(quantiser => quantiser.Bits).ToArray();
        Assert.True(27 * bits[0] + 162 * bits[1] + 240 * bits[2] <= 4 * (27 + 162 + 240));
        Assert.True(bits[2] > 4 && bits[1] < 4);
    }

    [Fact]
    public void Products_are_those_of_patches_with_kernels() =>
        Assert.Equal([(5 * 64, 9, 3), (5 * 16, 27, 6), (5, 24, 10)], IntegerSpeed.Products(network, examples[..1], batch: 5));

    [Fact]
    public void Speeds_are_ratios_of_times()
    {
        double[] ratios =
        [
            IntegerSpeed.OfProducts(network, examples[..1], batch: 5, Key.Of(3), repetitions: 1),
            IntegerSpeed.OfNetworks(network, observed.Quantised(8).InIntegers(), examples, repetitions: 1),
        ];
        // How fast a machine is that does other things meanwhile is not known.
        Assert.All(ratios, ratio => Assert.True(ratio > 0 && double.IsFinite(ratio)));
    }

    [Fact]
    public void Training_goes_on_from_the_trained_network()
    {
        var data = Classification.Halves("digits", Digits.Of(Key.Of(4), 400, 8), 10);
        var task = QuantisationTask.Train(data, network, steps: 60, calibration: 30, Key.Of(5), Key.Of(6));
        Assert.Equal(30, task.Calibration.Count);
        Assert.True(task.Loss(task.Trained.Network) < task.Loss(network));
        Assert.True(task.Loss(task.Continued.Network) < task.Loss(task.Trained.Network));
        Assert.Equal(data.Judge(task.Continued.Network).Accuracy, task.Accuracy(task.Continued.Network), 1e-6);
        Assert.Equal(task.Accuracy(task.Continued.Quantised(8).Rounded()), task.Accuracy(task.Continued.Quantised(8).InIntegers()), 0.05);
        Assert.True(task.Flops > 0);
    }
}
