namespace Paramorph;

/// <summary>What an operation or a computation takes.</summary>
/// <param name="Flops">Arithmetic operations on elements; a multiplication and an addition are two, a transcendental function is one.</param>
/// <param name="Bytes">Bytes read and written when nothing is fused: the sizes of all operands and results.</param>
public readonly record struct Cost(long Flops, long Bytes)
{
    /// <summary>The sum of two costs.</summary>
    public static Cost operator +(Cost a, Cost b) => new(a.Flops + b.Flops, a.Bytes + b.Bytes);

    /// <summary>The cost of doing something several times.</summary>
    public static Cost operator *(long times, Cost cost) => new(times * cost.Flops, times * cost.Bytes);
}
