namespace Paramorph.Layers;

/// <summary>
/// The basic block of a ResNet: convolution, norm, activation, convolution, norm, added to the input, activation. (He et al., "Deep Residual Learning",
/// 2016, Figure 2.) Where sizes change the input is projected by a convolution of kernel 1 with a norm of its own.
/// </summary>
/// <param name="First">The first convolution, with the stride.</param>
/// <param name="FirstNorm">The norm behind it.</param>
/// <param name="Second">The second convolution.</param>
/// <param name="SecondNorm">The norm behind it.</param>
/// <param name="Shortcut">The projection of the input; none when null.</param>
/// <param name="ShortcutNorm">The norm behind it.</param>
/// <param name="Activation">The activation.</param>
[Tree]
public sealed partial record ResidualBlock(
    Convolution First, BatchNorm FirstNorm, Convolution Second, BatchNorm SecondNorm, Convolution? Shortcut, BatchNorm? ShortcutNorm,
    Func<Tensor, Tensor> Activation)
{
    /// <summary>The running statistics of its norms before the first batch, in the order of their calls.</summary>
    public TreeList<BatchStatistics> InitialStatistics => ShortcutNorm is null
        ? [FirstNorm.InitialStatistics, SecondNorm.InitialStatistics]
        : [FirstNorm.InitialStatistics, SecondNorm.InitialStatistics, ShortcutNorm.InitialStatistics];

    /// <summary>A block with kernels of size 3 and drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="spatialAxes">Number of spatial axes, one to three.</param>
    /// <param name="stride">By what the spatial sizes are divided.</param>
    /// <param name="activation">The activation; ReLU when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static ResidualBlock Create(
        Key key, int channels, int outputs, int spatialAxes = 2, int stride = 1, Func<Tensor, Tensor>? activation = null,
        ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key =>
        {
            var isSame = channels == outputs && stride == 1;
            return new ResidualBlock(
                Kernel(key.Fold(0), channels, outputs, 3, spatialAxes, stride, type), BatchNorm.Create(outputs, spatialAxes, type),
                Kernel(key.Fold(1), outputs, outputs, 3, spatialAxes, 1, type), BatchNorm.Create(outputs, spatialAxes, type),
                isSame ? null : Kernel(key.Fold(2), channels, outputs, 1, spatialAxes, stride, type),
                isSame ? null : BatchNorm.Create(outputs, spatialAxes, type),
                activation ?? Layers.Activation.Relu);
        });

    /// <summary>[batch..., channels, spatial...] gives [batch..., outputs, spatial / stride...].</summary>
    /// <param name="x">The input.</param>
    /// <param name="pass">The pass through the network that holds the running statistics.</param>
    public Tensor Call(Tensor x, BatchPass pass)
    {
        var y = Activation(FirstNorm.Call(First.Call(x), pass));
        y = SecondNorm.Call(Second.Call(y), pass);
        return Activation(y + (Shortcut is null ? x : ShortcutNorm!.Call(Shortcut.Call(x), pass)));
    }

    /// <summary>
    /// A convolution without bias, for a norm has one, of a cubic kernel padded alike before and behind, as ResNets are defined, whatever the stride.
    /// </summary>
    internal static Convolution Kernel(Key key, int channels, int outputs, int size, int spatialAxes, int stride, ElementType type) => Convolution.Create(
        key, channels, outputs, [.. Enumerable.Repeat(size, spatialAxes)], new() { Stride = [stride], Padding = size / 2 }, hasBias: false, type: type);
}
