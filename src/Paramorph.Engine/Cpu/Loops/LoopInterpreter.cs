using System.Collections.Immutable;

namespace Paramorph.Cpu;

/// <summary>
/// Runs a loop program where no code can be generated: instruction by instruction over blocks that stay in the L1 cache, by precompiled kernels.
/// Gives the same bits as <see cref="LoopCompiler"/>.
/// </summary>
internal sealed unsafe class LoopInterpreter : LoopKernel
{
    /// <summary>The scratch memory that one run aims to stay within.</summary>
    private const int ScratchBytes = 24 * 1024;

    /// <summary>Blocks are whole numbers of this, so that an element's lane in a reduction is its place in the block modulo the lanes.</summary>
    private const int Granularity = 32;

    private const int LongestBlock = 1024;

    private readonly LaneProgram program;
    private readonly LoopProgram source;
    private readonly LoopPlan plan;
    private readonly Step[][] steps;
    private readonly Accumulator[] accumulators;
    private readonly int[] slots;
    private readonly int slotCount;
    private readonly int block;

    private LoopInterpreter(LaneProgram program, LoopPlan plan, VectorWidth width)
    {
        this.program = program;
        this.plan = plan;
        source = program.Source;
        slots = AssignSlots(out slotCount);
        int reductionSlots = program.Reductions.Length;
        slotCount += reductionSlots;
        long extent = plan.VectorDimension == 0 ? LongestBlock : source.Extents[plan.VectorDimension];
        long fits = Math.Min(ScratchBytes / (8 * Math.Max(slotCount, 1)), Math.Max(extent + Granularity - 1, Granularity));
        block = (int)Math.Clamp(fits / Granularity * Granularity, Granularity, LongestBlock);
        steps = [.. Enumerable.Range(0, plan.Order.Length + 1).Select(level => StepsAt(level, width))];
        accumulators = [.. program.Reductions.Select((r, k) => Describe(r, slotCount - reductionSlots + k, width))];
    }

    /// <summary>Prepares a program to be interpreted with vectors of one width.</summary>
    public static LoopInterpreter Create(LoopProgram program, VectorWidth width) =>
        new(LaneLowering.Lower(program, expand: false), new LoopPlan(program), width);

    /// <inheritdoc/>
    public override void Run(void** operands, long start, long end)
    {
        if (start >= end)
            return;
        int levels = plan.Order.Length + 1;
        int count = source.Operands.Length;
        byte* scratch = stackalloc byte[slotCount * block * 8 + 64];
        byte** pointers = stackalloc byte*[levels * Math.Max(count, 1)];
        long* indices = stackalloc long[LoopProgram.MaximumRank];
        for (int k = 0; k < count; k++)
            pointers[k] = (byte*)operands[k];
        var run = new Frame(scratch, pointers, indices, start, end);
        if (!plan.IsBlocked)
        {
            RunLevel(ref run, 0);
            return;
        }

        for (long from = start; from < end; from = run.End)
        {
            run.Start = from;
            run.End = Math.Min((from & -LoopProgram.BlockLength) + LoopProgram.BlockLength, end);
            RunLevel(ref run, 0);
        }
    }

    private void RunLevel(ref Frame run, int level)
    {
        // Outside of the vectorised loop values are the same in all lanes, of which the blocks inside may need every one.
        long lanes = level > plan.VectorPosition ? run.Lanes : block;
        foreach (Step step in steps[level])
            Execute(ref run, step, level, lanes);
        foreach (Accumulator accumulator in accumulators)
        {
            if (accumulator.Level == level)
                Start(ref run, accumulator, level);
        }

        if (level == plan.Order.Length)
            RunPoint(ref run, level);
        else
            RunLoop(ref run, level);
        foreach (Accumulator accumulator in accumulators)
        {
            if (accumulator.Level == level)
                Finish(ref run, accumulator, level);
        }
    }

    private void RunLoop(ref Frame run, int level)
    {
        int d = plan.Order[level];
        int stride = level == plan.VectorPosition ? block : 1;
        (long start, long end) = d == 0 ? (run.Start, run.End) : (0, source.Extents[d]);
        for (long index = start; index < end; index += stride)
        {
            run.Indices[d] = index;
            if (level == plan.VectorPosition)
                run.Lanes = Math.Min(block, end - index);
            MovePointers(ref run, level, d, index);
            RunLevel(ref run, level + 1);
        }
    }

    private void MovePointers(ref Frame run, int level, int d, long index)
    {
        int count = source.Operands.Length;
        for (int k = 0; k < count; k++)
        {
            LoopOperand operand = source.Operands[k];
            run.Pointers[(level + 1) * count + k] = run.Pointers[level * count + k] + index * operand.Strides[d] * operand.Type.Size();
        }
    }

    private void RunPoint(ref Frame run, int level)
    {
        foreach (Accumulator accumulator in accumulators)
            Update(ref run, accumulator);
        foreach (LoopStore store in program.Stores)
        {
            LoopOperand operand = source.Operands[store.Operand];
            byte* pointer = run.Pointers[level * source.Operands.Length + store.Operand];
            BlockMemory.Store(operand.Type, pointer, operand.Strides[plan.VectorDimension], run.Lanes, Slot(run, slots[store.Value]));
        }
    }

    private void Execute(ref Frame run, Step step, int level, long lanes)
    {
        LaneInstruction i = step.Instruction;
        byte* result = Slot(run, step.Result);
        switch (i.Operation)
        {
            case LaneOperation.Load:
                LoopOperand operand = source.Operands[(int)i.Payload];
                byte* pointer = run.Pointers[level * source.Operands.Length + (int)i.Payload];
                BlockMemory.Load(operand.Type, pointer, operand.Strides[plan.VectorDimension], lanes, result);
                break;
            case LaneOperation.Constant:
                BlockMemory.Fill(i.Type, result, lanes, i.Payload);
                break;
            case LaneOperation.Iota:
                BlockMemory.Count(i.Type, result, lanes, run.Indices[(int)i.Payload], i.Payload == plan.VectorDimension ? 1 : 0);
                break;
            default:
                long n = i.Operation == LaneOperation.PerLane ? lanes : (lanes + 15) & -16;
                step.Kernel(Slot(run, step.A), Slot(run, step.B), Slot(run, step.C), result, n, i.Payload);
                break;
        }
    }

    private void Start(ref Frame run, Accumulator accumulator, int level)
    {
        LoopReduction reduction = accumulator.Reduction;
        LoopOperand output = source.Operands[reduction.Operand];
        byte* lanes = Slot(run, accumulator.Slot);
        long count = accumulator.IsAcrossLanes ? Granularity : run.Lanes;
        if (accumulator.IsAcrossLanes || !CombinesWithOutput(ref run, reduction))
        {
            BlockMemory.Fill(output.Type.Lane(), lanes, count, LaneReductions.Identity(reduction.Kind, output.Type));
            return;
        }

        byte* pointer = run.Pointers[level * source.Operands.Length + reduction.Operand];
        BlockMemory.Load(output.Type, pointer, output.Strides[plan.VectorDimension], count, lanes);
        for (long i = 0; output.Type == LoopType.Bool && i < count; i++)
            ((int*)lanes)[i] = -((int*)lanes)[i];
    }

    private void Update(ref Frame run, Accumulator accumulator)
    {
        byte* lanes = Slot(run, accumulator.Slot);
        byte* values = Slot(run, slots[accumulator.Reduction.Value]);
        if (!accumulator.IsAcrossLanes)
        {
            accumulator.Combine(lanes, values, null, lanes, (run.Lanes + 15) & -16, 0);
            return;
        }

        int size = accumulator.Type.Size();
        int group = accumulator.Type.ReductionLanes();
        long i = 0;
        for (; i + group <= run.Lanes; i += group)
            accumulator.Combine(lanes, values + i * size, null, lanes, group, 0);
        if (i < run.Lanes)
        {
            // Lanes beyond the end keep what they have.
            byte* combined = stackalloc byte[Granularity * 8];
            accumulator.Combine(lanes, values + i * size, null, combined, group, 0);
            Buffer.MemoryCopy(combined, lanes, group * size, (run.Lanes - i) * size);
        }
    }

    private void Finish(ref Frame run, Accumulator accumulator, int level)
    {
        LoopReduction reduction = accumulator.Reduction;
        LoopOperand output = source.Operands[reduction.Operand];
        byte* pointer = run.Pointers[level * source.Operands.Length + reduction.Operand];
        byte* lanes = Slot(run, accumulator.Slot);
        if (accumulator.IsAcrossLanes)
        {
            accumulator.Finish(lanes, pointer, output.Type, CombinesWithOutput(ref run, reduction) ? 1 : 0);
            return;
        }

        for (long i = 0; output.Type == LoopType.Bool && i < run.Lanes; i++)
            ((int*)lanes)[i] &= 1;
        BlockMemory.Store(output.Type, pointer, output.Strides[plan.VectorDimension], run.Lanes, lanes);
    }

    /// <summary>Whether this is not the first visit of the output: what it holds counts.</summary>
    private bool CombinesWithOutput(ref Frame run, LoopReduction reduction)
    {
        if ((reduction.Dimensions & 1) != 0)
            return true;
        int outer = plan.OuterDimensions(reduction);
        for (int d = 0; d < source.Rank; d++)
        {
            if ((outer >> d & 1) != 0 && run.Indices[d] != 0)
                return true;
        }

        return false;
    }

    private byte* Slot(in Frame run, int slot) => slot < 0 ? null : run.Scratch + (long)slot * block * 8;

    /// <summary>Gives every value a block of scratch memory; blocks are reused at the same level once their last use is past.</summary>
    private int[] AssignSlots(out int count)
    {
        ImmutableArray<LaneInstruction> instructions = program.Instructions;
        int[] levels = [.. program.Dimensions.Select(plan.LevelOf)];
        int[] lastUse = LastUses(levels);
        var assigned = new int[instructions.Length];
        count = 0;
        for (int level = 0; level <= plan.Order.Length; level++)
        {
            var free = new Stack<int>();
            for (int v = 0; v < instructions.Length; v++)
            {
                if (levels[v] != level)
                    continue;
                assigned[v] = free.TryPop(out int slot) ? slot : count++;
                for (int a = 0; a < v; a++)
                {
                    if (lastUse[a] == v && levels[a] == level)
                        free.Push(assigned[a]);
                }
            }
        }

        return assigned;
    }

    /// <summary>The last instruction that uses each value, or a number beyond all where it is needed longer than its level's instructions run.</summary>
    private int[] LastUses(int[] levels)
    {
        var lastUse = new int[levels.Length];
        for (int v = 0; v < levels.Length; v++)
        {
            LaneInstruction i = program.Instructions[v];
            for (int k = 0; k < i.Arity; k++)
            {
                int a = i.Argument(k);
                lastUse[a] = levels[a] == levels[v] ? Math.Max(lastUse[a], v) : int.MaxValue;
            }
        }

        foreach (LoopStore store in program.Stores)
            lastUse[store.Value] = int.MaxValue;
        foreach (LoopReduction reduction in program.Reductions)
            lastUse[reduction.Value] = int.MaxValue;
        return lastUse;
    }

    private Step[] StepsAt(int level, VectorWidth width)
    {
        var found = new List<Step>();
        for (int v = 0; v < program.Instructions.Length; v++)
        {
            if (plan.LevelOf(program.Dimensions[v]) != level)
                continue;
            LaneInstruction i = program.Instructions[v];
            bool isKernel = i.Operation is not (LaneOperation.Load or LaneOperation.Constant or LaneOperation.Iota);
            found.Add(new Step(
                i,
                isKernel ? Kernel(i, program.Instructions[i.A].Type, width) : null,
                i.A < 0 ? -1 : slots[i.A],
                i.B < 0 ? -1 : slots[i.B],
                i.C < 0 ? -1 : slots[i.C],
                slots[v]));
        }

        return [.. found];
    }

    private Accumulator Describe(LoopReduction reduction, int slot, VectorWidth width)
    {
        LaneType type = source.Operands[reduction.Operand].Type.Lane();
        return new Accumulator(
            reduction,
            type,
            slot,
            plan.LevelOf(reduction),
            plan.IsAcrossLanes(reduction),
            Kernel(new LaneInstruction(LaneReductions.Combination(reduction.Kind), type), type, width),
            LaneReductions.Finisher(reduction.Kind, type));
    }

    private static delegate*<byte*, byte*, byte*, byte*, long, long, void> Kernel(LaneInstruction i, LaneType argument, VectorWidth width) => width switch
    {
        VectorWidth.Bits128 =>
            BlockKernels<Wide128<float, int>, Wide128<int, int>, Wide128<double, long>, Wide128<long, long>>.Find(i, argument),
        VectorWidth.Bits256 =>
            BlockKernels<Wide256<float, int>, Wide256<int, int>, Wide256<double, long>, Wide256<long, long>>.Find(i, argument),
        _ => BlockKernels<Wide512<float, int>, Wide512<int, int>, Wide512<double, long>, Wide512<long, long>>.Find(i, argument),
    };

    /// <summary>The state of one run.</summary>
    private ref struct Frame(byte* scratch, byte** pointers, long* indices, long start, long end)
    {
        public readonly byte* Scratch = scratch;
        public readonly byte** Pointers = pointers;
        public readonly long* Indices = indices;
        public long Start = start;
        public long End = end;

        /// <summary>The lanes of the current block that exist.</summary>
        public long Lanes;
    }

    private readonly struct Step(
        LaneInstruction instruction, delegate*<byte*, byte*, byte*, byte*, long, long, void> kernel, int a, int b, int c, int result)
    {
        public readonly LaneInstruction Instruction = instruction;
        public readonly delegate*<byte*, byte*, byte*, byte*, long, long, void> Kernel = kernel;
        public readonly int A = a;
        public readonly int B = b;
        public readonly int C = c;
        public readonly int Result = result;
    }

    private readonly struct Accumulator(
        LoopReduction reduction,
        LaneType type,
        int slot,
        int level,
        bool isAcrossLanes,
        delegate*<byte*, byte*, byte*, byte*, long, long, void> combine,
        delegate*<byte*, byte*, LoopType, int, void> finish)
    {
        public readonly LoopReduction Reduction = reduction;
        public readonly LaneType Type = type;
        public readonly int Slot = slot;
        public readonly int Level = level;
        public readonly bool IsAcrossLanes = isAcrossLanes;
        public readonly delegate*<byte*, byte*, byte*, byte*, long, long, void> Combine = combine;
        public readonly delegate*<byte*, byte*, LoopType, int, void> Finish = finish;
    }
}
