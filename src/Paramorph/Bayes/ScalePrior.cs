using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>
/// What is known before of the scale of a wide network's last layer: how it is drawn, and what answers it makes probable. (Lee et al., "Scale mixtures of neural network Gaussian
/// processes", 2022.)
/// </summary>
/// <param name="Draw">Draws a scale.</param>
/// <param name="Density">From the posterior of examples to the logarithm of the density of an answer, which is told by its distance from the mean and its variance at a scale of 1.</param>
public sealed record ScalePrior(Func<KeyRandom, double> Draw, Func<ScaleMixture, Func<double, double, double>> Density)
{
    /// <summary>Scales of other priors than that of the inverse gamma distribution, on a grid of their logarithms.</summary>
    private static readonly double[] grid = [.. Enumerable.Range(0, 400).Select(i => Math.Exp(-6 + 0.03 * i))];

    /// <summary>The density 4 s / (1 + s²)³, whose tail is heavier than that of an inverse gamma distribution of the same shape: its answers are sums over a grid of scales.</summary>
    public static ScalePrior Burr { get; } = new(random => Math.Sqrt(Math.Pow(1 - random.Uniform(), -1.0 / 2) - 1), posterior =>
    {
        // Times s, on a grid of logarithms.
        var weights = posterior.Weights(grid, [.. grid.Select(scale => 2 * Math.Log(scale) - 3 * Math.Log(1 + scale * scale))]);
        return (error, variance) => ScaleMixture.LogMixture(grid, weights, error, variance);
    });

    /// <summary>An inverse gamma distribution, with which answers are those of a Student-t process.</summary>
    /// <param name="shape">The shape, whole, so that the scale is drawn as the rate over a sum of exponential variables.</param>
    /// <param name="rate">The rate: from a shape of 2 on, the mean is rate / (shape - 1).</param>
    public static ScalePrior InverseGamma(int shape, double rate) => new(
        random => rate / -Enumerable.Range(0, shape).Sum(_ => Math.Log(1 - random.Uniform())), posterior => (error, variance) => posterior.LogStudent(shape, rate, error, variance));

    /// <summary>A scale that is chosen once for some examples: answers are normal. Of networks that are drawn without examples it is 1.</summary>
    /// <param name="choose">From the posterior of examples to the scale.</param>
    public static ScalePrior Fixed(Func<ScaleMixture, double> choose) => new(_ => 1, posterior => ScaleMixture.LogNormal(choose(posterior)));

    /// <summary>The excess kurtosis of an output of networks with one hidden layer of error functions, normal weights and biases, whose last layer has a scale of the prior.</summary>
    /// <param name="key">Draws the networks.</param>
    /// <param name="width">Hidden neurons.</param>
    /// <param name="thousands">How many thousand networks.</param>
    /// <param name="progress">Is told how many thousands are drawn.</param>
    public double Kurtosis(Key key, int width, int thousands, Action<int>? progress = null)
    {
        const int Chunk = 1000;
        var outputs = Compile.Of((Key key) =>
        {
            var hidden = Tensor.Erf(Sample.Normal(key.Fold(0), [Chunk, width]) + Sample.Normal(key.Fold(1), [Chunk, width]));
            return (hidden * Sample.Normal(key.Fold(2), [Chunk, width])).Sum(-1) / Math.Sqrt(width);
        });
        var random = new KeyRandom(key);
        var (second, fourth) = (0.0, 0.0);
        for (var part = 0; part < thousands; part++)
        {
            progress?.Invoke(part);
            foreach (var output in outputs(key.Fold(part)).ToDoubles())
            {
                var square = Draw(random) * output * output;
                (second, fourth) = (second + square, fourth + square * square);
            }
        }
        return fourth / (second * second) * Chunk * thousands - 3;
    }
}
