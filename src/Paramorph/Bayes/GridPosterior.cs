using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>
/// Exact draws, up to the width of a cell, from densities of a few numbers between 0 and 1 by a grid: a coarse one finds the box outside of which next to nothing is, a fine one fills the box. Cells of
/// it are drawn by their mass and places within them evenly, so draws do not depend on each other as those of a chain do, and no mode is missed that the coarse grid sees. The judge of samplers.
/// </summary>
public sealed class GridPosterior
{
    /// <summary>What lies so far below the highest logarithm of the density counts as nothing: a share of 1e-6.</summary>
    private const double Nothing = 14;

    private readonly int[] coarse, fine;
    private readonly Func<TreeList<Tensor>, Tensor, Tensor> logs;

    /// <summary>The posterior of a model with even priors.</summary>
    /// <param name="logDensity">From points [..., dimensions] and an observation to the logarithm of their density [...], but for a constant.</param>
    /// <param name="coarse">Cells along each axis of the first grid.</param>
    /// <param name="fine">Cells along each axis of the second.</param>
    /// <exception cref="ArgumentException">The grids are not of equally many axes, one or more, with a cell or more along each.</exception>
    public GridPosterior(Func<Tensor, Tensor, Tensor> logDensity, IReadOnlyList<int> coarse, IReadOnlyList<int> fine)
    {
        if (coarse.Count == 0 || coarse.Count != fine.Count || coarse.Concat(fine).Any(cells => cells < 1))
            throw new ArgumentException($"grids of [{string.Join(", ", coarse)}] and [{string.Join(", ", fine)}] cells do not have the same axes, with a cell or more along each.", nameof(fine));
        (this.coarse, this.fine) = ([.. coarse], [.. fine]);
        logs = Compile.Of((TreeList<Tensor> axes, Tensor observation) =>
        {
            Shape shape = [.. axes.Select(axis => axis.Count)];
            return logDensity(Tensor.Stack([.. axes.Select((axis, i) => axis.ReshapeTo([axis.Count, .. Enumerable.Repeat(1, axes.Count - 1 - i)]).BroadcastTo(shape))], -1), observation);
        });
    }

    /// <summary>Draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="observation">What is known.</param>
    /// <param name="count">How many draws.</param>
    /// <returns>f32 [count, dimensions].</returns>
    public Tensor Draw(Key key, Tensor observation, int count)
    {
        var box = Box(observation);
        var (random, sum) = (new KeyRandom(key), 0.0);
        double[] densities = logs(Axes(box, fine), observation).ToDoubles();
        var highest = densities.Max();
        double[] sums = [.. densities.Select(density => sum += Math.Exp(density - highest))];
        int[] cells = [.. Enumerable.Range(0, count).Select(_ => Array.BinarySearch(sums, sum * random.Uniform()) is var place && place < 0 ? ~place : place + 1)];
        double At(int draw, int axis)
        {
            var cell = cells[draw] / fine[(axis + 1)..].Aggregate(1, (product, along) => product * along) % fine[axis];
            return box[axis].Low + (box[axis].High - box[axis].Low) / fine[axis] * (cell + random.Uniform());
        }
        return Tensor.From<float>([.. Enumerable.Range(0, fine.Length * count).Select(i => (float)At(i / fine.Length, i % fine.Length))], [count, fine.Length]);
    }

    /// <summary>What samplers of the posteriors of some observations are judged by.</summary>
    /// <param name="key">Folded by the number of the observation, the key of its draws.</param>
    /// <param name="observations">The observations.</param>
    /// <param name="count">Draws of each posterior.</param>
    public PosteriorComparison Comparison(Key key, IReadOnlyList<Tensor> observations, int count) =>
        new(observations, [.. observations.Select((observation, i) => Draw(key.Fold(i), observation, count))]);

    /// <summary>The cells of the coarse grid that count, with one more on each side.</summary>
    private (double Low, double High)[] Box(Tensor observation)
    {
        var densities = logs(Axes([.. coarse.Select(_ => (0.0, 1.0))], coarse), observation);
        return
        [
            .. coarse.Select((cells, i) =>
            {
                var along = (coarse.Length == 1 ? densities : densities.Max([.. Enumerable.Range(0, coarse.Length).Where(axis => axis != i)])).ToDoubles();
                if (!double.IsFinite(along.Max())) throw new ArithmeticException("grid posterior: no cell of the first grid has a density that is a positive number.");
                int[] within = [.. Enumerable.Range(0, cells).Where(cell => along[cell] > along.Max() - Nothing)];
                return (Math.Max(0, within[0] - 1) / (double)cells, Math.Min(cells, within[^1] + 2) / (double)cells);
            }),
        ];
    }

    /// <summary>The middles of cells along each axis.</summary>
    private static TreeList<Tensor> Axes((double Low, double High)[] box, int[] cells) =>
        [.. box.Zip(cells, (range, along) => (range.Low + (range.High - range.Low) / along * (Tensor.Arange(along).AsType(ElementType.Float32) + 0.5)).Evaluate())];
}
