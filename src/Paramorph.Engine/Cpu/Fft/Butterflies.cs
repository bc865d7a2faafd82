using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>A discrete Fourier transform of a few complex numbers, held in registers: the kernel of one Stockham pass.</summary>
internal unsafe interface IButterfly<T>
    where T : unmanaged
{
    static abstract int Radix { get; }

    /// <summary>
    /// y[j ys] = w^j sum over k of x[k xs] exp(-2 pi i j k / radix). <paramref name="w"/> holds the radix - 1 complex factors and is
    /// read only when <paramref name="twiddled"/>, which every caller gives as a constant so that one of the two forms is compiled.
    /// </summary>
    static abstract void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled);
}

internal static class Butterfly
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ComplexVector<T> Turn<T>(ComplexVector<T> value, T* w, int j, bool twiddled)
        where T : unmanaged => twiddled ? value.Times(w[2 * j - 2], w[2 * j - 1]) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Constant<T>(double value)
        where T : unmanaged, IFloatingPointIeee754<T> => new(T.CreateTruncating(value));
}

internal readonly unsafe struct Radix2<T> : IButterfly<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Radix => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled)
    {
        var a = x[0];
        var b = x[xs];
        y[0] = a + b;
        y[ys] = Butterfly.Turn(a - b, w, 1, twiddled);
    }
}

internal readonly unsafe struct Radix3<T> : IButterfly<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Radix => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled)
    {
        var a = x[0];
        var sum = x[xs] + x[2 * xs];
        var odd = Butterfly.Constant<T>(0.86602540378443864676) * (x[xs] - x[2 * xs]);
        var even = ComplexVector<T>.MultiplyAdd(Butterfly.Constant<T>(-0.5), sum, a);
        y[0] = a + sum;
        y[ys] = Butterfly.Turn(ComplexVector<T>.MinusI(even, odd), w, 1, twiddled);
        y[2 * ys] = Butterfly.Turn(ComplexVector<T>.PlusI(even, odd), w, 2, twiddled);
    }
}

internal readonly unsafe struct Radix4<T> : IButterfly<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Radix => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled)
    {
        var a = x[0];
        var b = x[xs];
        var c = x[2 * xs];
        var d = x[3 * xs];
        var even = a + c;
        var odd = b + d;
        var p = a - c;
        var q = b - d;
        y[0] = even + odd;
        y[ys] = Butterfly.Turn(ComplexVector<T>.MinusI(p, q), w, 1, twiddled);
        y[2 * ys] = Butterfly.Turn(even - odd, w, 2, twiddled);
        y[3 * ys] = Butterfly.Turn(ComplexVector<T>.PlusI(p, q), w, 3, twiddled);
    }
}

internal readonly unsafe struct Radix5<T> : IButterfly<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Radix => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled)
    {
        var c1 = Butterfly.Constant<T>(0.30901699437494742410);
        var c2 = Butterfly.Constant<T>(-0.80901699437494742410);
        var s1 = Butterfly.Constant<T>(0.95105651629515357212);
        var s2 = Butterfly.Constant<T>(0.58778525229247312917);
        var a = x[0];
        var outer = x[xs] + x[4 * xs];
        var inner = x[2 * xs] + x[3 * xs];
        var outerOdd = x[xs] - x[4 * xs];
        var innerOdd = x[2 * xs] - x[3 * xs];
        y[0] = a + outer + inner;
        var p = ComplexVector<T>.MultiplyAdd(c1, outer, ComplexVector<T>.MultiplyAdd(c2, inner, a));
        var q = ComplexVector<T>.MultiplyAdd(s1, outerOdd, s2 * innerOdd);
        y[ys] = Butterfly.Turn(ComplexVector<T>.MinusI(p, q), w, 1, twiddled);
        y[4 * ys] = Butterfly.Turn(ComplexVector<T>.PlusI(p, q), w, 4, twiddled);
        p = ComplexVector<T>.MultiplyAdd(c2, outer, ComplexVector<T>.MultiplyAdd(c1, inner, a));
        q = s2 * outerOdd - s1 * innerOdd;
        y[2 * ys] = Butterfly.Turn(ComplexVector<T>.MinusI(p, q), w, 2, twiddled);
        y[3 * ys] = Butterfly.Turn(ComplexVector<T>.PlusI(p, q), w, 3, twiddled);
    }
}

internal readonly unsafe struct Radix8<T> : IButterfly<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Radix => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ComplexVector<T>* x, nint xs, ComplexVector<T>* y, nint ys, T* w, bool twiddled)
    {
        // The four sums and the four differences of elements half a period apart are the inputs of two transforms of four.
        var half = Butterfly.Constant<T>(0.70710678118654752440);
        var a = x[0];
        var b = x[4 * xs];
        var c = x[2 * xs];
        var d = x[6 * xs];
        var s0 = a + b;
        var d0 = a - b;
        var s2 = c + d;
        var d2 = c - d;
        a = x[xs];
        b = x[5 * xs];
        c = x[3 * xs];
        d = x[7 * xs];
        var s1 = a + b;
        var d1 = a - b;
        var s3 = c + d;
        var d3 = c - d;

        var even = s0 + s2;
        var odd = s1 + s3;
        y[0] = even + odd;
        y[4 * ys] = Butterfly.Turn(even - odd, w, 4, twiddled);
        even = s0 - s2;
        odd = s1 - s3;
        y[2 * ys] = Butterfly.Turn(ComplexVector<T>.MinusI(even, odd), w, 2, twiddled);
        y[6 * ys] = Butterfly.Turn(ComplexVector<T>.PlusI(even, odd), w, 6, twiddled);

        // exp(-i pi/4) d1 + exp(-3 i pi/4) d3, and its counterpart with the sign of the second term and a quarter turn changed.
        var plus = half * (d1 - d3);
        var minus = half * (d1 + d3);
        var p = ComplexVector<T>.MinusI(d0, d2);
        var q = ComplexVector<T>.MinusI(plus, minus);
        y[ys] = Butterfly.Turn(p + q, w, 1, twiddled);
        y[5 * ys] = Butterfly.Turn(p - q, w, 5, twiddled);
        p = ComplexVector<T>.PlusI(d0, d2);
        q = ComplexVector<T>.PlusI(plus, minus);
        y[3 * ys] = Butterfly.Turn(p - q, w, 3, twiddled);
        y[7 * ys] = Butterfly.Turn(p + q, w, 7, twiddled);
    }
}
