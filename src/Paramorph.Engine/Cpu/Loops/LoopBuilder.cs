using System.Collections.Immutable;

namespace Paramorph.Cpu;

/// <summary>Builds a <see cref="LoopProgram"/> and checks every step. Equal instructions are given the same value.</summary>
internal sealed class LoopBuilder
{
    private readonly ImmutableArray<long> extents;
    private readonly ImmutableArray<LoopOperand>.Builder operands = ImmutableArray.CreateBuilder<LoopOperand>();
    private readonly ImmutableArray<LoopInstruction>.Builder instructions = ImmutableArray.CreateBuilder<LoopInstruction>();
    private readonly ImmutableArray<LoopStore>.Builder stores = ImmutableArray.CreateBuilder<LoopStore>();
    private readonly ImmutableArray<LoopReduction>.Builder reductions = ImmutableArray.CreateBuilder<LoopReduction>();
    private readonly Dictionary<LoopInstruction, int> known = [];

    /// <summary>Starts a loop over a box of 1 to 6 dimensions, outermost first.</summary>
    public LoopBuilder(params ReadOnlySpan<long> extents)
    {
        if (extents.Length is 0 or > LoopProgram.MaximumRank)
            throw new ArgumentException($"A loop has 1 to {LoopProgram.MaximumRank} dimensions, not {extents.Length}.", nameof(extents));
        foreach (long extent in extents)
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(extents));
        this.extents = [.. extents];
    }

    /// <summary>Declares the next operand: its number is the position of its pointer at run time.</summary>
    public int Operand(LoopType type, params ReadOnlySpan<long> strides)
    {
        if (strides.Length != extents.Length)
            throw new ArgumentException($"The loop has {extents.Length} dimensions, the operand {strides.Length} strides.", nameof(strides));
        operands.Add(new LoopOperand(type, [.. strides]));
        return operands.Count - 1;
    }

    /// <summary>The operand's element at the current point.</summary>
    public LoopValue Load(int operand) => Add(new LoopInstruction(LoopOperation.Load, operands[operand].Type, Payload: operand));

    /// <summary>A real constant, rounded to the type; integers truncate it, bool asks for not zero.</summary>
    public LoopValue Constant(LoopType type, double value) => type.IsReal()
        ? Add(new LoopInstruction(LoopOperation.Constant, type, Payload: BitConverter.DoubleToInt64Bits(value)))
        : Constant(type, type == LoopType.Bool ? (value != 0 ? 1 : 0) : (long)value);

    /// <summary>An integer constant, wrapped to the type.</summary>
    public LoopValue Constant(LoopType type, long value) => type.IsReal()
        ? Constant(type, (double)value)
        : Add(new LoopInstruction(LoopOperation.Constant, type, Payload: value));

    /// <summary>The index along a dimension.</summary>
    public LoopValue Iota(LoopType type, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)dimension, (uint)extents.Length, nameof(dimension));
        return Add(new LoopInstruction(LoopOperation.Iota, type, Payload: dimension));
    }

    /// <summary>An operation of one argument.</summary>
    public LoopValue Apply(LoopOperation operation, LoopValue a)
    {
        bool allowed = operation switch
        {
            LoopOperation.Negate or LoopOperation.Abs or LoopOperation.Sign => a.Type != LoopType.Bool,
            LoopOperation.Not => !a.Type.IsReal(),
            >= LoopOperation.Floor and <= LoopOperation.Digamma or LoopOperation.IsNaN or LoopOperation.IsFinite => a.Type.IsReal(),
            _ => false,
        };
        Require(allowed, operation, a.Type);
        bool isQuestion = operation is LoopOperation.IsNaN or LoopOperation.IsFinite;
        return Add(new LoopInstruction(operation, isQuestion ? LoopType.Bool : a.Type, a.Index));
    }

    /// <summary>An operation of two arguments of one type.</summary>
    public LoopValue Apply(LoopOperation operation, LoopValue a, LoopValue b)
    {
        RequireSame(operation, a.Type, b.Type);
        bool allowed = operation switch
        {
            LoopOperation.Atan2 => a.Type.IsReal(),
            LoopOperation.And or LoopOperation.Or or LoopOperation.Xor => !a.Type.IsReal(),
            >= LoopOperation.ShiftLeft and <= LoopOperation.ShiftRightLogical => a.Type.IsInteger(),
            LoopOperation.Equal or LoopOperation.NotEqual => true,
            >= LoopOperation.Add and <= LoopOperation.GreaterOrEqual => a.Type != LoopType.Bool,
            _ => false,
        };
        Require(allowed, operation, a.Type);
        bool isQuestion = operation is >= LoopOperation.Equal and <= LoopOperation.GreaterOrEqual;
        return Add(new LoopInstruction(operation, isQuestion ? LoopType.Bool : a.Type, a.Index, b.Index));
    }

    /// <summary>An operation of three arguments: select, clamp or multiply-add.</summary>
    public LoopValue Apply(LoopOperation operation, LoopValue a, LoopValue b, LoopValue c)
    {
        RequireSame(operation, b.Type, c.Type);
        if (operation == LoopOperation.Select)
        {
            Require(a.Type == LoopType.Bool, operation, a.Type);
        }
        else
        {
            RequireSame(operation, a.Type, b.Type);
            Require(operation is LoopOperation.Clamp or LoopOperation.MultiplyAdd && a.Type != LoopType.Bool, operation, a.Type);
        }

        return Add(new LoopInstruction(operation, b.Type, a.Index, b.Index, c.Index));
    }

    /// <summary>The value as another type.</summary>
    public LoopValue Cast(LoopValue a, LoopType type) =>
        a.Type == type ? a : Add(new LoopInstruction(LoopOperation.Cast, type, a.Index));

    /// <summary>The value's bits as another type of the same size.</summary>
    public LoopValue Bitcast(LoopValue a, LoopType type)
    {
        bool allowed = (a.Type, type) is (LoopType.F32, LoopType.I32) or (LoopType.I32, LoopType.F32)
            or (LoopType.F64, LoopType.I64) or (LoopType.I64, LoopType.F64);
        Require(allowed, LoopOperation.Bitcast, a.Type);
        return Add(new LoopInstruction(LoopOperation.Bitcast, type, a.Index));
    }

    /// <summary>Writes the value to the operand at every point.</summary>
    public void Store(LoopValue value, int operand)
    {
        RequireSame(LoopOperation.Load, value.Type, operands[operand].Type);
        for (int d = 0; d < extents.Length; d++)
        {
            if (extents[d] > 1 && operands[operand].Strides[d] == 0)
                throw new ArgumentException($"A store repeats elements of operand {operand} along dimension {d}: reduce instead.", nameof(operand));
        }

        stores.Add(new LoopStore(value.Index, operand));
    }

    /// <summary>Reduces the value over the given dimensions into the operand, whose strides along them are zero.</summary>
    public void Reduce(LoopReductionKind kind, LoopValue value, int operand, params ReadOnlySpan<int> dimensions)
    {
        RequireSame(LoopOperation.Load, value.Type, operands[operand].Type);
        bool isLogical = kind is LoopReductionKind.Any or LoopReductionKind.All;
        if (isLogical != (value.Type == LoopType.Bool))
            throw new ArgumentException($"{kind} cannot reduce {value.Type}.", nameof(kind));
        int set = 0;
        foreach (int dimension in dimensions)
            set |= 1 << dimension;
        for (int d = 0; d < extents.Length; d++)
        {
            bool reduced = (set >> d & 1) != 0;
            long stride = operands[operand].Strides[d];
            if (reduced ? stride != 0 : stride == 0 && extents[d] > 1)
                throw new ArgumentException($"The stride {stride} of operand {operand} along dimension {d} does not fit the reduction.", nameof(operand));
        }

        reductions.Add(new LoopReduction(kind, value.Index, operand, set));
    }

    /// <summary>The finished program.</summary>
    public LoopProgram Build() =>
        new(extents, operands.ToImmutable(), instructions.ToImmutable(), stores.ToImmutable(), reductions.ToImmutable());

    private LoopValue Add(LoopInstruction instruction)
    {
        if (!known.TryGetValue(instruction, out int index))
        {
            index = instructions.Count;
            instructions.Add(instruction);
            known.Add(instruction, index);
        }

        return new LoopValue(index, instruction.Type);
    }

    private static void Require(bool allowed, LoopOperation operation, LoopType type)
    {
        if (!allowed)
            throw new ArgumentException($"{operation} does not take arguments of type {type}.");
    }

    private static void RequireSame(LoopOperation operation, LoopType a, LoopType b)
    {
        if (a != b)
            throw new ArgumentException($"{operation} was given both {a} and {b}: cast one of them.");
    }
}
