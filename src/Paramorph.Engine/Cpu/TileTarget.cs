namespace Paramorph.Cpu;

/// <summary>How the sums of a tile enter the result: <c>C = sum + Bias</c>, or that added to C.</summary>
internal unsafe struct TileTarget<T>
    where T : unmanaged
{
    /// <summary>The element of the result under the tile's first sum.</summary>
    public T* C;

    /// <summary>Elements from one row of the result to the next.</summary>
    public nint Stride;

    /// <summary>Whether the sums are added to what the result held; unless they are, it is not read and may hold anything, also not-a-numbers.</summary>
    public bool Adds;

    /// <summary>One addend per column, from the tile's first column on, or null.</summary>
    public T* Bias;

    /// <summary>Room for <see cref="SpillBytes"/>, where tiles at the result's right edge lay down their sums.</summary>
    public void* Spill;

    /// <summary>The largest tile: 8 rows of 3 registers of 64 bytes.</summary>
    public const int SpillBytes = 8 * 3 * 64;
}
