namespace Paramorph.Layers;

/// <summary>Layers one after the other: <c>new Sequential([linear, new Elementwise(Activation.Relu), pooling])</c>.</summary>
/// <param name="Layers">The layers, each of which takes what the one before gives.</param>
[Tree]
public sealed partial record Sequential(TreeList<ILayer> Layers) : ILayer
{
    /// <summary>The output of the last layer.</summary>
    public Tensor Call(Tensor x) => Layers.Aggregate(x, (value, layer) => layer.Call(value));
}
