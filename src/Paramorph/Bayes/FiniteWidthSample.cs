namespace Paramorph.Bayes;

/// <summary>
/// The moments of the preactivations of one layer over drawn networks of finite width with independent normal weights and no biases: what <see cref="FiniteWidth"/> predicts to first order. Given a layer,
/// the preactivations of the next are exactly normal with a common variance, and are drawn so, which costs no matrices.
/// </summary>
/// <param name="Layer">The layer, 1 behind the input.</param>
/// <param name="Square">The mean square of preactivations.</param>
/// <param name="Fourth">The mean of their fourth powers.</param>
public readonly record struct FiniteWidthSample(int Layer, double Square, double Fourth)
{
    private const int Chunk = 100;

    /// <summary>The excess kurtosis.</summary>
    public double ExcessKurtosis => Fourth / (Square * Square) - 3;

    /// <summary>Draws networks, all of whose layers have one width, at an input whose first preactivations have unit variance.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="activation">Elementwise.</param>
    /// <param name="weightVariance">The variance of the weights of further layers, times their inputs.</param>
    /// <param name="width">Neurons of a layer.</param>
    /// <param name="layers">How many layers of preactivations.</param>
    /// <param name="draws">How many networks, rounded up to hundreds.</param>
    /// <param name="progress">Is told how many are drawn.</param>
    public static IReadOnlyList<FiniteWidthSample> Layers(
        Key key, Func<Tensor, Tensor> activation, double weightVariance, int width, int layers, int draws, Action<int>? progress = null)
    {
        var moments = Compile.Of((Key key) =>
        {
            var (z, all) = (Sample.Normal(key, [Chunk, width], ElementType.Float64), new List<Tensor>());
            for (var layer = 1; ; layer++)
            {
                all.Add(Tensor.Stack([Tensor.Square(z).Mean(), Tensor.Square(Tensor.Square(z)).Mean()]));
                if (layer == layers) return Tensor.Stack([.. all]);
                z = Tensor.Sqrt(weightVariance * Tensor.Square(activation(z)).Mean(-1)).ExpandDims(-1) * Sample.Normal(key.Fold(layer), [Chunk, width], ElementType.Float64);
            }
        });
        var (means, drawn) = (new double[2 * layers], (draws + Chunk - 1) / Chunk * Chunk);
        for (var draw = 0; draw < drawn; draw += Chunk)
        {
            progress?.Invoke(draw);
            var values = moments(key.Fold(draw)).ToDoubles();
            for (var i = 0; i < means.Length; i++) means[i] += values[i] * Chunk / drawn;
        }
        return [.. Enumerable.Range(0, layers).Select(i => new FiniteWidthSample(i + 1, means[2 * i], means[2 * i + 1]))];
    }
}
