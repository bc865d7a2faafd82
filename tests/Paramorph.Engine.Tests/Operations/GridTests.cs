namespace Paramorph.Tests.Operations;

/// <summary>Interpolation, splines, segments and searching at their edges.</summary>
public class GridTests
{
    [Theory]
    [InlineData(Boundary.Clamp)]
    [InlineData(Boundary.Periodic)]
    [InlineData(Boundary.Zero)]
    public void Grid_points_have_their_own_values(Boundary boundary)
    {
        var values = Tensor.Arange(12, ElementType.Float64).Reshape(3, 4);
        var points = Tensor.Stack([Tensor.Iota([3, 4], 0, ElementType.Float64), Tensor.Iota([3, 4], 1, ElementType.Float64)], -1);

        Expect.Close(values, Interpolate.Linear(values, points, boundary), 0);
        Expect.Close(values, Interpolate.Nearest(values, points, boundary), 0);
    }

    [Fact]
    public void Coordinates_far_away_follow_the_boundary()
    {
        var (values, far) = (Tensor.From(1.0, 2, 3), Tensor.From(new[,] { { -1e30 }, { 1e30 } }));

        Assert.Equal([1, 3], Interpolate.Linear(values, far).ToDoubles());
        Assert.Equal([0, 0], Interpolate.Linear(values, far, Boundary.Zero).ToDoubles());
        Assert.Equal([1, 3], Interpolate.Nearest(values, far).ToDoubles());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_missing_spreads_to_its_cells_and_not_to_their_ends(double missing)
    {
        var grid = Tensor.From([1, 2, 3, 4, missing, 6, 7, 8, 9], [3, 3]);
        var known = Tensor.From(new[,] { { 0.0, 0 }, { 0, 1 }, { 1, 0 }, { 2, 1 }, { 0, 0.5 } });

        Assert.Equal([1, 2, 4, 8, 1.5], Interpolate.Linear(grid, known).ToDoubles());
        Assert.Equal([1, 2, 4, 8, 1.5], Compile.Of((Tensor g, Tensor x) => Interpolate.Linear(g, x))(grid, known).ToDoubles());
        Assert.False(double.IsFinite(Interpolate.Linear(grid, Tensor.From(new[,] { { 0.0, 1 } }) + 0.25).Item()));
        Assert.All(Gradient.Of(grid, g => Interpolate.Linear(g, known).Sum()).ToDoubles(), x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void Integer_values_are_interpolated_as_real_ones() =>
        Expect.Close(Tensor.From(1.25f), Interpolate.Linear(Tensor.From(1, 2), Tensor.From(new[,] { { 0.25f } })), 0);

    [Fact]
    public void Coordinates_address_no_more_axes_than_there_are() => Assert.Equal(
        "interpolate_linear: coordinates f32[5, 2] do not address f32[4]: their last axis has one number for each axis of the grid.",
        Assert.Throws<ShapeException>(() => Interpolate.Linear(Tensor.Zeros([4]), Tensor.Zeros([5, 2]))).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Splines_sum_to_one_up_to_the_ends(int degree)
    {
        var x = Tensor.Linspace(-2, 1, 31, ElementType.Float64);

        foreach (var knots in new[] { BSpline.UniformKnots(-2, 1, 6, degree, ElementType.Float64), BSpline.ClampedKnots(-2, 1, 6, degree, ElementType.Float64) })
        {
            var basis = BSpline.Basis(x, knots, degree);
            Assert.Equal(6 + degree, basis.Shape[1]);
            Expect.Close(Tensor.Ones([31], ElementType.Float64), basis.Sum(1), 1e-12);
        }
    }

    [Fact]
    public void Splines_vanish_outside_their_knots() =>
        Assert.All(BSpline.Basis(Tensor.From(-3.0, 3), Tensor.From(0.0, 1, 2), 1).ToDoubles(), b => Assert.Equal(0, b));

    [Fact]
    public void Bad_splines_are_refused()
    {
        Assert.Equal("b_spline: degree -1 does not exist: degrees are 0 or more.", Assert.Throws<ShapeException>(() => BSpline.UniformKnots(0, 1, 2, -1)).Message);
        Assert.Equal(
            "b_spline: knots f32[3] are too few for degree 2: a vector of at least 4 is needed.",
            Assert.Throws<ShapeException>(() => BSpline.Basis(Tensor.Zeros([1]), Tensor.Zeros([3]), 2)).Message);
        Assert.Throws<ShapeException>(() => BSpline.UniformKnots(1, 0, 2, 1));
    }

    [Fact]
    public void Integer_segments_have_integer_bounds()
    {
        var (values, ids) = (Tensor.From(3, 5, -1), Tensor.From(1, 1, 0));

        Assert.Equal([-1, 5, int.MinValue], Segment.Max(values, ids, 3).ToArray<int>());
        Assert.Equal([-1, 3, int.MaxValue], Segment.Min(values, ids, 3).ToArray<int>());
    }

    [Fact]
    public void Segments_take_one_id_a_slice()
    {
        Assert.Equal(
            "segment: ids i32[2] do not divide f32[3]: there is one id for each slice along the first axis.",
            Assert.Throws<ShapeException>(() => Segment.Sum(Tensor.Zeros([3]), Tensor.From(0, 1), 2)).Message);
        Assert.Throws<ElementTypeException>(() => Segment.Sum(Tensor.Zeros([2]), Tensor.Zeros([2]), 2));
        Assert.Throws<EvaluationException>(() => Segment.Sum(Tensor.Zeros([2]), Tensor.From(0, 2), 2).Evaluate());
        foreach (var of in (Func<Tensor, Tensor, int, Tensor>[])[Segment.Sum, Segment.Mean, Segment.Max, Segment.Min, Segment.Softmax])
            Assert.Throws<EvaluationException>(() => of(Tensor.Ones([2]), Tensor.From(0, -1), 2).Evaluate());
    }

    [Fact]
    public void Softmax_of_a_segment_of_minus_infinity_is_zero() => Expect.Close(
        Tensor.From(0.0, 0, 1), Segment.Softmax(Tensor.From(double.NegativeInfinity, double.NegativeInfinity, 4), Tensor.From(0, 0, 1), 2), 0);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Searching_agrees_with_counting(int count)
    {
        var sorted = Sample.Integers(Key.Of(count), [count], 0, 6).ToArray<int>().Order().ToArray();
        var values = Tensor.Arange(9) - 1;

        Assert.Equal(values.ToArray<int>().Select(v => sorted.Count(s => s < v)), Tensor.SearchSorted(Tensor.From(sorted), values).ToArray<int>());
        Assert.Equal(values.ToArray<int>().Select(v => sorted.Count(s => s <= v)), Tensor.SearchSorted(Tensor.From(sorted), values, true).ToArray<int>());
    }

    [Fact]
    public void Everything_belongs_at_the_start_of_nothing() =>
        Assert.Equal([0, 0], Tensor.SearchSorted(Tensor.Zeros([0]), Tensor.From(1f, 2f)).ToArray<int>());

    [Fact]
    public void Arrangements_refuse_what_does_not_fit()
    {
        Assert.Equal("cross: f32[2] and f32[3] must have 3 components along axis -1.", Assert.Throws<ShapeException>(() => Tensor.Cross(Tensor.Zeros([2]), Tensor.Zeros([3]))).Message);
        Assert.Equal("kron: f32[2] and f32[1, 1] differ in rank: both must have as many axes.", Assert.Throws<ShapeException>(() => Tensor.Kron(Tensor.Zeros([2]), Tensor.Zeros([1, 1]))).Message);
        Assert.Equal("tril: f32[2] is no matrix.", Assert.Throws<ShapeException>(() => Tensor.Zeros([2]).Tril()).Message);
        Assert.Equal("vander: 0 powers make no matrix: at least 1 does.", Assert.Throws<ShapeException>(() => Tensor.Vander(Tensor.Zeros([2]), 0)).Message);
        Assert.Equal("one_hot: f32[2] does not index: classes are integers.", Assert.Throws<ElementTypeException>(() => Tensor.OneHot(Tensor.Zeros([2]), 3)).Message);
        Assert.Equal("histogram: f32[1] bounds no bins: edges are a vector of at least 2.", Assert.Throws<ShapeException>(() => Tensor.Zeros([2]).Histogram(Tensor.Zeros([1]))).Message);
        Assert.Throws<ShapeException>(() => Tensor.Polynomial(Tensor.Zeros([0]), Tensor.Zeros([2])));
        Assert.Throws<ShapeException>(() => Tensor.SearchSorted(Tensor.Zeros([2, 3]), Tensor.Zeros([3])));
        Assert.Throws<ShapeException>(() => Attention.ScaledDotProduct(Tensor.Zeros([2, 3]), Tensor.Zeros([2, 4]), Tensor.Zeros([2, 4])));
        Assert.Throws<ShapeException>(() => Distance.Euclidean(Tensor.Zeros([2, 3]), Tensor.Zeros([2, 4])));
    }
}
