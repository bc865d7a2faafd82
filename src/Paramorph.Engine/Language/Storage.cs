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
        : this(new TensorType(type, [count]), null)
    {
    }

    /// <summary>Uninitialised room in memory that another storage of as many bytes has given up, or in memory of its own.</summary>
    /// <exception cref="EvaluationException">There is no memory for it.</exception>
    public Storage(TensorType type, Room? recycled)
    {
        ElementType = type.ElementType;
        Count = type.Shape.ElementCount;
        if (type.Bytes > Array.MaxLength - Alignment)
            throw new EvaluationException($"a value {type} takes {type.Bytes} bytes: a tensor holds at most 2 GiB.");
        bytes = (int)type.Bytes;
        (memory, offset) = recycled ?? (bytes <= SmallBytes ? TakeSmall(bytes) : TakeLarge(type));
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

    /// <summary>Ends this storage. Returns its room, for another of the same number of bytes, or null when it has ended before.</summary>
    public Room? GiveUp() => Interlocked.Exchange(ref memory, null) is { } given ? new(given, offset) : null;

    private static Room TakeLarge(TensorType type)
    {
        try
        {
            var memory = GC.AllocateUninitializedArray<byte>((int)type.Bytes + Alignment, pinned: true);
            return new(memory, FirstAligned(memory));
        }
        catch (OutOfMemoryException)
        {
            throw new EvaluationException($"there is no memory for a value {type} of {type.Bytes} bytes.");
        }
    }

    private static Room TakeSmall(int bytes)
    {
        if (block is null || blockUsed + bytes > block.Length)
        {
            block = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
            blockUsed = FirstAligned(block);
        }
        var taken = new Room(block, blockUsed);
        blockUsed += (bytes + Alignment - 1) / Alignment * Alignment;
        return taken;
    }

    private static int FirstAligned(byte[] memory)
    {
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        return (int)(-address & (Alignment - 1));
    }

    /// <summary>Pinned memory and where in it a value begins.</summary>
    public readonly record struct Room(byte[] Memory, int Offset);
}
