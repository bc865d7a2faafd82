namespace Paramorph.Data;

/// <summary>
/// Normal inputs with responses of which only distances are known, as tasks of sufficient dimension reduction: found are to be the one or two functions of the inputs on which a response depends.
/// (After Yuan, Wang and Yu, "Fréchet cumulative covariance net", 2025.)
/// </summary>
/// <param name="Name">The kind of responses.</param>
/// <param name="HasOutliers">Whether a tenth of the responses to learn from is moved far away.</param>
/// <param name="Train">Inputs to learn from: f32 [n, 10].</param>
/// <param name="Distances">Between their responses: f32 [n, n].</param>
/// <param name="Test">New inputs: f32 [500, 10].</param>
/// <param name="Predictors">What responses to these depend on: f32 [500, 1 or 2].</param>
public sealed record MetricResponses(string Name, bool HasOutliers, Tensor Train, Tensor Distances, Tensor Test, Tensor Predictors)
{
    /// <summary>Numbers in an input, of which two to four matter.</summary>
    public const int Inputs = 10;

    private const int Tests = 500;

    /// <summary>How far an outlier lies, in Cauchy deviations, and one of how many responses is one.</summary>
    private const int Distant = 20, OneOf = 10;

    /// <summary>
    /// Numbers; normal distributions, at Wasserstein's distance; directions in space, at their angle; and positive definite 2 x 2 matrices, at the distance of their logarithms. All
    /// without outliers, and then all with them.
    /// </summary>
    /// <param name="key">Draws inputs, responses and outliers.</param>
    /// <param name="rows">n.</param>
    public static IReadOnlyList<MetricResponses> All(Key key, int rows)
    {
        double[] Far(double[] y, KeyRandom random) => [.. y.Select(value => Moved(value, random))];
        MetricResponses[] Kinds(bool hasOutliers) =>
        [
            Of(key.Fold(0), "numbers", rows, hasOutliers, First, (x, random) => [Mean(x) + 0.2 * random.Normal()], Far, Euclidean),
            Of(key.Fold(1), "distributions", rows, hasOutliers, Both,
                (x, random) => [Mean(x) + 0.2 * random.Normal(), Math.Exp(Spread(x) + 0.1 * random.Normal())], (y, random) => [Moved(y[0], random), y[1]], Euclidean),
            Of(key.Fold(2), "directions", rows, hasOutliers, First,
                (x, random) => Unit([Math.Cos(Mean(x) * Math.PI / 2) + 0.2 * random.Normal(), Math.Sin(Mean(x) * Math.PI / 2) + 0.2 * random.Normal(), 0.2 * random.Normal()]),
                (_, random) => Unit([random.Normal(), random.Normal(), random.Normal()]), Angle),
            // Logarithms of symmetric matrices, as vectors of the same distances: the diagonal, and the root of 2 times what is beside it.
            Of(key.Fold(3), "matrices", rows, hasOutliers, Both,
                (x, random) => [Mean(x) + 0.2 * random.Normal(), 0.2 * random.Normal() - Mean(x), Math.Sqrt(2) * (Spread(x) + 0.2 * random.Normal())], Far, Euclidean),
        ];
        return [.. Kinds(hasOutliers: false), .. Kinds(hasOutliers: true)];
    }

    private static MetricResponses Of(
        Key key, string kind, int rows, bool hasOutliers, Func<double[], double[]> truth, Func<double[], KeyRandom, double[]> draw,
        Func<double[], KeyRandom, double[]> outlier, Func<double[], double[], double> distance)
    {
        KeyRandom random = new(key.Fold(0)), outliers = new(key.Fold(1));
        double[][] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Inputs).Select(_ => random.Normal()).ToArray())];
        var (train, test) = (Normal(rows), Normal(Tests));
        double[][] responses = [.. train.Select(x => draw(x, random))];
        if (hasOutliers) responses = [.. responses.Select((y, i) => i % OneOf == 0 ? outlier(y, outliers) : y)];
        var distances = responses.Select(a => responses.Select(b => distance(a, b)).ToArray()).ToArray();
        return new(hasOutliers ? $"{kind} with outliers" : kind, hasOutliers, Matrix(train), Matrix(distances), Matrix(test), Matrix([.. test.Select(truth)]));
    }

    private static double Mean(double[] x) => Math.Tanh(x[0] + x[0] * x[1]);

    private static double Spread(double[] x) => Math.Sin(x[2] + x[3]);

    private static double[] First(double[] x) => [Mean(x)];

    private static double[] Both(double[] x) => [Mean(x), Spread(x)];

    private static double Moved(double value, KeyRandom random) => value + Distant * (random.Normal() / random.Normal());

    private static double Euclidean(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum());

    private static double Angle(double[] a, double[] b) => Math.Acos(Math.Clamp(a.Zip(b, (p, q) => p * q).Sum(), -1, 1));

    private static double[] Unit(double[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / norm)];
    }

    private static Tensor Matrix(double[][] rows) => Tensor.From<float>([.. rows.SelectMany(row => row.Select(value => (float)value))], [rows.Length, rows[0].Length]);
}
