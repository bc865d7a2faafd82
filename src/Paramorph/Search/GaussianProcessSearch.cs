using Paramorph.Bayes;

namespace Paramorph.Search;

/// <summary>
/// The posterior of a Gaussian process with Matérn's kernel for optimisation: told values of a function, it says how high it may be elsewhere. One length scale for all coordinates and the noise are those of the highest
/// marginal likelihood of a grid. (Srinivas et al., "Gaussian process optimization in the bandit setting", 2010; Jones, Schonlau and Welch, "Efficient global optimization of expensive black-box functions", 1998.)
/// </summary>
/// <param name="dimensions">Coordinates of a point.</param>
/// <param name="most">The most values that it can be told.</param>
public sealed class GaussianProcessSearch(int dimensions, int most)
{
    private static readonly double[] lengths = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2], noises = [1e-4, 1e-3, 1e-2, 1e-1];

    // Rows that are not told yet are uncorrelated with all others, so that shapes stay and one program serves all.
    private static readonly Func<Tensor, Tensor, Tensor, Tensor, (Tensor Factor, Tensor Solved, Tensor Likelihood)> fit = Compile.Of((Tensor x, Tensor y, Tensor known, Tensor scales) =>
    {
        var points = x / scales[0];
        var covariance = StationaryKernel.Matern(points, points) * known * known.ExpandDims(-1) + Diagonal(Tensor.Where(known > 0.0, scales[1], 1.0));
        var factor = LinearAlgebra.Cholesky(covariance);
        var whitened = LinearAlgebra.TriangularSolve(factor, y.ExpandDims(-1));
        var variance = Variance(whitened, known);
        // The likelihood where the variance of the function is the best one.
        return (factor, whitened, -0.5 * known.Sum() * Tensor.Log(variance) - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum());
    });

    private static readonly Func<Tensor, Tensor, Tensor, TreeTriple<Tensor, Tensor, Tensor>, (Tensor Mean, Tensor Deviation)> predict =
        Compile.Of((Tensor at, Tensor x, Tensor known, TreeTriple<Tensor, Tensor, Tensor> fitted) =>
        {
            var (factor, whitened, scales) = fitted;
            var cross = LinearAlgebra.TriangularSolve(factor, StationaryKernel.Matern(x / scales[0], at / scales[0]) * known.ExpandDims(-1));
            var variance = Variance(whitened, known);
            return ((cross * whitened).Sum(0), Tensor.Sqrt(variance * Tensor.Maximum(1.0 - Tensor.Square(cross).Sum(0), 1e-12)));
        });

    private readonly List<double[]> points = [];
    private readonly List<double> values = [];
    private Tensor x = Tensor.Zeros([most, dimensions], ElementType.Float64).Evaluate(), known = Tensor.Zeros([most], ElementType.Float64).Evaluate();
    private TreeTriple<Tensor, Tensor, Tensor> fitted;
    private double mean, scale = 1;

    /// <summary>Tells values of the function, and learns length scale and noise from all told so far.</summary>
    /// <param name="at">[n, dimensions].</param>
    /// <param name="value">[n].</param>
    /// <exception cref="InvalidOperationException">It was told as many as it can be.</exception>
    public void Tell(Tensor at, Tensor value)
    {
        points.AddRange(at.ToDoubles().Chunk(dimensions));
        values.AddRange(value.ToDoubles());
        if (points.Count > most) throw new InvalidOperationException($"{points.Count} values are more than the {most} that were announced.");
        mean = values.Average();
        // Values that are all equal have no scale.
        scale = Math.Sqrt(values.Average(own => (own - mean) * (own - mean))) is var spread && spread > 1e-12 ? spread : 1;
        var rows = new double[most * dimensions];
        for (var i = 0; i < points.Count; i++) points[i].CopyTo(rows, i * dimensions);
        x = Tensor.From(rows, [most, dimensions]);
        known = Tensor.From<double>([.. Enumerable.Range(0, most).Select(i => i < points.Count ? 1.0 : 0)]);
        var y = Tensor.From<double>([.. Enumerable.Range(0, most).Select(i => i < points.Count ? (values[i] - mean) / scale : 0)]);
        var highest = double.NegativeInfinity;
        foreach (var length in lengths)
        {
            foreach (var noise in noises)
            {
                var scales = Tensor.From(length * Math.Sqrt(dimensions), noise);
                var (factor, whitened, likelihood) = fit(x, y, known, scales);
                if (likelihood.Item() is var own && own > highest) (highest, fitted) = (own, new(factor, whitened, scales));
            }
        }
    }

    /// <summary>Mean and standard deviation of the function at points: f64 [n] each.</summary>
    /// <param name="at">[n, dimensions]; points of one number share a program.</param>
    public (Tensor Mean, Tensor Deviation) Posterior(Tensor at)
    {
        var (own, deviation) = predict(at.AsType(ElementType.Float64), x, known, fitted);
        return ((mean + scale * own).Evaluate(), (scale * deviation).Evaluate());
    }

    /// <summary>The mean and so many deviations more: f64 [n].</summary>
    /// <param name="at">[n, dimensions].</param>
    /// <param name="deviations">√β.</param>
    public Tensor UpperBound(Tensor at, double deviations) => Posterior(at) is var (own, deviation) ? (own + deviations * deviation).Evaluate() : at;

    /// <summary>By how much the highest value so far is exceeded, in expectation: f64 [n].</summary>
    /// <param name="at">[n, dimensions].</param>
    public Tensor ExpectedImprovement(Tensor at)
    {
        var (own, deviation) = Posterior(at);
        var standard = (own - values.Max()) / deviation;
        return (deviation * (standard * 0.5 * (1.0 + Tensor.Erf(standard / Math.Sqrt(2))) + Tensor.Exp(-0.5 * Tensor.Square(standard)) / Math.Sqrt(2 * Math.PI))).Evaluate();
    }

    /// <summary>The likeliest variance of the function, in units of that of its values; of values that are all equal, 1.</summary>
    private static Tensor Variance(Tensor whitened, Tensor known) => Tensor.Square(whitened).Sum() / known.Sum() is var own ? Tensor.Where(own > 0.0, own, 1.0) : own;

    private static Tensor Diagonal(Tensor x) => x.ExpandDims(-1) * Tensor.Eye(x.Count, x.ElementType);
}
