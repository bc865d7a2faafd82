using Paramorph.Data;

namespace Paramorph.Search;

/// <summary>
/// A search for the highest value of a function with noisy queries, each where a bound of what the function may be is high: the same for all bounds, such as those of
/// <see cref="GaussianProcessSearch"/> and <see cref="ParametricSearch{TModel}"/>.
/// </summary>
/// <param name="First">Random queries before the bound is asked.</param>
/// <param name="Queries">Queries behind them.</param>
/// <param name="Noise">The standard deviation of the normal noise.</param>
public sealed record BoundSearch(int First, int Queries, double Noise)
{
    private const int Pool = 256, Kept = 32;

    /// <summary>Searches.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="key">Draws first queries, noise, and points of which queries are chosen.</param>
    /// <param name="make">From the first queries [first, dimensions] and their values [first] to a bound, from points f64 [n, dimensions] to [n], and to who is told of each further query and its value.</param>
    /// <param name="look">Is given the number of each query, from 1, and the sum of regrets so far; may be null.</param>
    /// <returns>The mean regret of the queries behind the first, and the lowest one of all.</returns>
    public (double Regret, double Lowest) Run(
        SearchObjective objective, Key key, Func<Tensor, Tensor, (Func<Tensor, Tensor> Bound, Action<Tensor, double> Tell)> make, Action<int, double>? look = null)
    {
        var random = new KeyRandom(key);
        double Noisy(double[] at) => objective.Of(at) + Noise * random.Normal();
        double[][] first = [.. Enumerable.Range(0, First).Select(_ => Uniform(random, objective.Dimensions))];
        double[] values = [.. first.Select(Noisy)];
        var (bound, tell) = make(Rows(first), Tensor.From(values));
        var (highest, regret, lowest) = (values.Max(), 0.0, objective.Highest - first.Max(objective.Of));
        var best = first[Array.IndexOf(values, highest)];
        for (var query = 1; query <= Queries; query++)
        {
            var at = Chosen(bound, best, random);
            var value = Noisy(at);
            tell(Tensor.From(at), value);
            if (value > highest) (best, highest) = (at, value);
            regret += objective.Highest - objective.Of(at);
            lowest = Math.Min(lowest, objective.Highest - objective.Of(at));
            look?.Invoke(query, regret);
        }
        return (regret / Queries, lowest);
    }

    /// <summary>A point of [-1, 1]^dimensions where a bound is high: the best of 256, drawn or near another one, of which those with the highest bounds are moved three times by shorter and shorter steps.</summary>
    /// <param name="bound">From points f64 [n, dimensions] to [n].</param>
    /// <param name="near">The other point, such as the best query so far.</param>
    /// <param name="random">Draws points and steps.</param>
    public static double[] Chosen(Func<Tensor, Tensor> bound, double[] near, KeyRandom random)
    {
        double[] Moved(double[] from, double scale) => [.. from.Select(value => Math.Clamp(value + scale * random.Normal(), -1, 1))];
        double[][] pool = [.. Enumerable.Range(0, Pool).Select(i => i < Kept ? Moved(near, 0.2) : Uniform(random, near.Length))];
        int[] Order() => bound(Rows(pool)).ToDoubles() is var values ? [.. Enumerable.Range(0, Pool).OrderByDescending(i => values[i])] : [];
        foreach (var scale in (double[])[0.3, 0.1, 0.03])
        {
            var order = Order();
            pool = [.. order.Take(Kept).Select(i => pool[i]), .. Enumerable.Range(0, Pool - Kept).Select(i => Moved(pool[order[i % Kept]], scale))];
        }
        return pool[Order()[0]];
    }

    private static double[] Uniform(KeyRandom random, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => random.Uniform(-1, 1))];

    private static Tensor Rows(double[][] points) => Tensor.From<double>([.. points.SelectMany(point => point)], [points.Length, points[0].Length]);
}
