using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// A product of matrices, to be run by <see cref="Gemm{T}"/>: <c>C = A * B + Epilogue.Bias</c>, or that added to C, then the epilogue's
/// function. A is [Rows, Depth], B is [Depth, Columns], C is [Rows, Columns] and row-major.
/// </summary>
/// <remarks>A transposed operand is a view with its strides exchanged. C may overlap neither A nor B.</remarks>
internal unsafe struct Product<T>
    where T : unmanaged, INumber<T>
{
    public int Rows;
    public int Columns;
    public int Depth;

    /// <summary>The left operand.</summary>
    public MatrixView<T> A;

    /// <summary>The right operand, unless <see cref="PackedB"/> holds it.</summary>
    public MatrixView<T> B;

    /// <summary>The right operand as <see cref="Gemm{T}.Pack"/> wrote it, or null.</summary>
    public T* PackedB;

    /// <summary>The result.</summary>
    public T* C;

    /// <summary>Elements from one row of the result to the next.</summary>
    public nint CStride;

    /// <summary>Whether the product is added to what C held before; unless it is, C is not read and may hold anything, also not-a-numbers.</summary>
    public bool Adds;

    /// <summary>What else is done to the result while it is in the cache.</summary>
    public Epilogue<T> Epilogue;

    public Product(int rows, int columns, int depth, MatrixView<T> a, MatrixView<T> b, T* c, nint cStride)
    {
        Rows = rows;
        Columns = columns;
        Depth = depth;
        A = a;
        B = b;
        C = c;
        CStride = cStride;
    }

    public Product(int rows, int columns, int depth, MatrixView<T> a, T* packedB, T* c, nint cStride)
        : this(rows, columns, depth, a, default(MatrixView<T>), c, cStride) => PackedB = packedB;

    /// <summary>The part of the product that gives the columns from <paramref name="column"/> on, its right operand not packed.</summary>
    public readonly Product<T> FromColumn(int column, int columns)
    {
        Product<T> part = this;
        part.B = B.From(0, column);
        part.C = C + column;
        part.Columns = columns;
        part.Epilogue.Bias = Epilogue.Bias == null ? null : Epilogue.Bias + column;
        part.Epilogue.FirstColumn = Epilogue.FirstColumn + column;
        return part;
    }

    /// <summary>The part of the sums from <paramref name="first"/> on; the parts, run in order, give the whole.</summary>
    public readonly Product<T> FromDepth(int first, int depth)
    {
        Product<T> part = this;
        part.A = A.From(0, first);
        part.B = B.From(first, 0);
        part.Depth = depth;
        if (first > 0)
        {
            part.Adds = true;
        }
        if (first + depth < Depth)
        {
            part.Epilogue = default;
        }
        return part;
    }

    /// <summary>The part of the product that gives the rows from <paramref name="row"/> on.</summary>
    public readonly Product<T> FromRow(int row, int rows)
    {
        Product<T> part = this;
        part.A = A.From(row, 0);
        part.C = C + (row * CStride);
        part.Rows = rows;
        part.Epilogue.FirstRow = Epilogue.FirstRow + row;
        return part;
    }
}
