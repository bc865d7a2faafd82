using Paramorph.Primitives;

namespace Paramorph;

/// <content>Elementwise functions and operators. Operands broadcast and are promoted.</content>
public sealed partial class Tensor
{
    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => Unary(Elementwise.Negate, x);

    /// <summary>x + y.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Binary(Elementwise.Add, x, y);

    /// <summary>x - y.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Binary(Elementwise.Subtract, x, y);

    /// <summary>The elementwise product; the matrix product is <see cref="Dot(Tensor)"/>.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Binary(Elementwise.Multiply, x, y);

    /// <summary>x / y; integers become f32 first, as in PyTorch.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Floating(Elementwise.Divide, x, y);

    /// <summary>x - y floor(x / y), with the sign of y, as in Python; when y is 0, 0 of integers and NaN of real numbers.</summary>
    public static Tensor operator %(Tensor x, Tensor y) => Binary(Elementwise.Remainder, x, y);

    /// <summary>x &lt; y.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => Less(x, y);

    /// <summary>x &gt; y.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => Greater(x, y);

    /// <summary>x &lt;= y.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => LessEqual(x, y);

    /// <summary>x &gt;= y.</summary>
    public static Tensor operator >=(Tensor x, Tensor y) => GreaterEqual(x, y);

    /// <summary>Conjunction of booleans or bits.</summary>
    public static Tensor operator &(Tensor x, Tensor y) => Binary(Elementwise.And, x, y);

    /// <summary>Disjunction of booleans or bits.</summary>
    public static Tensor operator |(Tensor x, Tensor y) => Binary(Elementwise.Or, x, y);

    /// <summary>Exclusive disjunction of booleans or bits.</summary>
    public static Tensor operator ^(Tensor x, Tensor y) => Binary(Elementwise.Xor, x, y);

    /// <summary>Complement of booleans or bits.</summary>
    public static Tensor operator ~(Tensor x) => Unary(Elementwise.Not, x);

    /// <summary>Negation of booleans.</summary>
    public static Tensor operator !(Tensor x) => Unary(Elementwise.Not, x);

    /// <summary>Bits moved up.</summary>
    public static Tensor operator <<(Tensor x, Tensor y) => Binary(Elementwise.ShiftLeft, x, y);

    /// <summary>Bits moved down, the sign bit repeated.</summary>
    public static Tensor operator >>(Tensor x, Tensor y) => Binary(Elementwise.ShiftRight, x, y);

    /// <summary>Bits moved down, zeros moved in.</summary>
    public static Tensor operator >>>(Tensor x, Tensor y) => Binary(Elementwise.ShiftRightLogical, x, y);

    /// <summary>|x|; the modulus of a complex number (its derivative at 0 is 0).</summary>
    public static Tensor Abs(Tensor x) => x.ElementType.IsComplex() ? Modulus(x) : Unary(Elementwise.Abs, x);

    /// <summary>-1, 0 or 1.</summary>
    public static Tensor Sign(Tensor x) => Unary(Elementwise.Sign, x);

    /// <summary>The largest integer not above x.</summary>
    public static Tensor Floor(Tensor x) => Unary(Elementwise.Floor, x);

    /// <summary>The smallest integer not below x.</summary>
    public static Tensor Ceil(Tensor x) => Unary(Elementwise.Ceil, x);

    /// <summary>The nearest integer, halves to the even one.</summary>
    public static Tensor Round(Tensor x) => Unary(Elementwise.Round, x);

    /// <summary>The square root.</summary>
    public static Tensor Sqrt(Tensor x) => Floating(Elementwise.Sqrt, x);

    /// <summary>1 / sqrt(x).</summary>
    public static Tensor Rsqrt(Tensor x) => Floating(Elementwise.Rsqrt, x);

    /// <summary>e^x. Real results below the smallest normal number of their type are 0: arithmetic with subnormal numbers is many times slower on some processors.</summary>
    public static Tensor Exp(Tensor x) => Floating(Elementwise.Exp, x);

    /// <summary>e^x - 1, accurate near 0.</summary>
    public static Tensor Expm1(Tensor x) => Floating(Elementwise.Expm1, x);

    /// <summary>The natural logarithm.</summary>
    public static Tensor Log(Tensor x) => Floating(Elementwise.Log, x);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Tensor Log1p(Tensor x) => Floating(Elementwise.Log1p, x);

    /// <summary>The sine of an angle in radians.</summary>
    public static Tensor Sin(Tensor x) => Floating(Elementwise.Sin, x);

    /// <summary>The cosine of an angle in radians.</summary>
    public static Tensor Cos(Tensor x) => Floating(Elementwise.Cos, x);

    /// <summary>The tangent of an angle in radians.</summary>
    public static Tensor Tan(Tensor x) => Floating(Elementwise.Tan, x);

    /// <summary>The inverse sine.</summary>
    public static Tensor Asin(Tensor x) => Floating(Elementwise.Asin, x);

    /// <summary>The inverse cosine.</summary>
    public static Tensor Acos(Tensor x) => Floating(Elementwise.Acos, x);

    /// <summary>The inverse tangent.</summary>
    public static Tensor Atan(Tensor x) => Floating(Elementwise.Atan, x);

    /// <summary>The angle of the point (<paramref name="x"/>, <paramref name="y"/>), in (-pi, pi].</summary>
    public static Tensor Atan2(Tensor y, Tensor x) => Floating(Elementwise.Atan2, y, x);

    /// <summary>The hyperbolic sine.</summary>
    public static Tensor Sinh(Tensor x) => Floating(Elementwise.Sinh, x);

    /// <summary>The hyperbolic cosine.</summary>
    public static Tensor Cosh(Tensor x) => Floating(Elementwise.Cosh, x);

    /// <summary>The hyperbolic tangent.</summary>
    public static Tensor Tanh(Tensor x) => Floating(Elementwise.Tanh, x);

    /// <summary>1 / (1 + e^-x). Results below the smallest normal number of their type are 0.</summary>
    public static Tensor Sigmoid(Tensor x) => Floating(Elementwise.Sigmoid, x);

    /// <summary>The error function.</summary>
    public static Tensor Erf(Tensor x) => Floating(Elementwise.Erf, x);

    /// <summary>1 - erf(x), accurate for large x.</summary>
    public static Tensor Erfc(Tensor x) => Floating(Elementwise.Erfc, x);

    /// <summary>The inverse of the error function.</summary>
    public static Tensor Erfinv(Tensor x) => Floating(Elementwise.Erfinv, x);

    /// <summary>log |gamma(x)|.</summary>
    public static Tensor Lgamma(Tensor x) => Floating(Elementwise.Lgamma, x);

    /// <summary>The derivative of log gamma.</summary>
    public static Tensor Digamma(Tensor x) => Polygamma(0, x);

    /// <summary>The derivative of digamma of an order.</summary>
    public static Tensor Polygamma(int order, Tensor x) => Floating(Elementwise.Polygamma(order), x);

    /// <summary>Whether an element is not a number.</summary>
    public static Tensor IsNaN(Tensor x) => Unary(Elementwise.IsNaN, x);

    /// <summary>Whether an element is neither infinite nor NaN.</summary>
    public static Tensor IsFinite(Tensor x) => Unary(Elementwise.IsFinite, x);

    /// <summary>The complex conjugate; of real numbers themselves.</summary>
    public static Tensor Conjugate(Tensor x) => x.ElementType.IsComplex() ? Unary(Elementwise.Conjugate, x) : x;

    /// <summary>The larger of two; NaN when one is; ties share the derivative.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Binary(Elementwise.Maximum, x, y);

    /// <summary>The smaller of two; NaN when one is; ties share the derivative.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Binary(Elementwise.Minimum, x, y);

    /// <summary>x held between two bounds.</summary>
    public static Tensor Clamp(Tensor x, Tensor low, Tensor high) => Minimum(Maximum(x, low), high);

    /// <summary>x to the power y; NaN for a negative x and a y that is no integer.</summary>
    public static Tensor Power(Tensor x, Tensor y) => Floating(Elementwise.Power, x, y);

    /// <summary>x to an integer power, by repeated multiplication.</summary>
    public static Tensor Power(Tensor x, int exponent)
    {
        if (exponent == 0) return OnesLike(x);
        if (exponent == 1) return x;
        // The most negative exponent has no positive counterpart.
        if (exponent < 0) return exponent == int.MinValue ? Square(Power(x, exponent / 2)) : 1.0 / Power(x, -exponent);
        var half = Power(x, exponent / 2);
        return exponent % 2 == 0 ? half * half : half * half * x;
    }

    /// <summary>x x.</summary>
    public static Tensor Square(Tensor x) => x * x;

    /// <summary>
    /// The largest integer not above x / y, the exact quotient of the numbers as they are: x is it times y, plus <c>x % y</c>, within rounding, as in Python.
    /// Integers divided by 0 give 0, real numbers x / 0. Its derivative is 0.
    /// </summary>
    public static Tensor FloorDivide(Tensor x, Tensor y)
    {
        (x, y) = Promote(x, y, "floor_divide");
        if (x.ElementType.IsInteger()) return Binary(Elementwise.FloorDivide, x, y);
        // The rounded quotient may reach the next integer; what is left after the remainder is a multiple of y.
        var quotient = Round((x - x % y) / y);
        var ofInfinite = Where(Less(x, 0.0) & Greater(y, 0.0) | Greater(x, 0.0) & Less(y, 0.0), -1.0, 0.0);
        return Where(Equal(y, 0.0) | !IsFinite(x), Floor(x / y), Where(Equal(Abs(y), double.PositiveInfinity), ofInfinite.AsType(quotient.ElementType), quotient));
    }

    /// <summary>Whether elements are equal. (The == operator compares identity, as for every class.)</summary>
    public static Tensor Equal(Tensor x, Tensor y) => Binary(Elementwise.Equal, x, y);

    /// <summary>Whether elements differ.</summary>
    public static Tensor NotEqual(Tensor x, Tensor y) => Binary(Elementwise.NotEqual, x, y);

    /// <summary>x &lt; y.</summary>
    public static Tensor Less(Tensor x, Tensor y) => Binary(Elementwise.Less, x, y);

    /// <summary>x &lt;= y.</summary>
    public static Tensor LessEqual(Tensor x, Tensor y) => Binary(Elementwise.LessEqual, x, y);

    /// <summary>x &gt; y.</summary>
    public static Tensor Greater(Tensor x, Tensor y) => Binary(Elementwise.Greater, x, y);

    /// <summary>x &gt;= y.</summary>
    public static Tensor GreaterEqual(Tensor x, Tensor y) => Binary(Elementwise.GreaterEqual, x, y);

    /// <summary>Elements of <paramref name="x"/> where the condition holds, of <paramref name="y"/> elsewhere.</summary>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        (x, y) = Promote(x, y, "where");
        var shape = Shape.Broadcast(Shape.Broadcast(x.Shape, y.Shape, "where"), condition.Shape, "where");
        return Bind(new Select(), condition.BroadcastTo(shape), x.BroadcastTo(shape), y.BroadcastTo(shape))[0];
    }

    /// <summary>The real part; of a real tensor itself.</summary>
    public static Tensor Real(Tensor x) => x.ElementType.IsComplex() ? Bind(new RealPart(), x)[0] : x;

    /// <summary>The imaginary part; zeros for a real tensor.</summary>
    public static Tensor Imaginary(Tensor x) => x.ElementType.IsComplex() ? Bind(new ImaginaryPart(), x)[0] : ZerosLike(x);

    /// <summary>A complex tensor of its real and imaginary parts.</summary>
    public static Tensor Complex(Tensor real, Tensor imaginary)
    {
        (real, imaginary) = Promote(real, imaginary, "complex");
        var shape = Shape.Broadcast(real.Shape, imaginary.Shape, "complex");
        return Bind(new MakeComplex(), real.BroadcastTo(shape), imaginary.BroadcastTo(shape))[0];
    }

    /// <summary>The same elements as another type: real to integer truncates, anything to bool is "not zero".</summary>
    /// <exception cref="ElementTypeException">Complex to real: take the real part instead.</exception>
    public Tensor AsType(ElementType type)
    {
        if (Weak is { } literal && !(literal.Complex.Imaginary != 0 && !type.IsComplex()) && (!type.IsInteger() || ElementType.IsInteger()))
            return literal.As(type);
        return type == ElementType ? this : Bind(new Cast(type), this)[0];
    }

    /// <summary>The same bits as another type of the same size.</summary>
    public Tensor BitCast(ElementType type) => type == ElementType ? this : Bind(new BitCast(type), this)[0];

    /// <summary>The value, without a derivative.</summary>
    public static Tensor StopGradient(Tensor x) => Bind(new StopGradient(), x)[0];

    /// <summary>The sum of two terms of which either may be missing (zero).</summary>
    internal static Tensor? Sum(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : a + b;

    /// <summary>Both operands in their common type.</summary>
    internal static (Tensor X, Tensor Y) Promote(Tensor x, Tensor y, string operation)
    {
        var promoted = Promote([x, y], operation);
        return (promoted[0], promoted[1]);
    }

    /// <summary>All of several tensors in their common type; literals adapt to the others.</summary>
    internal static Tensor[] Promote(IReadOnlyList<Tensor> tensors, string operation)
    {
        var type = tensors[0].ElementType;
        var isWeak = tensors[0].Weak is not null;
        foreach (var tensor in tensors.Skip(1))
        {
            type = (isWeak, tensor.Weak is not null) switch
            {
                (true, false) => Promotion.PromoteLiteral(type, tensor.ElementType),
                (false, true) => Promotion.PromoteLiteral(tensor.ElementType, type),
                _ => Promotion.Promote(type, tensor.ElementType, operation),
            };
            isWeak &= tensor.Weak is not null;
        }
        return [.. tensors.Select(t => t.AsType(type))];
    }

    private static Tensor Unary(Elementwise function, Tensor x) => Bind(function, x)[0];

    private static Tensor Binary(Elementwise function, Tensor x, Tensor y)
    {
        (x, y) = Promote(x, y, function.Name);
        var shape = Shape.Broadcast(x.Shape, y.Shape, function.Name);
        return Bind(function, x.BroadcastTo(shape), y.BroadcastTo(shape))[0];
    }

    private static Tensor Floating(Elementwise function, Tensor x) => Unary(function, Floating(x));

    private static Tensor Floating(Elementwise function, Tensor x, Tensor y)
    {
        (x, y) = Promote(x, y, function.Name);
        return Binary(function, Floating(x), Floating(y));
    }

    /// <summary>Integers and booleans as f32.</summary>
    private static Tensor Floating(Tensor x) => x.ElementType.IsDifferentiable() ? x : x.AsType(ElementType.Float32);

    private static Tensor Modulus(Tensor z)
    {
        var (re, im) = (Real(z), Imaginary(z));
        // Scaled by the larger part so that the squares neither overflow nor vanish; where both are 0 the derivative is cut off.
        var largest = StopGradient(Maximum(Abs(re), Abs(im)));
        var isZero = Equal(largest, 0.0);
        var scale = Where(isZero | !IsFinite(largest), OnesLike(largest), largest);
        var (a, b) = (re / scale, im / scale);
        return Where(isZero, ZerosLike(re), scale * Sqrt(Where(isZero, OnesLike(re), a * a + b * b)));
    }
}
