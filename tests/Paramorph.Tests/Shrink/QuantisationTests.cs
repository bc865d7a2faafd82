using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public class QuantisationTests
{
    private static Tensor Normal(int seed, params int[] shape) => Sample.Normal(Key.Of(seed), [.. shape]).Evaluate();

    [Theory]
    [InlineData(8, true)]
    [InlineData(8, false)]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void What_lies_in_the_range_comes_back_within_half_a_step(int bits, bool isSymmetric)
    {
        var x = Normal(1, 50, 7) + 0.3;
        var quantiser = Calibration.MinMax.Of(x, bits, isSymmetric: isSymmetric);
        var error = Tensor.Abs(quantiser.Dequantise(quantiser.Quantise(x)) - x).Max().Item();
        // An asymmetric range is moved so that 0 is a code: by up to half a step more at one end.
        Assert.InRange(error, 0, (isSymmetric ? 0.5 : 1) * quantiser.Scale.Item() * (1 + 1e-5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Zero_is_a_code(bool isSymmetric)
    {
        var quantiser = Calibration.MinMax.Of(Normal(2, 100) + 5.0, 4, isSymmetric: isSymmetric);
        Assert.Equal(0, quantiser.Round(Tensor.Zeros([])).Item());
    }

    [Theory]
    [InlineData(true, -7, 7)]
    [InlineData(false, -8, 7)]
    public void Codes_of_four_bits_span_their_range(bool isSymmetric, int lowest, int highest)
    {
        var quantiser = Calibration.MinMax.Of(Tensor.From(-1f, 0.2f, 1f), 4, isSymmetric: isSymmetric);
        var codes = quantiser.Quantise(Tensor.From(-50f, 50f)).ToArray<sbyte>();
        Assert.Equal([(sbyte)lowest, (sbyte)highest], codes);
    }

    [Fact]
    public void Every_code_of_a_bound_of_zero_stands_for_zero()
    {
        var quantiser = Quantiser.Symmetric(Tensor.From(0f, 3f), 3);
        var x = Tensor.From(new[,] { { 5f, 3f }, { 0f, -1f } });
        Assert.Equal([0, 3, 0, -1], quantiser.Quantise(x).ToDoubles());
        Expect.Close(Tensor.From(new[,] { { 0f, 3f }, { 0f, -1f } }), quantiser.Round(x), 1e-6);
        Expect.Close(Tensor.From(new[,] { { 0f, 1f }, { 0f, 2f } }), quantiser.Dequantise(Tensor.From(new[,] { { 3, 1 }, { -2, 2 } })), 1e-6);
        var gradient = Gradient.Of(quantiser, q => q.Round(x).Sum());
        Assert.All(gradient.LogScale.ToDoubles(), g => Assert.True(double.IsFinite(g)));
        Assert.Equal([0, 0], Quantiser.Asymmetric(Tensor.Zeros([2]), Tensor.Zeros([2]), 4).Round(Tensor.From(1f, 0f)).ToDoubles());
    }

    [Fact]
    public void An_integer_layer_keeps_the_bias_of_an_output_without_weights()
    {
        var layer = new Linear(Tensor.From(new[,] { { 0f, 0.5f }, { 0f, -0.25f } }), Tensor.From(0.5f, 0f));
        var weight = Quantiser.Symmetric(Tensor.From(0f, 0.5f), 8);
        var (input, output) = (Quantiser.Symmetric(Tensor.Scalar(1f), 8), Quantiser.Symmetric(Tensor.Scalar(1f), 8));
        var integers = IntegerLinear.Of(layer, weight, input, output);
        var x = Tensor.From(new[,] { { 1f, 0.5f } });
        Expect.Close(layer.Call(x), output.Dequantise(integers.Call(input.Quantise(x))), 0.02);
    }

    [Fact]
    public void Rounding_gives_what_codes_stand_for()
    {
        var x = 2.0 * Normal(3, 40);
        var quantiser = Quantiser.Asymmetric(Tensor.Scalar(-1.3f), Tensor.Scalar(2.1f), 5);
        Assert.Equal(quantiser.Dequantise(quantiser.Quantise(x)).ToArray<float>(), quantiser.Round(x).ToArray<float>());
    }

    [Fact]
    public void The_gradient_of_rounding_is_that_of_clamping()
    {
        var quantiser = Quantiser.Symmetric(Tensor.Scalar(1f), 3);
        var gradient = Gradient.Of(Tensor.From(-4f, -0.4f, 0.1f, 0.9f, 3f), x => quantiser.Round(x).Sum());
        Assert.Equal([0f, 1f, 1f, 1f, 0f], gradient.ToArray<float>());
    }

    [Fact]
    public void The_gradient_of_the_step_is_the_error_of_rounding_and_outside_the_outermost_code()
    {
        // A step of 1/3 and codes -3 to 3; the gradient in log s is s times that in s.
        var quantiser = Quantiser.Symmetric(Tensor.Scalar(1f), 3);
        double InStep(float x) => Gradient.Of(quantiser, q => q.Round(Tensor.Scalar(x))).LogScale.Item() * 3;
        Assert.Equal(1 - 1.2, InStep(0.4f), 1e-5);
        Assert.Equal(3, InStep(7f), 1e-5);
        Assert.Equal(-3, InStep(-7f), 1e-5);
    }

    [Fact]
    public void Channels_have_ranges_of_their_own()
    {
        var weights = Normal(4, 3, 5, 2) * Tensor.From(new[] { 1f, 10f, 100f, 1000f, 10000f }, [1, 5, 1]);
        var quantiser = Calibration.MinMax.Of(weights, 8, channelAxis: 1);
        Assert.Equal([1, 5, 1], quantiser.Scale.Shape);
        var largest = Tensor.Abs(weights).Max([0, 2]).ToArray<float>();
        Assert.All(quantiser.Scale.ToArray<float>().Zip(largest), pair => Assert.Equal(pair.Second / 127, pair.First, pair.Second * 1e-6));
    }

    [Fact]
    public void A_percentile_leaves_out_outliers()
    {
        var sample = Tensor.Concatenate([Tensor.Linspace(-1, 1, 998), Tensor.From(-100f, 100f)]);
        var quantiser = Calibration.Percentile(99.8).Of(sample, 8);
        Assert.InRange(quantiser.Scale.Item() * 127, 0.98, 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Least_squares_have_no_larger_error_than_the_whole_range(int bits)
    {
        var x = Normal(5, 2000);
        double Error(Calibration calibration) => Tensor.Square(calibration.Of(x, bits).Round(x) - x).Mean().Item();
        Assert.True(Error(Calibration.LeastSquares) <= Error(Calibration.MinMax));
    }

    [Fact]
    public void A_rounded_weight_is_learned_as_it_was_before_rounding()
    {
        var layer = new Linear(Normal(6, 4, 3), null);
        var raw = FakeQuantised.Of(layer, FakeQuantised.Quantisers(layer, (_, _) => Quantiser.Symmetric(Tensor.Scalar(9f), 2)));
        Assert.Equal(["weight.weight", "weight.quantiser.logScale", "weight.quantiser.zeroPoint"], Tree.Names(raw));
        var gradient = Gradient.Of(raw, r => r.Materialise().Weight.Sum());
        Assert.All(Tree.Leaves(gradient)[0].ToArray<float>(), g => Assert.Equal(1, g));
        Assert.All(Parametrised.Merge(raw).Weight.ToArray<float>(), w => Assert.Equal(0, w));
    }

    [Fact]
    public void K_means_finds_separate_values()
    {
        var sample = Tensor.Concatenate([.. new[] { -3f, -1f, 0.5f, 2f }.Select(centre => centre + 0.01 * Normal(7, 25))]);
        var levels = Codebook.KMeans(sample, 2).Levels.ToArray<float>();
        Assert.All(levels.Zip([-3f, -1f, 0.5f, 2f]), pair => Assert.Equal(pair.Second, pair.First, 0.02));
    }

    [Fact]
    public void Powers_of_two_are_rounded_to_the_nearest()
    {
        var codebook = Codebook.PowersOfTwo(1, 3);
        Assert.Equal([-1f, -0.5f, -0.25f, 0f, 0.25f, 0.5f, 1f], codebook.Levels.ToArray<float>());
        Assert.Equal([-1f, 0f, 0.25f, 0.5f, 1f], codebook.Round(Tensor.From(-2f, 0.1f, 0.3f, 0.6f, 0.9f)).ToArray<float>());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    public void Packed_codes_come_back_and_fill_their_bits(int bits)
    {
        var codes = Sample.Integers(Key.Of(8), [3, 11], -(1 << (bits - 1)), 1 << (bits - 1)).AsType(ElementType.Int8);
        var packed = PackedCodes.Of(codes, bits);
        Assert.Equal((33 * bits + 7) / 8, packed.Bytes.Count);
        Assert.Equal(codes.ToArray<sbyte>(), packed.Unpack().ToArray<sbyte>());
    }

    [Fact]
    public void A_code_that_does_not_fit_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => PackedCodes.Of(Tensor.From<sbyte>(8), 4));
        Assert.StartsWith("the code 8 does not fit into 4 bits: codes are -8 to 7.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sensitive_layer_keeps_its_bits()
    {
        var bits = MixedPrecision.Allocate([("a", 100), ("b", 100)], [2, 4, 8], 1000, (path, width) => (path == "a" ? 10.0 : 0.1) / width);
        Assert.Equal((8, 2), (bits["a"], bits["b"]));
    }

    [Fact]
    public void A_budget_below_the_fewest_bits_is_refused() =>
        Assert.Throws<ArgumentException>(() => MixedPrecision.Allocate([("a", 100)], [4, 8], 399, (_, _) => 0));
}
