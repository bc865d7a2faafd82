using System.Collections.Immutable;

namespace Paramorph.Cpu;

/// <summary>A <see cref="LoopProgram"/> in terms of lanes: the form that is emitted or interpreted.</summary>
/// <param name="Source">The program this was lowered from.</param>
/// <param name="Instructions">The values, each defined before it is used.</param>
/// <param name="Dimensions">For each value the set of dimensions along which it changes.</param>
/// <param name="Stores">Values written at every point.</param>
/// <param name="Reductions">Values reduced over some dimensions.</param>
internal sealed record LaneProgram(
    LoopProgram Source,
    ImmutableArray<LaneInstruction> Instructions,
    ImmutableArray<int> Dimensions,
    ImmutableArray<LoopStore> Stores,
    ImmutableArray<LoopReduction> Reductions);

/// <summary>
/// One value. <paramref name="Payload"/> is the operand of a load, the dimension of an iota, the bits of a constant, the count of a shift, or the
/// <see cref="LaneFunction"/> of a repair or per-lane instruction.
/// </summary>
internal readonly record struct LaneInstruction(LaneOperation Operation, LaneType Type, int A = -1, int B = -1, int C = -1, long Payload = 0)
{
    /// <summary>The number of values that this one is computed from.</summary>
    public int Arity => C >= 0 ? 3 : B >= 0 ? 2 : A >= 0 ? 1 : 0;

    /// <summary>One of the values that this one is computed from.</summary>
    public int Argument(int position) => position switch { 0 => A, 1 => B, _ => C };
}
