using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class UnivariateBasisTests
{
    private static readonly double[] places = [-0.99, -0.63, -0.31, 0.02, 0.4, 0.77, 0.98];

    public static TheoryData<string> Families => [.. UnivariateBasis.All(7).Select(basis => basis.Name)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Matrices_give_the_splines_of_the_recursion(int degree)
    {
        const int Intervals = 5;
        // Places beyond the ends too, where the outer splines fall to 0 and stay there.
        var x = Sample.Uniform(Key.Of(7), [400], -4.0, 4.0, ElementType.Float64).Evaluate();
        var recursive = UnivariateBasis.BSplines([.. BSpline.UniformKnots(-1, 1, Intervals, degree, ElementType.Float64).ToDoubles()], degree).Values(x);
        Assert.True(Tensor.Abs(UnivariateBasis.BSplines(Intervals + degree, degree).Values(x) - recursive).Max().Item() < 1e-12);
    }

    [Fact]
    public void The_matrix_of_cubic_splines_is_the_known_one() =>
        Assert.Equal([1, -3, 3, -1, 4, 0, -6, 3, 1, 3, 3, -3, 0, 0, 0, 1], (6.0 * BSpline.Matrix(3, ElementType.Float64)).ToDoubles().Select(value => Math.Round(value, 12)));

    [Fact]
    public void Splines_on_uneven_knots_sum_to_one_between_the_inner_ones()
    {
        var basis = UnivariateBasis.BSplines([-3, -2, -1.5, -1, -0.8, 0.1, 0.3, 1, 2, 2.5, 4], 3);
        Assert.Equal(7, basis.Count);
        Assert.All(basis.Values(Tensor.Linspace(-1, 1, 50, ElementType.Float64)).Sum(-1).ToDoubles(), sum => Assert.Equal(1, sum, 12));
    }

    [Fact]
    public void Splines_sum_to_one() =>
        Assert.All(UnivariateBasis.BSplines(7).Values(Tensor.Linspace(-1, 1, 50, ElementType.Float64)).Sum(-1).ToDoubles(), sum => Assert.Equal(1, sum, 12));

    [Fact]
    public void Splines_are_those_of_the_recursion_of_Cox_and_de_Boor()
    {
        var x = Tensor.From(places);
        var recursive = BSpline.Basis(x, BSpline.UniformKnots(-1, 1, 4, 3, ElementType.Float64), 3);
        Assert.True(Tensor.Abs(UnivariateBasis.BSplines(7).Values(x) - recursive).Max().Item() < 1e-12);
    }

    [Fact]
    public void Cubic_splines_are_shifts_of_one_piecewise_polynomial()
    {
        static double Spline(double t) => t switch
        {
            < 0 or >= 4 => 0,
            < 1 => t * t * t / 6,
            < 2 => (((-3 * t + 12) * t - 12) * t + 4) / 6,
            < 3 => (((3 * t - 24) * t + 60) * t - 44) / 6,
            _ => (4 - t) * (4 - t) * (4 - t) / 6,
        };
        AssertIs(UnivariateBasis.BSplines(7), (x, k) => Spline((x + 1) / 0.5 + 3 - k));
    }

    [Fact]
    public void Gaussians_stand_their_width_apart() => AssertIs(UnivariateBasis.Gaussians(5), (x, k) => Math.Exp(-Math.Pow((x + 1 - 0.5 * k) / 0.5, 2)));

    [Fact]
    public void Polynomials_of_Chebyshev_are_cosines_of_multiples_of_an_angle() => AssertIs(UnivariateBasis.Chebyshev(7), (x, k) => Math.Cos(k * Math.Acos(x)));

    [Fact]
    public void Fourier_functions_are_cosines_and_sines_in_turn() =>
        AssertIs(UnivariateBasis.Fourier(7), (x, k) => k % 2 == 0 && k > 0 ? Math.Sin(k / 2 * Math.PI * x) : Math.Cos((k + 1) / 2 * Math.PI * x));

    [Fact]
    public void Mexican_hats_halve_their_width_from_level_to_level()
    {
        (double Centre, double Width)[] hats = [(0, 1), (-0.5, 0.5), (0.5, 0.5), (-0.75, 0.25), (-0.25, 0.25), (0.25, 0.25), (0.75, 0.25)];
        AssertIs(UnivariateBasis.MexicanHats(7), (x, k) =>
        {
            var t = (x - hats[k].Centre) / hats[k].Width;
            return 2 / Math.Sqrt(3 * Math.Sqrt(Math.PI)) * (1 - t * t) * Math.Exp(-t * t / 2);
        });
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Derivatives_are_those_of_finite_differences(string name)
    {
        const double Step = 1e-5;
        var basis = UnivariateBasis.All(7).Single(basis => basis.Name == name);
        var x = Tensor.From(places);
        var (_, tangent) = Jvp.Of(x, Tensor.OnesLike(x), basis.Values);
        var difference = (basis.Values(x + Step) - basis.Values(x - Step)) / (2 * Step);
        Assert.True(Tensor.Abs(tangent - difference).Max().Item() < 1e-6);
    }

    [Fact]
    public void Families_are_equal_when_they_are_of_one_kind_and_count()
    {
        Assert.Equal(UnivariateBasis.Gaussians(5), UnivariateBasis.Gaussians(5));
        Assert.NotEqual(UnivariateBasis.Chebyshev(5), UnivariateBasis.Gaussians(5));
    }

    [Fact]
    public void Too_few_functions_are_refused()
    {
        Assert.Throws<ShapeException>(() => UnivariateBasis.BSplines(3));
        Assert.Throws<ShapeException>(() => UnivariateBasis.Gaussians(1));
        Assert.Throws<ShapeException>(() => UnivariateBasis.Fourier(0));
    }

    private static void AssertIs(UnivariateBasis basis, Func<double, int, double> closed)
    {
        var values = basis.Values(Tensor.From(places)).ToDoubles();
        for (var i = 0; i < values.Length; i++) Assert.Equal(closed(places[i / basis.Count], i % basis.Count), values[i], 12);
    }
}
