namespace Paramorph.Cpu;

/// <summary>
/// What happens to the elements of a product before they leave the cache: <see cref="Bias"/> is added to each row, then
/// <see cref="Function"/> is called on every finished row segment, once for each element of the result.
/// </summary>
/// <remarks>
/// The function gets <see cref="State"/>, the address of the segment, its row, its first column and its length. It may write the segment
/// and anything else that belongs to those elements alone; segments of one product are finished by several threads.
/// How rows are cut into segments depends on the shape, so an elementwise function gives the same bits everywhere.
/// </remarks>
internal unsafe struct Epilogue<T>
    where T : unmanaged
{
    /// <summary>One addend per column of the result, or null.</summary>
    public T* Bias;

    /// <summary>Called as <c>Function(State, segment, row, column, count)</c>; may be null.</summary>
    public delegate*<void*, T*, int, int, int, void> Function;

    /// <summary>Handed to <see cref="Function"/>.</summary>
    public void* State;

    /// <summary>What the function is told for the product's first row: where the product is itself a tile of more rows, the tile's first.</summary>
    public int FirstRow;

    /// <summary>What the function is told for the product's first column.</summary>
    public int FirstColumn;
}
