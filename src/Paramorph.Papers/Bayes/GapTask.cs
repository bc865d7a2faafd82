using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>A regression whose training inputs leave a hole, in f64 and standardised by the training part: what is known in the hole is what a prior says there.</summary>
/// <param name="Name">cubic, waves or table.</param>
/// <param name="Train">Examples outside the hole: [n, inputs] and [n, 1].</param>
/// <param name="Validation">Examples outside the hole by which settings are chosen.</param>
/// <param name="Test">Examples everywhere, the hole included.</param>
/// <param name="Hole">Further examples in the hole alone.</param>
/// <param name="Noise">The standard deviation of the noise of the standardised targets.</param>
internal sealed record GapTask(string Name, RegressionData Train, RegressionData Validation, RegressionData Test, RegressionData Hole, double Noise)
{
    private const double Interval = 0.95;

    /// <summary>x³ of one number in [-4, 4], without those in [-1.5, 1.5].</summary>
    public static GapTask Cubic(Key key, int train, int test) => Drawn("cubic", key, train, test, 3, x => x is > -1.5 and < 1.5, (key, count) => OfOne(key, count, 4, x => x * x * x, 3));

    /// <summary>Waves of one number in [-2, 2] that become shorter, without those in [-0.6, 0.8].</summary>
    public static GapTask Waves(Key key, int train, int test) => Drawn("waves", key, train, test, 0.1, x => x is > -0.6 and < 0.8, (key, count) => OfOne(key, count, 2, x => Math.Sin(3 * x) + 0.3 * Math.Cos(9 * x), 0.1));

    /// <summary>Friedman's first function of ten columns, without rows whose first is in the middle third.</summary>
    public static GapTask Table(Key key, int train, int test) => Drawn("table", key, train, test, 1, x => x is > 1 / 3.0 and < 2 / 3.0, (key, count) => RegressionFunctions.Friedman1(key, count));

    /// <summary>Minus the mean logarithm of the density, the root mean squared error of the mean, and the share of targets in the central interval of 95 %, of mixtures of normal answers.</summary>
    /// <param name="data">n examples.</param>
    /// <param name="means">[members, n].</param>
    /// <param name="variances">[members, n], noise included.</param>
    public static (double Loss, double Error, double Coverage) Judged(RegressionData data, Tensor means, Tensor variances)
    {
        var targets = data.Targets.Reshape(1, -1);
        var apart = (targets - means) / Tensor.Sqrt(variances);
        var density = (-0.5 * Tensor.Square(apart) - 0.5 * Tensor.Log(2 * Math.PI * variances)).LogSumExp(0) - Math.Log(means.Shape[0]);
        // The share of the answer that lies below the target is uniform when the answer is right.
        var below = (0.5 + 0.5 * Tensor.Erf(apart / Math.Sqrt(2))).Mean(0);
        var isInside = (below > (1 - Interval) / 2) & (below < (1 + Interval) / 2);
        return ((-density.Mean()).Item(), Math.Sqrt(Tensor.Square(targets[0] - means.Mean(0)).Mean().Item()), isInside.AsType(ElementType.Float64).Mean().Item());
    }

    private static GapTask Drawn(string name, Key key, int train, int test, double noise, Func<double, bool> isInHole, Func<Key, int, RegressionData> draw)
    {
        var seen = Kept(draw(key.Fold(0), 8 * train), train, x => !isInHole(x));
        var (means, deviations) = (seen.Inputs.Mean(0).Evaluate(), Deviation(seen.Inputs));
        var (mean, deviation) = (seen.Targets.Mean().Item(), Deviation(seen.Targets).Item());
        RegressionData Scaled(RegressionData data) => new(((data.Inputs - means) / deviations).Evaluate(), ((data.Targets - mean) / deviation).Evaluate());
        return new(
            name, Scaled(seen), Scaled(Kept(draw(key.Fold(1), 8 * train), train, x => !isInHole(x))), Scaled(draw(key.Fold(2), test)), Scaled(Kept(draw(key.Fold(3), 8 * test), test, isInHole)), noise / deviation);
    }

    private static Tensor Deviation(Tensor x) => Tensor.Sqrt(Tensor.Square(x - x.Mean(0)).Mean(0)).Evaluate();

    private static RegressionData OfOne(Key key, int count, double bound, Func<double, double> function, double noise)
    {
        var inputs = Sample.Uniform(key.Fold(0), [count, 1], -bound, bound, ElementType.Float64).Evaluate();
        var values = Tensor.From([.. inputs.ToDoubles().Select(function)]).Reshape(count, 1);
        return new(inputs, (values + noise * Sample.Normal(key.Fold(1), [count, 1], ElementType.Float64)).Evaluate());
    }

    /// <summary>The first examples whose first input passes.</summary>
    private static RegressionData Kept(RegressionData data, int count, Func<double, bool> passes)
    {
        var rows = Tensor.From<int>([.. data.Inputs[.., 0].ToDoubles().Index().Where(row => passes(row.Item)).Select(row => row.Index).Take(count)]);
        return new(data.Inputs.Take(rows).Evaluate(), data.Targets.Take(rows).Evaluate());
    }
}
