namespace Paramorph.Bayes;

/// <summary>
/// The distribution of a preactivation in one layer of a network of finite width, to first order in the inverse width. Given the layer before, preactivations are normal with a common variance that
/// varies from network to network; its mean and its variance obey recursions over the layers. (Roberts, Yaida and Hanin, "The principles of deep learning theory", 2022, chapter 4.)
/// </summary>
/// <param name="Layer">The layer, 1 behind the input.</param>
/// <param name="Kernel">K: the variance in infinite width.</param>
/// <param name="Correction">G: what finite width adds to it, times the width.</param>
/// <param name="Vertex">V: the variance of the common variance, times the width; the four-point vertex.</param>
public readonly record struct FiniteWidth(int Layer, double Kernel, double Correction, double Vertex)
{
    /// <summary>The excess kurtosis of a preactivation, times the width.</summary>
    public double ExcessKurtosis => 3 * Vertex / (Kernel * Kernel);

    /// <summary>The layers of a network, all of one width, at one input.</summary>
    /// <param name="activation">Elementwise; at most of polynomial growth, and smooth but at zero.</param>
    /// <param name="first">The variance of the first preactivations, that of weights per input times the mean square of the input, with the biases'.</param>
    /// <param name="weightVariance">The variance of the weights of further layers, times their inputs.</param>
    /// <param name="biasVariance">That of their biases.</param>
    /// <param name="layers">How many layers of preactivations.</param>
    public static IReadOnlyList<FiniteWidth> Layers(Func<Tensor, Tensor> activation, double first, double weightVariance, double biasVariance, int layers)
    {
        var means = Compile.Of((Tensor variance) =>
        {
            Tensor Square(Tensor z) => Tensor.Square(activation(Tensor.Sqrt(variance) * z));
            // Derivatives of the mean of φ(√K z)² by K are means with Hermite polynomials of z.
            return Tensor.Stack(
            [
                NormalMean.Of(Square), NormalMean.Of(z => Tensor.Square(Square(z))),
                NormalMean.Of(z => Square(z) * (z * z - 1.0)) / (2.0 * variance), NormalMean.Of(z => Square(z) * (z * z * z * z - 6.0 * z * z + 3.0)) / (4.0 * variance * variance),
            ]);
        });
        var all = new List<FiniteWidth> { new(1, first, 0, 0) };
        while (all.Count < layers)
        {
            var before = all[^1];
            double[] at = means(Tensor.Scalar(before.Kernel)).ToDoubles();
            var (square, fourth, slope, curvature) = (at[0], at[1], at[2], at[3]);
            all.Add(new(
                before.Layer + 1,
                biasVariance + weightVariance * square,
                weightVariance * (slope * before.Correction + 0.5 * curvature * before.Vertex),
                weightVariance * weightVariance * (slope * slope * before.Vertex + fourth - square * square)));
        }
        return all;
    }
}
