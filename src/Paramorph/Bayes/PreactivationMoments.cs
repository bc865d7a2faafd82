using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// How near preactivations of drawn networks of finite width are to a Gaussian process: over all neurons of all networks. Weights are of any law, of which those of a wide network's
/// kernel have the variance alone.
/// (Nait-Saada, Naderi and Tanner, "Beyond iid weights", 2024.)
/// </summary>
/// <param name="Kurtosis">Excess kurtosis at the first input.</param>
/// <param name="Covariance">Means of products between inputs: f64 [n, n], which tends to <see cref="WideNetwork.Covariance"/> of an input variance of 1.</param>
public sealed record PreactivationMoments(double Kurtosis, Tensor Covariance)
{
    /// <summary>Draws networks and looks at what enters the layer behind their hidden ones.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="inputs">f64 [n, dimensions].</param>
    /// <param name="width">Neurons of each layer.</param>
    /// <param name="hiddenLayers">Layers before the one that is looked at.</param>
    /// <param name="activation">Elementwise.</param>
    /// <param name="law">Weights [width, width] of all layers but the first, whose weights are independent and normal: inputs are few.</param>
    /// <param name="biasVariance">The variance of the normal biases.</param>
    /// <param name="draws">How many networks.</param>
    /// <param name="progress">Is told how many are drawn.</param>
    public static PreactivationMoments Draw(
        Key key, Tensor inputs, int width, int hiddenLayers, Func<Tensor, Tensor> activation, Initialiser law, double biasVariance, int draws, Action<int>? progress = null)
    {
        var sums = Compile.Of((Key key) =>
        {
            var h = inputs;
            for (var layer = 0; layer <= hiddenLayers; layer++)
            {
                if (layer > 0) h = activation(h);
                var fans = new Fans(h.Shape[1], width);
                h = h.Dot((layer == 0 ? Initialiser.NormalOfGain(1) : law).Draw(key.Fold(layer), [h.Shape[1], width], fans, ElementType.Float64))
                    + Math.Sqrt(biasVariance) * Sample.Normal(key.Fold(-1 - layer), [width], ElementType.Float64);
            }
            return Tensor.Concatenate([(Tensor.MatMul(h, h.T) / width).Flatten(), Tensor.Square(Tensor.Square(h[0])).Mean().ExpandDims(0)], 0);
        });
        var count = inputs.Shape[0];
        var means = new double[count * count + 1];
        for (var draw = 0; draw < draws; draw++)
        {
            progress?.Invoke(draw);
            var values = sums(key.Fold(draw)).ToDoubles();
            for (var i = 0; i < means.Length; i++) means[i] += values[i] / draws;
        }
        return new(means[^1] / (means[0] * means[0]) - 3, Tensor.From(means[..^1], [count, count]));
    }
}
