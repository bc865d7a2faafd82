namespace Paramorph.Compiler;

/// <summary>An address of a running executable: a slot of its table of base addresses and a distance in bytes.</summary>
/// <param name="Slot">Index into the table.</param>
/// <param name="Offset">In bytes.</param>
/// <param name="RowBytes">Bytes from one row to the next, 0 when the same for all rows.</param>
internal readonly record struct Place(int Slot, long Offset, long RowBytes)
{
    /// <summary>The memory of the executable itself: values that live from one step to another.</summary>
    public const int Arena = 0;

    /// <summary>The memory of a tile: values that no other tile sees. It begins at the first row of the tile.</summary>
    public const int Tile = 1;

    /// <summary>The partial sums of a piece.</summary>
    public const int Partials = 2;

    /// <summary>What was got ready once for many runs, and may be shared by several of them.</summary>
    public const int Kept = 3;

    /// <summary>The first slot of inputs, constants and outputs.</summary>
    public const int External = 4;

    public unsafe byte* Address(nint* bases) => (byte*)bases[Slot] + Offset;

    /// <summary>The address of row zero, also where only the rows of a tile are in memory.</summary>
    public unsafe byte* RowZero(nint* bases, long firstRow) => Address(bases) - (Slot == Tile ? firstRow * RowBytes : 0);

    /// <summary>The address of a row.</summary>
    public unsafe byte* Row(nint* bases, long row, long firstRow) => RowZero(bases, firstRow) + row * RowBytes;
}
