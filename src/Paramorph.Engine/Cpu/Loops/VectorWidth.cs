using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The vectors that loops are run on, by their bits.</summary>
internal enum VectorWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>Which <see cref="VectorWidth"/> this machine is best at.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that the processor has.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512 :
        Vector256.IsHardwareAccelerated ? VectorWidth.Bits256 : VectorWidth.Bits128;
}
