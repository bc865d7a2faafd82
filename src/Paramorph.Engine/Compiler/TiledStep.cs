using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>
/// The steps of a group run tile by tile: each tile of rows goes through all of them while its values are in the cache, on all threads. Reductions
/// over the rows are gathered for each piece of neighbouring tiles and combined in a fixed tree; tiles and pieces depend on shapes alone, so
/// results have the same bits on any number of threads.
/// </summary>
internal sealed unsafe class TiledStep : Step
{
    private const int MostPieces = 32;

    private readonly List<RowStep> steps;
    private readonly List<(Accumulator Sum, Place Result)> closings;
    private readonly long rows;
    private readonly long tileBytes;
    private readonly long partialBytes;
    private readonly int slots;
    private readonly int tileRows;
    private readonly int tilesPerPiece;
    private readonly int pieces;

    /// <summary>Steps that run by rows.</summary>
    /// <param name="steps">In order.</param>
    /// <param name="closings">What is gathered over the rows, at offsets of <see cref="Place.Partials"/> in this order, and where results go.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="tile">What a tile holds.</param>
    /// <param name="slots">Entries of the table of addresses.</param>
    public TiledStep(List<RowStep> steps, List<(Accumulator Sum, Place Result)> closings, long rows, TilePlan tile, int slots)
    {
        this.steps = steps;
        this.closings = closings;
        this.rows = rows;
        tileBytes = tile.Bytes;
        this.slots = slots;
        partialBytes = closings.Sum(c => c.Sum.Bytes);
        tileRows = tile.TileRows;
        var tiles = (rows + tileRows - 1) / tileRows;
        tilesPerPiece = (int)((tiles + MostPieces - 1) / MostPieces);
        pieces = (int)((tiles + tilesPerPiece - 1) / tilesPerPiece);
    }

    public override string Description => $"{rows} rows in tiles of {tileRows}, {pieces} pieces, {tileBytes} bytes a tile";

    /// <summary>What runs on each tile.</summary>
    public IReadOnlyList<RowStep> Steps => steps;

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        foreach (var step in steps) step.Prepare(bases);
        using var scratch = Scratch.Open();
        var partials = (byte*)scratch.Take<byte>((nint)Math.Max(64, partialBytes * pieces));
        Shared.Run(pool, pieces, new Job { Step = this, Bases = bases, Partials = partials, Cancellation = cancellation });
        // Pieces that saw it have left tiles out.
        cancellation.ThrowIfCancellationRequested();
        foreach (var (sum, result) in closings)
        {
            sum.Combine(partials, partialBytes, pieces, result.Address(bases));
            partials += sum.Bytes;
        }
    }

    private void RunPiece(nint* bases, int piece, byte* partials, CancellationToken cancellation)
    {
        var mine = partials + piece * partialBytes;
        var at = mine;
        foreach (var (sum, _) in closings)
        {
            sum.Clear(at);
            at += sum.Bytes;
        }
        using var scratch = Scratch.Open();
        var table = stackalloc nint[slots];
        new ReadOnlySpan<nint>(bases, slots).CopyTo(new Span<nint>(table, slots));
        table[Place.Tile] = (nint)scratch.Take<byte>((nint)Math.Max(64, tileBytes));
        table[Place.Partials] = (nint)mine;
        var last = Math.Min(rows, (long)(piece + 1) * tilesPerPiece * tileRows);
        for (var start = (long)piece * tilesPerPiece * tileRows; start < last && !cancellation.IsCancellationRequested; start += tileRows)
        {
            var end = Math.Min(last, start + tileRows);
            foreach (var step in steps) step.Run(table, start, end);
        }
    }

    private struct Job : IPieces
    {
        public TiledStep Step;
        public nint* Bases;
        public byte* Partials;
        public CancellationToken Cancellation;

        public readonly void Run(int piece) => Step.RunPiece(Bases, piece, Partials, Cancellation);
    }
}
