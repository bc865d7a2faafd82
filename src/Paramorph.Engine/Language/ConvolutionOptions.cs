namespace Paramorph;

/// <summary>
/// How a kernel slides over its input. Numbers are given one a spatial axis, or one for all: <c>new() { Stride = [2], Padding = 1 }</c>.
/// </summary>
public sealed record ConvolutionOptions
{
    /// <summary>Steps between places; 1 when empty.</summary>
    public Sequence<int> Stride { get; init; }

    /// <summary>What is put around the spatial axes.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>Steps between elements of the kernel; 1 when empty.</summary>
    public Sequence<int> Dilation { get; init; }

    /// <summary>Number of blocks into which channels and outputs are cut, each block of outputs seeing one block of channels.</summary>
    public int Groups { get; init; } = 1;
}
