using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Paramorph;

/// <summary>The elements of a value, contiguous and row-major, in pinned memory aligned to 64 bytes so that kernels may point into it.</summary>
internal sealed unsafe class Storage
{
    private const int Alignment = 64;
    private readonly byte[] memory;
    private readonly int offset;

    /// <summary>Uninitialised room for <paramref name="count"/> elements.</summary>
    public Storage(ElementType type, int count)
    {
        ElementType = type;
        Count = count;
        var bytes = checked((long)count * type.Size());
        if (bytes > Array.MaxLength - Alignment)
            throw new EvaluationException($"a value of {count} elements of {type.ShortName()} takes {bytes} bytes: a tensor holds at most 2 GiB.");
        memory = GC.AllocateUninitializedArray<byte>((int)bytes + Alignment, pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        offset = (int)(-address & (Alignment - 1));
    }

    public ElementType ElementType { get; }

    public int Count { get; }

    /// <summary>The address of the first element; valid while this object lives.</summary>
    public void* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory)) + offset;

    public Span<byte> Bytes => memory.AsSpan(offset, Count * ElementType.Size());

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
}
