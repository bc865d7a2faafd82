using System.Runtime.CompilerServices;

namespace Paramorph.Compiler;

/// <summary>
/// What the compiler does to a program. A program means the same whatever is left out: tests compare the programs that come of each choice.
/// </summary>
internal sealed record CompilerOptions
{
    /// <summary>All that there is.</summary>
    public static CompilerOptions Default { get; } = new();

    /// <summary>Whether equal operations become one, constants are folded, and neutral operations and chains of rearrangements vanish.</summary>
    public bool Simplifies { get; init; } = true;

    /// <summary>Whether sums are taken before products where that makes them smaller.</summary>
    public bool MovesSums { get; init; } = true;

    /// <summary>Whether a factor that two products have in common is taken out of their sum.</summary>
    public bool TakesFactorsOut { get; init; } = true;

    /// <summary>Whether Fourier transforms leave out frequencies that nobody reads or that are zero.</summary>
    public bool TruncatesSpectra { get; init; } = true;

    /// <summary>Whether loops over the same sequences with the same carry become one.</summary>
    public bool MergesLoops { get; init; } = true;

    /// <summary>Whether sums of products over the steps of a loop are taken after it.</summary>
    public bool TakesSumsOut { get; init; } = true;

    /// <summary>Whether reductions over short lines and over what lies outside of them become two.</summary>
    public bool SplitsReductions { get; init; } = true;

    /// <summary>Whether elementwise operations and reductions share loops.</summary>
    public bool Fuses { get; init; } = true;

    /// <summary>Whether operations move to later loops where that saves a trip through memory.</summary>
    public bool Sinks { get; init; } = true;

    /// <summary>Bytes of a value from which a later loop computes it again and does not read it, where that is cheap: less stays in the cache anyway.</summary>
    public long WorthRepeating { get; init; } = 128 * 1024;

    /// <summary>Whether groups of rows run tile by tile.</summary>
    public bool Tiles { get; init; } = true;

    /// <summary>Batches of fewer rows are not followed.</summary>
    public int FewestRows { get; init; } = 512;

    /// <summary>Bytes between steps from which a group runs tile by tile: less traffic stays in the cache anyway.</summary>
    public long WorthTiling { get; init; } = 256 * 1024;

    /// <summary>Numbers sent along the edges of a graph from which no tensor of them is made.</summary>
    public long WorthMessages { get; init; } = 16 * 1024;

    /// <summary>Bytes that operations around products of a batch need at one time from which they run by parts of the batch: less stays in the cache anyway.</summary>
    public long WorthParts { get; init; } = 2 * 1024 * 1024;

    /// <summary>Bytes that a map of channels by a shared operand makes for one example from which it counts as a product of the batch: less stays in the cache anyway.</summary>
    public long LargeExample { get; init; } = 256 * 1024;

    /// <summary>Operations of all steps of a loop from which it is cut into parts of rows: it must pay to wait for other threads.</summary>
    public long WorthSharingLoop { get; init; } = 4_000_000;

    /// <summary>Rows of a part of a loop, which fill the tiles of a product.</summary>
    public int FewestRowsOfPart { get; init; } = 8;

    /// <summary>Whether values that are needed at different times share memory.</summary>
    public bool SharesMemory { get; init; } = true;

    /// <summary>Programs that a compiled function keeps at most, one for each combination of shapes it met: those that ran last.</summary>
    public int MostPrograms { get; init; } = 256;

    /// <summary>Working memory in bytes of a function's programs from which those that ran longest ago are dropped: an eighth of what the process may have.</summary>
    public long MostKeptBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8;

    /// <summary>Programs that are kept whatever memory they take, since training and validation take turns.</summary>
    public int FewestPrograms { get; init; } = 8;

    /// <summary>Whether loops are emitted as machine code and not interpreted.</summary>
    public bool EmitsLoops { get; init; } = RuntimeFeature.IsDynamicCodeSupported;
}
