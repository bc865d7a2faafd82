using MathNet.Numerics.Distributions;

namespace Paramorph.Bayes;

/// <summary>
/// Whether chains have come together, and how many independent draws theirs are worth. (Vehtari, Gelman, Simpson, Carpenter and Bürkner, "Rank-normalization, folding, and localization: an improved R̂", 2021.)
/// </summary>
public static class ChainDiagnostics
{
    /// <summary>
    /// R̂: the root of the variance of all draws over that within half chains; near 1 when chains have come together, and to be distrusted above 1.01. The larger one of that of the draws and of how far they lie from
    /// their median, both by the normal quantiles of their ranks, so it is defined where variances are not.
    /// </summary>
    /// <param name="draws">[draws, chains, ...], at least four draws.</param>
    /// <returns>f64 [...].</returns>
    /// <exception cref="ShapeException">There are no chains or fewer than four draws.</exception>
    public static Tensor RHat(Tensor draws) => Each(draws, chains =>
    {
        var median = Median([.. chains.SelectMany(chain => chain)]);
        var folded = chains.Select(chain => chain.Select(x => Math.Abs(x - median)).ToArray()).ToArray();
        return Math.Max(Plain(RankNormal(Halves(chains))), Plain(RankNormal(Halves(folded))));
    });

    /// <summary>R̂ of the draws of half chains as they are. (Gelman et al., "Bayesian data analysis", third edition, section 11.4.)</summary>
    /// <param name="draws">[draws, chains, ...], at least four draws.</param>
    /// <returns>f64 [...].</returns>
    /// <exception cref="ShapeException">There are no chains or fewer than four draws.</exception>
    public static Tensor SplitRHat(Tensor draws) => Each(draws, chains => Plain(Halves(chains)));

    /// <summary>
    /// Effective sample size of the mean: how many independent draws would know it as well. Autocorrelations of half chains are added by pairs as long as those are positive, and made to fall. (Geyer, "Practical Markov
    /// chain Monte Carlo", 1992: the initial monotone sequence.)
    /// </summary>
    /// <param name="draws">[draws, chains, ...], at least four draws.</param>
    /// <returns>f64 [...]; NaN where draws are all equal.</returns>
    /// <exception cref="ShapeException">There are no chains or fewer than four draws.</exception>
    public static Tensor EffectiveSize(Tensor draws) => Each(draws, chains => Size(Halves(chains)));

    /// <summary>Effective sample size in the bulk: that of the normal quantiles of the ranks of the draws.</summary>
    /// <param name="draws">[draws, chains, ...], at least four draws.</param>
    /// <returns>f64 [...]; NaN where draws are all equal.</returns>
    /// <exception cref="ShapeException">There are no chains or fewer than four draws.</exception>
    public static Tensor BulkSize(Tensor draws) => Each(draws, chains => Size(RankNormal(Halves(chains))));

    private static Tensor Each(Tensor draws, Func<double[][], double> of)
    {
        if (draws.Rank < 2 || draws.Shape[0] < 4 || draws.Shape[1] < 1) throw new ShapeException($"chain diagnostics: {draws.Type} is not [draws, chains, ...] with at least four draws and a chain.");
        var (count, chains) = (draws.Shape[0], draws.Shape[1]);
        var numbers = draws.AsType(ElementType.Float64).Evaluate().ToDoubles();
        var each = numbers.Length / (count * chains);
        var results = Enumerable.Range(0, each).Select(place =>
        {
            double[][] own = [.. Enumerable.Range(0, chains).Select(chain => Enumerable.Range(0, count).Select(i => numbers[(i * chains + chain) * each + place]).ToArray())];
            return own.Any(chain => chain.Any(double.IsNaN)) ? double.NaN : of(own);
        });
        return Tensor.From([.. results]).ReshapeTo(draws.Shape[2..]);
    }

    private static double[][] Halves(double[][] chains) => [.. chains.SelectMany(chain => new[] { chain[..(chain.Length / 2)], chain[^(chain.Length / 2)..] })];

    private static double Plain(double[][] chains)
    {
        var (within, all) = Variances(chains);
        return Math.Sqrt(all / within);
    }

    /// <summary>The mean variance within chains, and the estimate of the variance of all draws from it and from the means of chains.</summary>
    private static (double Within, double All) Variances(double[][] chains)
    {
        var within = chains.Average(Variance);
        var count = (double)chains[0].Length;
        return (within, (count - 1) / count * within + Variance([.. chains.Select(chain => chain.Average())]));
    }

    private static double Size(double[][] chains)
    {
        var (count, draws) = (chains[0].Length, chains.Length * chains[0].Length);
        var (within, all) = Variances(chains);
        if (all == 0) return double.NaN;
        double[][] centred = [.. chains.Select(chain => chain.Average() is var mean ? chain.Select(x => x - mean).ToArray() : [])];
        // The correlation at a lag, from the mean autocovariance of the chains.
        double Correlation(int lag)
        {
            var covariance = centred.Average(chain => Dot(chain.AsSpan(..^lag), chain.AsSpan(lag..)) / count);
            return lag == 0 ? 1 : 1 - (within - covariance * count / (count - 1)) / all;
        }
        var (sum, least) = (0.0, double.PositiveInfinity);
        for (var lag = 0; lag + 1 < count; lag += 2)
        {
            var pair = Correlation(lag) + Correlation(lag + 1);
            if (pair < 0) break;
            least = Math.Min(least, pair);
            sum += least;
        }
        // Chains that swing about their mean know it better than independent draws, but no more than so much is believed.
        return draws / Math.Max(2 * sum - 1, 1 / Math.Log10(draws));
    }

    /// <summary>Draws in the place of which stands the normal quantile of their rank among all, ties sharing the mean of their ranks.</summary>
    private static double[][] RankNormal(double[][] chains)
    {
        double[] all = [.. chains.SelectMany(chain => chain)];
        int[] order = [.. Enumerable.Range(0, all.Length)];
        Array.Sort((double[])all.Clone(), order);
        for (var (first, sorted) = (0, order.Select(i => all[i]).ToArray()); first < all.Length;)
        {
            var next = first + 1;
            while (next < all.Length && sorted[next] == sorted[first]) next++;
            var quantile = Normal.InvCDF(0, 1, ((first + 1 + next) / 2.0 - 0.375) / (all.Length + 0.25));
            for (; first < next; first++) all[order[first]] = quantile;
        }
        return [.. all.Chunk(chains[0].Length)];
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static double Variance(double[] x) => x.Average() is var mean ? x.Sum(value => (value - mean) * (value - mean)) / (x.Length - 1) : 0;

    private static double Median(double[] x)
    {
        Array.Sort(x);
        return 0.5 * (x[(x.Length - 1) / 2] + x[x.Length / 2]);
    }
}
