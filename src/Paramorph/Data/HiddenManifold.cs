namespace Paramorph.Data;

/// <summary>
/// Regressions whose inputs lie in a plane of few dimensions in a space of many, and whose targets are those of a drawn network of the hidden coordinates: tasks of a known intrinsic
/// dimension. (After Goldt et al., "Modeling the influence of data structure on learning in neural networks: the hidden manifold model", 2020; the plane is not folded here.)
/// </summary>
public static class HiddenManifold
{
    /// <summary>
    /// Draws a plane, a network and examples. Hidden coordinates are uniform in ±1, the plane keeps distances, and the network has one layer of tanh with normal weights and biases.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="inputs">Coordinates of an input.</param>
    /// <param name="dimension">Hidden coordinates, no more than inputs.</param>
    /// <param name="neurons">Neurons of the network.</param>
    /// <returns>f64: inputs [n, inputs], and targets [n, 1] of mean 0 and variance 1.</returns>
    public static RegressionData Draw(Key key, int count, int inputs, int dimension, int neurons)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, inputs);
        var hidden = Sample.Uniform(key.Fold(0), [count, dimension], -1.0, 1.0, ElementType.Float64);
        var (embedding, _) = LinearAlgebra.Qr(Sample.Normal(key.Fold(1), [inputs, dimension], ElementType.Float64));
        var activations = Tensor.Tanh(hidden.Dot(Sample.Normal(key.Fold(2), [dimension, neurons], ElementType.Float64)) + Sample.Normal(key.Fold(3), [neurons], ElementType.Float64));
        var values = activations.Dot(Sample.Normal(key.Fold(4), [neurons], ElementType.Float64));
        return new(hidden.Dot(embedding.T).Evaluate(), ((values - values.Mean()) / values.Std()).ExpandDims(-1).Evaluate());
    }
}
