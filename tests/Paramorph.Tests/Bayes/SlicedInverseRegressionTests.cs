using MathNet.Numerics.LinearAlgebra;
using Paramorph.Bayes;
using Paramorph.Experiments;

namespace Paramorph.Tests.Bayes;

public sealed class SlicedInverseRegressionTests
{
    [Fact]
    public void The_leading_function_is_the_leading_eigenvector_of_the_operator()
    {
        const int Count = 12;
        var (x, y) = (Sample.Normal(Key.Of(1), [Count, 2], ElementType.Float64).Evaluate(), Sample.Normal(Key.Of(2), [Count, 1], ElementType.Float64).Evaluate());
        var fit = SlicedInverseRegression.Fit(StationaryKernel.SquaredExponential, x, StationaryKernel.SquaredExponential(y, y), 1, 0.01);
        Matrix<double> Square(Tensor values) => Matrix<double>.Build.DenseOfRowArrays(values.ToDoubles().Chunk(Count).ToArray());
        var centre = CreateMatrix.DenseIdentity<double>(Count) - 1.0 / Count;
        var raw = Square(StationaryKernel.SquaredExponential(x, x));
        var (k, l) = (centre * raw * centre, centre * Square(StationaryKernel.SquaredExponential(y, y)) * centre);
        var inverse = (k + 0.01 * Count * CreateMatrix.DenseIdentity<double>(Count)).Inverse();
        var whole = inverse * k * l * k * inverse;
        var vector = ((whole + whole.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenVectors.Column(Count - 1);
        var expected = raw * centre * inverse * vector;
        var found = fit.Features(x).ToDoubles();
        var sign = Math.Sign(expected[0] * found[0]);
        Numbers.Close([.. expected], [.. found.Select(value => sign * value)], 1e-7);
    }

    [Fact]
    public void The_function_of_a_response_is_found()
    {
        var x = Sample.Normal(Key.Of(3), [150, 2], ElementType.Float64).Evaluate();
        var y = Tensor.Tanh(x[.., ..1] - x[.., 1..]).Evaluate();
        var fit = SlicedInverseRegression.Fit(StationaryKernel.SquaredExponential, x, StationaryKernel.SquaredExponential(y, y), 1, 1e-3);
        var asked = Sample.Normal(Key.Of(4), [100, 2], ElementType.Float64).Evaluate();
        Assert.InRange(Math.Abs(Trend.Correlation(fit.Features(asked).ToDoubles(), Tensor.Tanh(asked[.., 0] - asked[.., 1]).ToDoubles())), 0.95, 1);
    }

    [Fact]
    public void Distances_over_the_median_and_bounded_ones_are_those_by_hand()
    {
        var distances = Tensor.From(new[,] { { 0.0, 2, 4 }, { 2, 0, 4 }, { 4, 4, 0 } });
        double[] scaled = [0, 1, 2, 1, 0, 2, 2, 2, 0];
        Numbers.Close(scaled, MetricDependence.OverMedian(distances).ToDoubles(), 1e-12);
        Numbers.Close([.. scaled.Select(value => value / (1 + value))], MetricDependence.Bounded(distances).ToDoubles(), 1e-12);
    }

    [Fact]
    public void A_kernel_of_other_examples_is_refused() =>
        Assert.Throws<ShapeException>(() => SlicedInverseRegression.Fit(StationaryKernel.Sum, Tensor.Zeros([3, 1], ElementType.Float64), Tensor.Zeros([2, 2], ElementType.Float64), 1, 0.1));
}
