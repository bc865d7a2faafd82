namespace Paramorph.Formats;

/// <summary>
/// How large a content a reader accepts. What stands in a file as it is, is bounded by the length of the file, which is compared before memory is taken; the
/// limits are for what grows when it is read.
/// </summary>
public sealed record FormatLimits
{
    /// <summary>The limits of readers that are given none.</summary>
    public static FormatLimits Default { get; } = new();

    /// <summary>
    /// The most bytes to which the compressed parts of one file may grow together; also the most that is taken from a stream without a known length. 1 GiB by
    /// default; no more than 2 GiB are ever taken at once.
    /// </summary>
    public long MaxDecompressedBytes { get; init; } = 1L << 30;

    /// <summary>The most elements of one tensor or table: 2^28 by default.</summary>
    public long MaxElements { get; init; } = 1L << 28;

    /// <summary>The most columns of a table of text: 65,536 by default.</summary>
    public int MaxColumns { get; init; } = 1 << 16;

    /// <summary>How deep values may stand in each other, as cells in cells of MATLAB do: 32 by default.</summary>
    public int MaxDepth { get; init; } = 32;
}
