namespace Paramorph.Layers;

/// <summary>
/// A tree of parameters that maps one tensor to another and needs nothing else. What also needs a key, a state or a second tensor (dropout, batch norm,
/// cross-attention) is no such layer but a record with a <c>Call</c> of its own.
/// </summary>
public interface ILayer : ITree<ILayer>
{
    /// <summary>The output of the layer.</summary>
    /// <param name="x">The input, of the shape that the layer documents; leading axes are a batch.</param>
    Tensor Call(Tensor x);
}
