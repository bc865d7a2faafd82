using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>An associative operation on numbers and, element by element, on vectors of them.</summary>
internal interface ICombine<T>
    where T : unmanaged
{
    static abstract T Identity { get; }

    static abstract T Combine(T a, T b);

    static abstract Vector<T> Combine(Vector<T> a, Vector<T> b);
}

internal readonly struct SumOperation<T> : ICombine<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a + b;
}

internal readonly struct ProductOperation<T> : ICombine<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a * b;
}

/// <summary>The larger of two; NaN if either is.</summary>
internal readonly struct MaxOperation<T> : ICombine<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.CreateSaturating(double.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
}

/// <summary>The smaller of two; NaN if either is.</summary>
internal readonly struct MinOperation<T> : ICombine<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.CreateSaturating(double.PositiveInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
}

/// <summary>The second of two: what a write does.</summary>
internal readonly struct LastOperation<T> : ICombine<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => b;
}

/// <summary>Runs of elements combined one by one.</summary>
internal static unsafe class Combining
{
    /// <summary>Combines elements with others: <c>into[i] = into[i] op from[i]</c>.</summary>
    public static void Into<T, TOperation>(T* into, T* from, long count)
        where T : unmanaged
        where TOperation : struct, ICombine<T>
    {
        long i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            Vector.Store(TOperation.Combine(Vector.Load(into + i), Vector.Load(from + i)), into + i);
        for (; i < count; i++) into[i] = TOperation.Combine(into[i], from[i]);
    }
}
