namespace Paramorph.Cpu;

/// <summary>A matrix in memory that somebody else owns: element (i, j) lies at <c>Data[i * RowStride + j * ColumnStride]</c>.</summary>
/// <param name="Data">The first element.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
internal readonly unsafe struct MatrixView<T>(T* Data, nint RowStride, nint ColumnStride = 1)
    where T : unmanaged
{
    public readonly T* Data = Data;
    public readonly nint RowStride = RowStride;
    public readonly nint ColumnStride = ColumnStride;

    /// <summary>The same memory with rows and columns exchanged.</summary>
    public MatrixView<T> Transposed => new(Data, ColumnStride, RowStride);

    /// <summary>The matrix that starts at (<paramref name="row"/>, <paramref name="column"/>).</summary>
    public MatrixView<T> From(nint row, nint column) => new(At(row, column), RowStride, ColumnStride);

    /// <summary>The address of an element.</summary>
    public T* At(nint row, nint column) => Data + (row * RowStride) + (column * ColumnStride);
}
