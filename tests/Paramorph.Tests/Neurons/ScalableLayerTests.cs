using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Tests.Neurons;

public sealed class ScalableLayerTests
{
    private const int Inputs = 5, Outputs = 3;

    private static readonly Tensor points = (0.6 * Sample.Normal(Key.Of(1), [4, Inputs], ElementType.Float64).Normalise(axes: -1)).Evaluate();

    private static readonly Linear layer = new(
        (0.6 * Sample.Normal(Key.Of(2), [Inputs, Outputs], ElementType.Float64).Normalise(axes: 0)).Evaluate(), Tensor.From(0.3, -0.2, 0.5));

    public static TheoryData<string> Spectra => [.. ActivationSpectrum.All.Select(spectrum => spectrum.Name)];

    [Theory]
    [MemberData(nameof(Spectra))]
    public void A_spectrum_averages_to_its_function(string name)
    {
        var spectrum = Spectrum(name);
        var z = Tensor.From(-2.5, -1, -0.1, 0, 0.4, 1.5, 3).ExpandDims(1);
        var average = Compile.Of((Key key) =>
        {
            var waves = spectrum.Draw(key, 200_000, ElementType.Float64);
            var sum = spectrum.Offset + (waves.Cosine * Tensor.Cos(waves.Frequency * z) + waves.Sine * Tensor.Sin(waves.Frequency * z)).Mean(-1);
            return spectrum.IsSelfGated ? z[.., 0] * sum : sum;
        })(Key.Of(3));
        Assert.All(average.ToDoubles().Zip(spectrum.Function(z[.., 0]).ToDoubles()), pair => Assert.Equal(pair.Second, pair.First, 0.01));
    }

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Estimates_are_unbiased(string name) => AssertMeanIs(
        Spectrum(name).Function(layer.Call(points)).ToDoubles(), key => new UniversalRandomFeatures(key, Spectrum(name), Inputs, 64));

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void Damping_leaves_estimates_unbiased(double damping) => AssertMeanIs(
        Tensor.Sin(layer.Call(points)).ToDoubles(), key => new UniversalRandomFeatures(key, ActivationSpectrum.Sine, Inputs, 64, damping));

    [Fact]
    public void Rectified_features_estimate_the_arc_cosine_kernel()
    {
        var (x, w, b) = (points.ToDoubles(), layer.Weight.ToDoubles(), layer.Bias!.ToDoubles());
        var kernel = new double[4 * Outputs];
        for (var n = 0; n < 4; n++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                var (product, first, second) = (b[o], 1.0, b[o] * b[o]);
                for (var i = 0; i < Inputs; i++)
                {
                    product += x[n * Inputs + i] * w[i * Outputs + o];
                    first += x[n * Inputs + i] * x[n * Inputs + i];
                    second += w[i * Outputs + o] * w[i * Outputs + o];
                }
                var angle = Math.Acos(product / Math.Sqrt(first * second));
                kernel[n * Outputs + o] = Math.Sqrt(first * second) * (Math.Sin(angle) + (Math.PI - angle) * Math.Cos(angle)) / Math.PI;
            }
        }
        AssertMeanIs(kernel, key => new ArcCosineFeatures(key, Inputs, 64));
    }

    [Theory]
    [InlineData("cosine")]
    [InlineData("GELU")]
    [InlineData("arc-cosine")]
    public void The_variance_falls_as_one_over_the_number_of_draws(string name)
    {
        double Variance(int count)
        {
            var (_, errors) = Moments(key => name == "arc-cosine" ? new ArcCosineFeatures(key, Inputs, count) : new UniversalRandomFeatures(key, Spectrum(name), Inputs, count));
            return errors.Sum(error => error * error);
        }
        Assert.InRange(Variance(8) / Variance(128), 16 / 1.4, 16 * 1.4);
    }

    [Fact]
    public void Sizes_are_those_of_the_features()
    {
        foreach (var spectrum in ActivationSpectrum.All)
        {
            var features = new UniversalRandomFeatures(Key.Of(1), spectrum, Inputs, 7);
            Assert.Equal([4, features.Size], features.OfInputs(points).Shape.Sizes);
            Assert.Equal([features.Size, Outputs], features.OfParameters(layer.Weight, null).Shape.Sizes);
        }
    }

    [Fact]
    public void A_layer_learns_as_many_numbers_as_it_has_features_for_each_output() =>
        Assert.Equal(7 * Outputs, ParameterCount.Of(ScalableLayer.Of(new ArcCosineFeatures(Key.Of(1), Inputs, 7), layer)));

    [Fact]
    public void Bundling_composes_the_feature_maps_and_merges_the_matrices_between_them()
    {
        var second = new Linear(Sample.Normal(Key.Of(4), [Outputs, 6], ElementType.Float64), Sample.Normal(Key.Of(5), [6], ElementType.Float64));
        var last = new Linear(Sample.Normal(Key.Of(6), [6, 2], ElementType.Float64), Tensor.From(1.0, -1));
        var (inner, outer) = (new UniversalRandomFeatures(Key.Of(7), ActivationSpectrum.Tanh, Inputs, 9), new ArcCosineFeatures(Key.Of(8), 18, 11));

        var bundle = ScalableLayer.Of([inner, outer], new Mlp([layer, second, last], Activation.Tanh));

        var between = inner.OfParameters(layer.Weight, layer.Bias).Dot(second.Weight);
        var expected = outer.OfInputs(inner.OfInputs(points)).Dot(outer.OfParameters(between, second.Bias)).Dot(last.Weight) + last.Bias!;
        Assert.Equal([11, 2], bundle.Weight.Shape.Sizes);
        Assert.True(Tensor.Abs(bundle.Call(points) - expected).Max().Item() < 1e-12);
    }

    [Fact]
    public void A_bundled_network_approaches_the_network()
    {
        var second = new Linear((0.4 * Sample.Normal(Key.Of(4), [Outputs, 2], ElementType.Float64)).Evaluate(), Tensor.From(0.5, -0.5));
        var network = new Mlp([layer, second, new Linear(Tensor.Eye(2, ElementType.Float64), null)], Tensor.Sin);
        double Error(int count)
        {
            var squares = Compile.Of((Key key) =>
            {
                var inner = new UniversalRandomFeatures(key.Fold(0), ActivationSpectrum.Sine, Inputs, count);
                var bundle = ScalableLayer.Of([inner, new UniversalRandomFeatures(key.Fold(1), ActivationSpectrum.Sine, inner.Size, count)], network);
                return Tensor.Square(bundle.Call(points) - network.Call(points)).Mean();
            });
            return Math.Sqrt(Enumerable.Range(0, 10).Average(seed => squares(Key.Of(seed)).Item()));
        }
        var (few, many) = (Error(40), Error(640));
        Assert.True(many < 0.1 && many < few / 2.5, $"errors {few} and {many}");
    }

    [Fact]
    public void The_closed_form_is_where_gradient_descent_ends()
    {
        var features = new TreeList<IKernelFeatures>(new ArcCosineFeatures(Key.Of(1), Inputs, 12), new ArcCosineFeatures(Key.Of(2), 12, 8));
        var (x, y) = (Sample.Normal(Key.Of(3), [40, Inputs], ElementType.Float64), Sample.Normal(Key.Of(4), [40, 2], ElementType.Float64));
        var fitted = ScalableLayer.Fitted(features, x, y, 0.01);
        var gradient = Gradient.Of(fitted, f => 2 * Loss.MeanSquared(f.Call(x), y) + 0.01 * Tensor.Square(f.Weight).Sum());
        Assert.All(gradient.Weight.ToDoubles(), slope => Assert.Equal(0, slope, 1e-10));
        Assert.All(gradient.Bias!.ToDoubles(), slope => Assert.Equal(0, slope, 1e-10));
    }

    [Fact]
    public void Feature_maps_that_do_not_fit_a_network_are_refused()
    {
        var features = new ArcCosineFeatures(Key.Of(1), Inputs + 1, 4);
        Assert.Throws<ShapeException>(() => features.OfInputs(points));
        Assert.Throws<ShapeException>(() => ScalableLayer.Of(features, layer));
        Assert.Throws<ShapeException>(() => ScalableLayer.Of([features], new Mlp([layer], Activation.Tanh)));
    }

    private static ActivationSpectrum Spectrum(string name) => ActivationSpectrum.All.Single(spectrum => spectrum.Name == name);

    private static void AssertMeanIs(double[] truth, Func<Key, IKernelFeatures> features)
    {
        var (means, errors) = Moments(features);
        for (var i = 0; i < truth.Length; i++)
        {
            Assert.True(errors[i] < 0.02, $"the standard error {errors[i]} decides nothing");
            Assert.True(Math.Abs(means[i] - truth[i]) < 4 * errors[i], $"the mean {means[i]} is not {truth[i]} give or take {errors[i]}");
        }
    }

    /// <summary>The means of estimates over many draws, and their standard errors.</summary>
    private static (double[] Means, double[] Errors) Moments(Func<Key, IKernelFeatures> features)
    {
        const int Draws = 1000;
        var moments = Compile.Of((Key keys) =>
        {
            var estimates = Vmap.Of((Key key) => ScalableLayer.Of(features(key), layer).Call(points))(keys);
            var mean = estimates.Mean(0);
            return (mean, Tensor.Sqrt(Tensor.Square(estimates - mean).Mean(0) / Draws));
        });
        var (means, errors) = moments(Key.Of(9).SplitBatch(Draws));
        return (means.ToDoubles(), errors.ToDoubles());
    }
}
