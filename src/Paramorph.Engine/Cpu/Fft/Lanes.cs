using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>
/// Moves between rows in memory and vectors that hold one element of each row. All arithmetic of the spectral kernels runs across rows, so that
/// short transforms use whole vectors; these are the only places where data change direction.
/// </summary>
internal static unsafe class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
    {
        if (typeof(T) == typeof(float))
            return Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double))
            return Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
        return a * b + c;
    }

    /// <summary>target[(j ^ swap) * stride + lane] = rows[lane][column + j] for a square block of Vector&lt;T&gt;.Count rows and columns.</summary>
    public static void GatherBlock<T>(T** rows, nint column, T* target, nint stride, int swap)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Avx.IsSupported && Vector<T>.Count == 8)
        {
            var r = (float**)rows;
            var t = (float*)target;
            for (var half = 0; half < 8; half += 4)
            {
                var c = column + half;
                var d = t + half * stride;
                Transpose8x4(
                    r[0] + c, r[1] + c, r[2] + c, r[3] + c, r[4] + c, r[5] + c, r[6] + c, r[7] + c,
                    d + swap * stride, d + (1 ^ swap) * stride, d + (2 ^ swap) * stride, d + (3 ^ swap) * stride);
            }
        }
        else if (typeof(T) == typeof(double) && Avx.IsSupported && Vector<T>.Count == 4)
        {
            var r = (double**)rows;
            var t = (double*)target;
            for (var half = 0; half < 4; half += 2)
            {
                var c = column + half;
                var d = t + half * stride;
                Transpose4x2(r[0] + c, r[1] + c, r[2] + c, r[3] + c, d + swap * stride, d + (1 ^ swap) * stride);
            }
        }
        else
        {
            for (var lane = 0; lane < Vector<T>.Count; lane++)
                for (var j = 0; j < Vector<T>.Count; j++)
                    target[(j ^ swap) * stride + lane] = rows[lane][column + j];
        }
    }

    /// <summary>rows[lane][column + j] = source[(j ^ swap) * stride + lane]: the way back of <see cref="GatherBlock"/>.</summary>
    public static void ScatterBlock<T>(T* source, nint stride, int swap, T** rows, nint column)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Avx.IsSupported && Vector<T>.Count == 8)
        {
            var r = (float**)rows;
            for (var half = 0; half < 8; half += 4)
            {
                var s = (float*)source + half;
                Transpose8x4(
                    s + swap * stride, s + (1 ^ swap) * stride, s + (2 ^ swap) * stride, s + (3 ^ swap) * stride,
                    s + (4 ^ swap) * stride, s + (5 ^ swap) * stride, s + (6 ^ swap) * stride, s + (7 ^ swap) * stride,
                    r[half] + column, r[half + 1] + column, r[half + 2] + column, r[half + 3] + column);
            }
        }
        else if (typeof(T) == typeof(double) && Avx.IsSupported && Vector<T>.Count == 4)
        {
            var r = (double**)rows;
            for (var half = 0; half < 4; half += 2)
            {
                var s = (double*)source + half;
                Transpose4x2(
                    s + swap * stride, s + (1 ^ swap) * stride, s + (2 ^ swap) * stride, s + (3 ^ swap) * stride,
                    r[half] + column, r[half + 1] + column);
            }
        }
        else
        {
            for (var lane = 0; lane < Vector<T>.Count; lane++)
                for (var j = 0; j < Vector<T>.Count; j++)
                    rows[lane][column + j] = source[(j ^ swap) * stride + lane];
        }
    }

    /// <summary>Splits Vector&lt;T&gt;.Count interleaved pairs into their first and second members, in place if the memory is the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<T>(T* pairs, T* first, T* second)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Avx2.IsSupported && Vector<T>.Count == 8)
        {
            var low = Vector256.Load((float*)pairs);
            var high = Vector256.Load((float*)pairs + 8);
            Avx2.Permute4x64(Avx.Shuffle(low, high, 0x88).AsDouble(), 0xD8).AsSingle().Store((float*)first);
            Avx2.Permute4x64(Avx.Shuffle(low, high, 0xDD).AsDouble(), 0xD8).AsSingle().Store((float*)second);
        }
        else if (typeof(T) == typeof(double) && Avx2.IsSupported && Vector<T>.Count == 4)
        {
            var low = Vector256.Load((double*)pairs);
            var high = Vector256.Load((double*)pairs + 4);
            Avx2.Permute4x64(Avx.UnpackLow(low, high), 0xD8).Store((double*)first);
            Avx2.Permute4x64(Avx.UnpackHigh(low, high), 0xD8).Store((double*)second);
        }
        else
        {
            var low = Vector.Load(pairs);
            var high = Vector.Load(pairs + Vector<T>.Count);
            var half = Vector<T>.Count / 2;
            for (var lane = 0; lane < Vector<T>.Count; lane++)
            {
                var part = lane < half ? low : high;
                first[lane] = part[2 * (lane % half)];
                second[lane] = part[2 * (lane % half) + 1];
            }
        }
    }

    /// <summary>Interleaves two vectors into pairs: the way back of <see cref="Split"/>, in place too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join<T>(T* first, T* second, T* pairs)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Avx2.IsSupported && Vector<T>.Count == 8)
        {
            var a = Avx2.Permute4x64(Vector256.Load((float*)first).AsDouble(), 0xD8).AsSingle();
            var b = Avx2.Permute4x64(Vector256.Load((float*)second).AsDouble(), 0xD8).AsSingle();
            Avx.UnpackLow(a, b).Store((float*)pairs);
            Avx.UnpackHigh(a, b).Store((float*)pairs + 8);
        }
        else if (typeof(T) == typeof(double) && Avx2.IsSupported && Vector<T>.Count == 4)
        {
            var a = Avx2.Permute4x64(Vector256.Load((double*)first), 0xD8);
            var b = Avx2.Permute4x64(Vector256.Load((double*)second), 0xD8);
            Avx.UnpackLow(a, b).Store((double*)pairs);
            Avx.UnpackHigh(a, b).Store((double*)pairs + 4);
        }
        else
        {
            var a = Vector.Load(first);
            var b = Vector.Load(second);
            for (var lane = 0; lane < Vector<T>.Count; lane++)
            {
                pairs[2 * lane] = a[lane];
                pairs[2 * lane + 1] = b[lane];
            }
        }
    }

    /// <summary>Four columns of eight rows become four vectors of eight. The halves are joined while loading, which spares the cross-lane permutes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x4(
        float* r0, float* r1, float* r2, float* r3, float* r4, float* r5, float* r6, float* r7, float* c0, float* c1, float* c2, float* c3)
    {
        var a = Vector256.Create(Vector128.Load(r0), Vector128.Load(r4));
        var b = Vector256.Create(Vector128.Load(r1), Vector128.Load(r5));
        var c = Vector256.Create(Vector128.Load(r2), Vector128.Load(r6));
        var d = Vector256.Create(Vector128.Load(r3), Vector128.Load(r7));
        var abLow = Avx.UnpackLow(a, b);
        var abHigh = Avx.UnpackHigh(a, b);
        var cdLow = Avx.UnpackLow(c, d);
        var cdHigh = Avx.UnpackHigh(c, d);
        Avx.Shuffle(abLow, cdLow, 0x44).Store(c0);
        Avx.Shuffle(abLow, cdLow, 0xEE).Store(c1);
        Avx.Shuffle(abHigh, cdHigh, 0x44).Store(c2);
        Avx.Shuffle(abHigh, cdHigh, 0xEE).Store(c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x2(double* r0, double* r1, double* r2, double* r3, double* c0, double* c1)
    {
        var a = Vector256.Create(Vector128.Load(r0), Vector128.Load(r2));
        var b = Vector256.Create(Vector128.Load(r1), Vector128.Load(r3));
        Avx.UnpackLow(a, b).Store(c0);
        Avx.UnpackHigh(a, b).Store(c1);
    }
}
