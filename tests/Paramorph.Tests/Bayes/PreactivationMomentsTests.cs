using Paramorph.Bayes;
using Paramorph.Layers;

namespace Paramorph.Tests.Bayes;

public sealed class PreactivationMomentsTests
{
    private static readonly Tensor inputs = Sample.Normal(Key.Of(1), [2, 5], ElementType.Float64).Evaluate();

    [Fact]
    public void Linear_layers_have_the_kurtosis_of_products_of_chi_squared_variables()
    {
        // Behind one hidden layer of n linear neurons the variance is that of a chi-squared variable, and the kurtosis 6 / n.
        const int Width = 6;
        var moments = PreactivationMoments.Draw(Key.Of(2), inputs, Width, 1, x => x, Initialiser.NormalOfGain(1), 0, 20_000);
        Assert.Equal(6.0 / Width, moments.Kurtosis, 0.15);
        Numbers.Close([.. (Tensor.MatMul(inputs, inputs.T) / 5.0).ToDoubles()], moments.Covariance.ToDoubles(), 0.05);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Wide_networks_of_each_law_have_the_covariance_of_the_kernel(int law)
    {
        var wide = new WideNetwork(DualActivation.Of(Tensor.Tanh), 2) { InputVariance = 1, WeightVariance = 1.5, BiasVariance = 0.1 };
        Initialiser[] laws = [Initialiser.NormalOfGain(Math.Sqrt(1.5)), Initialiser.Orthogonal(Math.Sqrt(1.5)), Initialiser.LowRank(0.5, Math.Sqrt(1.5))];
        var moments = PreactivationMoments.Draw(Key.Of(3), inputs, 64, 2, Tensor.Tanh, laws[law], 0.1, 150);
        Numbers.Close(wide.Covariance(inputs, inputs).ToDoubles(), moments.Covariance.ToDoubles(), 0.06);
    }

    [Fact]
    public void The_edge_of_chaos_of_tanh_is_the_published_one()
    {
        static Tensor Slope(Tensor x) => 1.0 - Tensor.Square(Tensor.Tanh(x));
        // Schoenholz et al. (2017) give a variance of weights of 1.76 for biases of 0.05.
        Assert.Equal(1.76, EdgeOfChaos.WeightVariance(Tensor.Tanh, Slope, 0.05), 0.005);
        Assert.Equal(1, EdgeOfChaos.WeightVariance(Tensor.Tanh, Slope, 0), 9);
    }

    [Fact]
    public void Ranks_and_gains_are_those_that_are_asked()
    {
        Tensor Draw(Initialiser law, int size) => law.Draw(Key.Of(4), [size, size], new(size, size), ElementType.Float64);
        foreach (var size in (int[])[16, 40])
        {
            var (_, values, _) = LinearAlgebra.Svd(Draw(Initialiser.FixedRank(4), size));
            Assert.Equal(4, values.ToDoubles().Count(value => value > 1e-9));
        }
        Assert.Equal(4.0 / 400, Tensor.Square(Draw(Initialiser.NormalOfGain(2), 400)).Mean().Item(), 0.0005);
        Assert.Equal(Initialiser.NormalOfGain(2), Initialiser.NormalOfGain(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initialiser.FixedRank(0));
    }

    [Fact]
    public void A_deep_network_has_square_weights_of_its_law_and_a_readout_without_bias()
    {
        var network = Initialise.Of(Key.Of(5), key => DeepNetwork.Create(key, 3, 4, 8, 2, Tensor.Tanh, Initialiser.Orthogonal(), Initialiser.Normal(1)));
        var layers = network.Layers.OfType<Linear>().ToArray();
        Assert.Equal(["3x8", "8x8", "8x8", "8x8", "8x2"], layers.Select(layer => $"{layer.Weight.Shape[0]}x{layer.Weight.Shape[1]}"));
        Assert.All(layers[1..^1], layer => Numbers.Close(Tensor.Eye(8).ToDoubles(), Tensor.MatMul(layer.Weight, layer.Weight.T).ToDoubles(), 1e-5));
        Assert.All(layers[..^1], layer => Assert.NotEqual(0, layer.Bias![0].Item()));
        Assert.Equal([0, 0], layers[^1].Bias!.ToDoubles());
    }
}
