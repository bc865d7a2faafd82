namespace Paramorph.Layers;

/// <summary>
/// The residual block whose norms and activations stand before the convolutions, so that the input reaches the output unchanged. (He et al., "Identity
/// Mappings in Deep Residual Networks", 2016, Figure 1b.)
/// </summary>
/// <param name="FirstNorm">The norm of the input.</param>
/// <param name="First">The first convolution, with the stride.</param>
/// <param name="SecondNorm">The norm behind it.</param>
/// <param name="Second">The second convolution.</param>
/// <param name="Shortcut">The projection of the normed and activated input where sizes change; none when null.</param>
/// <param name="Activation">The activation.</param>
[Tree]
public sealed partial record PreActivationBlock(
    BatchNorm FirstNorm, Convolution First, BatchNorm SecondNorm, Convolution Second, Convolution? Shortcut, Func<Tensor, Tensor> Activation)
{
    /// <summary>The running statistics of its norms before the first batch, in the order of their calls.</summary>
    public TreeList<BatchStatistics> InitialStatistics => [FirstNorm.InitialStatistics, SecondNorm.InitialStatistics];

    /// <summary>A block with kernels of size 3 and drawn weights.</summary>
    /// <inheritdoc cref="ResidualBlock.Create"/>
    public static PreActivationBlock Create(
        Key key, int channels, int outputs, int spatialAxes = 2, int stride = 1, Func<Tensor, Tensor>? activation = null,
        ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key => new PreActivationBlock(
            BatchNorm.Create(channels, spatialAxes, type), ResidualBlock.Kernel(key.Fold(0), channels, outputs, 3, spatialAxes, stride, type),
            BatchNorm.Create(outputs, spatialAxes, type), ResidualBlock.Kernel(key.Fold(1), outputs, outputs, 3, spatialAxes, 1, type),
            channels == outputs && stride == 1 ? null : ResidualBlock.Kernel(key.Fold(2), channels, outputs, 1, spatialAxes, stride, type),
            activation ?? Layers.Activation.Relu));

    /// <inheritdoc cref="ResidualBlock.Call"/>
    public Tensor Call(Tensor x, BatchPass pass)
    {
        var active = Activation(FirstNorm.Call(x, pass));
        var y = Second.Call(Activation(SecondNorm.Call(First.Call(active), pass)));
        return y + (Shortcut is null ? x : Shortcut.Call(active));
    }
}
