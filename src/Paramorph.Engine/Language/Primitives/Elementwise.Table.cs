using System.Collections.Concurrent;
using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <content>The table: one entry a function, with its values and its derivative side by side.</content>
public sealed partial record Elementwise
{
    /// <summary>-x.</summary>
    public static readonly Elementwise Negate = new("negate", Kinds.Number, false, (x, y, g) => -g)
    { Real = (x, _) => -x, Integer = (x, _, _) => -x, OfComplex = (x, _) => -x };

    /// <summary>|x| of a real or integer; the derivative at 0 is 0.</summary>
    public static readonly Elementwise Abs = new("abs", Kinds.Integer | Kinds.Real, false, (x, y, g) => g * Tensor.Sign(x[0]))
    { Real = (x, _) => Math.Abs(x), Integer = (x, _, _) => x < 0 ? -x : x };

    /// <summary>-1, 0 or 1; NaN of NaN. Its derivative is 0.</summary>
    public static readonly Elementwise Sign = new("sign", Kinds.Integer | Kinds.Real, false, [null])
    { Real = (x, _) => double.IsNaN(x) ? x : Math.Sign(x), Integer = (x, _, _) => Math.Sign(x) };

    /// <summary>The largest integer not above x. Its derivative is 0.</summary>
    public static readonly Elementwise Floor = new("floor", Kinds.Real, false, [null]) { Real = (x, _) => Math.Floor(x) };

    /// <summary>The smallest integer not below x. Its derivative is 0.</summary>
    public static readonly Elementwise Ceil = new("ceil", Kinds.Real, false, [null]) { Real = (x, _) => Math.Ceiling(x) };

    /// <summary>The nearest integer, halves to the even one. Its derivative is 0.</summary>
    public static readonly Elementwise Round = new("round", Kinds.Real, false, [null]) { Real = (x, _) => Math.Round(x, MidpointRounding.ToEven) };

    /// <summary>The square root, of the principal branch for complex x.</summary>
    public static readonly Elementwise Sqrt = new("sqrt", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * 0.5 / y)
    { Real = (x, _) => Math.Sqrt(x), OfComplex = (x, _) => Complex.Sqrt(x) };

    /// <summary>1 / sqrt(x).</summary>
    public static readonly Elementwise Rsqrt = new("rsqrt", Kinds.Real, false, (x, y, g) => g * -0.5 * y / x[0]) { Real = (x, _) => 1 / Math.Sqrt(x) };

    /// <summary>e^x. Real results below the smallest normal number of their type are 0.</summary>
    public static readonly Elementwise Exp = new("exp", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * y)
    { Real = (x, _) => Math.Exp(x), OfComplex = (x, _) => Complex.Exp(x), IsNormal = true };

    /// <summary>e^x - 1, accurate near 0.</summary>
    public static readonly Elementwise Expm1 = new("expm1", Kinds.Real, false, (x, y, g) => g * (y + 1.0)) { Real = (x, _) => SpecialFunctions.Expm1(x) };

    /// <summary>The natural logarithm.</summary>
    public static readonly Elementwise Log = new("log", Kinds.Real | Kinds.Complex, false, (x, y, g) => g / x[0])
    { Real = (x, _) => Math.Log(x), OfComplex = (x, _) => Complex.Log(x) };

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static readonly Elementwise Log1p = new("log1p", Kinds.Real, false, (x, y, g) => g / (x[0] + 1.0)) { Real = (x, _) => SpecialFunctions.Log1p(x) };

    /// <summary>The sine of an angle in radians.</summary>
    public static readonly Elementwise Sin = new("sin", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * Tensor.Cos(x[0]))
    { Real = (x, _) => Math.Sin(x), OfComplex = (x, _) => Complex.Sin(x) };

    /// <summary>The cosine of an angle in radians.</summary>
    public static readonly Elementwise Cos = new("cos", Kinds.Real | Kinds.Complex, false, (x, y, g) => -g * Tensor.Sin(x[0]))
    { Real = (x, _) => Math.Cos(x), OfComplex = (x, _) => Complex.Cos(x) };

    /// <summary>The tangent of an angle in radians.</summary>
    public static readonly Elementwise Tan = new("tan", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * (y * y + 1.0))
    { Real = (x, _) => Math.Tan(x), OfComplex = (x, _) => Complex.Tan(x) };

    /// <summary>The inverse sine, in [-pi/2, pi/2].</summary>
    public static readonly Elementwise Asin = new("asin", Kinds.Real, false, (x, y, g) => g * Tensor.Rsqrt(1.0 - x[0] * x[0])) { Real = (x, _) => Math.Asin(x) };

    /// <summary>The inverse cosine, in [0, pi].</summary>
    public static readonly Elementwise Acos = new("acos", Kinds.Real, false, (x, y, g) => -g * Tensor.Rsqrt(1.0 - x[0] * x[0])) { Real = (x, _) => Math.Acos(x) };

    /// <summary>The inverse tangent, in (-pi/2, pi/2).</summary>
    public static readonly Elementwise Atan = new("atan", Kinds.Real, false, (x, y, g) => g / (x[0] * x[0] + 1.0)) { Real = (x, _) => Math.Atan(x) };

    /// <summary>The hyperbolic sine.</summary>
    public static readonly Elementwise Sinh = new("sinh", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * Tensor.Cosh(x[0]))
    { Real = (x, _) => Math.Sinh(x), OfComplex = (x, _) => Complex.Sinh(x) };

    /// <summary>The hyperbolic cosine.</summary>
    public static readonly Elementwise Cosh = new("cosh", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * Tensor.Sinh(x[0]))
    { Real = (x, _) => Math.Cosh(x), OfComplex = (x, _) => Complex.Cosh(x) };

    /// <summary>The hyperbolic tangent.</summary>
    public static readonly Elementwise Tanh = new("tanh", Kinds.Real | Kinds.Complex, false, (x, y, g) => g * (1.0 - y * y))
    { Real = (x, _) => Math.Tanh(x), OfComplex = (x, _) => Complex.Tanh(x) };

    /// <summary>1 / (1 + e^-x). Results below the smallest normal number of their type are 0.</summary>
    public static readonly Elementwise Sigmoid = new("sigmoid", Kinds.Real, false, (x, y, g) => g * y * (1.0 - y))
    { Real = (x, _) => SpecialFunctions.Sigmoid(x), IsNormal = true };

    /// <summary>The error function.</summary>
    public static readonly Elementwise Erf = new("erf", Kinds.Real, false, (x, y, g) => g * Tensor.Exp(-x[0] * x[0]) * SpecialFunctions.TwoOverSqrtPi)
    { Real = (x, _) => SpecialFunctions.Erf(x) };

    /// <summary>1 - erf(x), accurate for large x.</summary>
    public static readonly Elementwise Erfc = new("erfc", Kinds.Real, false, (x, y, g) => -g * Tensor.Exp(-x[0] * x[0]) * SpecialFunctions.TwoOverSqrtPi)
    { Real = (x, _) => SpecialFunctions.Erfc(x) };

    /// <summary>The inverse of the error function, on (-1, 1).</summary>
    public static readonly Elementwise Erfinv = new("erfinv", Kinds.Real, false, (x, y, g) => g * Tensor.Exp(y * y) * (1 / SpecialFunctions.TwoOverSqrtPi))
    { Real = (x, _) => SpecialFunctions.Erfinv(x) };

    /// <summary>log |gamma(x)|.</summary>
    public static readonly Elementwise Lgamma = new("lgamma", Kinds.Real, false, (x, y, g) => g * Tensor.Digamma(x[0])) { Real = (x, _) => SpecialFunctions.Lgamma(x) };

    /// <summary>Whether x is not a number.</summary>
    public static readonly Elementwise IsNaN = new("is_nan", Kinds.Real, true, [null]) { RealPredicate = (x, _) => double.IsNaN(x) };

    /// <summary>Whether x is neither infinite nor NaN.</summary>
    public static readonly Elementwise IsFinite = new("is_finite", Kinds.Real, true, [null]) { RealPredicate = (x, _) => double.IsFinite(x) };

    /// <summary>Logical negation of booleans, bitwise complement of integers.</summary>
    public static readonly Elementwise Not = new("not", Kinds.Bool | Kinds.Integer, false, [null]) { Integer = (x, _, _) => ~x };

    /// <summary>The complex conjugate.</summary>
    public static readonly Elementwise Conjugate = new("conjugate", Kinds.Complex, false, (x, y, g) => Tensor.Conjugate(g)) { OfComplex = (x, _) => Complex.Conjugate(x) };

    /// <summary>x + y.</summary>
    public static readonly Elementwise Add = new("add", Kinds.Number, false, (x, y, g) => g, (x, y, g) => g)
    { Real = (x, y) => x + y, Integer = (x, y, _) => x + y, OfComplex = (x, y) => x + y };

    /// <summary>x - y.</summary>
    public static readonly Elementwise Subtract = new("subtract", Kinds.Number, false, (x, y, g) => g, (x, y, g) => -g)
    { Real = (x, y) => x - y, Integer = (x, y, _) => x - y, OfComplex = (x, y) => x - y };

    /// <summary>x y.</summary>
    public static readonly Elementwise Multiply = new("multiply", Kinds.Number, false, (x, y, g) => g * x[1], (x, y, g) => x[0] * g)
    { Real = (x, y) => x * y, Integer = (x, y, _) => x * y, OfComplex = (x, y) => x * y };

    /// <summary>x / y of real or complex numbers.</summary>
    public static readonly Elementwise Divide = new("divide", Kinds.Real | Kinds.Complex, false, (x, y, g) => g / x[1], (x, y, g) => -g * y / x[1])
    { Real = (x, y) => x / y, OfComplex = (x, y) => x / y };

    /// <summary>The largest integer not above x / y, of integers; 0 when y is 0.</summary>
    public static readonly Elementwise FloorDivide = new("floor_divide", Kinds.Integer, false, null, null)
    { Integer = (x, y, _) => y == 0 ? 0 : y == -1 ? -x : (x / y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0) };

    /// <summary>x - y floor(x / y): it has the sign of y. When y is 0, of integers 0 and of real numbers NaN.</summary>
    /// <remarks>The derivative in y is the whole number of times that y goes into x; floor(x / y) would err where the quotient rounds up.</remarks>
    public static readonly Elementwise Remainder = new(
        "remainder", Kinds.Integer | Kinds.Real, false, (x, y, g) => g, (x, y, g) => -g * Tensor.Round((x[0] - y) / x[1]))
    {
        Real = SpecialFunctions.Remainder,
        Integer = (x, y, _) => y is 0 or -1 ? 0 : (x % y) + (x % y != 0 && (x < 0) != (y < 0) ? y : 0),
    };

    /// <summary>x to the power y. The derivative in x is 0 where y is 0, and the one in y is 0 where x is 0.</summary>
    public static readonly Elementwise Power = new(
        "power", Kinds.Real | Kinds.Complex, false,
        (x, y, g) => g * x[1] * Tensor.Power(x[0], Tensor.Where(Tensor.Equal(x[1], 0.0), Tensor.OnesLike(x[1]), x[1] - 1.0)),
        (x, y, g) => g * y * Tensor.Log(Tensor.Where(Tensor.Equal(x[0], 0.0), Tensor.OnesLike(x[0]), x[0])))
    { Real = Math.Pow, OfComplex = (x, y) => Complex.Pow(x, y) };

    /// <summary>The angle of the point (y, x), in (-pi, pi]; the first input is y.</summary>
    public static readonly Elementwise Atan2 = new(
        "atan2", Kinds.Real, false,
        (x, y, g) => g * PerSquare(x[1], x[0]), (x, y, g) => -g * PerSquare(x[0], x[1]))
    { Real = Math.Atan2 };

    /// <summary>The larger of two; NaN when one is. Ties share the derivative.</summary>
    public static readonly Elementwise Maximum = new(
        "maximum", Kinds.Ordered, false,
        (x, y, g) => g * Share(x[0], x[1]), (x, y, g) => g * Share(x[1], x[0]))
    { Real = Math.Max, Integer = (x, y, _) => Math.Max(x, y) };

    /// <summary>The smaller of two; NaN when one is. Ties share the derivative.</summary>
    public static readonly Elementwise Minimum = new(
        "minimum", Kinds.Ordered, false,
        (x, y, g) => g * Share(x[1], x[0]), (x, y, g) => g * Share(x[0], x[1]))
    { Real = Math.Min, Integer = (x, y, _) => Math.Min(x, y) };

    /// <summary>x = y.</summary>
    public static readonly Elementwise Equal = new("equal", Kinds.Any, true, null, null)
    { RealPredicate = (x, y) => x == y, IntegerPredicate = (x, y) => x == y, ComplexPredicate = (x, y) => x == y };

    /// <summary>x differs from y.</summary>
    public static readonly Elementwise NotEqual = new("not_equal", Kinds.Any, true, null, null)
    { RealPredicate = (x, y) => x != y, IntegerPredicate = (x, y) => x != y, ComplexPredicate = (x, y) => x != y };

    /// <summary>x &lt; y.</summary>
    public static readonly Elementwise Less = new("less", Kinds.Ordered, true, null, null)
    { RealPredicate = (x, y) => x < y, IntegerPredicate = (x, y) => x < y };

    /// <summary>x &lt;= y.</summary>
    public static readonly Elementwise LessEqual = new("less_equal", Kinds.Ordered, true, null, null)
    { RealPredicate = (x, y) => x <= y, IntegerPredicate = (x, y) => x <= y };

    /// <summary>x &gt; y.</summary>
    public static readonly Elementwise Greater = new("greater", Kinds.Ordered, true, null, null)
    { RealPredicate = (x, y) => x > y, IntegerPredicate = (x, y) => x > y };

    /// <summary>x &gt;= y.</summary>
    public static readonly Elementwise GreaterEqual = new("greater_equal", Kinds.Ordered, true, null, null)
    { RealPredicate = (x, y) => x >= y, IntegerPredicate = (x, y) => x >= y };

    /// <summary>Conjunction of booleans or of bits.</summary>
    public static readonly Elementwise And = new("and", Kinds.Bool | Kinds.Integer, false, null, null) { Integer = (x, y, _) => x & y };

    /// <summary>Disjunction of booleans or of bits.</summary>
    public static readonly Elementwise Or = new("or", Kinds.Bool | Kinds.Integer, false, null, null) { Integer = (x, y, _) => x | y };

    /// <summary>Exclusive disjunction of booleans or of bits.</summary>
    public static readonly Elementwise Xor = new("xor", Kinds.Bool | Kinds.Integer, false, null, null) { Integer = (x, y, _) => x ^ y };

    /// <summary>The bits of x moved up by y places; 0 when y is the width or more, or negative.</summary>
    public static readonly Elementwise ShiftLeft = new("shift_left", Kinds.Integer, false, null, null)
    { Integer = (x, y, bits) => (ulong)y >= (ulong)bits ? 0 : x << (int)y };

    /// <summary>The bits of x moved down by y places, with the sign bit repeated; when y is the width or more, or negative, only that remains.</summary>
    public static readonly Elementwise ShiftRight = new("shift_right", Kinds.Integer, false, null, null)
    { Integer = (x, y, bits) => x >> (int)Math.Min((ulong)y, (ulong)bits - 1) };

    /// <summary>The bits of x moved down by y places, with zeros moved in; 0 when y is the width or more, or negative.</summary>
    public static readonly Elementwise ShiftRightLogical = new("shift_right_logical", Kinds.Integer, false, null, null)
    { Integer = (x, y, bits) => (ulong)y >= (ulong)bits ? 0 : (long)(((ulong)x & (ulong.MaxValue >> (64 - bits))) >> (int)y) };

    private static readonly ConcurrentDictionary<int, Elementwise> Polygammas = new();

    /// <summary>The polygamma function of an order: 0 is digamma, the derivative of log gamma; each order is the derivative of the one before.</summary>
    /// <exception cref="TensorException">The order is negative.</exception>
    public static Elementwise Polygamma(int order)
    {
        if (order < 0) throw new TensorException($"polygamma: there is no order {order}: orders are 0 or more.");
        return Polygammas.GetOrAdd(order, static order =>
            new(order == 0 ? "digamma" : $"polygamma{order}", Kinds.Real, false, (x, y, g) => g * Tensor.Polygamma(order + 1, x[0]))
            { Real = (x, _) => SpecialFunctions.Polygamma(order, x) });
    }

    /// <summary>a / (a^2 + b^2), whose squares neither vanish nor grow beyond all numbers.</summary>
    private static Tensor PerSquare(Tensor a, Tensor b)
    {
        var scale = Tensor.StopGradient(Tensor.Maximum(Tensor.Abs(a), Tensor.Abs(b)));
        scale = Tensor.Where(Tensor.Equal(scale, 0.0), 1.0, scale);
        (a, b) = (a / scale, b / scale);
        return a / (a * a + b * b) / scale;
    }

    /// <summary>1 where a &gt; b, one half where they are equal, 0 elsewhere.</summary>
    private static Tensor Share(Tensor a, Tensor b)
    {
        var type = a.ElementType;
        return (Tensor.Greater(a, b).AsType(type) + Tensor.GreaterEqual(a, b).AsType(type)) * 0.5;
    }
}
