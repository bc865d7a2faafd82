namespace Paramorph.Layers;

/// <summary>Two convolutions of kernel 3, each with a group norm, if there are any, and an activation behind it: the block of a <see cref="UNet"/>.</summary>
/// <param name="First">The first convolution.</param>
/// <param name="FirstNorm">The norm behind it, or null.</param>
/// <param name="Second">The second convolution.</param>
/// <param name="SecondNorm">The norm behind it, or null.</param>
/// <param name="Activation">The activation.</param>
[Tree]
public sealed partial record NormedConvolutions(
    Convolution First, GroupNorm? FirstNorm, Convolution Second, GroupNorm? SecondNorm, Func<Tensor, Tensor> Activation) : ILayer
{
    /// <summary>A block with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output, which the groups divide.</param>
    /// <param name="spatialAxes">Number of spatial axes, one to three.</param>
    /// <param name="groups">Groups of the norms; 0 for convolutions with biases and no norms.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="paddingMode">What is put around.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The groups do not divide the outputs.</exception>
    public static NormedConvolutions Create(
        Key key, int channels, int outputs, int spatialAxes, int groups, Func<Tensor, Tensor> activation, PaddingMode paddingMode = PaddingMode.Zero,
        ElementType type = ElementType.Float32)
    {
        Convolution Kernel(Key key, int from) =>
            Convolution.Create(key, from, outputs, [.. Enumerable.Repeat(3, spatialAxes)], paddingMode: paddingMode, hasBias: groups == 0, type: type);
        GroupNorm? Norm() => groups == 0 ? null : GroupNorm.Create(outputs, groups, spatialAxes, type);
        return Initialise.Of(key, key => new NormedConvolutions(
            Kernel(key.Fold(0), channels), Norm(), Kernel(key.Fold(1), outputs), Norm(), activation));
    }

    /// <summary>[..., channels, spatial...] gives [..., outputs, spatial...].</summary>
    public Tensor Call(Tensor x)
    {
        x = First.Call(x);
        x = Second.Call(Activation(FirstNorm?.Call(x) ?? x));
        return Activation(SecondNorm?.Call(x) ?? x);
    }
}
