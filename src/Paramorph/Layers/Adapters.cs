namespace Paramorph.Layers;

/// <summary>
/// Small layers that are added behind those of a trained network, which stays as it is, so that it does something else. (Houlsby et al., "Parameter-efficient transfer learning for NLP", 2019.)
/// </summary>
public static class Adapters
{
    /// <summary>x plus an affine map of ReLUs of an affine map to few numbers. It starts as the identity, since the second map starts as zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of the last axis.</param>
    /// <param name="narrow">The few numbers.</param>
    public static Residual Bottleneck(Key key, int features, int narrow) => new(new Sequential(
    [
        Linear.Create(key, features, narrow, weight: Initialiser.HeNormal), new Elementwise(Activation.Relu), new Linear(Tensor.Zeros([narrow, features]).Evaluate(), Tensor.Zeros([features]).Evaluate()),
    ]));

    /// <summary>A network with something behind some of its layers.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="places">Behind which of its layers, in order.</param>
    /// <param name="adapter">From a place to what is added there.</param>
    public static Sequential Behind(Sequential network, IReadOnlyCollection<int> places, Func<int, ILayer> adapter) =>
        new([.. network.Layers.Index().SelectMany(layer => places.Contains(layer.Index) ? (ILayer[])[layer.Item, adapter(layer.Index)] : [layer.Item])]);
}
