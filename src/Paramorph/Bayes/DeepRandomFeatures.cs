namespace Paramorph.Bayes;

/// <summary>
/// Answers of the last hidden layer of a drawn network of finite width, over the root of it: features whose products tend to a kernel as the layers become wider, and on which a readout
/// alone is fitted.
/// (Rahimi and Recht, "Random features for large-scale kernel machines", 2007, have one layer.)
/// </summary>
/// <param name="Network">The activation, the hidden layers, of which there is one at least, and the variances with which they are drawn.</param>
public sealed record DeepRandomFeatures(WideNetwork Network)
{
    /// <summary>The features of points in a network that a key draws.</summary>
    /// <param name="key">The key: the same for other points gives the same network.</param>
    /// <param name="points">[n, dimensions].</param>
    /// <param name="width">Neurons of each hidden layer.</param>
    /// <returns>[n, width].</returns>
    public Tensor Draw(Key key, Tensor points, int width)
    {
        ArgumentNullException.ThrowIfNull(points);
        var (h, type) = (points, points.ElementType);
        for (var layer = 0; layer < Network.HiddenLayers; layer++)
        {
            var inputs = h.Shape[1];
            var variance = (layer == 0 ? Network.InputVariance : Network.WeightVariance) / inputs;
            h = Network.Activation.Activation(
                Math.Sqrt(variance) * h.Dot(Sample.Normal(key.Fold(layer), [inputs, width], type)) + Math.Sqrt(Network.BiasVariance) * Sample.Normal(key.Fold(-1 - layer), [width], type));
        }
        return h / Math.Sqrt(width);
    }

    /// <summary>What products of features tend to: the covariance of the network's outputs without their own biases and the variance of their weights.</summary>
    public Tensor Kernel(Tensor x, Tensor y) => (Network.Covariance(x, y) - Network.BiasVariance) / Network.WeightVariance;
}
