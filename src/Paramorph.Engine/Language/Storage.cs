using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Paramorph;

/// <summary>
/// The elements of a value, contiguous and row-major, in pinned memory aligned to 64 bytes so that kernels may point into it. Small values share
/// blocks of memory.
/// </summary>
internal sealed unsafe class Storage
{
    private const int Alignment = 64;
    private const int SmallBytes = 4096;
    private const int BlockBytes = 64 * 1024;

    [ThreadStatic]
    private static byte[]? block;

    [ThreadStatic]
    private static int blockUsed;

    private readonly int offset;
    private readonly int bytes;
    private byte[]? memory;

    /// <summary>Uninitialised room for <paramref name="count"/> elements.</summary>
    public Storage(ElementType type, int count)
        : this(type, count, null)
    {
    }

    /// <summary>Uninitialised room in memory that another storage has given up, or in memory of its own.</summary>
    public Storage(ElementType type, int count, byte[]? recycled)
    {
        ElementType = type;
        Count = count;
        var size = checked((long)count * type.Size());
        if (size > Array.MaxLength - Alignment)
            throw new EvaluationException($"a value of {count} elements of {type.ShortName()} takes {size} bytes: a tensor holds at most 2 GiB.");
        bytes = (int)size;
        if (recycled is null && bytes <= SmallBytes)
        {
            (memory, offset) = TakeSmall(bytes);
            return;
        }
        memory = recycled ?? GC.AllocateUninitializedArray<byte>(bytes + Alignment, pinned: true);
        offset = FirstAligned(memory);
    }

    public ElementType ElementType { get; }

    public int Count { get; }

    /// <summary>The address of the first element; valid while this object lives.</summary>
    /// <exception cref="EvaluationException">The memory has been given up.</exception>
    public void* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Memory)) + offset;

    /// <exception cref="EvaluationException">The memory has been given up.</exception>
    public Span<byte> Bytes => Memory.AsSpan(offset, bytes);

    private byte[] Memory => memory
        ?? throw new EvaluationException("this tensor was given to a compiled function that takes its first argument over: use what the function returned instead.");

    /// <summary>The elements; <typeparamref name="T"/> must be the C# type of <see cref="ElementType"/>.</summary>
    public Span<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    public static Storage From<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        var storage = new Storage(ElementTypes.Of<T>(), elements.Length);
        elements.CopyTo(storage.Elements<T>());
        return storage;
    }

    /// <summary>Ends this storage. Returns its memory when it has memory of its own, for another of the same number of bytes.</summary>
    public byte[]? GiveUp()
    {
        var given = Interlocked.Exchange(ref memory, null);
        return bytes <= SmallBytes ? null : given;
    }

    private static (byte[] Memory, int Offset) TakeSmall(int bytes)
    {
        if (block is null || blockUsed + bytes > block.Length)
        {
            block = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
            blockUsed = FirstAligned(block);
        }
        var taken = (block, blockUsed);
        blockUsed += (bytes + Alignment - 1) / Alignment * Alignment;
        return taken;
    }

    private static int FirstAligned(byte[] memory)
    {
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        return (int)(-address & (Alignment - 1));
    }
}
