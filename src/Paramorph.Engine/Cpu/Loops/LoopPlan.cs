using System.Collections.Immutable;
using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// The order in which a program's dimensions are nested and the one that is vectorised. It follows from the program alone, never from the vector
/// width: the order of reductions depends on it.
/// </summary>
internal sealed class LoopPlan
{
    /// <summary>The width that the costs are weighed for.</summary>
    private const int TypicalLanes = 8;

    /// <summary>The longest vectorised dimension that reduced dimensions are moved inside of: its columns are walked one vector at a time.</summary>
    private const int LongestColumnWalk = 64;

    private readonly LoopProgram program;

    /// <summary>Plans a program.</summary>
    public LoopPlan(LoopProgram program)
    {
        this.program = program;
        int vector = BestVectorDimension();
        int inside = DimensionsInside(vector);
        var order = Enumerable.Range(0, program.Rank).Where(d => d != vector && (inside >> d & 1) == 0).Append(vector);
        Order = [.. order, .. Enumerable.Range(0, program.Rank).Where(d => (inside >> d & 1) != 0)];
        VectorPosition = Order.IndexOf(vector);
    }

    /// <summary>The dimensions from the outermost loop to the innermost.</summary>
    public ImmutableArray<int> Order { get; }

    /// <summary>The place of the vectorised dimension in <see cref="Order"/>.</summary>
    public int VectorPosition { get; }

    /// <summary>The vectorised dimension.</summary>
    public int VectorDimension => Order[VectorPosition];

    /// <summary>Whether the range is cut into pieces of <see cref="LoopProgram.BlockLength"/>.</summary>
    public bool IsBlocked => program.Rank == 1 && program.Reductions.Length > 0;

    /// <summary>How many loops enclose the place where a value that changes along these dimensions is computed.</summary>
    public int LevelOf(int dimensions)
    {
        int level = Order.Length;
        while (level > 0 && (dimensions >> Order[level - 1] & 1) == 0)
            level--;
        return level;
    }

    /// <summary>Whether the reduction combines lanes with each other.</summary>
    public bool IsAcrossLanes(LoopReduction reduction) => (reduction.Dimensions >> VectorDimension & 1) != 0;

    /// <summary>The loop before which the reduction's accumulator is set up and after which it is written.</summary>
    public int LevelOf(LoopReduction reduction)
    {
        if (IsAcrossLanes(reduction))
            return VectorPosition;
        int level = Order.Length;
        while (level > 0 && (reduction.Dimensions >> Order[level - 1] & 1) != 0)
            level--;
        return level;
    }

    /// <summary>
    /// The reduced dimensions whose loops lie outside of the accumulator: the output is combined with unless all their indices are zero.
    /// </summary>
    public int OuterDimensions(LoopReduction reduction)
    {
        int outside = 0;
        for (int position = 0; position < LevelOf(reduction); position++)
            outside |= 1 << Order[position];
        return reduction.Dimensions & outside;
    }

    private int BestVectorDimension()
    {
        int best = program.Rank - 1;
        double bestCost = program.Rank == 1 ? 0 : Cost(best);
        for (int d = program.Rank - 2; d >= 0; d--)
        {
            bool carriesOn = d == 0 && program.Reductions.Any(r => (r.Dimensions & 1) != 0);
            double cost = carriesOn ? double.PositiveInfinity : Cost(d);
            if (cost < bestCost)
                (best, bestCost) = (d, cost);
        }

        return best;
    }

    /// <summary>The relative cost of one point if dimension d is vectorised.</summary>
    private double Cost(int d)
    {
        double extent = Math.Max(program.Extents[d], 1);
        double vectors = Math.Ceiling(extent / TypicalLanes);
        double perVector = program.Instructions.Length;
        foreach (LoopInstruction instruction in program.Instructions)
        {
            if (instruction.Operation == LoopOperation.Load)
                perVector += AccessCost((int)instruction.Payload, d);
        }

        foreach (LoopStore store in program.Stores)
            perVector += AccessCost(store.Operand, d);
        double atEnds = 2;
        foreach (LoopReduction reduction in program.Reductions)
        {
            if ((reduction.Dimensions >> d & 1) != 0)
                atEnds += 40;
            else
                perVector += AccessCost(reduction.Operand, d) / 2;
        }

        return (vectors * perVector + atEnds) / extent;
    }

    private double AccessCost(int operand, int d) => program.Operands[operand].Strides[d] switch
    {
        0 => 0.1,
        1 => 1,
        _ => 2 * TypicalLanes,
    };

    /// <summary>
    /// The dimensions that every reduction runs over, where moving their loops inside of a short vectorised one keeps accumulators in registers.
    /// The order in which each output takes its values is the same either way.
    /// </summary>
    private int DimensionsInside(int vector)
    {
        if (program.Reductions.Length == 0 || program.Extents[vector] > LongestColumnWalk)
            return 0;
        int common = program.Reductions.Aggregate(-1, (set, r) => set & r.Dimensions);
        bool acrossLanes = program.Reductions.Any(r => (r.Dimensions >> vector & 1) != 0);
        return acrossLanes || BitOperations.PopCount((uint)common) == 32 ? 0 : common;
    }
}
