namespace Paramorph.Cpu;

/// <summary>Lanes that can be read from and written to memory, as the block kernels need.</summary>
internal interface IWideMemory<TSelf, TBits> : IWide<TSelf, TBits>
    where TSelf : struct, IWide<TSelf, TBits>
    where TBits : struct, IWide<TBits, TBits>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads the lanes from memory of any alignment.</summary>
    static abstract unsafe TSelf Load(void* address);

    /// <summary>Writes the lanes to memory of any alignment.</summary>
    unsafe void Store(void* address);
}
