namespace Paramorph.Cpu;

/// <summary>
/// The operations on one vector register that the kernels of products and convolutions are written in. An implementation is a marker struct, so that the
/// just-in-time compiler specialises a kernel for it and every call below becomes one instruction.
/// </summary>
/// <typeparam name="TVector">The register's type, such as <c>Vector256&lt;float&gt;</c>.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/>, <see cref="double"/>, or <see cref="int"/> for pairs of 16-bit integers.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Elements in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the machine names 32 vector registers, which allows a tile of 24 accumulators instead of 12.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>Reads <see cref="Count"/> elements.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Reads the first <paramref name="count"/> elements (fewer than a register) and touches no memory behind them; the rest are zero.</summary>
    static abstract TVector LoadPartial(T* source, int count);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    static abstract void Store(TVector value, T* target);

    /// <summary>Writes the first <paramref name="count"/> elements (fewer than a register) and touches no memory behind them.</summary>
    static abstract void StorePartial(TVector value, T* target, int count);

    /// <summary>A register with <paramref name="value"/> in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary><c>left + right</c>.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>
    /// One term of a sum of products: of real numbers <c>left * right + sum</c>, rounded once where the machine can; a lane of <see cref="int"/> holds two integers of 16
    /// bits, whose two products are added.
    /// </summary>
    static abstract TVector Accumulate(TVector left, TVector right, TVector sum);

    /// <summary>The sum of the lanes, in a fixed order.</summary>
    static abstract T Sum(TVector value);
}
