using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <summary>A complex value of a graph that is being written, as its two parts, with the table of functions of complex numbers.</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
internal readonly record struct OnnxComplex(OnnxExpression Real, OnnxExpression Imaginary)
{
    private static readonly Dictionary<string, Func<OnnxComplex, OnnxComplex, OnnxComplex>> Table = new()
    {
        [Elementwise.Add.Name] = (x, y) => new(x.Real + y.Real, x.Imaginary + y.Imaginary),
        [Elementwise.Subtract.Name] = (x, y) => new(x.Real - y.Real, x.Imaginary - y.Imaginary),
        [Elementwise.Negate.Name] = (x, _) => new(-x.Real, -x.Imaginary),
        [Elementwise.Conjugate.Name] = (x, _) => new(x.Real, -x.Imaginary),
        [Elementwise.Multiply.Name] = (x, y) => x * y,
        [Elementwise.Divide.Name] = (x, y) => x / y,
        [Elementwise.Exp.Name] = (x, _) => x.Exp(),
        [Elementwise.Log.Name] = (x, _) => x.Log(),
        [Elementwise.Power.Name] = (x, y) => (y * x.Log()).Exp(),
        [Elementwise.Sqrt.Name] = (x, _) => x.Sqrt(),
        [Elementwise.Sin.Name] = (x, _) => x.Sin(),
        [Elementwise.Cos.Name] = (x, _) => x.Cos(),
        [Elementwise.Tan.Name] = (x, _) => x.Sin() / x.Cos(),
        [Elementwise.Sinh.Name] = (x, _) => x.Sinh(),
        [Elementwise.Cosh.Name] = (x, _) => x.Cosh(),
        [Elementwise.Tanh.Name] = (x, _) => x.Sinh() / x.Cosh(),
    };

    private OnnxExpression Modulus => (Real.Square() + Imaginary.Square()).Sqrt();

    public static OnnxComplex operator *(OnnxComplex x, OnnxComplex y) =>
        new(x.Real * y.Real - x.Imaginary * y.Imaginary, x.Real * y.Imaginary + x.Imaginary * y.Real);

    public static OnnxComplex operator /(OnnxComplex x, OnnxComplex y)
    {
        var size = y.Real.Square() + y.Imaginary.Square();
        return new((x.Real * y.Real + x.Imaginary * y.Imaginary) / size, (x.Imaginary * y.Real - x.Real * y.Imaginary) / size);
    }

    /// <summary>A function of one or two complex numbers; null when it has no translation.</summary>
    public static OnnxComplex? Translate(Elementwise function, OnnxComplex x, OnnxComplex y) => Table.TryGetValue(function.Name, out var rule) ? rule(x, y) : null;

    /// <summary>Where both parts are equal.</summary>
    public OnnxExpression EqualTo(OnnxComplex y) => Real.EqualTo(y.Real) & Imaginary.EqualTo(y.Imaginary);

    private OnnxComplex Exp()
    {
        var size = Real.Exp();
        return new(size * Imaginary.Cos(), size * Imaginary.Sin());
    }

    private OnnxComplex Log() => new(Modulus.Log(), OnnxElementwise.Atan2(Imaginary, Real));

    /// <summary>The part of larger size by a root, the other by division: nothing cancels.</summary>
    private OnnxComplex Sqrt()
    {
        var large = ((Modulus + Real.Abs()) * 0.5).Sqrt();
        var small = large.EqualTo(0).Choose(0, Imaginary.Abs() / (large * 2));
        var (isRight, side) = (Real >= Real.Constant(0), (Imaginary < 0).Choose(-1, Imaginary.Constant(1)));
        return new(isRight.Choose(large, small), side * isRight.Choose(small, large));
    }

    private OnnxComplex Sin() => new(
        Real.Sin() * OnnxElementwise.Cosh(Imaginary), Real.Cos() * OnnxElementwise.Sinh(Imaginary));

    private OnnxComplex Cos() => new(
        Real.Cos() * OnnxElementwise.Cosh(Imaginary), -(Real.Sin() * OnnxElementwise.Sinh(Imaginary)));

    private OnnxComplex Sinh() => new(
        OnnxElementwise.Sinh(Real) * Imaginary.Cos(), OnnxElementwise.Cosh(Real) * Imaginary.Sin());

    private OnnxComplex Cosh() => new(
        OnnxElementwise.Cosh(Real) * Imaginary.Cos(), OnnxElementwise.Sinh(Real) * Imaginary.Sin());
}
