using Paramorph.Layers;
using Paramorph.Parameters;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class CompositeTests
{
    [Fact]
    public void A_sequence_of_layers_keeps_their_types_and_names()
    {
        var net = new Sequential(
        [
            Convolution.Create(Key.Of(1), 1, 2, [3], type: ElementType.Float64), new Elementwise(Activation.Tanh), new MaxPooling([2]),
            new Residual(Linear.Create(Key.Of(2), 3, 3, type: ElementType.Float64)),
        ]);
        Assert.Equal(["layers[0].weight", "layers[0].bias", "layers[3].inner.weight", "layers[3].inner.bias"], Tree.Names(net));
        Assert.IsType<Convolution>(Gradient.Of(net, n => n.Call(Numbers(1, 6)).Sum()).Layers[0]);
        var x = Numbers(2, 1, 6);
        var (convolution, linear) = ((Convolution)net.Layers[0], (Linear)((Residual)net.Layers[3]).Inner);
        var pooled = Tensor.Tanh(convolution.Call(x)).MaxPool([2]);
        Agree(pooled + linear.Call(pooled), net, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void A_residual_whose_layer_changes_the_shape_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => new Residual(Linear.Create(Key.Of(1), 3, 2)).Call(Tensor.Ones([4, 3])));
        Assert.Equal("residual: the layer makes f32[4, 2] of f32[4, 3]: it must keep the shape.", error.Message);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void A_residual_block_adds_its_input_before_the_last_activation(int outputs, int stride)
    {
        var block = ResidualBlock.Create(Key.Of(1), 2, outputs, stride: stride, activation: Activation.Softplus, type: ElementType.Float64);
        Assert.Equal(stride == 1, block.Shortcut is null);
        var x = Numbers(3, 2, 4, 6);
        Tensor Norm(Tensor y) => BatchNormed(y);
        var inner = Norm(block.Second.Call(Tensor.Softplus(Norm(block.First.Call(x)))));
        var expected = Tensor.Softplus(inner + (block.Shortcut is null ? x : Norm(block.Shortcut.Call(x))));
        Assert.Equal($"[3, {outputs}, {4 / stride}, {6 / stride}]", expected.Shape.ToString());
        Agree(expected, block, x, (m, x) => m.Call(x, BatchPass.Training(block.InitialStatistics)), 1e-10);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void A_pre_activation_block_lets_its_input_through(int outputs, int stride)
    {
        var block = PreActivationBlock.Create(Key.Of(1), 2, outputs, stride: stride, activation: Activation.Softplus, type: ElementType.Float64);
        var x = Numbers(3, 2, 4, 6);
        var active = Tensor.Softplus(BatchNormed(x));
        var inner = block.Second.Call(Tensor.Softplus(BatchNormed(block.First.Call(active))));
        Agree(inner + (block.Shortcut is null ? x : block.Shortcut.Call(active)), block, x, (m, x) => m.Call(x, BatchPass.Training(block.InitialStatistics)), 1e-10);
    }

    [Fact]
    public void Evaluation_of_a_block_uses_as_many_statistics_as_training_moves()
    {
        var block = ResidualBlock.Create(Key.Of(1), 2, 4, stride: 2);
        var pass = BatchPass.Training(block.InitialStatistics);
        block.Call(Tensor.Ones([2, 2, 4, 4]), pass);
        Assert.Equal(3, pass.Statistics.Count);
        Assert.Equal("[2, 4, 2, 2]", block.Call(Tensor.Ones([2, 2, 4, 4]), BatchPass.Evaluation(pass.Statistics)).Shape.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_unet_joins_each_level_on_the_way_up(int spatialAxes)
    {
        var net = UNet.Create(Key.Of(1), 2, 3, width: 2, depth: 1, spatialAxes: spatialAxes, groups: 1, type: ElementType.Float64);
        var x = Numbers([2, 2, .. Enumerable.Repeat(4, spatialAxes)]);
        var fine = net.Down[0].Call(x);
        var coarse = net.Bottom.Call(fine.MaxPool([.. Enumerable.Repeat(2, spatialAxes)]));
        var joined = net.Joined[0].Call(Tensor.Concatenate([fine, net.Up[0].Call(coarse)], 1));
        var expected = net.Output.Call(joined);
        Assert.Equal($"[2, 3{string.Concat(Enumerable.Repeat(", 4", spatialAxes))}]", expected.Shape.ToString());
        Agree(expected, net, x, (m, x) => m.Call(x), 1e-10);
    }

    [Fact]
    public void A_unet_doubles_its_width_with_each_level()
    {
        var net = UNet.Create(Key.Of(1), 1, 1, width: 8, depth: 3);
        Assert.Equal([8, 16, 32], net.Down.Select(block => block.Second.Weight.Shape[0]));
        Assert.Equal(64, net.Bottom.Second.Weight.Shape[0]);
        Assert.All(Tree.Leaves(net), leaf => Assert.True(leaf.IsEvaluated));
        Assert.True(ParameterCount.Of(net) > 100_000);
    }

    [Fact]
    public void A_periodic_unet_commutes_with_shifts_of_its_coarsest_steps()
    {
        var net = UNet.Create(Key.Of(1), 1, 1, width: 2, depth: 2, spatialAxes: 1, groups: 1, paddingMode: PaddingMode.Circular, type: ElementType.Float64);
        var x = Numbers(1, 16);
        Expect.Close(net.Call(x).Roll(4, 1), net.Call(x.Roll(4, 1)), 1e-10);
    }

    [Fact]
    public void Behind_norms_a_field_and_its_double_look_alike_and_without_them_they_do_not()
    {
        Tensor Answer(int groups, double factor) => UNet.Create(Key.Of(1), 1, 1, width: 4, depth: 2, spatialAxes: 1, groups, paddingMode: PaddingMode.Circular, type: ElementType.Float64).Call(factor * Numbers(1, 16));
        Expect.Close(Answer(2, 1), Answer(2, 2), 1e-3);
        Assert.True(Tensor.Abs(Answer(0, 1) - Answer(0, 2)).Max().Item() > 0.1);
    }

    [Fact]
    public void A_grid_that_is_not_halved_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => UNet.Create(Key.Of(1), 1, 1, width: 8, depth: 2).Call(Tensor.Ones([1, 8, 6])));
        Assert.Equal("unet: f32[1, 8, 6] is not halved 2 times: each of its 2 spatial sizes must be a multiple of 4.", error.Message);
    }

    /// <summary>Channels of [batch, channels, n1, n2] with mean 0 and variance 1.</summary>
    private static Tensor BatchNormed(Tensor x)
    {
        var values = Elements(x);
        var (mean, deviation) = (new double[x.Shape[1]], new double[x.Shape[1]]);
        for (var c = 0; c < mean.Length; c++)
        {
            double[] all = [.. All([x.Shape[0], x.Shape[2], x.Shape[3]]).Select(p => values([p[0], c, p[1], p[2]]))];
            mean[c] = all.Average();
            deviation[c] = Math.Sqrt(all.Average(v => Math.Pow(v - mean[c], 2)) + 1e-5);
        }
        return Fill(x.Shape, at => (values(at) - mean[at[1]]) / deviation[at[1]]);
    }
}
