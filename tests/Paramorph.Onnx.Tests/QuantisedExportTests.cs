using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

/// <summary>Networks that are rounded to codes, exported as pairs of quantisers.</summary>
public class QuantisedExportTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void A_rounded_network_is_written_with_pairs_of_quantisers_and_codes_for_weights(int bits)
    {
        using var scratch = new Scratch();
        var network = new Sequential([
            Convolution.Create(Key.Of(1), 1, 4, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
            Convolution.Create(Key.Of(2), 4, 6, [3, 3]), new Elementwise(Activation.Relu), new Elementwise(static x => x.Flatten(1)), Linear.Create(Key.Of(3), 96, 5),
        ]);
        var x = Case.Numbers([20, 1, 8, 8]).AsType(ElementType.Float32).Evaluate();
        var calibrated = PostTraining.Calibrate(network, x, PostTraining.Activations(network, x), bits, Calibration.MinMax);
        var quantisers = FakeQuantised.Quantisers(
            calibrated, (_, weight) => Calibration.MinMax.Of(weight, bits, weight.Rank == 2 ? 1 : 0), (path, _) => path.EndsWith(".weight", StringComparison.Ordinal));
        var rounded = FakeQuantised.Of(calibrated, quantisers);
        Onnx.Export(scratch["model.onnx"], rounded, (m, x) => m.Materialise().Call(x), x);

        // The input, two convolutions and a linear map have quantisers of their results, and the latter three of their weights.
        var summary = Onnx.Inspect(scratch["model.onnx"]);
        Assert.Equal((4, 7), (summary.Operators["QuantizeLinear"], summary.Operators["DequantizeLinear"]));
        Assert.DoesNotContain("Round", summary.Operators.Keys);
        Assert.DoesNotContain("Exp", summary.Operators.Keys);
        // What is left of the parameters are the biases.
        Assert.Equal([4, 5, 6], summary.Parameters.Values.Select(type => type.Shape.ElementCount).Order());

        var step = ((Quantiser)calibrated.Layers[^1]).Scale.Item();
        foreach (var count in new[] { 1, 20 })
        {
            var inputs = x[..count].Evaluate();
            var expected = Compile.Of((Parametrised<Sequential> m, Tensor x) => m.Materialise().Call(x))(rounded, inputs);
            Expect.Close(expected, Onnx.Read(scratch["model.onnx"]).Call(inputs), 1e-5, $"{count} examples, read again");
            // The runtime sums in integers, so that now and then a number on the border of two codes has the other one.
            var steps = expected.ToDoubles().Zip(Runtime.Run(scratch["model.onnx"], inputs)[0].ToDoubles(), (a, b) => Math.Abs(a - b) / step).ToArray();
            Assert.True(steps.Max() < 2.5 && steps.Average() < 0.1, $"{steps.Max()} steps at most, {steps.Average()} on average");
        }
    }

    /// <summary>What stands for the numbers is the same as here, ties, bounds and zero points included.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_pair_rounds_as_the_quantiser_does(int bits)
    {
        using var scratch = new Scratch();
        var x = Tensor.From<float>([.. Enumerable.Range(-40, 81).Select(i => i / 8f), 1000, -1000], [83, 1]);
        var channels = Tensor.From(1f, 2f, 0.5f);
        foreach (var (quantiser, inputs) in new[]
        {
            (Quantiser.Symmetric(Tensor.Scalar(2f), bits), x), (Quantiser.Asymmetric(Tensor.Scalar(0f), Tensor.Scalar(3.75f), bits), x),
            (Quantiser.Asymmetric(Tensor.Scalar(-1f), Tensor.Scalar(2f), bits), x), (Quantiser.Asymmetric(-channels, 2 * channels, bits), x.BroadcastTo([83, 3]).Evaluate()),
        })
        {
            Onnx.Export(scratch["model.onnx"], quantiser, (q, x) => q.Call(x), inputs);
            Assert.Equal(1, Onnx.Inspect(scratch["model.onnx"]).Operators["QuantizeLinear"]);
            Expect.Close(quantiser.Call(inputs), Runtime.Run(scratch["model.onnx"], inputs)[0], 1e-6);
        }
    }
}
