namespace Paramorph.Tests;

/// <summary>NaN, infinities, signed zeros, overflow, shifts beyond the width, division by zero.</summary>
public class SpecialValueTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;
    private static readonly Tensor Odd = Tensor.From(NaN, Infinity, -Infinity, 0.0, -0.0);

    [Fact]
    public void Functions_of_special_numbers_are_those_of_IEEE()
    {
        Same([NaN, Infinity, Infinity, 0, 0], Tensor.Abs(Odd));
        Same([NaN, 1, -1, 0, 0], Tensor.Sign(Odd));
        Same([NaN, Infinity, 0, 1, 1], Tensor.Exp(Odd));
        Same([NaN, Infinity, -1, 0, -0.0], Tensor.Expm1(Odd));
        Same([NaN, Infinity, NaN, -Infinity, -Infinity], Tensor.Log(Odd));
        Same([NaN, Infinity, NaN, 0, -0.0], Tensor.Log1p(Odd));
        Same([NaN, Infinity, NaN, 0, -0.0], Tensor.Sqrt(Odd));
        Same([NaN, 0, NaN, Infinity, -Infinity], Tensor.Rsqrt(Odd));
        Same([NaN, 1, -1, 0, -0.0], Tensor.Tanh(Odd));
        Same([NaN, 1, 0, 0.5, 0.5], Tensor.Sigmoid(Odd));
        Same([NaN, Infinity, -Infinity, 0, -0.0], Tensor.Floor(Odd));
        Same([NaN, NaN, NaN, 0, -0.0], Tensor.Sin(Odd));
        Assert.Equal([true, false, false, false, false], Tensor.IsNaN(Odd).ToArray<bool>());
        Assert.Equal([false, false, false, true, true], Tensor.IsFinite(Odd).ToArray<bool>());
    }

    [Fact]
    public void Halves_round_to_the_even_number() => Same([-2, -2, -0.0, 0, 2, 2], Tensor.Round(Tensor.From(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)));

    [Fact]
    public void Extremes_propagate_NaN()
    {
        var (a, b) = (Tensor.From(NaN, 1.0, -0.0), Tensor.From(1.0, NaN, 0.0));
        Same([NaN, NaN, 0], Tensor.Maximum(a, b));
        Same([NaN, NaN, -0.0], Tensor.Minimum(a, b));
        Same([NaN], Tensor.From(1.0, NaN, 2.0).Max().Reshape(1));
        Same([NaN], Tensor.From(1.0, NaN, 2.0).Min().Reshape(1));
        Same([1, NaN, NaN], Tensor.From(1.0, NaN, 2.0).CumulativeMax(0));
        Same([NaN, 2], Tensor.From(1.0, 2.0).ScatterMax(Tensor.From(0), Tensor.From(NaN)));
    }

    [Fact]
    public void Comparisons_with_NaN_do_not_hold_and_zeros_are_equal()
    {
        var (a, b) = (Tensor.From(NaN, 1.0, 0.0), Tensor.From(NaN, NaN, -0.0));
        Assert.Equal([false, false, true], Tensor.Equal(a, b).ToArray<bool>());
        Assert.Equal([true, true, false], Tensor.NotEqual(a, b).ToArray<bool>());
        Assert.Equal([false, false, false], (a < b).ToArray<bool>());
        Assert.Equal([false, false, true], (a >= b).ToArray<bool>());
    }

    [Fact]
    public void The_first_of_several_extremes_is_found_and_NaN_is_extreme()
    {
        Assert.Equal(1, Tensor.From(1.0, 3.0, 3.0).ArgMax(0).Item());
        Assert.Equal(1, Tensor.From(1.0, NaN, 3.0, NaN).ArgMax(0).Item());
        Assert.Equal(1, Tensor.From(1.0, NaN, -3.0).ArgMin(0).Item());
        Assert.Equal(0, Tensor.From(false, false).ArgMax(0).Item());
        Assert.Equal(1, Tensor.From(false, true, true).ArgMax(0).Item());
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(-7, 3)]
    [InlineData(7, -3)]
    [InlineData(-7, -3)]
    [InlineData(6, -3)]
    [InlineData(-6, 3)]
    public void Floor_division_and_remainder_have_the_signs_of_Python(int x, int y)
    {
        var quotient = (int)Math.Floor((double)x / y);
        Assert.Equal(quotient, Tensor.FloorDivide(Tensor.Scalar(x), Tensor.Scalar(y)).Item());
        Assert.Equal(x - quotient * y, (Tensor.Scalar(x) % Tensor.Scalar(y)).Item());
        Assert.Equal(quotient, Tensor.FloorDivide(Tensor.Scalar((double)x), Tensor.Scalar((double)y)).Item());
        var remainder = (Tensor.Scalar((double)x) % Tensor.Scalar((double)y)).Item();
        Assert.Equal(x - quotient * y, remainder);
        Assert.Equal(y < 0, double.IsNegative(remainder));
    }

    [Theory]
    [InlineData(int.MinValue, 3, -715827883)]
    [InlineData(int.MaxValue, -3, -715827883)]
    [InlineData(int.MinValue, int.MaxValue, -2)]
    [InlineData(int.MinValue, int.MinValue, 1)]
    public void Floor_division_reaches_the_ends_of_the_type(int x, int y, int quotient)
    {
        var compiled = Compile.Of((Tensor x, Tensor y) => Tensor.FloorDivide(x, y));
        Assert.Equal(quotient, compiled(Tensor.From(x), Tensor.From(y)).ToArray<int>()[0]);
        Assert.Equal([-43, 42, -43], compiled(Tensor.From<sbyte>(-128, 127, 127), Tensor.From<sbyte>(3, 3, -3)).ToArray<sbyte>());
        Assert.Equal([long.MinValue / 3 - 1], compiled(Tensor.From(long.MinValue), Tensor.From(3L)).ToArray<long>());
    }

    [Fact]
    public void Zeros_of_different_signs_are_different_constants() => Assert.Equal(
        [Math.PI, -Math.PI],
        Compile.Of((Tensor x) => Tensor.Stack([Tensor.Atan2(Tensor.Scalar(0.0), x), Tensor.Atan2(Tensor.Scalar(-0.0), x)]))(Tensor.Scalar(-1.0)).ToDoubles());

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(1e20f)]
    public void Angles_turn_as_they_should_however_far_out(float distance)
    {
        var gradient = Gradient.Of(Tensor.From(distance, 0f), p => Tensor.Atan2(p[0], p[1])).ToDoubles();
        Assert.Equal(-1, gradient[1] * distance, 1e-6);
        Assert.Equal(0, gradient[0]);
    }

    [Fact]
    public void Remainders_by_infinity_are_those_of_Python() =>
        Same([5, Infinity, -Infinity, -5, NaN, NaN], Tensor.From(5, -5.0, 5, -5, Infinity, 1) % Tensor.From(Infinity, Infinity, -Infinity, -Infinity, 2, 0));

    [Fact]
    public void Division_by_zero_is_zero_for_integers_and_IEEE_for_real_numbers()
    {
        Assert.Equal([0, 0, 0], Tensor.FloorDivide(Tensor.From(1, -1, 0), 0).ToArray<int>());
        Assert.Equal([0, 0, 0], (Tensor.From(1, -1, 0) % 0).ToArray<int>());
        Same([Infinity, -Infinity, NaN], Tensor.From(1.0, -1, 0) / 0.0);
        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, float.NaN], (Tensor.From(1, -1, 0) / 0).ToArray<float>());
    }

    [Fact]
    public void Integers_wrap()
    {
        Assert.Equal([(byte)0, (byte)254], (Tensor.From<byte>(255, 253) + 1).ToArray<byte>());
        Assert.Equal([(byte)246], (-Tensor.From<byte>(10)).ToArray<byte>());
        Assert.Equal([sbyte.MinValue, sbyte.MinValue], Tensor.Concatenate([Tensor.From<sbyte>(127) + 1, -Tensor.From(sbyte.MinValue)]).ToArray<sbyte>());
        Assert.Equal([int.MinValue, -2], (Tensor.From(int.MaxValue, int.MaxValue) * Tensor.From(1, 2) + Tensor.From(1, 0)).ToArray<int>());
        Assert.Equal([long.MinValue], (Tensor.From(long.MaxValue) + 1).ToArray<long>());
        Assert.Equal([int.MinValue], Tensor.Abs(Tensor.From(int.MinValue)).ToArray<int>());
        Assert.Equal([int.MinValue], Tensor.FloorDivide(Tensor.From(int.MinValue), -1).ToArray<int>());
        Assert.Equal([long.MinValue], Tensor.FloorDivide(Tensor.From(long.MinValue), -1).ToArray<long>());
        Assert.Equal([0L], (Tensor.From(long.MinValue) % -1).ToArray<long>());
    }

    [Fact]
    public void Products_of_8_bit_integers_are_summed_in_32_bits() =>
        Assert.Equal(255 * 255 * 3, Tensor.From<byte>(255, 255, 255).Dot(Tensor.From<byte>(255, 255, 255)).Item<int>());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Shifts_beyond_the_width_leave_only_the_sign(int places)
    {
        var isInside = places is >= 0 and < 32;
        var x = Tensor.From(-5, 5);
        Assert.Equal(isInside ? [-5 << places, 5 << places] : [0, 0], (x << places).ToArray<int>());
        Assert.Equal(isInside ? [-5 >> places, 5 >> places] : [-1, 0], (x >> places).ToArray<int>());
        Assert.Equal(isInside ? [-5 >>> places, 5 >>> places] : [0, 0], (x >>> places).ToArray<int>());
    }

    [Fact]
    public void Shifts_know_the_width_of_their_type()
    {
        Assert.Equal([(byte)128, (byte)0], (Tensor.From<byte>(1, 1) << Tensor.From<byte>(7, 8)).ToArray<byte>());
        Assert.Equal([(sbyte)-128, (sbyte)-1], Tensor.Concatenate([Tensor.From<sbyte>(1) << 7, Tensor.From<sbyte>(-128) >> 9]).ToArray<sbyte>());
        Assert.Equal([(sbyte)1, (sbyte)0], (Tensor.From<sbyte>(-128, -128) >>> Tensor.From<sbyte>(7, 8)).ToArray<sbyte>());
        Assert.Equal([1L, 0L], (Tensor.From(-1L, -1L) >>> Tensor.From(63L, 64L)).ToArray<long>());
    }

    [Fact]
    public void Casts_truncate_saturate_and_wrap()
    {
        var reals = Tensor.From(-1.9, 1.9, 300, -300, NaN, Infinity, -Infinity);
        Assert.Equal([(byte)0, (byte)1, (byte)255, (byte)0, (byte)0, (byte)255, (byte)0], reals.AsType(ElementType.UInt8).ToArray<byte>());
        Assert.Equal([(sbyte)-1, (sbyte)1, (sbyte)127, (sbyte)-128, (sbyte)0, (sbyte)127, (sbyte)-128], reals.AsType(ElementType.Int8).ToArray<sbyte>());
        Assert.Equal([-1, 1, 300, -300, 0, int.MaxValue, int.MinValue], reals.AsType(ElementType.Int32).ToArray<int>());
        Assert.Equal([-1, 1, 300, -300, 0, long.MaxValue, long.MinValue], reals.AsType(ElementType.Int64).ToArray<long>());
        Assert.Equal([(byte)255, (byte)44], Tensor.From(-1, 300).AsType(ElementType.UInt8).ToArray<byte>());
        Assert.Equal([true, false, true, false, true], Tensor.From(0.5, 0, NaN, -0.0, -Infinity).AsType(ElementType.Bool).ToArray<bool>());
        Assert.Equal([true, true, false], Tensor.From(256, -1, 0).AsType(ElementType.Bool).ToArray<bool>());
        Assert.Equal([0f, 1f], Tensor.From(false, true).AsType(ElementType.Float32).ToArray<float>());
        Assert.Equal([float.PositiveInfinity, 0f], Tensor.From(1e300, 1e-300).AsType(ElementType.Float32).ToArray<float>());
    }

    [Fact]
    public void Bits_survive_a_cast_to_another_type_and_back()
    {
        var bits = Tensor.From(0, -1, int.MinValue, 0x7f800000, 0x7fc00001, 12345);
        Assert.Equal(bits.ToArray<int>(), bits.BitCast(ElementType.Float32).BitCast(ElementType.Int32).ToArray<int>());
        Assert.Equal([-1, 1], Tensor.From<byte>(255, 1).BitCast(ElementType.Int8).ToArray<sbyte>().Select(x => (int)x));
    }

    [Fact]
    public void The_modulus_neither_overflows_nor_vanishes_and_is_infinite_where_a_part_is()
    {
        var z = Tensor.Complex(Tensor.From(3e200, 3e-200, 0, Infinity, -Infinity, NaN), Tensor.From(4e200, 4e-200, 0, 1, Infinity, 1));
        Same([5e200, 5e-200, 0, Infinity, Infinity, NaN], Tensor.Abs(z), 1e-15);
        Assert.Equal(0, Gradient.Of(Tensor.Complex(0.0, 0.0), w => Tensor.Abs(w).Sum()).ToArray<Complex64>()[0].Real);
    }

    [Fact]
    public void Derivatives_at_the_edge_of_a_domain_are_those_documented()
    {
        Assert.Equal(0, Gradient.Of(Tensor.Scalar(0.0), x => Tensor.Power(x, Tensor.Scalar(0.0))).Item());
        Assert.Equal(1, Gradient.Of(Tensor.Scalar(0.0), x => Tensor.Power(x, Tensor.Scalar(1.0))).Item());
        Assert.Equal(0, Gradient.Of(Tensor.Scalar(2.0), y => Tensor.Power(Tensor.Scalar(0.0), y)).Item());
        Assert.Equal(-9, Gradient.Of(Tensor.Scalar(0.1), y => Tensor.Scalar(1.0) % y).Item());
        Assert.Equal(0, Gradient.Of(Tensor.Scalar(0.0), Tensor.Abs).Item());
        var (a, b) = Gradient.Of(Tensor.Scalar(2.0), Tensor.Scalar(2.0), (x, y) => Tensor.Maximum(x, y));
        Assert.Equal((0.5, 0.5), (a.Item(), b.Item()));
        Same([0.5, 0.5, 0], Gradient.Of(Tensor.From(3.0, 3, 1), x => x.Max()));
        Same([0.5, 0, 0.5], Gradient.Of(Tensor.From(1.0, 3, 1), x => x.Min()));
        Same([0, 2, 1], Gradient.Of(Tensor.From(1.0, 1, 3), x => x.CumulativeMax(0).Sum() + x[1] - x[0]) + Tensor.From(0.0, 0, 0));
    }

    [Fact]
    public void Powers_of_zero_and_of_the_most_negative_exponent_end()
    {
        Same([1, 1], Tensor.Power(Tensor.From(0.0, NaN), 0));
        Same([1, 0], Tensor.Power(Tensor.From(1.0, 2.0), int.MinValue));
        Same([1, Infinity], Tensor.Power(Tensor.From(1.0, 2.0), int.MaxValue));
    }

    /// <summary>Equal, NaN to NaN and each zero with its sign.</summary>
    private static void Same(double[] expected, Tensor actual, double tolerance = 0)
    {
        var values = actual.ToDoubles();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var isSame = expected[i].Equals(values[i]) && (expected[i] != 0 || double.IsNegative(expected[i]) == double.IsNegative(values[i]));
            Assert.True(isSame || Math.Abs(expected[i] - values[i]) <= tolerance * Math.Abs(expected[i]), $"element {i} is {values[i]:R} but should be {expected[i]:R}");
        }
    }
}
