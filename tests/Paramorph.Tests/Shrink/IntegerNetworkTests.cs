using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public class IntegerNetworkTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.99999999999)]
    [InlineData(1.7e-5)]
    [InlineData(5.25)]
    public void A_fixed_point_factor_rounds_as_the_real_one(double factor)
    {
        var sums = Tensor.From(0, 1, -1, 17, -4001, 123_456, -7_654_321);
        var codes = FixedPoint.Of(Tensor.Scalar(factor)).Requantise(sums, 3, -128, 127).ToArray<sbyte>();
        var expected = sums.ToArray<int>().Select(sum => (sbyte)Math.Clamp(Math.Floor(sum * factor + 0.5) + 3, -128, 127));
        Assert.Equal(expected, codes);
    }

    [Fact]
    public void A_linear_layer_is_integer_arithmetic()
    {
        var layer = new Linear(Normal(1, 6, 4), Normal(2, 4));
        var (input, output) = (Quantiser.Asymmetric(Tensor.Scalar(-1f), Tensor.Scalar(3f), 8), Quantiser.Asymmetric(Tensor.Scalar(-5f), Tensor.Scalar(5f), 8));
        var weight = Calibration.MinMax.Of(layer.Weight, 8, channelAxis: 1);
        var integers = IntegerLinear.Of(layer, weight, input, output);
        var (x, w) = (input.Quantise(1.0 + Normal(3, 5, 6)), weight.Quantise(layer.Weight).ToArray<sbyte>());
        var codes = Compile.Of((IntegerLinear l, Tensor x) => l.Call(x))(integers, x).ToArray<sbyte>();
        var (zero, scales, biases, inputs) = (input.ZeroPoint.Item<int>(), weight.Scale.ToArray<float>(), layer.Bias!.ToArray<float>(), x.ToArray<sbyte>());
        for (var i = 0; i < 5; i++)
            for (var j = 0; j < 4; j++)
            {
                var step = input.Scale.Item() * scales[j];
                var sum = (long)Math.Round(biases[j] / step);
                for (var k = 0; k < 6; k++) sum += (inputs[i * 6 + k] - zero) * w[k * 4 + j];
                var expected = Math.Clamp(Math.Floor(sum * step / output.Scale.Item() + 0.5) + output.ZeroPoint.Item<int>(), -128, 127);
                Assert.Equal(expected, codes[i * 4 + j]);
            }
    }

    [Fact]
    public void A_convolution_pads_with_the_code_of_zero()
    {
        // A kernel of ones over zeros sees zeros everywhere, whatever their code.
        var layer = new Convolution(Tensor.Ones([1, 2, 3, 3]), null, new() { Padding = Padding.Same });
        var input = Quantiser.Asymmetric(Tensor.Scalar(-1f), Tensor.Scalar(3f), 8);
        var integers = IntegerConvolution.Of(layer, Calibration.MinMax.Of(layer.Weight, 8), input, Quantiser.Symmetric(Tensor.Scalar(1f), 8));
        Assert.NotEqual(0, input.ZeroPoint.Item<int>());
        Assert.All(integers.Call(input.Quantise(Tensor.Zeros([1, 2, 4, 5]))).ToArray<sbyte>(), code => Assert.Equal(0, code));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void An_integer_network_gives_the_codes_of_the_rounded_one(int bits)
    {
        var network = new Sequential([
            Convolution.Create(Key.Of(1), 1, 4, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
            Convolution.Create(Key.Of(2), 4, 6, [3, 3]), new Elementwise(Activation.Relu), new Elementwise(static x => x.Flatten(1)), Linear.Create(Key.Of(3), 96, 5),
        ]);
        var x = Normal(4, 20, 1, 8, 8);
        var calibrated = PostTraining.Calibrate(network, x, PostTraining.Activations(network, x), bits, Calibration.MinMax);
        var quantisers = FakeQuantised.Quantisers(
            calibrated, (_, weight) => Calibration.MinMax.Of(weight, bits, weight.Rank == 2 ? 1 : 0), (path, _) => path.EndsWith(".weight", StringComparison.Ordinal));
        var rounded = Parametrised.Merge(FakeQuantised.Of(calibrated, quantisers));
        var integers = IntegerNetwork.Of(calibrated, quantisers);
        var expected = Compile.Of((Sequential n, Tensor x) => n.Call(x))(rounded, x).ToArray<float>();
        var found = Compile.Of((IntegerNetwork n, Tensor x) => n.Call(x))(integers, x).ToArray<float>();
        var step = integers.Output.Scale.Item();
        // Halves are rounded to even numbers there and up here, and biases are rounded here alone: now and then a code differs by one.
        var steps = expected.Zip(found, (a, b) => Math.Abs(a - b) / step).ToArray();
        Assert.True(steps.Max() < 2.5 && steps.Average() < 0.3, $"{steps.Max()} steps at most, {steps.Average()} on average");
    }

    [Fact]
    public void Pooling_chooses_the_same_code_among_sums()
    {
        var layer = Convolution.Create(Key.Of(1), 3, 5, [3, 3]);
        var (input, output) = (Quantiser.Asymmetric(Tensor.Scalar(-1f), Tensor.Scalar(3f), 8), Quantiser.Asymmetric(Tensor.Scalar(-2f), Tensor.Scalar(2f), 8));
        var weight = Calibration.MinMax.Of(layer.Weight, 8, channelAxis: 0);
        var pooling = new MaxPooling([2, 2]);
        var alone = IntegerConvolution.Of(layer, weight, input, output);
        var x = input.Quantise(1.0 + Normal(2, 7, 3, 8, 8)).Evaluate();
        var pooled = Compile.Of((IntegerConvolution l, Tensor x) => l.Call(x))(alone with { Pooling = pooling }, x);
        Assert.Equal(pooling.Call(alone.Call(x)).ToArray<sbyte>(), pooled.ToArray<sbyte>());
        Assert.True(pooled.ToArray<sbyte>().Distinct().Count() > 20);
    }

    [Fact]
    public void A_layer_without_a_quantiser_behind_it_is_refused()
    {
        var network = new Sequential([Quantiser.Symmetric(Tensor.Scalar(1f), 8), Linear.Create(Key.Of(1), 3, 2)]);
        var error = Assert.Throws<ArgumentException>(() => IntegerNetwork.Of(network, FakeQuantised.Quantisers(network, (_, w) => Calibration.MinMax.Of(w, 8))));
        Assert.StartsWith("the layer of layers[1].weight is not followed by a quantiser of its output.", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Normal(int seed, params int[] shape) => Sample.Normal(Key.Of(seed), [.. shape]).Evaluate();
}
