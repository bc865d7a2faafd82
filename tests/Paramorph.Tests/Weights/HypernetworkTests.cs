using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class HypernetworkTests
{
    private static readonly Mlp model = Mlp.Create(Key.Of(1), [20, 40, 3], Activation.Relu, Initialiser.HeNormal);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public void An_encoded_input_has_the_same_norm_whatever_it_is(double gamma)
    {
        var encoded = Hypernetwork.Encode(Tensor.From(gamma, 0.7, 0.2)).ToDoubles();
        Assert.Equal(Math.Sqrt(3), Norm(encoded), 12);
    }

    [Fact]
    public void A_usual_hypernetwork_predicts_weights_in_proportion_to_its_input()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1, encodesInput: false, isResidual: false);
        Assert.Equal(10, Norm(Weights(hyper, 1)) / Norm(Weights(hyper, 0.1)), 3);
        Assert.Equal(0, Norm(Weights(hyper, 0)));
    }

    [Fact]
    public void With_both_parts_the_norm_of_the_weights_hardly_depends_on_the_input()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1);
        var norms = Enumerable.Range(0, 11).Select(i => Norm(Weights(hyper, i / 10.0))).ToArray();
        Assert.InRange(norms.Max() / norms.Min(), 1, 1.05);
    }

    [Fact]
    public void With_an_encoding_alone_the_weights_vanish_nowhere()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1, isResidual: false);
        var norms = Enumerable.Range(0, 11).Select(i => Norm(Weights(hyper, i / 10.0))).ToArray();
        Assert.InRange(norms.Max() / norms.Min(), 1, 3);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Weights_start_with_the_scales_of_the_model(bool encodesInput, bool isResidual)
    {
        // The scale of one hypernetwork is that of its few hidden numbers; over many it is the model's.
        var ratios = Enumerable.Range(0, 20).Select(seed =>
        {
            var predicted = Hypernetwork.Of(Key.Of(seed), model, 1, encodesInput: encodesInput, isResidual: isResidual).Predict(1);
            return Norm(predicted.Layers[0].Weight.ToDoubles()) / Norm(model.Layers[0].Weight.ToDoubles());
        });
        Assert.InRange(Math.Sqrt(ratios.Average(ratio => ratio * ratio)), 0.8, 1.2);
    }

    [Fact]
    public void A_residual_hypernetwork_starts_next_to_the_model()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1);
        var difference = Weights(hyper, 0.3).Zip(Values(model), (a, b) => a - b);
        Assert.InRange(Norm(difference) / Norm(Values(model)), 1e-3, 0.2);
    }

    [Fact]
    public void All_four_variants_have_the_same_trained_numbers_but_for_the_encoded_input()
    {
        long Count(bool encodesInput, bool isResidual) => ParameterCount.Of(Hypernetwork.Of(Key.Of(2), model, 2, [16, 32], encodesInput, isResidual));
        Assert.Equal(Count(false, false), Count(false, true));
        Assert.Equal(Count(false, false) + 2 * 16, Count(true, true));
    }

    [Fact]
    public void Any_tree_is_wrapped()
    {
        var images = Sample.Normal(Key.Of(3), [2, 1, 8, 8]);
        var network = new Sequential([Convolution.Create(Key.Of(1), 1, 4, [3, 3]), new Elementwise(Activation.Relu), new GlobalPooling(2), Linear.Create(Key.Of(2), 4, 3)]);
        var predicted = Hypernetwork.Of(Key.Of(4), network, 2, [8]).Predict(Tensor.From(0.2f, 0.9f));
        Assert.Equal(Tree.Names(network), Tree.Names(predicted));
        Assert.Equal([2, 3], predicted.Call(images).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Leaves_that_are_not_meant_are_those_of_the_model()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1, isResidual: false, where: Leaves.Named("layers[0].*"));
        Assert.Equal(model.Layers[1].Weight.ToArray<float>(), hyper.Predict(0.3f).Layers[1].Weight.ToArray<float>());
        Assert.Equal(128 * (20 * 40 + 40), hyper.Network.Layers[^1].Weight.Count);
    }

    [Fact]
    public void A_batch_of_inputs_gives_a_batch_of_models()
    {
        var hyper = Hypernetwork.Of(Key.Of(2), model, 1, [8]);
        var batch = Vmap.Of((Tensor gamma) => hyper.Predict(gamma), Tensor.From(0.2f, 0.8f));
        Expect.Close(hyper.Predict(0.8f).Layers[0].Weight, batch.Layers[0].Weight[1], 1e-6);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Its_gradient_is_that_of_finite_differences(bool encodesInput, bool isResidual)
    {
        var small = Mlp.Create(Key.Of(1), [2, 3, 1], Activation.Tanh, type: ElementType.Float64);
        var hyper = Hypernetwork.Of(Key.Of(2), small, 2, [4], encodesInput, isResidual, Activation.Tanh);
        var (gamma, x) = (Tensor.From(0.3, 0.6), Tensor.From(new[,] { { 0.5, -0.2 }, { 0.1, 0.9 } }));
        var loss = Compile.Of((Hypernetwork<Mlp> h) => Tensor.Square(h.Predict(gamma).Call(x) - 1.0).Sum());
        var gradient = Tree.Leaves(Compile.Of((Hypernetwork<Mlp> h) => Gradient.Of(h, h => Tensor.Square(h.Predict(gamma).Call(x) - 1.0).Sum()))(hyper));
        const double Step = 1e-6;
        for (var leaf = 0; leaf < gradient.Length; leaf++)
        {
            var values = Tree.Leaves(hyper)[leaf].ToDoubles();
            double Moved(double step)
            {
                var leaves = Tree.Leaves(hyper);
                leaves[leaf] = Tensor.From<double>([values[0] + step, .. values[1..]], leaves[leaf].Shape);
                return loss(Tree.Rebuild(hyper, leaves)).Item();
            }
            Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), gradient[leaf].ToDoubles()[0], 6);
        }
    }

    [Fact]
    public void An_input_of_another_size_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Hypernetwork.Of(Key.Of(2), model, 2, [8]).Predict(Tensor.From(0.1f, 0.2f, 0.3f)));
        Assert.Equal("hypernetwork: f32[3] does not enter: it takes one input of 2 numbers; Vmap takes a batch.", error.Message);
    }

    private static double[] Weights(Hypernetwork<Mlp> hyper, double gamma) => Values(hyper.Predict((float)gamma));

    private static double[] Values(Mlp model) => [.. Tree.Leaves(model).SelectMany(leaf => leaf.ToDoubles())];

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
