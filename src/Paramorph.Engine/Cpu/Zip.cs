using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>Vectors taken apart and put together by turns.</summary>
internal static unsafe class Zip
{
    /// <summary>The elements at even places of two vectors that follow one another, and those at odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<T> Even, Vector<T> Odd) Apart<T>(Vector<T> a, Vector<T> b)
        where T : unmanaged
    {
        if (IsWhole<T>())
        {
            var (low, high) = (EvenFirst(a.AsVector256()), EvenFirst(b.AsVector256()));
            return (Vector256.Create(low.GetLower(), high.GetLower()).AsVector(), Vector256.Create(low.GetUpper(), high.GetUpper()).AsVector());
        }
        return ApartByElement(a, b);
    }

    /// <summary>a[0], b[0], a[1], b[1] and so on, in two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<T> First, Vector<T> Second) Together<T>(Vector<T> a, Vector<T> b)
        where T : unmanaged
    {
        if (IsWhole<T>())
        {
            var (x, y) = (a.AsVector256(), b.AsVector256());
            return (
                EvenLast(Vector256.Create(x.GetLower(), y.GetLower())).AsVector(),
                EvenLast(Vector256.Create(x.GetUpper(), y.GetUpper())).AsVector());
        }
        return TogetherByElement(a, b);
    }

    private static (Vector<T> Even, Vector<T> Odd) ApartByElement<T>(Vector<T> a, Vector<T> b)
        where T : unmanaged
    {
        var n = Vector<T>.Count;
        var elements = stackalloc T[4 * n];
        Vector.Store(a, elements);
        Vector.Store(b, elements + n);
        for (var i = 0; i < n; i++) (elements[2 * n + i], elements[3 * n + i]) = (elements[2 * i], elements[2 * i + 1]);
        return (Vector.Load(elements + 2 * n), Vector.Load(elements + 3 * n));
    }

    private static (Vector<T> First, Vector<T> Second) TogetherByElement<T>(Vector<T> a, Vector<T> b)
        where T : unmanaged
    {
        var n = Vector<T>.Count;
        var elements = stackalloc T[2 * n];
        for (var i = 0; i < n; i++) (elements[2 * i], elements[2 * i + 1]) = (a[i], b[i]);
        return (Vector.Load(elements), Vector.Load(elements + n));
    }

    private static bool IsWhole<T>()
        where T : unmanaged => Vector256.IsHardwareAccelerated && Vector<T>.Count == Vector256<T>.Count && sizeof(T) >= sizeof(int);

    /// <summary>The elements at even places in the lower half, those at odd places in the upper one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> EvenFirst<T>(Vector256<T> v)
        where T : unmanaged => sizeof(T) == sizeof(int)
        ? Vector256.Shuffle(v.AsInt32(), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7)).As<int, T>()
        : Vector256.Shuffle(v.AsInt64(), Vector256.Create(0, 2, 1, 3)).As<long, T>();

    /// <summary>The elements of the lower half at even places, those of the upper one at odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> EvenLast<T>(Vector256<T> v)
        where T : unmanaged => sizeof(T) == sizeof(int)
        ? Vector256.Shuffle(v.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).As<int, T>()
        : Vector256.Shuffle(v.AsInt64(), Vector256.Create(0, 2, 1, 3)).As<long, T>();
}
