using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class ImplicitWeightsTests
{
    private static readonly Sequential network = new(
    [
        Convolution.Create(Key.Of(1), 1, 3, [3, 3]), new Elementwise(Activation.Relu),
        Convolution.Create(Key.Of(2), 3, 8, [3, 3]), new Elementwise(Activation.Relu), new GlobalPooling(2), Linear.Create(Key.Of(3), 8, 4),
    ]);

    private static readonly ChannelGroup group = new([new("layers[2].weight", 0), new("layers[2].bias", 0), new("layers[5].weight", 0, IsInput: true)]);
    private static readonly ImplicitWeights<Sequential> fields = ImplicitWeights.Of(Key.Of(5), network, [group], [16, 16], frequencies: 3);
    private static readonly Tensor images = Sample.Normal(Key.Of(4), [2, 1, 5, 5]).Evaluate();

    [Fact]
    public void A_field_stands_for_each_leaf_that_depends_on_the_width()
    {
        Assert.Equal(3, fields.Fields.Count);
        Assert.Equal(9, fields.Fields[0].Layers[^1].Weight.Shape[1]);
        Assert.Equal(3L * (28 * 16 + 16 + 16 * 16 + 16) + (9 + 1 + 1) * 17, ParameterCount.Of(fields));
    }

    [Fact]
    public void Other_leaves_are_those_of_the_model() =>
        Assert.Equal(Leaf(network, "layers[0].weight").ToArray<float>(), Leaf(fields.Masked(Tensor.From(5f)), "layers[0].weight").ToArray<float>());

    [Fact]
    public void Weights_beyond_the_width_are_zero_and_others_are_not()
    {
        var masked = fields.Masked(Tensor.From(5f));
        var (hidden, readout) = (Leaf(masked, "layers[2].weight"), Leaf(masked, "layers[5].weight"));
        Assert.All(hidden[5..].ToDoubles().Concat(readout[5..].ToDoubles()), value => Assert.Equal(0, value));
        Assert.All(hidden[..5].ToDoubles().Concat(readout[..5].ToDoubles()), value => Assert.NotEqual(0, value));
    }

    [Fact]
    public void The_masked_network_is_the_narrow_one()
    {
        var masked = fields.Masked(Tensor.From(5f));
        var narrow = fields.Cut(masked, 5);
        Assert.Equal(5, group.Width(narrow));
        Expect.Close(masked.Call(images), narrow.Call(images), 1e-6);
    }

    [Fact]
    public void A_weight_is_the_field_at_its_coordinates()
    {
        var readout = Leaf(fields.Masked(Tensor.From(6f)), "layers[5].weight");
        // Channel 2 of 6 (of 8), class 3 of 4.
        double[] coordinates = [2.0 / 6, 3.0 / 4, 6.0 / 8, 1];
        var angles = coordinates.SelectMany(c => Enumerable.Range(0, 3).Select(k => Math.PI * (1 << k) * c)).ToArray();
        float[] features = [.. coordinates.Concat(angles.Select(Math.Sin)).Concat(angles.Select(Math.Cos)).Select(value => (float)value)];
        var known = Leaf(network, "layers[5].weight").ToDoubles();
        var expected = Math.Sqrt(known.Average(w => w * w)) * 8 / 6 * fields.Fields[2].Call(Tensor.From(features)).Item();
        Assert.Equal(expected, readout[2, 3].Item(), 5);
    }

    [Fact]
    public void Noise_moves_weights_within_the_width_alone()
    {
        var (still, moved) = (fields.Masked(Tensor.From(5f)), fields.Masked(Tensor.From(5f), Key.Of(9)));
        var (a, b) = (Leaf(still, "layers[2].weight").ToDoubles(), Leaf(moved, "layers[2].weight").ToDoubles());
        Assert.All(a[..(5 * 27)].Zip(b), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(a[(5 * 27)..], b[(5 * 27)..]);
    }

    [Fact]
    public void Averaged_weights_are_the_mean_of_noisy_ones()
    {
        var key = Key.Of(9);
        var averaged = Leaf(fields.Averaged(Tensor.From(5f), key, 3), "layers[5].weight");
        var sum = Enumerable.Range(0, 3).Select(draw => Leaf(fields.Masked(Tensor.From(5f), key.Fold(draw)), "layers[5].weight")).Aggregate((a, b) => a + b);
        Expect.Close(sum / 3, averaged, 1e-6);
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var model = Mlp.Create(Key.Of(1), [2, 4, 1], Activation.Tanh);
        var hidden = new ChannelGroup([new("layers[0].weight", 1), new("layers[0].bias", 0), new("layers[1].weight", 0, IsInput: true)]);
        var start = ImplicitWeights.Of(Key.Of(2), model, [hidden], [6], frequencies: 1);
        Tensor Loss(ImplicitWeights<Mlp> fields) => Tensor.Square(fields.Masked(Tensor.From(3f), Key.Of(3)).Call(Tensor.From(new[,] { { 0.5f, -0.3f } })) - 1.0).Sum();
        var loss = Compile.Of<ImplicitWeights<Mlp>, Tensor>(Loss);
        var gradient = Compile.Of((ImplicitWeights<Mlp> fields) => Gradient.Of(fields, Loss))(start);
        // Along the gradient the loss rises by its squared norm.
        var square = Tree.Leaves(gradient).Sum(leaf => leaf.ToDoubles().Sum(g => g * g));
        var step = 1e-2 / Math.Sqrt(square);
        double Moved(double by) => loss(Tree.Zip(start, gradient, (p, g) => p + by * g)).Item();
        Assert.InRange((Moved(step) - Moved(-step)) / (2 * step) / square, 0.99, 1.01);
    }

    [Fact]
    public void Channels_on_the_axes_of_a_kernel_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => ImplicitWeights.Of(Key.Of(1), network, [new ChannelGroup([new("layers[2].weight", 2)])], [8]));
        Assert.StartsWith("implicit weights: layers[2].weight has channels on axis 2; they must be on one of the first two.", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Leaf(Sequential model, string path) => Tree.Leaves(model)[Array.IndexOf(Tree.Names(model), path)].Evaluate();
}
