using Paramorph.Fields;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Fields;

public sealed class RadialKernelsTests
{
    [Fact]
    public void Kernels_of_a_few_samples_gather_where_the_signal_changes()
    {
        var random = new Random(1);
        var text = "x,y,value\n" + string.Concat(Enumerable.Range(0, 1500).Select(_ => (X: random.NextDouble(), Y: random.NextDouble())).Select(at => FormattableString.Invariant($"{at.X},{at.Y},{Math.Tanh(20 * (at.X - 0.5))}\n")));
        var problem = FieldFit.Read(Tables.Of(text), new() { Targets = ["value"], Settings = new Dictionary<string, string> { ["parameters"] = "4000" } });
        var method = (FieldMethod)RadialFieldLayer.Method;
        var drawn = method.Create(Key.Of(1), problem.Signature, Configuration.Default(method.Hyperparameters), problem.Parameters);
        double[] places = ((RadialFieldLayer)method.Placed(problem, Key.Of(2), drawn)).Field.Centres[.., 0].ToDoubles();
        // A fifth of the box.
        Assert.True(places.Count(x => Math.Abs(x - 0.5) < 0.1) > 0.5 * places.Length, $"{places.Count(x => Math.Abs(x - 0.5) < 0.1)} of {places.Length} kernels");
    }

    [Fact]
    public void More_kernels_are_fitted_where_the_signal_changes()
    {
        // A signal that changes ten times as fast where x < 0.5.
        var points = Sample.Uniform(Key.Of(1), [2000, 2]).Evaluate();
        var weights = Tensor.Where(points[.., 0] < 0.5, 10f, 1f).Evaluate();
        var centres = RadialKernels.Fitted(Key.Of(2), points, weights, 60, 0.001).Centres[.., 0].ToArray<float>();
        var dense = centres.Count(x => x < 0.5);
        Assert.True(dense > 2 * (centres.Length - dense), $"{dense} of {centres.Length} kernels lie where the signal changes faster.");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_square_of_r_is_that_of_twice_the_weighted_covariance(int dimensions)
    {
        const double Narrowest = 0.1;
        var points = Sample.Normal(Key.Of(1), [50, dimensions], ElementType.Float64).Evaluate();
        var weights = Sample.Uniform(Key.Of(2), [50], 0.1, 1.0, ElementType.Float64).Evaluate();
        var kernels = RadialKernels.Fitted(Key.Of(3), points, weights, 1, Narrowest);
        var (p, w) = (points.ToDoubles(), weights.ToDoubles());
        double Mean(Func<int, double> value) => Enumerable.Range(0, 50).Sum(n => w[n] * value(n)) / w.Sum();
        double[] centre = [.. Enumerable.Range(0, dimensions).Select(d => Mean(n => p[n * dimensions + d]))];
        var (scales, shears) = (kernels.Scales.ToDoubles(), kernels.Shears.ToDoubles());
        double A(int i, int j) => i == j ? scales[i] : i > j ? shears[i * (i - 1) / 2 + j] : 0;
        double Covariance(int i, int j) => 2 * (Mean(n => (p[n * dimensions + i] - centre[i]) * (p[n * dimensions + j] - centre[j])) + (i == j ? Narrowest * Narrowest : 0));
        for (var d = 0; d < dimensions; d++) Assert.Equal(centre[d], kernels.Centres.ToDoubles()[d], 1e-12);
        // A C A^T is 1.
        for (var i = 0; i < dimensions; i++)
        {
            for (var j = 0; j < dimensions; j++)
            {
                var product = Enumerable.Range(0, dimensions).Sum(k => Enumerable.Range(0, dimensions).Sum(l => A(i, k) * Covariance(k, l) * A(j, l)));
                Assert.Equal(i == j ? 1 : 0, product, 1e-10);
            }
        }
    }

    [Fact]
    public void Fitted_kernels_are_weighted_means_of_the_points_nearest_to_them()
    {
        // Three heaps: k-means settles within its steps.
        var points = (Tensor.Arange(30).AsType(ElementType.Float64) % 3.0 + 0.1 * Sample.Normal(Key.Of(1), [30], ElementType.Float64)).ExpandDims(1).Evaluate();
        var weights = Sample.Uniform(Key.Of(2), [30], 0.1, 1.0, ElementType.Float64).Evaluate();
        var (centres, x, w) = (RadialKernels.Fitted(Key.Of(3), points, weights, 3, 0.01).Centres.ToDoubles(), points.ToDoubles(), weights.ToDoubles());
        foreach (var centre in centres)
        {
            var own = Enumerable.Range(0, 30).Where(n => centres.MinBy(other => Math.Abs(x[n] - other)) == centre).ToArray();
            Assert.Equal(own.Sum(n => w[n] * x[n]) / own.Sum(n => w[n]), centre, 1e-9);
        }
    }

    [Fact]
    public void Regular_kernels_span_the_unit_box()
    {
        var kernels = RadialKernels.Regular(3, 4);
        Assert.Equal([64, 3], kernels.Centres.Shape);
        float[] levels = [0, 1 / 3f, 2 / 3f, 1];
        for (var axis = 0; axis < 3; axis++) Assert.Equal(levels, kernels.Centres[.., axis].ToArray<float>().Distinct().Order());
        Assert.Equal(64, kernels.Centres.ToArray<float>().Chunk(3).Distinct(new Rows()).Count());
    }

    [Fact]
    public void More_kernels_than_points_are_refused() => Assert.Contains(
        "cannot be fitted", Assert.Throws<ShapeException>(() => RadialKernels.Fitted(Key.Of(1), Tensor.Ones([3, 2]), Tensor.Ones([3]), 4, 0.1)).Message);

    private sealed class Rows : IEqualityComparer<float[]>
    {
        public bool Equals(float[]? a, float[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(float[] row) => HashCode.Combine(row[0], row[1], row[2]);
    }
}
