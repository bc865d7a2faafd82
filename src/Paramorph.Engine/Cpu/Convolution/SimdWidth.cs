using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The vectors of convolutions: the widest of the machine, or those that all machines agree on.</summary>
internal static class SimdWidth
{
    public static bool Is512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && !Reproducibility.IsSameEverywhere;
    }

    public static bool Is256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.IsHardwareAccelerated || Reproducibility.IsSameEverywhere;
    }
}
