using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>QR by reflections and the singular values by one-sided rotations, of row-major matrices.</summary>
internal static unsafe class Orthogonal<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>More sweeps than any matrix of finite numbers has been seen to need.</summary>
    private const int MostSweeps = 60;

    /// <summary>
    /// A = Q R. On return a[rows, columns] holds R in and above its diagonal and zeros below, and q[rows, qColumns] the first qColumns columns of
    /// Q, whose columns are orthonormal; qColumns is min(rows, columns) for the reduced form and rows for the full one. Signs are as LAPACK's: the
    /// diagonal of R may be negative.
    /// </summary>
    /// <param name="work">min(rows, columns) * (rows + 1) + max(columns, qColumns) numbers.</param>
    public static void Qr(T* a, nint stride, int rows, int columns, T* q, nint qStride, int qColumns, T* work)
    {
        var steps = Math.Min(rows, columns);
        var scales = work + (nint)steps * rows;
        var products = scales + steps;
        for (var k = 0; k < steps; k++)
        {
            var reflector = work + (nint)k * rows;
            for (var i = k; i < rows; i++)
                reflector[i] = a[i * stride + k];
            scales[k] = Reflector(reflector + k, rows - k, out var diagonal);
            Reflect(scales[k], reflector + k, a + k * stride + k, stride, rows - k, columns - k, products);
            a[k * stride + k] = diagonal;
            for (var i = k + 1; i < rows; i++)
                a[i * stride + k] = T.Zero;
        }
        for (var i = 0; i < rows; i++)
        {
            new Span<T>(q + i * qStride, qColumns).Clear();
            if (i < qColumns)
                q[i * qStride + i] = T.One;
        }
        for (var k = steps - 1; k >= 0; k--)
            Reflect(scales[k], work + (nint)k * rows + k, q + k * qStride + k, qStride, rows - k, qColumns - k, products);
    }

    /// <summary>
    /// Turns x into v and returns s such that (1 - s v v') x = (diagonal, 0, ...), with v[0] = 1 unless nothing is to be done.
    /// </summary>
    public static T Reflector(T* x, int count, out T diagonal)
    {
        var largest = T.Zero;
        for (var i = 1; i < count; i++)
            largest = T.Max(largest, T.Abs(x[i]));
        diagonal = x[0];
        if (largest == T.Zero)
        {
            x[0] = T.One;
            return T.Zero;
        }
        // Scaled, so that squares neither overflow nor vanish.
        largest = T.Max(largest, T.Abs(x[0]));
        RowOperations<T>.Scale(T.One / largest, x, count);
        var norm = T.Sqrt(RowOperations<T>.Dot(x, x, count));
        var beta = x[0] > T.Zero ? -norm : norm;
        var scale = (beta - x[0]) / beta;
        RowOperations<T>.Scale(T.One / (x[0] - beta), x, count);
        x[0] = T.One;
        diagonal = beta * largest;
        return scale;
    }

    /// <summary>a -= scale v (v' a), by rows.</summary>
    public static void Reflect(T scale, T* v, T* a, nint stride, int rows, int columns, T* products)
    {
        if (scale == T.Zero)
            return;
        new Span<T>(products, columns).Clear();
        for (var i = 0; i < rows; i++)
            RowOperations<T>.Add(v[i], a + i * stride, products, columns);
        for (var i = 0; i < rows; i++)
            RowOperations<T>.Add(-scale * v[i], products, a + i * stride, columns);
    }

    /// <summary>
    /// The reduced singular value decomposition by one-sided Jacobi rotations, accurate to small singular values too: A = U diag(s) V' with
    /// k = min(rows, columns), s falling, u[rows, k] and vt[k, columns]. The columns of U that belong to zero singular values are completed to an
    /// orthonormal set. Returns whether the rotations converged (they do not for a NaN).
    /// </summary>
    /// <param name="work">k * (rows + columns) numbers.</param>
    public static bool Svd(T* a, nint stride, int rows, int columns, T* u, nint uStride, T* s, T* vt, nint vtStride, T* work)
    {
        var tall = rows >= columns;
        var (length, size) = tall ? (rows, columns) : (columns, rows);
        // The columns of a tall matrix (the rows of a wide one) as rows, which are turned until they are orthogonal; the turns are kept beside them.
        var x = work;
        var turns = work + (nint)size * length;
        for (var i = 0; i < size; i++)
            for (var j = 0; j < length; j++)
                x[(nint)i * length + j] = tall ? a[j * stride + i] : a[i * stride + j];
        RowOperations<T>.Identity(turns, size, size);
        // Scaled, so that squares neither overflow nor vanish.
        var largest = T.Zero;
        for (nint i = 0; i < (nint)size * length; i++)
            largest = T.Max(largest, T.Abs(x[i]));
        if (largest > T.Zero)
            for (nint i = 0; i < (nint)size * length; i++)
                x[i] /= largest;
        var converged = Orthogonalise(x, length, turns, size);
        for (var i = 0; i < size; i++)
            s[i] = Norm(x + (nint)i * length, length);
        SortFalling(s, x, length, turns, size);
        Normalise(s, x, length, size);
        for (var i = 0; i < size; i++)
            s[i] *= largest;
        if (tall)
        {
            RowOperations<T>.Transpose(x, length, u, uStride, rows, size);
            for (var i = 0; i < size; i++)
                new Span<T>(turns + (nint)i * size, size).CopyTo(new Span<T>(vt + i * vtStride, size));
        }
        else
        {
            RowOperations<T>.Transpose(turns, size, u, uStride, rows, size);
            for (var i = 0; i < size; i++)
                new Span<T>(x + (nint)i * length, length).CopyTo(new Span<T>(vt + i * vtStride, length));
        }
        return converged;
    }

    private static bool Orthogonalise(T* x, int length, T* turns, int size)
    {
        var tolerance = MachineEpsilon * T.CreateTruncating(Math.Sqrt(length));
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var turned = false;
            for (var p = 0; p < size; p++)
                for (var q = p + 1; q < size; q++)
                    turned |= Turn(x + (nint)p * length, x + (nint)q * length, length, turns + (nint)p * size, turns + (nint)q * size, size, tolerance);
            if (!turned)
                return true;
        }
        return false;
    }

    private static T SmallestNormal => T.CreateTruncating(sizeof(T) == sizeof(float) ? 1.17549435e-38 : 2.2250738585072014e-308);

    private static T MachineEpsilon => T.BitIncrement(T.One) - T.One;

    private static bool Turn(T* x, T* y, int length, T* turnX, T* turnY, int size, T tolerance)
    {
        var xx = RowOperations<T>.Dot(x, x, length);
        var yy = RowOperations<T>.Dot(y, y, length);
        var xy = RowOperations<T>.Dot(x, y, length);
        // A row whose square is no normal number is nothing beside the largest element, which is 1, and has no angle that could be told.
        if (xx < SmallestNormal)
            new Span<T>(x, length).Clear();
        if (yy < SmallestNormal)
            new Span<T>(y, length).Clear();
        if (xx < SmallestNormal || yy < SmallestNormal || T.Abs(xy) <= tolerance * T.Sqrt(xx) * T.Sqrt(yy))
            return false;
        // The smaller of the two angles that make the rows orthogonal.
        var zeta = (yy - xx) / (xy + xy);
        var tan = T.One / (T.Abs(zeta) + T.Hypot(T.One, zeta));
        if (zeta < T.Zero)
            tan = -tan;
        var cos = T.One / T.Sqrt(T.One + tan * tan);
        RowOperations<T>.Rotate(cos, cos * tan, x, y, length);
        RowOperations<T>.Rotate(cos, cos * tan, turnX, turnY, size);
        return true;
    }

    private static T Norm(T* x, int length)
    {
        var largest = T.Zero;
        for (var i = 0; i < length; i++)
            largest = T.Max(largest, T.Abs(x[i]));
        if (largest == T.Zero)
            return largest;
        var sum = T.Zero;
        for (var i = 0; i < length; i++)
            sum += x[i] / largest * (x[i] / largest);
        return largest * T.Sqrt(sum);
    }

    private static void SortFalling(T* s, T* x, int length, T* turns, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var best = i;
            for (var j = i + 1; j < size; j++)
                if (s[j] > s[best])
                    best = j;
            if (best == i)
                continue;
            (s[i], s[best]) = (s[best], s[i]);
            RowOperations<T>.Swap(x + (nint)i * length, x + (nint)best * length, length);
            RowOperations<T>.Swap(turns + (nint)i * size, turns + (nint)best * size, size);
        }
    }

    /// <summary>Makes the rows unit vectors; those of (relatively) no length are replaced by vectors orthogonal to the others.</summary>
    private static void Normalise(T* s, T* x, int length, int size)
    {
        var smallest = size > 0 ? s[0] * MachineEpsilon * T.CreateTruncating(size) : T.Zero;
        for (var i = 0; i < size; i++)
        {
            var row = x + (nint)i * length;
            if (s[i] > smallest)
                RowOperations<T>.Scale(T.One / s[i], row, length);
            else if (!T.IsNaN(s[i]))
                Complete(x, row, i, length);
        }
    }

    private static void Complete(T* x, T* row, int before, int length)
    {
        // A tiny row is still the best first guess; after it, one of the axes must have a good part outside the span of the rows before.
        for (var axis = -1; axis < length; axis++)
        {
            if (axis >= 0)
            {
                new Span<T>(row, length).Clear();
                row[axis] = T.One;
            }
            else if (Norm(row, length) is var norm && norm > T.Zero)
                RowOperations<T>.Scale(T.One / norm, row, length);
            for (var pass = 0; pass < 2; pass++)
                for (var j = 0; j < before; j++)
                    RowOperations<T>.Add(-RowOperations<T>.Dot(row, x + (nint)j * length, length), x + (nint)j * length, row, length);
            var left = Norm(row, length);
            if (left * left * T.CreateTruncating(2 * length) < T.One)
                continue;
            RowOperations<T>.Scale(T.One / left, row, length);
            return;
        }
    }
}
