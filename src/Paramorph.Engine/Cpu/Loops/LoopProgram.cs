using System.Collections.Immutable;

namespace Paramorph.Cpu;

/// <summary>
/// One fused loop over a box of up to six dimensions: values computed at each point from operands at that point, stored to operands and reduced
/// over some of the dimensions. Made by <see cref="LoopBuilder"/>, run by <see cref="LoopKernel"/>.
/// </summary>
/// <remarks>
/// Results do not depend on the vector width, nor on whether the loop is emitted or interpreted, nor on how the range of the outermost
/// dimension is split into calls. For that the order of every reduction is fixed by the program alone:
/// <list type="bullet">
/// <item>over the vectorised dimension (<see cref="LoopPlan"/>) element i goes to the lane i mod 32 (mod 16 for 64-bit types), lanes are added in
/// the order of i, and then by halves: lane j takes lane j + n / 2, until one is left;</item>
/// <item>over the other dimensions results are combined in the order of the indices, in the output;</item>
/// <item>a reduction over the outermost dimension adds to what its output holds, so that calls for parts of the range carry on from each other;
/// all other reductions overwrite their output.</item>
/// <item>A program of one dimension that is reduced does so in blocks of <see cref="BlockLength"/> from index zero: split its range at multiples
/// of that.</item>
/// </list>
/// An output may share memory with an input only if both have the same strides. NaN results are NaN everywhere, with unspecified payload and sign.
/// </remarks>
/// <param name="Extents">The size of each dimension, outermost first.</param>
/// <param name="Operands">The memory that is read and written.</param>
/// <param name="Instructions">The values, each defined before it is used.</param>
/// <param name="Stores">Values written at every point.</param>
/// <param name="Reductions">Values reduced over some dimensions.</param>
internal sealed record LoopProgram(
    ImmutableArray<long> Extents,
    ImmutableArray<LoopOperand> Operands,
    ImmutableArray<LoopInstruction> Instructions,
    ImmutableArray<LoopStore> Stores,
    ImmutableArray<LoopReduction> Reductions)
{
    /// <summary>The most dimensions that a program may have.</summary>
    public const int MaximumRank = 6;

    /// <summary>The length of the pieces in which a program of one dimension is reduced.</summary>
    public const int BlockLength = 4096;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Extents.Length;

    /// <summary>Whether both are the same loop, whatever memory they run on.</summary>
    public bool Equals(LoopProgram? other) =>
        other is not null && Extents.AsSpan().SequenceEqual(other.Extents.AsSpan()) && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan())
        && Instructions.AsSpan().SequenceEqual(other.Instructions.AsSpan()) && Stores.AsSpan().SequenceEqual(other.Stores.AsSpan())
        && Reductions.AsSpan().SequenceEqual(other.Reductions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var extent in Extents) hash.Add(extent);
        foreach (var instruction in Instructions) hash.Add(instruction);
        return hash.ToHashCode();
    }
}

/// <summary>An operand's element type and, for each dimension, the distance in elements between neighbours; zero repeats the element.</summary>
internal sealed record LoopOperand(LoopType Type, ImmutableArray<long> Strides)
{
    /// <summary>Whether types and strides are equal.</summary>
    public bool Equals(LoopOperand? other) => other is not null && Type == other.Type && Strides.AsSpan().SequenceEqual(other.Strides.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Strides.Length);
}

/// <summary>
/// One value: <paramref name="A"/>, <paramref name="B"/> and <paramref name="C"/> are earlier values; <paramref name="Payload"/> is the operand of a
/// load, the dimension of an iota, the bits of a constant (as f64 or i64).
/// </summary>
internal readonly record struct LoopInstruction(LoopOperation Operation, LoopType Type, int A = -1, int B = -1, int C = -1, long Payload = 0);

/// <summary>A value written to an operand of its type.</summary>
internal readonly record struct LoopStore(int Value, int Operand);

/// <summary>A value reduced into an operand of its type over the dimensions whose bits are set in <paramref name="Dimensions"/>.</summary>
internal readonly record struct LoopReduction(LoopReductionKind Kind, int Value, int Operand, int Dimensions);
