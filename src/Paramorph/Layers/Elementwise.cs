namespace Paramorph.Layers;

/// <summary>A function without parameters as a layer, for use in a <see cref="Sequential"/>.</summary>
/// <param name="Function">The function, such as <see cref="Activation.Relu"/>.</param>
[Tree]
public sealed partial record Elementwise(Func<Tensor, Tensor> Function) : ILayer
{
    /// <summary>The function of the input.</summary>
    public Tensor Call(Tensor x) => Function(x);
}
