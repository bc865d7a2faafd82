using System.Collections.Immutable;

namespace Paramorph.Cpu;

/// <summary>Collects lane instructions, giving equal ones the same value.</summary>
internal sealed class LaneBuilder(LoopProgram source)
{
    private readonly ImmutableArray<LaneInstruction>.Builder instructions = ImmutableArray.CreateBuilder<LaneInstruction>();
    private readonly ImmutableArray<int>.Builder dimensions = ImmutableArray.CreateBuilder<int>();
    private readonly Dictionary<LaneInstruction, int> known = [];

    /// <summary>The type of a value.</summary>
    public LaneType TypeOf(int value) => instructions[value].Type;

    /// <summary>The instruction of a value.</summary>
    public LaneInstruction this[int value] => instructions[value];

    /// <summary>The value of an instruction.</summary>
    public int Add(LaneInstruction instruction)
    {
        if (known.TryGetValue(instruction, out int value))
            return value;
        value = instructions.Count;
        instructions.Add(instruction);
        dimensions.Add(DimensionsOf(instruction));
        known.Add(instruction, value);
        return value;
    }

    public int Add(LaneOperation operation, LaneType type, int a, int b = -1, int c = -1, long payload = 0) =>
        Add(new LaneInstruction(operation, type, a, b, c, payload));

    /// <summary>A real constant.</summary>
    public int Constant(LaneType type, double value) => Add(new LaneInstruction(LaneOperation.Constant, type, Payload: type == LaneType.F32
        ? BitConverter.SingleToInt32Bits((float)value)
        : BitConverter.DoubleToInt64Bits(value)));

    /// <summary>A constant of the given bits.</summary>
    public int Bits(LaneType type, long bits) =>
        Add(new LaneInstruction(LaneOperation.Constant, type, Payload: type.IsWide() ? bits : (int)bits));

    /// <summary>The program of the values that its stores and reductions need.</summary>
    public LaneProgram Build(ImmutableArray<LoopStore> stores, ImmutableArray<LoopReduction> reductions)
    {
        var needed = new bool[instructions.Count];
        foreach (LoopStore store in stores)
            needed[store.Value] = true;
        foreach (LoopReduction reduction in reductions)
            needed[reduction.Value] = true;
        for (int v = instructions.Count - 1; v >= 0; v--)
        {
            for (int k = 0; needed[v] && k < instructions[v].Arity; k++)
                needed[instructions[v].Argument(k)] = true;
        }

        var renamed = new int[instructions.Count];
        var kept = ImmutableArray.CreateBuilder<LaneInstruction>();
        var keptDimensions = ImmutableArray.CreateBuilder<int>();
        int Rename(int value) => value < 0 ? -1 : renamed[value];
        for (int v = 0; v < instructions.Count; v++)
        {
            if (!needed[v])
                continue;
            renamed[v] = kept.Count;
            LaneInstruction i = instructions[v];
            kept.Add(i with { A = Rename(i.A), B = Rename(i.B), C = Rename(i.C) });
            keptDimensions.Add(dimensions[v]);
        }

        return new LaneProgram(
            source,
            kept.ToImmutable(),
            keptDimensions.ToImmutable(),
            [.. stores.Select(s => s with { Value = renamed[s.Value] })],
            [.. reductions.Select(r => r with { Value = renamed[r.Value] })]);
    }

    private int DimensionsOf(LaneInstruction instruction)
    {
        if (instruction.Operation == LaneOperation.Iota)
            return 1 << (int)instruction.Payload;
        int set = 0;
        if (instruction.Operation == LaneOperation.Load)
        {
            LoopOperand operand = source.Operands[(int)instruction.Payload];
            for (int d = 0; d < source.Rank; d++)
            {
                if (operand.Strides[d] != 0)
                    set |= 1 << d;
            }
        }

        for (int k = 0; k < instruction.Arity; k++)
            set |= dimensions[instruction.Argument(k)];
        return set;
    }
}
