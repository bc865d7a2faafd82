namespace Paramorph.Compiler;

/// <summary>A range cut into pieces that are worth handing to another thread; it depends on the amount of work alone.</summary>
/// <param name="Count">Length of the range.</param>
/// <param name="Size">Length of a piece; the last may be shorter.</param>
internal readonly record struct Cut(long Count, long Size)
{
    private const long WorkPerPiece = 1 << 15;
    private const long MostPieces = 256;

    /// <summary>Number of pieces.</summary>
    public int Pieces => (int)((Count + Size - 1) / Size);

    /// <summary>Cuts a range.</summary>
    /// <param name="count">Its length.</param>
    /// <param name="work">Elements touched, or operations of that cost, in each of its positions.</param>
    public static Cut Of(long count, long work) =>
        new(count, Math.Max(Math.Max(1, WorkPerPiece / Math.Max(1, work)), (count + MostPieces - 1) / MostPieces));

    /// <summary>Where a piece begins.</summary>
    public long First(int piece) => piece * Size;

    /// <summary>Where a piece ends.</summary>
    public long End(int piece) => Math.Min(Count, (piece + 1) * Size);
}
