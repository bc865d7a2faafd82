using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class LossLandscapeTests
{
    private static readonly Linear Layer = Linear.Create(Key.Of(1), 3, 2, type: ElementType.Float64);

    private static LossLandscape<Linear, Tensor> Of(Func<Linear, Tensor> loss) => new((model, batch, _) => loss(model) + 0.0 * batch);

    [Fact]
    public void Lines_and_what_the_loss_draws_are_independent()
    {
        // A key that both were drawn with would make the first direction that of the numbers, and each product some 1.6 times as long as the weights.
        var products = new List<double>();
        var landscape = new LossLandscape<Linear, Tensor>((model, batch, key) => ((model.Weight - Layer.Weight) * Sample.Normal(key.Fold(0), [3, 2], ElementType.Float64)).Sum() + 0.0 * batch);
        for (var seed = 0; seed < 30; seed++)
        {
            landscape.Roughness(Layer, Tensor.Scalar(0.0), Key.Of(seed), (at, loss) =>
            {
                if (at == 1) products.Add(loss);
            });
        }
        Assert.True(Math.Abs(products.Average()) < 0.8 * Tensor.Sqrt(Tensor.Square(Layer.Weight).Sum()).Item());
    }

    [Fact]
    public void A_parabola_has_a_roughness_of_four()
    {
        // Around its minimum: a slope from -2 to 2 over a range of one.
        var bowl = Of(model => Tensor.Square(model.Weight - Layer.Weight).Sum());
        Assert.Equal(4, bowl.Roughness(Layer, Tensor.Scalar(0.0), Key.Of(2)), 0.11);
    }

    [Fact]
    public void Waves_are_rougher_and_a_line_is_smooth()
    {
        double Roughness(Func<Tensor, Tensor> of) => Of(model => of((model.Weight - Layer.Weight).Sum())).Roughness(Layer, Tensor.Scalar(0.0), Key.Of(3));
        Assert.InRange(Roughness(x => x), 0, 1e-4);
        Assert.True(Roughness(x => Tensor.Sin(20.0 * x)) > 10);
    }

    [Fact]
    public void Lines_are_as_long_as_the_weights_and_leave_biases()
    {
        var ends = new List<(double At, double Loss)>();
        Of(model => Tensor.Square(model.Weight - Layer.Weight).Sum() + 100.0 * Tensor.Square(model.Bias! - Layer.Bias!).Sum()).Roughness(Layer, Tensor.Scalar(0.0), Key.Of(4), (at, loss) => ends.Add((at, loss)));
        Assert.Equal((-1, 1), (ends[0].At, ends[^1].At));
        Assert.Equal(Tensor.Square(Layer.Weight).Sum().Item(), ends[^1].Loss, 1e-5);
    }
}
