using System.Numerics;
using System.Runtime.InteropServices;

namespace Paramorph.Server;

/// <summary>Sums over vectors.</summary>
internal static class Vectors
{
    /// <summary>The sum of products of two vectors of one length.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        var wide = Vector<float>.Zero;
        for (var i = 0; i < wideA.Length; i++) wide += wideA[i] * wideB[i];
        var sum = Vector.Sum(wide);
        for (var i = wideA.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
