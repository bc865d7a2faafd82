using System.Numerics;

namespace Paramorph;

/// <summary>What the elements of a tensor are. The order is the order of promotion (see <see cref="Promotion"/>).</summary>
public enum ElementType : byte
{
    /// <summary>True or false, one byte.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>IEEE 754 single precision: the default of real numbers.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,

    /// <summary>A complex number of two <see cref="Float32"/>.</summary>
    Complex64,

    /// <summary>A complex number of two <see cref="Float64"/>.</summary>
    Complex128,
}

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Size of one element in bytes.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Int32 or ElementType.Float32 => 4,
        ElementType.Int64 or ElementType.Float64 or ElementType.Complex64 => 8,
        _ => 16,
    };

    /// <summary>The field's short name: <c>f32</c>, <c>c64</c>, <c>bool</c>.</summary>
    public static string ShortName(this ElementType type) => type switch
    {
        ElementType.Bool => "bool",
        ElementType.UInt8 => "u8",
        ElementType.Int8 => "i8",
        ElementType.Int32 => "i32",
        ElementType.Int64 => "i64",
        ElementType.Float32 => "f32",
        ElementType.Float64 => "f64",
        ElementType.Complex64 => "c64",
        _ => "c128",
    };

    /// <summary>Whether the type is <see cref="ElementType.Float32"/> or <see cref="ElementType.Float64"/>.</summary>
    public static bool IsFloating(this ElementType type) => type is ElementType.Float32 or ElementType.Float64;

    /// <summary>Whether the type is <see cref="ElementType.Complex64"/> or <see cref="ElementType.Complex128"/>.</summary>
    public static bool IsComplex(this ElementType type) => type is ElementType.Complex64 or ElementType.Complex128;

    /// <summary>Whether the type is one of the four integer types (not bool).</summary>
    public static bool IsInteger(this ElementType type) => type is >= ElementType.UInt8 and <= ElementType.Int64;

    /// <summary>Whether derivatives exist with respect to values of this type: real and complex floating point.</summary>
    public static bool IsDifferentiable(this ElementType type) => type >= ElementType.Float32;

    /// <summary>The type of the real part: f32 for c64, f64 for c128, the type itself otherwise.</summary>
    public static ElementType RealType(this ElementType type) => type switch
    {
        ElementType.Complex64 => ElementType.Float32,
        ElementType.Complex128 => ElementType.Float64,
        _ => type,
    };

    /// <summary>The complex type of the same precision: c64 for f32, c128 for f64, the type itself when complex.</summary>
    /// <exception cref="ElementTypeException">The type is neither floating nor complex.</exception>
    public static ElementType ComplexType(this ElementType type) => type switch
    {
        ElementType.Float32 => ElementType.Complex64,
        ElementType.Float64 => ElementType.Complex128,
        ElementType.Complex64 or ElementType.Complex128 => type,
        _ => throw new ElementTypeException($"{type.ShortName()} has no complex counterpart: cast to f32 or f64 first."),
    };

    /// <summary>The element type that stores the C# type <typeparamref name="T"/>.</summary>
    /// <exception cref="ElementTypeException">No element type stores it.</exception>
    public static ElementType Of<T>()
    {
        if (typeof(T) == typeof(float)) return ElementType.Float32;
        if (typeof(T) == typeof(double)) return ElementType.Float64;
        if (typeof(T) == typeof(int)) return ElementType.Int32;
        if (typeof(T) == typeof(long)) return ElementType.Int64;
        if (typeof(T) == typeof(byte)) return ElementType.UInt8;
        if (typeof(T) == typeof(sbyte)) return ElementType.Int8;
        if (typeof(T) == typeof(bool)) return ElementType.Bool;
        if (typeof(T) == typeof(Complex64)) return ElementType.Complex64;
        if (typeof(T) == typeof(Complex)) return ElementType.Complex128;
        throw new ElementTypeException(
            $"{typeof(T).Name} is not an element type: use float, double, int, long, byte, sbyte, bool, Complex64 or Complex.");
    }
}
