namespace Paramorph.Cpu;

/// <summary>A piece of a product that one thread computes at one go: a block of the result over one block of the common dimension.</summary>
internal unsafe struct ProductBlock<T>
    where T : unmanaged
{
    /// <summary>Rows of the result.</summary>
    public int Rows;

    /// <summary>Columns of the result.</summary>
    public int Columns;

    /// <summary>Products in each sum.</summary>
    public int Depth;

    /// <summary>The left operand, read in place or copied; any strides.</summary>
    public MatrixView<T> A;

    /// <summary>The right operand: packed panels when <see cref="BRow"/> is zero, else rows of contiguous elements.</summary>
    public T* B;

    /// <summary>Elements between rows of the right operand where it is read in place.</summary>
    public nint BRow;

    /// <summary>The last panel, packed, where reading it in place would touch memory behind the operand; else null.</summary>
    public T* BTail;

    /// <summary>Where the sums go.</summary>
    public TileTarget<T> Target;

    /// <summary>What to do with the finished rows; its bias is already in <see cref="Target"/>.</summary>
    public Epilogue<T> Epilogue;
}
