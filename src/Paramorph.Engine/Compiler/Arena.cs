using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Paramorph.Compiler;

/// <summary>Working memory of an executable: pinned, on a cache line's boundary, with any content, and not bound to 2 GiB as an array of bytes is.</summary>
internal sealed unsafe class Arena
{
    private const int LineBytes = 64;
    private readonly Line[] lines;

    /// <summary>Memory of at least <paramref name="bytes"/> bytes.</summary>
    /// <exception cref="OutOfMemoryException">The process cannot have as much.</exception>
    public Arena(long bytes)
    {
        // One line more, to begin at a boundary.
        var count = bytes / LineBytes + 2;
        if (count > Array.MaxLength) throw new OutOfMemoryException();
        lines = GC.AllocateUninitializedArray<Line>((int)count, pinned: true);
    }

    /// <summary>The first byte; valid while this object lives.</summary>
    public nint Address => ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(lines)) + LineBytes - 1) & -LineBytes;

    [StructLayout(LayoutKind.Sequential, Size = LineBytes)]
    private readonly struct Line;
}
