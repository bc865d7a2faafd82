namespace Paramorph;

/// <summary>
/// The table of promotion: to which element type two operands of different types go.
/// <code>
///          bool  u8   i8   i32  i64  f32  f64  c64  c128
///   bool   bool  u8   i8   i32  i64  f32  f64  c64  c128
///   u8           u8   i32  i32  i64  f32  f64  c64  c128
///   i8                i8   i32  i64  f32  f64  c64  c128
///   i32                    i32  i64  f32  f64  c64  c128
///   i64                         i64  f32  f64  c64  c128
///   f32                              f32  -    c64  -
///   f64                                   f64  -    c128
///   c64                                        c64  -
///   c128                                            c128
/// </code>
/// A dash throws: single precision never becomes double silently; cast one operand. C# literals (<c>x * 2.5</c>) are weak: they take the
/// type of the other operand, except that a real literal beside an integer tensor makes the result f32, and a complex one beside a real
/// tensor makes it complex of the same precision.
/// </summary>
public static class Promotion
{
    /// <summary>The common type of two strong operands.</summary>
    /// <exception cref="ElementTypeException">The table has a dash there.</exception>
    public static ElementType Promote(ElementType a, ElementType b, string operation)
    {
        if (a == b) return a;
        var (low, high) = a < b ? (a, b) : (b, a);
        if (low.IsDifferentiable() && low.RealType() != high.RealType())
            throw new ElementTypeException(
                $"{operation}: {a.ShortName()} and {b.ShortName()} do not mix: single precision never becomes double silently; cast one with AsType.");
        return (low, high) is (ElementType.UInt8, ElementType.Int8) ? ElementType.Int32 : high;
    }

    /// <summary>The type that a weak literal takes beside a strong operand.</summary>
    internal static ElementType PromoteLiteral(ElementType literal, ElementType strong)
    {
        if (literal == ElementType.Bool) return strong;
        if (literal.IsComplex()) return strong.IsDifferentiable() ? strong.ComplexType() : ElementType.Complex64;
        if (literal.IsFloating()) return strong.IsDifferentiable() ? strong : ElementType.Float32;
        return strong == ElementType.Bool ? ElementType.Int32 : strong;
    }
}
