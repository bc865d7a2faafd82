using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <summary>
/// The table of elementwise functions: what each is in operators that ONNX Runtime has for f32, f64, i32 and i64. What it lacks in f64, or computes with few digits
/// (a sigmoid of -17 has none), is composed of what it has. Narrower integers are widened before and narrowed after.
/// </summary>
internal static class OnnxElementwise
{
    private delegate OnnxExpression Rule(OnnxExpression x, OnnxExpression y);

    private static readonly Dictionary<string, Rule> Table = new()
    {
        [Elementwise.Negate.Name] = (x, _) => -x,
        [Elementwise.Abs.Name] = (x, _) => x.Abs(),
        [Elementwise.Sign.Name] = (x, _) => x.Sign(),
        [Elementwise.Floor.Name] = (x, _) => x.Floor(),
        [Elementwise.Ceil.Name] = (x, _) => x.Of("Ceil"),
        [Elementwise.Round.Name] = (x, _) => x.Of("Round"),
        [Elementwise.Sqrt.Name] = (x, _) => x.Sqrt(),
        [Elementwise.Rsqrt.Name] = (x, _) => 1 / x.Sqrt(),
        [Elementwise.Exp.Name] = (x, _) => x.Exp(),
        [Elementwise.Expm1.Name] = (x, _) => Expm1(x),
        [Elementwise.Log.Name] = (x, _) => x.Log(),
        [Elementwise.Log1p.Name] = (x, _) => Log1p(x),
        [Elementwise.Sin.Name] = (x, _) => x.Sin(),
        [Elementwise.Cos.Name] = (x, _) => x.Cos(),
        [Elementwise.Tan.Name] = (x, _) => x.Sin() / x.Cos(),
        [Elementwise.Asin.Name] = (x, _) => Atan(x / (((1 - x) * (x + 1)).Sqrt() + 1)) * 2,
        [Elementwise.Acos.Name] = (x, _) => Atan(((1 - x) / (x + 1)).Sqrt()) * 2,
        [Elementwise.Atan.Name] = (x, _) => Atan(x),
        [Elementwise.Atan2.Name] = Atan2,
        [Elementwise.Sinh.Name] = (x, _) => Sinh(x),
        [Elementwise.Cosh.Name] = (x, _) => Cosh(x),
        [Elementwise.Tanh.Name] = (x, _) => x.Of("Tanh"),
        [Elementwise.Sigmoid.Name] = (x, _) => 1 / ((-x).Exp() + 1),
        [Elementwise.Erf.Name] = (x, _) => Erf(x),
        [Elementwise.Erfc.Name] = (x, _) => Erfc(x),
        [Elementwise.Erfinv.Name] = (x, _) => Erfinv(x),
        [Elementwise.IsNaN.Name] = (x, _) => !x.EqualTo(x),
        [Elementwise.IsFinite.Name] = (x, _) => x.Abs() < double.PositiveInfinity,
        [Elementwise.Not.Name] = (x, _) => x.Type == ElementType.Bool ? !x : Bitwise("BitwiseNot", x),
        [Elementwise.Add.Name] = (x, y) => x + y,
        [Elementwise.Subtract.Name] = (x, y) => x - y,
        [Elementwise.Multiply.Name] = (x, y) => x * y,
        [Elementwise.Divide.Name] = (x, y) => x / y,
        [Elementwise.FloorDivide.Name] = FloorDivide,
        [Elementwise.Remainder.Name] = Remainder,
        [Elementwise.Power.Name] = (x, y) => x.With("Pow", y),
        [Elementwise.Maximum.Name] = (x, y) => x.Maximum(y),
        [Elementwise.Minimum.Name] = (x, y) => x.Minimum(y),
        [Elementwise.Equal.Name] = (x, y) => x.EqualTo(y),
        [Elementwise.NotEqual.Name] = (x, y) => !x.EqualTo(y),
        [Elementwise.Less.Name] = (x, y) => x < y,
        [Elementwise.LessEqual.Name] = (x, y) => x <= y,
        [Elementwise.Greater.Name] = (x, y) => x > y,
        [Elementwise.GreaterEqual.Name] = (x, y) => x >= y,
        [Elementwise.And.Name] = (x, y) => x.Type == ElementType.Bool ? x & y : Bitwise("BitwiseAnd", x, y),
        [Elementwise.Or.Name] = (x, y) => x.Type == ElementType.Bool ? x | y : Bitwise("BitwiseOr", x, y),
        [Elementwise.Xor.Name] = (x, y) => x.Type == ElementType.Bool ? x ^ y : Bitwise("BitwiseXor", x, y),
        [Elementwise.ShiftLeft.Name] = (x, y) => Shift(x, y, "LEFT"),
        [Elementwise.ShiftRight.Name] = ShiftRight,
        [Elementwise.ShiftRightLogical.Name] = (x, y) => Shift(x, y, "RIGHT"),
    };

    /// <summary>The function of operands that broadcast; null when it has no translation.</summary>
    /// <param name="function">The function.</param>
    /// <param name="operands">One operand or two.</param>
    /// <param name="result">What the elements of the result are.</param>
    public static OnnxExpression? Translate(Elementwise function, ReadOnlySpan<OnnxExpression> operands, ElementType result)
    {
        if (!Table.TryGetValue(function.Name, out var rule)) return null;
        var isLogical = function == Elementwise.Not || function == Elementwise.And || function == Elementwise.Or || function == Elementwise.Xor;
        var type = operands[0].Type;
        if (function == Elementwise.ShiftRightLogical && type == ElementType.Int8) return null;
        var wide = type is ElementType.Int8 or ElementType.UInt8 || (type == ElementType.Bool && !isLogical) ? ElementType.Int32 : type;
        var x = operands[0].As(wide);
        return rule(x, operands.Length > 1 ? operands[1].As(wide) : x).As(result);
    }

    /// <summary>(u - 1) x / log u with u = e^x (Kahan).</summary>
    private static OnnxExpression Expm1(OnnxExpression x)
    {
        var u = x.Exp();
        var near = u.EqualTo(1).Choose(x, (u - 1) * x / u.Log());
        return (x.Abs() > 1).Choose(u - 1, near);
    }

    /// <summary>log(u) x / (u - 1) with u = 1 + x (Kahan).</summary>
    private static OnnxExpression Log1p(OnnxExpression x)
    {
        var u = x + 1;
        var isPlain = u.EqualTo(1) | u.EqualTo(double.PositiveInfinity);
        return isPlain.Choose(x, u.Log() * x / (u - 1));
    }

    /// <summary>In f64 the f32 function, turned by the angle that is left: the residue is so small that it is its own arc tangent.</summary>
    private static OnnxExpression Atan(OnnxExpression x)
    {
        if (x.Type == ElementType.Float32) return x.Of("Atan");
        var bounded = x.Maximum(x.Constant(-1e300)).Minimum(x.Constant(1e300));
        var y = bounded.As(ElementType.Float32).Of("Atan").As(ElementType.Float64);
        return y + (bounded * y.Cos() - y.Sin()) / (y.Cos() + bounded * y.Sin());
    }

    /// <summary>The arc tangent of the quotient whose size is at most 1, moved to the octant of the point.</summary>
    public static OnnxExpression Atan2(OnnxExpression y, OnnxExpression x)
    {
        var side = (y < 0).Choose(-1, y.Constant(1));
        var isFlat = y.Abs() <= x.Abs();
        var isOrigin = x.EqualTo(0) & y.EqualTo(0);
        var flat = Atan(y / isOrigin.Choose(1, x)) + (x < 0).Choose(side * Math.PI, 0);
        var steep = side * (Math.PI / 2) - Atan(x / y.EqualTo(0).Choose(1, y));
        return isFlat.Choose(flat, steep);
    }

    /// <summary>(e^x - e^-x) / 2 without cancellation.</summary>
    public static OnnxExpression Sinh(OnnxExpression x)
    {
        if (x.Type == ElementType.Float32) return x.Of("Sinh");
        var size = x.Abs();
        var e = Expm1(size);
        var half = (size * 0.5).Exp();
        return x.Sign() * (size > 20).Choose(half * 0.5 * half, (e + e / (e + 1)) * 0.5);
    }

    /// <summary>(e^x + e^-x) / 2, by halves so that it overflows no sooner than its value.</summary>
    public static OnnxExpression Cosh(OnnxExpression x)
    {
        var half = (x.Abs() * 0.5).Exp();
        return half * 0.5 * half + 0.5 / half / half;
    }

    /// <summary>
    /// Cephes (Moshier), ndtr.c: x P(x^2) / Q(x^2) up to 1 and 1 - erfc(|x|) beyond. In f32 the operator itself.
    /// </summary>
    private static OnnxExpression Erf(OnnxExpression x)
    {
        if (x.Type == ElementType.Float32) return x.Of("Erf");
        return (x.Abs() <= x.Constant(1)).Choose(ErfNearZero(x), x.Sign() * (1 - ErfcFromOne(x.Abs())));
    }

    private static OnnxExpression ErfNearZero(OnnxExpression x)
    {
        var square = x.Square();
        return x * square.Polynomial(9.60497373987051638749E0, 9.00260197203842689217E1, 2.23200534594684319226E3, 7.00332514112805075473E3, 5.55923013010394962768E4)
            / square.Polynomial(1, 3.35617141647503099647E1, 5.21357949780152679795E2, 4.59432382970980127987E3, 2.26290000613890934246E4, 4.92673942608635921086E4);
    }

    /// <summary>Cephes, ndtr.c: e^(-x^2) P(x) / Q(x), of two pairs of polynomials that meet at 8; for x of 1 or more.</summary>
    private static OnnxExpression ErfcFromOne(OnnxExpression x)
    {
        x = x.Minimum(x.Constant(30));
        var low = x.Polynomial(
                2.46196981473530512524E-10, 5.64189564831068821977E-1, 7.46321056442269912687E0, 4.86371970985681366614E1, 1.96520832956077098242E2,
                5.26445194995477358631E2, 9.34528527171957607540E2, 1.02755188689515710272E3, 5.57535335369399327526E2)
            / x.Polynomial(
                1, 1.32281951154744992508E1, 8.67072140885989742329E1, 3.54937778887819891062E2, 9.75708501743205489753E2, 1.82390916687909736289E3,
                2.24633760818710981792E3, 1.65666309194161350182E3, 5.57535340817727675546E2);
        var high = x.Polynomial(
                5.64189583547755073984E-1, 1.27536670759978104416E0, 5.01905042251180477414E0, 6.16021097993053585195E0, 7.40974269950448939160E0, 2.97886665372100240670E0)
            / x.Polynomial(
                1, 2.26052863220117276590E0, 9.39603524938001434673E0, 1.20489539808096656605E1, 1.70814450747565897222E1, 9.60896809063285878198E0,
                3.36907645100081516050E0);
        return (-x.Square()).Exp() * (x < 8).Choose(low, high);
    }

    private static OnnxExpression Erfc(OnnxExpression x)
    {
        if (x.Type == ElementType.Float32) return ErfcOfSingles(x);
        var tail = ErfcFromOne(x.Abs());
        return (x.Abs() < 1).Choose(1 - ErfNearZero(x), (x < 0).Choose(2 - tail, tail));
    }

    /// <summary>The Chebyshev fit of Numerical Recipes (erfcc), with a relative error below 1.2e-7 everywhere.</summary>
    private static OnnxExpression ErfcOfSingles(OnnxExpression x)
    {
        var size = x.Abs();
        var t = 1 / (size * 0.5 + 1);
        var exponent = t.Polynomial(
            0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223) - size.Square();
        var tail = t * exponent.Exp();
        return (x < 0).Choose(2 - tail, tail);
    }

    /// <summary>Giles, "Approximating the erfinv function": two polynomials in the logarithm of 1 - x^2; in f64 followed by steps of Newton's method.</summary>
    private static OnnxExpression Erfinv(OnnxExpression x)
    {
        var w = -((1 - x) * (x + 1)).Log();
        var centre = (w - 2.5).Polynomial(
            2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941);
        var tail = (w.Maximum(w.Constant(0)).Sqrt() - 3).Polynomial(
            -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682);
        var y = x * (w < 5).Choose(centre, tail);
        if (x.Type == ElementType.Float32) return y;
        var size = x.Abs();
        var root = y.Abs();
        for (var step = 0; step < 3; step++)
        {
            var error = (size < 0.5).Choose(Erf(root) - size, 1 - size - Erfc(root));
            var correction = error / ((-root.Square()).Exp() * 1.1283791670955126);
            root -= correction / (root * correction + 1);
        }
        return (size < 1).Choose(x.Sign() * root, x.Sign() * double.PositiveInfinity);
    }

    /// <summary>ONNX divides towards zero, and its runtimes may stop at a division by zero, which gives 0 here.</summary>
    private static OnnxExpression FloorDivide(OnnxExpression x, OnnxExpression y)
    {
        var isZero = y.EqualTo(0);
        var divisor = isZero.Choose(1, y);
        var quotient = x / divisor;
        var rest = x - quotient * divisor;
        var isBetween = !rest.EqualTo(0) & ((x < 0) ^ (divisor < 0));
        return isZero.Choose(0, isBetween.Choose(quotient - 1, quotient));
    }

    private static OnnxExpression Remainder(OnnxExpression x, OnnxExpression y)
    {
        if (!x.Type.IsFloating())
        {
            var isZero = y.EqualTo(0);
            return isZero.Choose(0, new(x.Graph, x.Graph.Node("Mod", [x.Name, isZero.Choose(1, y).Name]), x.Type));
        }
        var rest = new OnnxExpression(x.Graph, x.Graph.Node("Mod", [x.Name, y.Name], OnnxBuilder.Attribute("fmod", 1)), x.Type);
        var isOpposite = !rest.EqualTo(0) & ((rest < 0) ^ (y < 0));
        return isOpposite.Choose(rest + y, rest);
    }

    private static OnnxExpression Bitwise(string operation, OnnxExpression x, OnnxExpression? y = null)
    {
        x.Graph.Require(18, operation);
        return y is { } other ? x.With(operation, other) : x.Of(operation);
    }

    /// <summary>ONNX shifts unsigned numbers only; a shift by the width or more, or by a negative number, gives 0.</summary>
    private static OnnxExpression Shift(OnnxExpression x, OnnxExpression y, string direction)
    {
        const int unsigned32 = 12, unsigned64 = 13;
        var (graph, to) = (x.Graph, OnnxBuilder.Attribute("to", x.Type == ElementType.Int64 ? unsigned64 : unsigned32));
        var isInside = (y >= y.Constant(0)) & (y < x.Type.Size() * 8);
        var bits = graph.Node("Cast", [x.Name], to);
        var places = graph.Node("Cast", [isInside.Choose(y, 0).Name], to);
        var shifted = new OnnxExpression(graph, graph.Node("BitShift", [bits, places], OnnxBuilder.Attribute("direction", direction)), x.Type);
        var back = new OnnxExpression(graph, graph.Node("Cast", [shifted.Name], OnnxBuilder.Attribute("to", OnnxTensors.Number(x.Type))), x.Type);
        return isInside.Choose(back, 0);
    }

    /// <summary>The logical shift of what has no sign bit; a shift beyond the width leaves the sign bit alone.</summary>
    private static OnnxExpression ShiftRight(OnnxExpression x, OnnxExpression y)
    {
        var isNegative = x < 0;
        var places = (y < 0).Choose(x.Type.Size() * 8, y);
        var shifted = Shift(isNegative.Choose(Bitwise("BitwiseNot", x), x), places, "RIGHT");
        return isNegative.Choose(Bitwise("BitwiseNot", shifted), shifted);
    }
}
