using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>One complex number of each of several lines: the real parts in one vector, the imaginary parts in the next.</summary>
internal readonly struct ComplexVector<T>(Vector<T> re, Vector<T> im)
    where T : unmanaged
{
    public readonly Vector<T> Re = re;
    public readonly Vector<T> Im = im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> operator +(ComplexVector<T> a, ComplexVector<T> b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> operator -(ComplexVector<T> a, ComplexVector<T> b) => new(a.Re - b.Re, a.Im - b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> operator *(Vector<T> scale, ComplexVector<T> a) => new(a.Re * scale, a.Im * scale);

    /// <summary>a + i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> PlusI(ComplexVector<T> a, ComplexVector<T> b) => new(a.Re - b.Im, a.Im + b.Re);

    /// <summary>a - i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> MinusI(ComplexVector<T> a, ComplexVector<T> b) => new(a.Re + b.Im, a.Im - b.Re);

    /// <summary>scale * a + sum, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector<T> MultiplyAdd(Vector<T> scale, ComplexVector<T> a, ComplexVector<T> sum) =>
        new(Lanes.MultiplyAdd(scale, a.Re, sum.Re), Lanes.MultiplyAdd(scale, a.Im, sum.Im));

    /// <summary>The product with the same complex number in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexVector<T> Times(T re, T im)
    {
        var wr = new Vector<T>(re);
        var wi = new Vector<T>(im);
        return new(Lanes.MultiplyAdd(Re, wr, -(Im * wi)), Lanes.MultiplyAdd(Re, wi, Im * wr));
    }
}
