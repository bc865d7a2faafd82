using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Paramorph.Primitives;

namespace Paramorph.Cpu;

/// <summary>The loops over contiguous rows of which the small factorisations are made; each adds in a fixed order.</summary>
internal static unsafe class RowOperations<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>sum of x y, cut as vectors of 256 bits cut it on every machine.</summary>
    public static T Dot(T* x, T* y, int count)
    {
        var n = Vector256<T>.Count;
        var (a, b) = (Vector256<T>.Zero, Vector256<T>.Zero);
        var i = 0;
        for (; i + 2 * n <= count; i += 2 * n)
        {
            a = Lanes256<T>.Accumulate(Vector256.Load(x + i), Vector256.Load(y + i), a);
            b = Lanes256<T>.Accumulate(Vector256.Load(x + i + n), Vector256.Load(y + i + n), b);
        }
        if (i + n <= count)
        {
            a = Lanes256<T>.Accumulate(Vector256.Load(x + i), Vector256.Load(y + i), a);
            i += n;
        }
        var sum = Vector256.Sum(a + b);
        for (; i < count; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += scale x.</summary>
    public static void Add(T scale, T* x, T* y, int count)
    {
        var n = Vector<T>.Count;
        var factor = new Vector<T>(scale);
        var i = 0;
        for (; i + n <= count; i += n)
            Vector.Store(Lanes.MultiplyAdd(factor, Vector.Load(x + i), Vector.Load(y + i)), y + i);
        for (; i < count; i++)
            y[i] = T.FusedMultiplyAdd(scale, x[i], y[i]);
    }

    /// <summary>x *= scale.</summary>
    public static void Scale(T scale, T* x, int count)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
            Vector.Store(Vector.Load(x + i) * scale, x + i);
        for (; i < count; i++)
            x[i] *= scale;
    }

    /// <summary>(x, y) = (cos x - sin y, sin x + cos y).</summary>
    public static void Rotate(T cos, T sin, T* x, T* y, int count)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
        {
            var (a, b) = (Vector.Load(x + i), Vector.Load(y + i));
            Vector.Store(a * cos - b * sin, x + i);
            Vector.Store(a * sin + b * cos, y + i);
        }
        for (; i < count; i++)
            (x[i], y[i]) = (x[i] * cos - y[i] * sin, x[i] * sin + y[i] * cos);
    }

    /// <summary>Whether the first of the largest elements is negative; elements that differ by a hundredth count as equally large, so that rounding does not choose.</summary>
    public static bool PointsAway(T* x, nint stride, int count)
    {
        var largest = T.Zero;
        for (var i = 0; i < count; i++)
            largest = T.Max(largest, T.Abs(x[i * stride]));
        var enough = largest * T.CreateTruncating(Matrices.NearlyLargest);
        for (var i = 0; i < count; i++)
            if (T.Abs(x[i * stride]) >= enough)
                return T.IsNegative(x[i * stride]);
        return false;
    }

    /// <summary>x = -x.</summary>
    public static void Turn(T* x, nint stride, int count)
    {
        for (var i = 0; i < count; i++)
            x[i * stride] = -x[i * stride];
    }

    public static void Swap(T* x, T* y, int count)
    {
        for (var i = 0; i < count; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }

    /// <summary>rows rows of target = source turned on its diagonal; source has <paramref name="columns"/> rows of <paramref name="rows"/> elements.</summary>
    public static void Transpose(T* source, nint sourceStride, T* target, nint targetStride, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                target[i * targetStride + j] = source[j * sourceStride + i];
    }

    public static void Identity(T* a, nint stride, int size)
    {
        for (var i = 0; i < size; i++)
        {
            new Span<T>(a + i * stride, size).Clear();
            a[i * stride + i] = T.One;
        }
    }
}
