namespace Paramorph.Data;

/// <summary>Functions with noise on which regression is tried. Inputs are f64 [n, inputs] and uniform, unless another law is named; targets are f64 [n, 1].</summary>
public static class RegressionFunctions
{
    private static readonly (double Low, double High)[] circuit = [(0, 100), (40 * Math.PI, 560 * Math.PI), (0, 1), (1, 11)];

    /// <summary>
    /// 10 sin(pi x1 x2) + 20 (x3 - 1/2)² + 10 x4 + 5 x5 of ten numbers in [0, 1], of which five do not matter. (Friedman, "Multivariate adaptive regression splines", 1991.)
    /// </summary>
    /// <param name="key">Draws inputs and noise.</param>
    /// <param name="count">n.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    public static RegressionData Friedman1(Key key, int count, double noise = 1) => Drawn(
        key, count, [.. Enumerable.Repeat((0.0, 1.0), 10)], x => 10 * Math.Sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4], _ => noise);

    /// <summary>The impedance sqrt(R² + (w L - 1 / (w C))²) of a circuit of resistance, frequency, inductance and capacitance, by default with a third as much noise. (Friedman, 1991.)</summary>
    /// <inheritdoc cref="Friedman1"/>
    public static RegressionData Friedman2(Key key, int count, double noise = 125) => Drawn(key, count, circuit, x => Math.Sqrt(x[0] * x[0] + Reactance(x) * Reactance(x)), _ => noise);

    /// <summary>The phase atan((w L - 1 / (w C)) / R) of the same circuit, by default with a third as much noise. (Friedman, 1991.)</summary>
    /// <inheritdoc cref="Friedman1"/>
    public static RegressionData Friedman3(Key key, int count, double noise = 0.1) => Drawn(key, count, circuit, x => Math.Atan(Reactance(x) / x[0]), _ => noise);

    /// <summary>
    /// The flow of water through a borehole between two aquifers in cubic metres a year, of eight numbers: the radius of the borehole, that of its influence, the transmissivity and the head of
    /// either aquifer, the length, and the conductivity. (Morris, Mitchell and Ylvisaker, "Bayesian design and analysis of computer experiments", 1993.)
    /// </summary>
    /// <inheritdoc cref="Friedman1"/>
    public static RegressionData Borehole(Key key, int count, double noise = 2) => Drawn(
        key, count, [(0.05, 0.15), (100, 50_000), (63_070, 115_600), (990, 1110), (63.1, 116), (700, 820), (1120, 1680), (9855, 12_045)],
        x =>
        {
            var logarithm = Math.Log(x[1] / x[0]);
            return 2 * Math.PI * x[2] * (x[3] - x[5]) / (logarithm * (1 + 2 * x[6] * x[2] / (logarithm * x[0] * x[0] * x[7]) + x[2] / x[4]));
        },
        _ => noise);

    /// <summary>sin(2 pi x1) + x2² - x1 x3 of four numbers in [-1, 1], with normal noise whose standard deviation grows with the fourth: noise exp(x4).</summary>
    /// <inheritdoc cref="Friedman1"/>
    public static RegressionData Heteroscedastic(Key key, int count, double noise = 0.2) => Drawn(
        key, count, [.. Enumerable.Repeat((-1.0, 1.0), 4)], x => Math.Sin(2 * Math.PI * x[0]) + x[1] * x[1] - x[0] * x[2], x => noise * Math.Exp(x[3]));

    /// <summary>The product x1 x2 of standard normal numbers, of which the others do not matter: without noise.</summary>
    /// <param name="key">Draws inputs.</param>
    /// <param name="count">n.</param>
    /// <param name="inputs">Numbers, 2 or more.</param>
    public static RegressionData NormalProduct(Key key, int count, int inputs)
    {
        var x = Sample.Normal(key, [count, inputs], ElementType.Float64).Evaluate();
        return new(x, (x[.., 0] * x[.., 1]).ExpandDims(1).Evaluate());
    }

    /// <summary>Any function of uniform numbers.</summary>
    /// <param name="key">Draws inputs and noise.</param>
    /// <param name="count">n.</param>
    /// <param name="ranges">Of each input.</param>
    /// <param name="value">The function.</param>
    /// <param name="noise">The standard deviation of the noise at an input; none when null.</param>
    public static RegressionData Drawn(Key key, int count, IReadOnlyList<(double Low, double High)> ranges, Func<double[], double> value, Func<double[], double>? noise = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var random = new KeyRandom(key);
        var (inputs, targets) = (new double[count * ranges.Count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            double[] x = [.. ranges.Select(range => random.Uniform(range.Low, range.High))];
            x.CopyTo(inputs.AsSpan(i * ranges.Count));
            targets[i] = value(x) + (noise is null ? 0 : noise(x) * random.Normal());
        }
        return new(Tensor.From(inputs, [count, ranges.Count]), Tensor.From(targets, [count, 1]));
    }

    private static double Reactance(double[] x) => x[1] * x[2] - 1 / (x[1] * x[3]);
}
