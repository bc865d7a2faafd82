using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: reflections to tridiagonal form, then implicit QL steps with Wilkinson's shift
/// (Golub and Van Loan, Matrix Computations, 8.3).
/// </summary>
internal static unsafe class SymmetricEigen<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostSteps = 60;

    /// <summary>
    /// On return <paramref name="values"/> rise and column j of <paramref name="vectors"/> belongs to value j. Only the lower triangle of a is read;
    /// all of it is overwritten. Returns -1, or the number of an eigenvalue that was not found (there is a NaN, or an infinity).
    /// </summary>
    /// <param name="work">size * (size + 3) numbers.</param>
    public static int Decompose(T* a, nint stride, int size, T* values, T* vectors, nint vectorStride, T* work)
    {
        if (size == 0)
            return -1;
        var z = work;
        var offDiagonal = z + (nint)size * size;
        for (var i = 0; i < size; i++)
            for (var j = i + 1; j < size; j++)
                a[i * stride + j] = a[j * stride + i];
        Tridiagonalise(a, stride, size, values, offDiagonal, z, offDiagonal + size);
        var failed = Diagonalise(size, values, offDiagonal, z);
        Sort(size, values, z);
        RowOperations<T>.Transpose(z, size, vectors, vectorStride, size, size);
        return failed;
    }

    /// <summary>A = Z' T Z with T tridiagonal: its diagonal and the elements beside it. The rows of Z become the eigenvectors.</summary>
    private static void Tridiagonalise(T* a, nint stride, int size, T* diagonal, T* offDiagonal, T* z, T* work)
    {
        RowOperations<T>.Identity(z, size, size);
        for (var k = 0; k + 1 < size; k++)
        {
            var count = size - k - 1;
            var v = work;
            var p = work + size;
            for (var i = 0; i < count; i++)
                v[i] = a[(k + 1 + i) * stride + k];
            var scale = Orthogonal<T>.Reflector(v, count, out offDiagonal[k]);
            diagonal[k] = a[k * stride + k];
            if (scale == T.Zero)
                continue;
            var rest = a + (k + 1) * stride + k + 1;
            for (var i = 0; i < count; i++)
                p[i] = scale * RowOperations<T>.Dot(rest + i * stride, v, count);
            // H A H = A - v w' - w v' with w = p - (scale/2)(p' v) v.
            RowOperations<T>.Add(-scale * RowOperations<T>.Dot(p, v, count) / (T.One + T.One), v, p, count);
            for (var i = 0; i < count; i++)
            {
                RowOperations<T>.Add(-v[i], p, rest + i * stride, count);
                RowOperations<T>.Add(-p[i], v, rest + i * stride, count);
            }
            Orthogonal<T>.Reflect(scale, v, z + (nint)(k + 1) * size, size, count, size, p);
        }
        diagonal[size - 1] = a[(size - 1) * stride + size - 1];
        offDiagonal[size - 1] = T.Zero;
    }

    private static int Diagonalise(int size, T* d, T* e, T* z)
    {
        var epsilon = T.BitIncrement(T.One) - T.One;
        var norm = T.Zero;
        for (var i = 0; i < size; i++)
            norm = T.Max(norm, T.Abs(d[i]) + T.Abs(e[i]));
        for (var low = 0; low < size; low++)
            for (var step = 0; ; step++)
            {
                var high = low;
                // Beside its neighbours, so that small eigenvalues of graded matrices keep their digits; rows of a matrix of low rank may be nothing but rounding, which never settles so, and
                // are then measured by the whole matrix.
                while (high + 1 < size && !(T.Abs(e[high]) <= epsilon * (step < MostSteps / 2 ? T.Abs(d[high]) + T.Abs(d[high + 1]) : norm)))
                    high++;
                if (high == low)
                    break;
                if (step == MostSteps)
                    return low;
                Step(size, d, e, z, low, high);
            }
        return -1;
    }

    /// <summary>One implicit QL step on rows low..high: chases the bulge made by the shift from the bottom to the top.</summary>
    private static void Step(int size, T* d, T* e, T* z, int low, int high)
    {
        var two = T.One + T.One;
        var half = (d[low + 1] - d[low]) / (two * e[low]);
        var root = T.Hypot(half, T.One);
        var shifted = d[high] - d[low] + e[low] / (half + (half < T.Zero ? -root : root));
        var (sin, cos, carried) = (T.One, T.One, T.Zero);
        for (var i = high - 1; i >= low; i--)
        {
            var bulge = sin * e[i];
            var beside = cos * e[i];
            var length = T.Hypot(bulge, shifted);
            e[i + 1] = length;
            if (length == T.Zero)
            {
                // The matrix falls apart here; what was carried is settled and the rest begins anew.
                d[i + 1] -= carried;
                e[high] = T.Zero;
                return;
            }
            sin = bulge / length;
            cos = shifted / length;
            shifted = d[i + 1] - carried;
            var change = (d[i] - shifted) * sin + two * cos * beside;
            carried = sin * change;
            d[i + 1] = shifted + carried;
            shifted = cos * change - beside;
            RowOperations<T>.Rotate(cos, sin, z + (nint)i * size, z + (nint)(i + 1) * size, size);
        }
        d[low] -= carried;
        e[low] = shifted;
        e[high] = T.Zero;
    }

    private static void Sort(int size, T* values, T* z)
    {
        for (var i = 0; i < size; i++)
        {
            var best = i;
            for (var j = i + 1; j < size; j++)
                if (values[j] < values[best])
                    best = j;
            if (best == i)
                continue;
            (values[i], values[best]) = (values[best], values[i]);
            RowOperations<T>.Swap(z + (nint)i * size, z + (nint)best * size, size);
        }
    }
}
