namespace Paramorph.Tests.Operations;

/// <summary>Functions at zeros, kinks and infinities, and in single precision.</summary>
public class SpecialValueTests
{
    private const double Inf = double.PositiveInfinity;

    [Fact]
    public void A_norm_has_derivative_zero_at_the_origin()
    {
        foreach (var order in new[] { 2, 3, 1.5, 0.5 })
            Expect.Close(Tensor.Zeros([3], ElementType.Float64), Gradient.Of(Tensor.Zeros([3], ElementType.Float64), x => x.Norm(order)), 0);
    }

    [Theory]
    [InlineData(1.0, 0.1, 9)]
    [InlineData(-1.0, 0.1, -10)]
    [InlineData(7.5, -2.0, -4)]
    [InlineData(6.0, 3.0, 2)]
    [InlineData(-1.0, Inf, -1)]
    [InlineData(1.0, Inf, 0)]
    [InlineData(1.0, 0.0, Inf)]
    [InlineData(1e300, 1e-3, 1e303)]
    public void A_quotient_without_remainder_is_that_of_Python(double x, double y, double expected)
    {
        Assert.Equal(expected, Tensor.FloorDivide(Tensor.Scalar(x), Tensor.Scalar(y)).Item(), Math.Abs(expected) * 1e-15);
        Assert.Equal(expected, Compile.Of((Tensor a, Tensor b) => Tensor.FloorDivide(a, b))(Tensor.Scalar(x), Tensor.Scalar(y)).Item(), Math.Abs(expected) * 1e-15);
    }

    [Fact]
    public void The_standard_deviation_is_the_root_of_the_variance_with_derivative_zero_where_all_are_equal()
    {
        var x = Tensor.From(new[,] { { 1.0, 4, 7 }, { 2, 2, 2 } });
        Expect.Close(Tensor.From(Math.Sqrt(6), 0), x.Std(1), 1e-15);
        Expect.Close(Tensor.From(new[,] { { -1 / Math.Sqrt(6), 0, 1 / Math.Sqrt(6) }, { 0, 0, 0 } }), Gradient.Of(x, v => v.Std(1).Sum()), 1e-15);
        Expect.First(v => [v[0].Std()], [Tensor.From(0.3, -1.2, 2.5)], 1e-7);
    }

    [Theory]
    [InlineData(ElementType.Float32, -87.33654022216797, -87.3365478515625, -103)]
    [InlineData(ElementType.Float64, -708.396418532264, -708.3964185322642, -745)]
    public void Exponentials_are_normal_numbers_or_zero(ElementType type, double normal, double below, double least)
    {
        var x = Tensor.From(normal, below, least, 2 * least, double.NegativeInfinity, 0).AsType(type);
        foreach (var f in new Func<Tensor, Tensor>[] { Tensor.Exp, Tensor.Sigmoid })
        {
            // A single element, a few that run by the definition, and vectors of all sizes.
            foreach (var y in new[] { f(x), Compile.Of(f)(x), Compile.Of(f)(x.Tile(5)) })
            {
                var values = y.ToDoubles();
                Assert.InRange(values[0], type == ElementType.Float32 ? 1.1754943508222875e-38 : 2.2250738585072014e-308, 1e-37);
                Assert.All(values[1..5], v => Assert.Equal(0, v));
            }
        }
    }

    [Fact]
    public void A_zero_vector_normalises_to_zero() => Expect.Close(Tensor.Zeros([3]), Tensor.Zeros([3]).Normalise(), 0);

    [Fact]
    public void Points_that_coincide_have_distance_zero_and_derivative_zero()
    {
        var x = Tensor.From(new[,] { { 1e8, 1 }, { 1e8, 1.5 } });

        Expect.Close(Tensor.From(new[,] { { 0, 0.25 }, { 0.25, 0 } }), Distance.SquaredEuclidean(x, x), 0);
        Assert.All(Gradient.Of(x, p => Distance.Euclidean(p, p).Sum()).ToDoubles(), g => Assert.True(double.IsFinite(g)));
        Assert.Equal(1, Distance.Cosine(Tensor.Zeros([1, 2]), Tensor.Ones([1, 2])).Item());
    }

    [Fact]
    public void Activations_pass_not_a_number()
    {
        Func<Tensor, Tensor>[] all =
        [
            Tensor.Relu, x => Tensor.LeakyRelu(x), x => Tensor.Elu(x), Tensor.Selu, Tensor.Softplus, Tensor.LogSigmoid, Tensor.Gelu, Tensor.GeluTanh, Tensor.Silu,
            Tensor.Mish, Tensor.Softsign, Tensor.HardSigmoid, Tensor.HardTanh, Tensor.HardSwish, x => Tensor.Heaviside(x), Tensor.Sinc, Tensor.Asinh,
        ];
        Assert.All(all, f => Assert.True(double.IsNaN(f(Tensor.Scalar(double.NaN)).Item())));
    }

    [Fact]
    public void Activations_are_exact_far_out()
    {
        Assert.Equal([0, 800], Tensor.Softplus(Tensor.From(-800.0, 800)).ToDoubles());
        Assert.Equal([-800, 0], Tensor.LogSigmoid(Tensor.From(-800.0, 800)).ToDoubles());
        Assert.Equal(-20 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -20), Tensor.Gelu(Tensor.Scalar(-20.0)).Item(), 1e-96);
        Assert.Equal([-1, 800], Tensor.Elu(Tensor.From(-800.0, 800)).ToDoubles());
    }

    [Fact]
    public void Derivatives_at_kinks_are_those_of_the_convention()
    {
        Assert.Equal(0, Gradient.Of(Tensor.Scalar(0.0), Tensor.Relu).Item());
        Assert.Equal(0.5, Gradient.Of(Tensor.Scalar(0.0), Tensor.Softplus).Item());
        Assert.Equal(0.25, Hessian.Of(Tensor.Scalar(0.0), Tensor.Softplus).Item(), 1e-15);
        Assert.Equal(1, Gradient.Of(Tensor.Scalar(0.0), Tensor.Asinh).Item());
        Assert.Equal(-Math.PI * Math.PI / 3, Hessian.Of(Tensor.Scalar(0.0), Tensor.Sinc).Item(), 1e-14);
        Assert.Equal(0.5, Gradient.Of(Tensor.Scalar(0.0), Bessel.J1).Item(), 1e-15);
    }

    [Fact]
    public void Inverse_hyperbolic_functions_are_accurate_near_their_ends()
    {
        Expect.Close(Tensor.From(1.0, 1, 1), Tensor.Asinh(Tensor.From(1e-9, -1e-9, 1e300)) / Tensor.From(Math.Asinh(1e-9), Math.Asinh(-1e-9), Math.Asinh(1e300)), 1e-15);
        Assert.Equal(Inf, Tensor.Asinh(Tensor.Scalar(Inf)).Item());
        Expect.Close(Tensor.From(1.0, 1), Tensor.Acosh(Tensor.From(1 + 1e-10, 1e300)) / Tensor.From(Math.Acosh(1 + 1e-10), Math.Acosh(1e300)), 1e-15);
        Assert.Equal(0, Tensor.Acosh(Tensor.Scalar(1.0)).Item());
        Assert.Equal([-Inf, Inf], Tensor.Atanh(Tensor.From(-1.0, 1)).ToDoubles());
    }

    [Fact]
    public void Nothing_times_the_logarithm_of_nothing_is_nothing()
    {
        Assert.Equal([0, -Inf], Tensor.Xlogy(Tensor.From(0.0, 1), Tensor.From(0.0, 0)).ToDoubles());
        Assert.Equal(Math.Log(2), Gradient.Of(Tensor.Scalar(0.0), x => Tensor.Xlogy(x, 2.0)).Item());
        Assert.Equal(0, Gradient.Of(Tensor.Scalar(0.0), x => Tensor.Xlogy(0.0, x)).Item());
    }

    [Fact]
    public void The_angle_of_the_origin_is_zero_with_derivative_zero()
    {
        var origin = Tensor.From(System.Numerics.Complex.Zero);

        Assert.Equal(0, Tensor.Angle(origin).Item());
        Assert.Equal(System.Numerics.Complex.Zero, Gradient.Of(origin, z => Tensor.Angle(z).Sum()).Item<System.Numerics.Complex>());
        Assert.Equal([0, (float)Math.PI], Tensor.Angle(Tensor.From(2f, -2f)).ToDoubles());
    }

    [Theory]
    [InlineData(0.0, 1.0, 0.0)]
    [InlineData(24.9, 0.1023665894487, -0.1220793597246)]
    [InlineData(30.0, -0.08636798358104, -0.1187510626166)]
    [InlineData(1000.0, 0.02478668615242, 0.004728311907089)]
    public void Bessel_functions_agree_with_the_tables(double x, double j0, double j1)
    {
        if (x == 24.9) (j0, j1) = (ByIntegral(0, x), ByIntegral(1, x));
        Assert.Equal(j0, Bessel.J0(Tensor.Scalar(x)).Item(), 1e-13);
        Assert.Equal(j1, Bessel.J1(Tensor.Scalar(x)).Item(), 1e-13);
        Assert.Equal(-j1, Bessel.J1(Tensor.Scalar(-x)).Item(), 1e-13);
    }

    [Fact]
    public void Modified_functions_join_without_a_step_and_reach_the_largest_numbers()
    {
        foreach (var x in new[] { 24.999, 25.001, 100, 700 })
        {
            Assert.Equal(1, Bessel.I0(Tensor.Scalar(x)).Item() / MathNet.Numerics.SpecialFunctions.BesselI0(x), 1e-13);
            Assert.Equal(-1, Bessel.I1(Tensor.Scalar(-x)).Item() / MathNet.Numerics.SpecialFunctions.BesselI1(x), 1e-13);
        }
    }

    [Fact]
    public void Single_precision_stays_single()
    {
        var x = Tensor.From(-2f, 0f, 30f);
        Func<Tensor, Tensor>[] all =
        [
            Bessel.J0, Bessel.J1, Bessel.I0, Bessel.I1, Tensor.Asinh, Tensor.Sinc, Tensor.Gelu, Tensor.GeluTanh, Tensor.Selu, Tensor.Mish, x => x.Softmax(),
            x => x.LogSumExp(), x => x.Norm(3), x => x.Normalise(), x => Tensor.Heaviside(x), x => Tensor.Angle(x), x => Segment.Mean(x, Tensor.From(0, 0, 1), 3),
            x => BSpline.Basis(x, BSpline.UniformKnots(-1, 1, 3, 3), 3), x => Interpolate.Linear(x, x.ExpandDims(-1), Boundary.Zero),
        ];
        Assert.All(all, f => Assert.Equal(ElementType.Float32, f(x).ElementType));
    }

    private static double ByIntegral(int order, double x) =>
        MathNet.Numerics.Integration.GaussLegendreRule.Integrate(t => Math.Cos(order * t - x * Math.Sin(t)), 0, Math.PI, 128) / Math.PI;
}
