using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>The vector functions: error against power series in big integers (f64) and against f64 (f32), and their special values.</summary>
public sealed unsafe class VectorMathTests
{
    private const double Allowed = 2.0;

    [Theory]
    [InlineData("Exp", -708.3, 709.7)]
    [InlineData("Exp", -1, 1)]
    [InlineData("Expm1", -40, 709.7)]
    [InlineData("Expm1", -0.5, 0.5)]
    [InlineData("Log", 1e-300, 3)]
    [InlineData("Log", 0.5, 2)]
    [InlineData("Log1p", -0.999, 1)]
    [InlineData("Log1p", -0.3, 0.5)]
    [InlineData("Sin", -10, 10)]
    [InlineData("Sin", -1e5, 1e5)]
    [InlineData("Sin", 1e5, 1e15)]
    [InlineData("Cos", -10, 10)]
    [InlineData("Cos", -1e5, 1e5)]
    [InlineData("Cos", 1e5, 1e15)]
    [InlineData("Tan", -10, 10)]
    [InlineData("Tan", 1e5, 1e15)]
    [InlineData("Asin", -1, 1)]
    [InlineData("Acos", -1, 1)]
    [InlineData("Atan", -5, 5)]
    [InlineData("Atan", -1e5, 1e5)]
    [InlineData("Sinh", -3, 3)]
    [InlineData("Sinh", -710, 710)]
    [InlineData("Cosh", -3, 3)]
    [InlineData("Cosh", -710, 710)]
    [InlineData("Tanh", -1, 1)]
    [InlineData("Tanh", -25, 25)]
    [InlineData("Sigmoid", -5, 5)]
    [InlineData("Sigmoid", -708.3, 40)]
    [InlineData("Erf", -1, 1)]
    [InlineData("Erf", -6, 6)]
    [InlineData("Erfc", -6, 1)]
    [InlineData("Erfc", 0, 27.2)]
    public void F64_functions_are_within_two_units_of_their_power_series(string name, double low, double high)
    {
        const int Count = 120;
        LoopOperation operation = Enum.Parse<LoopOperation>(name);
        var random = new Random(7);
        double[] x = [.. Enumerable.Range(0, Count).Select(_ => low + (high - low) * random.NextDouble())];
        double[] y = Apply(operation, x);
        var precise = new Precise(name == "Erfc" && high > 6 ? 3400 : 1300);
        for (int i = 0; i < Count; i++)
            AssertClose(precise, Truth(precise, operation, precise.From(x[i])), y[i], $"{name}({x[i]:R})");
    }

    [Theory]
    [InlineData(0.01, 20, -30, 30)]
    [InlineData(0.9, 1.1, -6000, 6000)]
    [InlineData(1e-5, 1e5, -60, 60)]
    public void F64_power_is_within_two_units(double lowX, double highX, double lowY, double highY)
    {
        var random = new Random(8);
        double[] x = [.. Enumerable.Range(0, 200).Select(_ => lowX + (highX - lowX) * random.NextDouble())];
        double[] y = [.. Enumerable.Range(0, 200).Select(_ => lowY + (highY - lowY) * random.NextDouble())];
        double[] z = Apply(LoopOperation.Power, x, y);
        var precise = new Precise(1300);
        for (int i = 0; i < x.Length; i++)
        {
            BigInteger truth = precise.Exp(precise.Multiply(precise.From(y[i]), precise.Log(precise.From(x[i]))));
            if (truth < precise.From(double.MaxValue))
                AssertClose(precise, truth, z[i], $"{x[i]:R} ^ {y[i]:R}");
        }
    }

    [Fact]
    public void F64_atan2_is_within_two_units_in_all_quadrants()
    {
        var random = new Random(9);
        double[] y = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() * 2 - 1)];
        double[] x = [.. Enumerable.Range(0, 300).Select(i => (random.NextDouble() * 2 - 1) * (i % 3 == 0 ? 1000 : 1))];
        double[] z = Apply(LoopOperation.Atan2, y, x);
        var precise = new Precise(400);
        for (int i = 0; i < x.Length; i++)
            AssertClose(precise, precise.Atan2(precise.From(y[i]), precise.From(x[i])), z[i], $"atan2({y[i]:R}, {x[i]:R})");
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("Sin")]
    [InlineData("Cos")]
    [InlineData("Tan")]
    [InlineData("Asin")]
    [InlineData("Acos")]
    [InlineData("Atan")]
    [InlineData("Sinh")]
    [InlineData("Cosh")]
    [InlineData("Tanh")]
    [InlineData("Log")]
    [InlineData("Erfc")]
    public void F32_functions_are_within_two_units_over_the_whole_range(string name)
    {
        LoopOperation operation = Enum.Parse<LoopOperation>(name);
        Func<double, double> truth = name switch
        {
            // Subnormal results are 0.
            "Exp" => v => Math.Exp(v) is var e && e < 1.1754943508222875e-38 ? 0 : e,
            "Sin" => Math.Sin,
            "Cos" => Math.Cos,
            "Tan" => Math.Tan,
            "Asin" => Math.Asin,
            "Acos" => Math.Acos,
            "Atan" => Math.Atan,
            "Sinh" => Math.Sinh,
            "Cosh" => Math.Cosh,
            "Tanh" => Math.Tanh,
            "Erfc" => MathNet.Numerics.SpecialFunctions.Erfc,
            _ => Math.Log,
        };
        float[] x = [.. Enumerable.Range(0, 300_000).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 14317u))];
        float[] y = Apply(operation, x);
        for (int i = 0; i < x.Length; i++)
            Assert.True(Units(y[i], truth(x[i])) <= Allowed, $"{name}({x[i]:R}) = {y[i]:R}, not {truth(x[i]):R}");
    }

    [Theory]
    [InlineData("Exp", 0.0, 1.0)]
    [InlineData("Exp", double.NegativeInfinity, 0.0)]
    [InlineData("Exp", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Expm1", -0.0, -0.0)]
    [InlineData("Expm1", double.NegativeInfinity, -1.0)]
    [InlineData("Expm1", 1e-310, 1e-310)]
    [InlineData("Log", 0.0, double.NegativeInfinity)]
    [InlineData("Log", 1.0, 0.0)]
    [InlineData("Log", -1.0, double.NaN)]
    [InlineData("Log", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Log1p", -0.0, -0.0)]
    [InlineData("Log1p", -1.0, double.NegativeInfinity)]
    [InlineData("Log1p", -2.0, double.NaN)]
    [InlineData("Log1p", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Sin", -0.0, -0.0)]
    [InlineData("Sin", double.PositiveInfinity, double.NaN)]
    [InlineData("Cos", -0.0, 1.0)]
    [InlineData("Cos", double.NegativeInfinity, double.NaN)]
    [InlineData("Tan", -0.0, -0.0)]
    [InlineData("Tan", double.PositiveInfinity, double.NaN)]
    [InlineData("Asin", -0.0, -0.0)]
    [InlineData("Asin", 1.5, double.NaN)]
    [InlineData("Acos", 1.0, 0.0)]
    [InlineData("Acos", -1.0, Math.PI)]
    [InlineData("Acos", -1.5, double.NaN)]
    [InlineData("Atan", double.NegativeInfinity, -Math.PI / 2)]
    [InlineData("Atan", -0.0, -0.0)]
    [InlineData("Sinh", -0.0, -0.0)]
    [InlineData("Sinh", double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData("Cosh", double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("Tanh", double.NegativeInfinity, -1.0)]
    [InlineData("Tanh", -0.0, -0.0)]
    [InlineData("Tanh", 1e-310, 1e-310)]
    [InlineData("Sigmoid", double.NegativeInfinity, 0.0)]
    [InlineData("Sigmoid", double.PositiveInfinity, 1.0)]
    [InlineData("Sigmoid", 0.0, 0.5)]
    [InlineData("Erf", double.NegativeInfinity, -1.0)]
    [InlineData("Erf", -0.0, -0.0)]
    [InlineData("Erfc", double.PositiveInfinity, 0.0)]
    [InlineData("Erfc", double.NegativeInfinity, 2.0)]
    [InlineData("ErfInv", 1.0, double.PositiveInfinity)]
    [InlineData("ErfInv", -1.0, double.NegativeInfinity)]
    [InlineData("ErfInv", -2.0, double.NaN)]
    [InlineData("ErfInv", -0.0, -0.0)]
    [InlineData("LogGamma", 0.0, double.PositiveInfinity)]
    [InlineData("LogGamma", 1.0, 0.0)]
    public void Special_values_are_exact(string name, double x, double expected)
    {
        LoopOperation operation = Enum.Parse<LoopOperation>(name);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(OneNaN(Apply(operation, [x])[0])));
        if (!double.IsSubnormal(x))
            Assert.Equal((float)expected, OneNaN(Apply(operation, [(float)x])[0]));
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("Expm1")]
    [InlineData("Log")]
    [InlineData("Log1p")]
    [InlineData("Sin")]
    [InlineData("Cos")]
    [InlineData("Tan")]
    [InlineData("Asin")]
    [InlineData("Acos")]
    [InlineData("Atan")]
    [InlineData("Sinh")]
    [InlineData("Cosh")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Erf")]
    [InlineData("Erfc")]
    [InlineData("ErfInv")]
    [InlineData("LogGamma")]
    [InlineData("Digamma")]
    public void NaN_passes_through_every_function(string name)
    {
        LoopOperation operation = Enum.Parse<LoopOperation>(name);
        Assert.True(double.IsNaN(Apply(operation, [double.NaN])[0]));
        Assert.True(float.IsNaN(Apply(operation, [float.NaN])[0]));
    }

    [Fact]
    public void Power_has_the_special_cases_of_IEEE_754()
    {
        double[] interesting = [0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        double[] x = [.. interesting.SelectMany(a => Enumerable.Repeat(a, interesting.Length))];
        double[] y = [.. interesting.SelectMany(_ => interesting)];
        double[] z = Apply(LoopOperation.Power, x, y);
        float[] narrow = Apply(LoopOperation.Power, [.. x.Select(a => (float)a)], [.. y.Select(a => (float)a)]);
        for (int i = 0; i < x.Length; i++)
        {
            AssertNear(Math.Pow(x[i], y[i]), z[i], 1e-15, $"{x[i]} ^ {y[i]}");
            AssertNear(MathF.Pow((float)x[i], (float)y[i]), narrow[i], 3e-7, $"{x[i]} ^ {y[i]} in f32");
        }
    }

    [Fact]
    public void Atan2_has_the_special_cases_of_IEEE_754()
    {
        double[] interesting = [0.0, -0.0, 1, -1, 1e-310, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        double[] y = [.. interesting.SelectMany(a => Enumerable.Repeat(a, interesting.Length))];
        double[] x = [.. interesting.SelectMany(_ => interesting)];
        double[] z = Apply(LoopOperation.Atan2, y, x);
        for (int i = 0; i < x.Length; i++)
            AssertNear(Math.Atan2(y[i], x[i]), z[i], 1e-15, $"atan2({y[i]}, {x[i]})");
    }

    [Fact]
    public void Scalar_special_functions_agree_with_MathNet()
    {
        double[] x = [.. Enumerable.Range(1, 400).Select(i => i * 0.0537)];
        double[] logGamma = Apply(LoopOperation.LogGamma, x);
        double[] digamma = Apply(LoopOperation.Digamma, x);
        double[] u = [.. Enumerable.Range(0, 399).Select(i => (i - 199) / 200.0)];
        double[] erfInv = Apply(LoopOperation.ErfInv, u);
        for (int i = 0; i < x.Length; i++)
        {
            AssertNear(MathNet.Numerics.SpecialFunctions.GammaLn(x[i]), logGamma[i], 1e-12, $"log gamma({x[i]})");
            AssertNear(MathNet.Numerics.SpecialFunctions.DiGamma(x[i]), digamma[i], 1e-11, $"digamma({x[i]})");
        }

        for (int i = 0; i < u.Length; i++)
            AssertNear(u[i], MathNet.Numerics.SpecialFunctions.Erf(erfInv[i]), 1e-14, $"erf(erfinv({u[i]}))");
    }

    [Fact]
    public void The_narrow_inverse_of_erf_is_within_a_few_units_of_the_wide_one()
    {
        float[] x = [.. Enumerable.Range(-400, 801).Select(i => i / 401f), 1e-6f, -0.99999f, MathF.BitDecrement(1), -MathF.BitDecrement(1)];
        double[] wide = Apply(LoopOperation.ErfInv, [.. x.Select(a => (double)a)]);
        float[] narrow = Apply(LoopOperation.ErfInv, x);
        for (int i = 0; i < x.Length; i++)
            AssertNear(wide[i], narrow[i], 4e-7, $"erfinv({x[i]:R})");
    }

    [Fact]
    public void The_inverse_of_erf_is_right_in_its_tails()
    {
        double[] tails = [1e-3, 1e-6, 1e-9, 1e-12, 1e-15];
        double[] y = Apply(LoopOperation.ErfInv, [.. tails.Select(t => 1 - t)]);
        for (int i = 0; i < tails.Length; i++)
            AssertNear(1 - (1 - tails[i]), MathNet.Numerics.SpecialFunctions.Erfc(y[i]), 1e-12, $"erfc(erfinv(1 - {tails[i]}))");
    }

    private static BigInteger Truth(Precise p, LoopOperation operation, BigInteger x) => operation switch
    {
        LoopOperation.Exp => p.Exp(x),
        LoopOperation.Expm1 => p.Exp(x) - p.One,
        LoopOperation.Log => p.Log(x),
        LoopOperation.Log1p => p.Log(x + p.One),
        LoopOperation.Sin => p.Sin(x),
        LoopOperation.Cos => p.Cos(x),
        LoopOperation.Tan => p.Divide(p.Sin(x), p.Cos(x)),
        LoopOperation.Asin => p.Asin(x),
        LoopOperation.Acos => p.Acos(x),
        LoopOperation.Atan => p.Atan(x),
        LoopOperation.Sinh => p.Sinh(x),
        LoopOperation.Cosh => p.Cosh(x),
        LoopOperation.Tanh => p.Tanh(x),
        LoopOperation.Sigmoid => p.Sigmoid(x),
        LoopOperation.Erf => p.Erf(x),
        _ => p.One - p.Erf(x),
    };

    private static double[] Apply(LoopOperation operation, double[] x, double[]? y = null)
    {
        var result = new double[x.Length];
        fixed (double* px = x, py = y ?? x, pr = result)
            Run(operation, LoopType.F64, x.Length, px, y is null ? null : py, pr);
        return result;
    }

    private static float[] Apply(LoopOperation operation, float[] x, float[]? y = null)
    {
        var result = new float[x.Length];
        fixed (float* px = x, py = y ?? x, pr = result)
            Run(operation, LoopType.F32, x.Length, px, y is null ? null : py, pr);
        return result;
    }

    private static void Run(LoopOperation operation, LoopType type, long length, void* x, void* y, void* result)
    {
        var builder = new LoopBuilder(length);
        LoopValue a = builder.Load(builder.Operand(type, 1));
        LoopValue b = builder.Load(builder.Operand(type, 1));
        builder.Store(y is null ? builder.Apply(operation, a) : builder.Apply(operation, a, b), builder.Operand(type, 1));
        void** operands = stackalloc void*[] { x, y is null ? x : y, result };
        LoopCompiler.Compile(builder.Build(), VectorWidths.Best).Run(operands, 0, length);
    }

    private static void AssertClose(Precise precise, BigInteger truth, double y, string what)
    {
        double error = precise.Units(y, truth);
        Assert.True(error <= Allowed, $"{what} = {y:R} is {error:F3} units off.");
    }

    private static void AssertNear(double expected, double actual, double relative, string what)
    {
        bool same = BitConverter.DoubleToInt64Bits(OneNaN(expected)) == BitConverter.DoubleToInt64Bits(OneNaN(actual));
        bool near = double.IsFinite(expected) && Math.Abs(actual - expected) <= relative * Math.Max(Math.Abs(expected), 1e-3 * (expected == 0 ? 0 : 1));
        Assert.True(same || near, $"{what} = {actual:R}, not {expected:R}");
    }

    private static double Units(float y, double truth)
    {
        float rounded = (float)truth;
        if (float.IsNaN(rounded) || float.IsNaN(y))
            return float.IsNaN(rounded) && float.IsNaN(y) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(rounded) || float.IsInfinity(y) || truth == 0)
            return rounded == y || Math.Abs(truth) > 3.402823e38 && Math.Abs(y) > 3.402823e38f ? 0 : double.PositiveInfinity;
        double unit = Math.Max(Math.ScaleB(1, Math.ILogB(truth) - 23), 1.401298464324817e-45);
        return Math.Abs(y - truth) / unit;
    }

    private static double OneNaN(double x) => double.IsNaN(x) ? double.NaN : x;

    private static float OneNaN(float x) => float.IsNaN(x) ? float.NaN : x;
}
