using System.Runtime.InteropServices;

namespace Paramorph.Cpu;

/// <summary>
/// A stack of cache-aligned working memory that belongs to one thread and is kept between uses, so that a product in steady state
/// allocates nothing.
/// </summary>
internal sealed unsafe class Scratch
{
    private const nint Alignment = 64;
    private const nint SmallestSlab = 1 << 20;

    [ThreadStatic]
    private static Scratch? current;

    private readonly List<(nint Address, nint Size)> slabs = [];
    private int slab;
    private nint used;

    ~Scratch()
    {
        foreach ((nint address, _) in slabs)
        {
            NativeMemory.AlignedFree((void*)address);
        }
    }

    /// <summary>Opens a frame of the calling thread's stack; disposing it gives back all that was taken from it.</summary>
    public static Frame Open() => new(current ??= new Scratch());

    private void* Take(nint bytes)
    {
        bytes = (bytes + Alignment - 1) / Alignment * Alignment;
        while (slab < slabs.Count && used + bytes > slabs[slab].Size)
        {
            slab++;
            used = 0;
        }
        if (slab == slabs.Count)
        {
            nint size = Math.Max(bytes, SmallestSlab << Math.Min(slab, 8));
            slabs.Add(((nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)Alignment), size));
        }
        void* taken = (void*)(slabs[slab].Address + used);
        used += bytes;
        return taken;
    }

    /// <summary>The memory taken since <see cref="Open"/>.</summary>
    public readonly ref struct Frame
    {
        private readonly Scratch owner;
        private readonly int slab;
        private readonly nint used;

        internal Frame(Scratch owner)
        {
            this.owner = owner;
            slab = owner.slab;
            used = owner.used;
        }

        /// <summary>Room for <paramref name="count"/> elements, on a cache line's boundary and with any content.</summary>
        public T* Take<T>(nint count)
            where T : unmanaged => (T*)owner.Take(count * sizeof(T));

        public void Dispose()
        {
            owner.slab = slab;
            owner.used = used;
        }
    }
}
