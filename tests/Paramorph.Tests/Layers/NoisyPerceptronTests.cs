using Paramorph.Layers;

namespace Paramorph.Tests.Layers;

public sealed class NoisyPerceptronTests
{
    private static readonly TreeList<Linear> maps = [.. ((int[])[5, 4, 2]).Zip([4, 2, 3], (from, to) => Linear.Create(Key.Of(from), from, to, bias: Initialiser.Normal(1)))];
    private static readonly Tensor points = Sample.Normal(Key.Of(2), [6, 5]).Evaluate();

    private static Tensor Rates(int count, params double[] rates) => Tensor.From<float>([.. Enumerable.Repeat(rates, count).SelectMany(row => row.Select(rate => (float)rate))], [count, rates.Length]);

    [Fact]
    public void Without_noise_it_is_the_perceptron()
    {
        var expected = new Mlp(maps, Activation.Relu).Call(points).ToDoubles();
        Paramorph.Tests.Numbers.Close(expected, NoisyPerceptron.Call(points, null, default, maps).ToDoubles(), 1e-6);
        Paramorph.Tests.Numbers.Close(expected, NoisyPerceptron.Call(points, Rates(6, 0, 0, 0, 0), Key.Of(3), maps).ToDoubles(), 1e-6);
    }

    [Fact]
    public void Dropped_inputs_are_made_up_for_in_the_mean()
    {
        // One map alone, which adds its inputs: as many of 1000 are dropped as the rate says, and the sum stays.
        var x = Tensor.Ones([2, 1000]);
        var rates = Tensor.From(new float[,] { { 0, 0.3f }, { 0.5f, 0 } });
        var entered = x;
        var sums = NoisyPerceptron.Call(x, rates, Key.Of(4), 1, (_, x) => entered = x).Sum(1).ToDoubles();
        Assert.Equal(1000, sums[0], 60.0);
        Assert.Equal(0.3, Tensor.Equal(entered[0], 0.0).AsType(ElementType.Float64).Mean().Item(), 0.05);
        // The second example has noise of the deviation 1/2.
        Assert.Equal(0.5, entered[1].Std().Item(), 0.05);
    }
}
