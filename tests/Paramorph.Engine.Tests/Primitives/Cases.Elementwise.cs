using System.Numerics;
using MathNet.Numerics;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> RealFunctions =>
    [
        Elementwise("negate", x => -x, x => -x, -2, 2),
        Elementwise("abs", Tensor.Abs, Math.Abs, 0.2, 2, "of positive numbers"),
        Elementwise("abs", Tensor.Abs, Math.Abs, -2, -0.2, "of negative numbers"),
        Elementwise("sign", Tensor.Sign, x => Math.Sign(x), 0.2, 2),
        Elementwise("floor", Tensor.Floor, Math.Floor, -2, 2.3),
        Elementwise("ceil", Tensor.Ceil, Math.Ceiling, -2, 2.3),
        Elementwise("round", Tensor.Round, x => Math.Round(x, MidpointRounding.ToEven), -2, 2.3),
        Elementwise("sqrt", Tensor.Sqrt, Math.Sqrt, 0.3, 4),
        Elementwise("rsqrt", Tensor.Rsqrt, x => 1 / Math.Sqrt(x), 0.3, 4),
        Elementwise("exp", Tensor.Exp, Math.Exp, -2, 2),
        Elementwise("expm1", Tensor.Expm1, x => 2 * Math.Sinh(x / 2) * Math.Exp(x / 2), -2, 2),
        Elementwise("log", Tensor.Log, Math.Log, 0.3, 4),
        Elementwise("log1p", Tensor.Log1p, x => 2 * Math.Atanh(x / (2 + x)), -0.7, 3),
        Elementwise("sin", Tensor.Sin, Math.Sin, -4, 4),
        Elementwise("cos", Tensor.Cos, Math.Cos, -4, 4),
        Elementwise("tan", Tensor.Tan, Math.Tan, -1.2, 1.2),
        Elementwise("asin", Tensor.Asin, Math.Asin, -0.8, 0.8),
        Elementwise("acos", Tensor.Acos, Math.Acos, -0.8, 0.8),
        Elementwise("atan", Tensor.Atan, Math.Atan, -3, 3),
        Elementwise("sinh", Tensor.Sinh, Math.Sinh, -2, 2),
        Elementwise("cosh", Tensor.Cosh, Math.Cosh, -2, 2),
        Elementwise("tanh", Tensor.Tanh, Math.Tanh, -2, 2),
        Elementwise("sigmoid", Tensor.Sigmoid, SpecialFunctions.Logistic, -4, 4),
        Elementwise("erf", Tensor.Erf, SpecialFunctions.Erf, -2, 2),
        Elementwise("erfc", Tensor.Erfc, SpecialFunctions.Erfc, -1, 3),
        Elementwise("erfinv", Tensor.Erfinv, SpecialFunctions.ErfInv, -0.8, 0.8),
        Elementwise("lgamma", Tensor.Lgamma, SpecialFunctions.GammaLn, 0.4, 6),
        Elementwise("digamma", Tensor.Digamma, SpecialFunctions.DiGamma, 0.6, 6),
        Elementwise("polygamma2", x => Tensor.Polygamma(2, x), x => HurwitzZeta(3, x) * -2, 0.8, 5),
        Elementwise("power", x => Tensor.Power(x, 3), x => x * x * x, -2, 2, "with an integer exponent"),
        Elementwise("power", x => Tensor.Power(x, -5), x => 1 / (x * x * x * x * x), 0.5, 2, "with a negative integer exponent"),
        Elementwise("square", Tensor.Square, x => x * x, -2, 2),
        Elementwise("clamp", x => Tensor.Clamp(x, -1.0, 1.5), x => Math.Clamp(x, -1, 1.5), -2, 2.4),
        Elementwise("real", Tensor.Real, x => x, -2, 2, "of real numbers"),
        Elementwise("imaginary", Tensor.Imaginary, _ => 0, -2, 2, "of real numbers"),
    ];

    private static IEnumerable<Case> ComplexFunctions =>
    [
        OfComplex("negate", x => -x, x => -x),
        OfComplex("sqrt", Tensor.Sqrt, Complex.Sqrt, 0.3, 1.5),
        OfComplex("exp", Tensor.Exp, Complex.Exp),
        OfComplex("log", Tensor.Log, Complex.Log, 0.3, 1.5),
        OfComplex("sin", Tensor.Sin, Complex.Sin),
        OfComplex("cos", Tensor.Cos, Complex.Cos),
        OfComplex("tan", Tensor.Tan, Complex.Tan),
        OfComplex("sinh", Tensor.Sinh, Complex.Sinh),
        OfComplex("cosh", Tensor.Cosh, Complex.Cosh),
        OfComplex("tanh", Tensor.Tanh, Complex.Tanh),
        OfComplex("conjugate", Tensor.Conjugate, Complex.Conjugate),
        OfComplex("abs", z => Tensor.Complex(Tensor.Abs(z), 0.0), z => z.Magnitude, 0.3, 1.5),
        OfComplex("power", z => Tensor.Power(z, -3), z => 1 / (z * z * z), 0.3, 1.5),
        OfComplex("real", z => Tensor.Complex(Tensor.Real(z), Tensor.Real(z)), z => new(z.Real, z.Real)),
        OfComplex("imaginary", z => Tensor.Complex(Tensor.Imaginary(z), 0.5), z => new(z.Imaginary, 0.5)),
        OfComplexPairs("add", (x, y) => x + y, (x, y) => x + y),
        OfComplexPairs("subtract", (x, y) => x - y, (x, y) => x - y),
        OfComplexPairs("multiply", (x, y) => x * y, (x, y) => x * y),
        OfComplexPairs("divide", (x, y) => x / y, (x, y) => x / y),
        OfComplexPairs("power", Tensor.Power, Complex.Pow),
    ];

    private static IEnumerable<Case> PairFunctions =>
    [
        OfPairs("add", (x, y) => x + y, (x, y) => x + y),
        OfPairs("subtract", (x, y) => x - y, (x, y) => x - y),
        OfPairs("multiply", (x, y) => x * y, (x, y) => x * y),
        OfPairs("divide", (x, y) => x / y, (x, y) => x / y),
        OfPairs("remainder", (x, y) => x % y, (x, y) => x - y * Math.Floor(x / y)),
        OfPairs("remainder", (x, y) => -x % y, (x, y) => -x - y * Math.Floor(-x / y), "of negative numbers"),
        OfPairs("floor_divide", Tensor.FloorDivide, (x, y) => Math.Floor(x / y)),
        OfPairs("power", Tensor.Power, Math.Pow),
        OfPairs("atan2", Tensor.Atan2, Math.Atan2),
        OfPairs("atan2", (y, x) => Tensor.Atan2(-y, -x), (y, x) => Math.Atan2(-y, -x), "behind"),
        OfPairs("maximum", Tensor.Maximum, Math.Max),
        OfPairs("minimum", Tensor.Minimum, Math.Min),
        OfPairs("complex", (x, y) => Tensor.Abs(Tensor.Complex(x, y)), (x, y) => Math.Sqrt(x * x + y * y)),
        new("add", "of shapes that broadcast", x => [x[0] + x[1]], Case.Numbers([2, 1, 3]), Case.Numbers([4, 1], seed: 1))
        {
            Truth = x => [Table([2, 4, 3], at => x[0].ToDoubles()[at[0] * 3 + at[2]] + x[1].ToDoubles()[at[1]])],
        },
        new("select", "", x => [Tensor.Where(x[0], x[1], x[2])], Tensor.From([true, false, true], [3]), Case.Numbers([3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([3], at => x[at[0] == 1 ? 2 : 1].ToDoubles()[at[0]])],
        },
        new("select", "of shapes that broadcast", x => [Tensor.Where(x[0], x[1], x[2])], Tensor.From([true, false], [2, 1]), Case.Numbers([3]), Case.Numbers([], seed: 1))
        {
            Truth = x => [Table([2, 3], at => at[0] == 0 ? x[1].ToDoubles()[at[1]] : x[2].Item())],
        },
    ];

    /// <summary>A case of a complex function, whose truth is computed element by element.</summary>
    private static Case OfComplex(string name, Func<Tensor, Tensor> function, Func<Complex, Complex> truth, double low = -1, double high = 1) =>
        new(name, "of complex numbers", x => [function(x[0])], Case.Complexes([5], low, high))
        {
            Truth = x => [Tensor.From<Complex>([.. x[0].ToArray<Complex>().Select(truth)], x[0].Shape)],
        };

    private static Case OfComplexPairs(string name, Func<Tensor, Tensor, Tensor> function, Func<Complex, Complex, Complex> truth) =>
        new(name, "of complex pairs", x => [function(x[0], x[1])], Case.Complexes([4], 0.4, 1.5), Case.Complexes([4], 0.4, 1.5, 1))
        {
            Truth = x => [Tensor.From<Complex>([.. x[0].ToArray<Complex>().Zip(x[1].ToArray<Complex>(), truth)], x[0].Shape)],
        };

    private static Case OfPairs(string name, Func<Tensor, Tensor, Tensor> function, Func<double, double, double> truth, string label = "of pairs") =>
        new(name, label, x => [function(x[0], x[1])], Case.Numbers([6], 0.4, 3), Case.Numbers([6], 0.5, 2, 1))
        {
            Truth = x => [Tensor.From<double>([.. x[0].ToDoubles().Zip(x[1].ToDoubles(), truth)], x[0].Shape)],
        };

    /// <summary>A tensor of doubles of what a loop over all places gives.</summary>
    private static Tensor Table(Shape shape, Func<int[], double> element) =>
        Tensor.From<double>([.. Paramorph.Reference.ReferenceArray.Places(shape).Select(element)], shape);

    /// <summary>The sum of 1 / (x + n)^s by direct terms and the tail's integral with its first corrections.</summary>
    private static double HurwitzZeta(int s, double x)
    {
        const int direct = 2000;
        double sum = 0, end = x + direct;
        for (var n = direct - 1; n >= 0; n--) sum += Math.Pow(x + n, -s);
        return sum + Math.Pow(end, 1 - s) / (s - 1) + Math.Pow(end, -s) / 2 + s * Math.Pow(end, -s - 1) / 12;
    }
}
