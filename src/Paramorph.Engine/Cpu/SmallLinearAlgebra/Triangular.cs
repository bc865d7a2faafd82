using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>Cholesky and LU factorisations and the triangular solves behind them, of row-major matrices whose rows lie a stride apart.</summary>
internal static unsafe class Triangular<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows, and columns, that Cholesky's factorisation takes at a time.</summary>
    private const int Group = 32;

    /// <summary>
    /// Replaces a symmetric positive definite matrix, of which the lower triangle is read, by its lower factor L with L L' = A, zero above the
    /// diagonal. Returns -1, or the row in which the matrix proves not positive definite; what was found until then is left.
    /// </summary>
    public static int Cholesky(T* a, nint stride, int size)
    {
        // Rows go in groups, and each group meets the columns in groups, so that the rows behind them stay in the cache. No sum changes its order.
        for (var first = 0; first < size; first += Group)
        {
            var end = Math.Min(first + Group, size);
            for (var left = 0; left < first; left += Group)
                for (var i = first; i < end; i++)
                    Reduce(a, stride, i, left, left + Group);
            for (var i = first; i < end; i++)
            {
                Reduce(a, stride, i, first, i);
                var row = a + i * stride;
                var pivot = row[i] - RowOperations<T>.Dot(row, row, i);
                if (!(pivot > T.Zero))
                    return i;
                row[i] = T.Sqrt(pivot);
                new Span<T>(row + i + 1, size - i - 1).Clear();
            }
        }
        return -1;
    }

    /// <summary>The factor's elements of a row from a column on, when those before are found.</summary>
    private static void Reduce(T* a, nint stride, int row, int from, int end)
    {
        var elements = a + row * stride;
        for (var j = from; j < end; j++)
            elements[j] = (elements[j] - RowOperations<T>.Dot(elements, a + j * stride, j)) / a[j * stride + j];
    }

    /// <summary>
    /// Solves T X = B, or T' X = B, in place for the <paramref name="columns"/> columns of B. Only the named triangle is read.
    /// </summary>
    /// <param name="unit">Whether the diagonal counts as ones.</param>
    public static void Solve(T* a, nint stride, int size, bool lower, bool transposed, bool unit, T* b, nint bStride, int columns)
    {
        // L X = B and U' X = B go forwards, the other two backwards. Row operations on B serve both: an unturned triangle gathers the solved rows,
        // a turned one spreads each row as soon as it is solved.
        var forward = lower != transposed;
        for (var step = 0; step < size; step++)
        {
            var i = forward ? step : size - 1 - step;
            var (from, end) = lower ? (0, i) : (i + 1, size);
            var row = b + i * bStride;
            if (!transposed)
                for (var j = from; j < end; j++)
                    RowOperations<T>.Add(-a[i * stride + j], b + j * bStride, row, columns);
            if (!unit)
                for (var column = 0; column < columns; column++)
                    row[column] /= a[i * stride + i];
            if (transposed)
                for (var j = from; j < end; j++)
                    RowOperations<T>.Add(-a[i * stride + j], row, b + j * bStride, columns);
        }
    }

    /// <summary>
    /// Replaces A by its factors, P A = L U with ones on the diagonal of L, where row i was exchanged with row <c>pivots[i]</c>. Returns -1, or
    /// the first column without a pivot other than zero; the factors are then complete but U is singular.
    /// </summary>
    public static int Lu(T* a, nint stride, int size, int* pivots)
    {
        var singular = -1;
        for (var k = 0; k < size; k++)
        {
            var best = k;
            for (var i = k + 1; i < size; i++)
                if (T.Abs(a[i * stride + k]) > T.Abs(a[best * stride + k]))
                    best = i;
            pivots[k] = best;
            if (best != k)
                RowOperations<T>.Swap(a + k * stride, a + best * stride, size);
            var row = a + k * stride;
            if (row[k] == T.Zero)
            {
                if (singular < 0)
                    singular = k;
                continue;
            }
            for (var i = k + 1; i < size; i++)
            {
                var other = a + i * stride;
                other[k] /= row[k];
                RowOperations<T>.Add(-other[k], row + k + 1, other + k + 1, size - k - 1);
            }
        }
        return singular;
    }

    /// <summary>Solves A X = B, or A' X = B, in place from the factors of <see cref="Lu"/>.</summary>
    public static void LuSolve(T* lu, nint stride, int size, int* pivots, bool transposed, T* b, nint bStride, int columns)
    {
        if (!transposed)
            for (var i = 0; i < size; i++)
                if (pivots[i] != i)
                    RowOperations<T>.Swap(b + i * bStride, b + pivots[i] * bStride, columns);
        Solve(lu, stride, size, lower: !transposed, transposed, unit: !transposed, b, bStride, columns);
        Solve(lu, stride, size, lower: transposed, transposed, unit: transposed, b, bStride, columns);
        if (transposed)
            for (var i = size - 1; i >= 0; i--)
                if (pivots[i] != i)
                    RowOperations<T>.Swap(b + i * bStride, b + pivots[i] * bStride, columns);
    }
}
