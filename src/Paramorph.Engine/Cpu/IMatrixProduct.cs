namespace Paramorph.Cpu;

/// <summary>The matrix products that a general product is made of, for one type of elements. An implementation is a marker struct.</summary>
/// <typeparam name="T">The type of the operands.</typeparam>
/// <typeparam name="TSum">The type of the result.</typeparam>
internal unsafe interface IMatrixProduct<T, TSum>
    where T : unmanaged
    where TSum : unmanaged
{
    /// <summary>Bytes that <see cref="Pack"/> writes.</summary>
    static abstract long PackedBytes(int depth, int columns);

    /// <summary>Copies a right operand into the order in which the kernel reads it.</summary>
    static abstract void Pack(MatrixView<T> b, int depth, int columns, byte* target);

    /// <summary>Runs a product: <c>C = A * B</c>, or <c>C += A * B</c>.</summary>
    /// <param name="size">Rows, columns and depth.</param>
    /// <param name="a">A [rows, depth].</param>
    /// <param name="b">B [depth, columns], which is not read where it is packed.</param>
    /// <param name="packedB">What <see cref="Pack"/> wrote, or null.</param>
    /// <param name="c">C [rows, columns], whose columns are neighbours.</param>
    /// <param name="cStride">Elements from one row of C to the next.</param>
    /// <param name="adds">Whether the product is added to what C holds.</param>
    /// <param name="pool">Threads that share the work, or null.</param>
    static abstract void Multiply(in ProductSize size, MatrixView<T> a, MatrixView<T> b, byte* packedB, TSum* c, nint cStride, bool adds, WorkerPool? pool);
}

/// <summary>The sizes of a matrix product.</summary>
/// <param name="Rows">Rows of the left operand and of the result.</param>
/// <param name="Columns">Columns of the right operand and of the result.</param>
/// <param name="Depth">Columns of the left operand, rows of the right one.</param>
internal readonly record struct ProductSize(int Rows, int Columns, int Depth);
