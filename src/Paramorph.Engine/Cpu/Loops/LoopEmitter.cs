using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Paramorph.Cpu;

/// <summary>
/// Emits one lane program as a method: the nest of loops, their pointers, the accumulators of reductions. Values are written by
/// <see cref="ValueEmitter"/>.
/// </summary>
/// <remarks>
/// The vectorised loop takes one vector of f32 lanes a step; a 64-bit value is two vectors. A short body is repeated for several vectors first.
/// The rest, tail included, is run by a body that checks at every load and store whether a whole vector is left, so that tails go through the same
/// arithmetic.
/// </remarks>
[RequiresDynamicCode("Emits a method.")]
internal sealed class LoopEmitter
{
    /// <summary>Bodies of at most this many vector instructions are repeated.</summary>
    private const int ShortBody = 24;

    private readonly LaneProgram program;
    private readonly LoopPlan plan;
    private readonly LoopProgram source;
    private readonly int lanes;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly ValueEmitter values;
    private readonly LaneAccumulators accumulators;
    private readonly LocalBuilder[] indices;
    private readonly LocalBuilder left;
    private readonly LocalBuilder first;
    private readonly LocalBuilder vectorStart;
    private readonly LocalBuilder vectorEnd;

    /// <summary>Prepares to emit a program.</summary>
    public LoopEmitter(LaneProgram program, LoopPlan plan, VectorWidth width)
    {
        this.program = program;
        this.plan = plan;
        source = program.Source;
        lanes = (int)width / 32;
        method = new DynamicMethod("Loop", typeof(void), [typeof(void**), typeof(long), typeof(long)], typeof(LoopEmitter).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        il = method.GetILGenerator(4096);
        indices = [.. source.Extents.Select(_ => il.DeclareLocal(typeof(long)))];
        left = il.DeclareLocal(typeof(long));
        first = il.DeclareLocal(typeof(long));
        vectorStart = il.DeclareLocal(typeof(long));
        vectorEnd = il.DeclareLocal(typeof(long));
        values = new ValueEmitter(il, program, plan, width, indices, left);
        accumulators = new LaneAccumulators(il, values, plan, program, lanes);
    }

    /// <summary>The finished method.</summary>
    public LoopBody Emit()
    {
        Label end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Bge, end);
        values.EmitScratch();
        values.EmitOperands();
        if (plan.IsBlocked)
            EmitBlocks();
        else
            EmitLevel(0);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<LoopBody>();
    }

    /// <summary>The loop over pieces of a reduced program of one dimension: each ends at a multiple of the block length.</summary>
    private void EmitBlocks()
    {
        LocalBuilder blockStart = vectorStart;
        LocalBuilder blockEnd = vectorEnd;
        Label top = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc, blockStart);
        il.MarkLabel(top);
        il.Emit(OpCodes.Ldloc, blockStart);
        il.Emit(OpCodes.Ldc_I8, (long)-LoopProgram.BlockLength);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Ldc_I8, (long)LoopProgram.BlockLength);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, ((Func<long, long, long>)Math.Min).Method);
        il.Emit(OpCodes.Stloc, blockEnd);
        EmitLevel(0);
        il.Emit(OpCodes.Ldloc, blockEnd);
        il.Emit(OpCodes.Stloc, blockStart);
        il.Emit(OpCodes.Ldloc, blockStart);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Blt, top);
    }

    private void EmitLevel(int level)
    {
        values.EmitValuesAt(level);
        accumulators.EmitStart(level);
        if (level == plan.Order.Length)
            EmitPoint();
        else if (level == plan.VectorPosition)
            EmitVectorLoop(level);
        else
            EmitScalarLoop(level);
        accumulators.EmitEnd(level, first);
    }

    private void EmitPoint()
    {
        accumulators.EmitUpdates();
        values.EmitStores();
    }

    private void EmitScalarLoop(int level)
    {
        int d = plan.Order[level];
        Label top = il.DefineLabel();
        Label test = il.DefineLabel();
        EmitBound(d, isEnd: false);
        il.Emit(OpCodes.Stloc, indices[d]);
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        values.EmitPointers(level, step: 0);
        EmitLevel(level + 1);
        EmitAdd(indices[d], 1);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, indices[d]);
        EmitBound(d, isEnd: true);
        il.Emit(OpCodes.Blt, top);
    }

    private void EmitVectorLoop(int level)
    {
        int d = plan.Order[level];
        bool isInnermost = level == plan.Order.Length - 1;
        if (!plan.IsBlocked)
        {
            EmitBound(d, isEnd: false);
            il.Emit(OpCodes.Stloc, vectorStart);
            EmitBound(d, isEnd: true);
            il.Emit(OpCodes.Stloc, vectorEnd);
        }

        il.Emit(OpCodes.Ldloc, vectorStart);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Stloc, first);
        il.Emit(OpCodes.Stloc, indices[d]);
        il.Emit(OpCodes.Ldloc, vectorEnd);
        il.Emit(OpCodes.Ldloc, vectorStart);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);

        int repeats = isInnermost ? Repeats() : 1;
        if (repeats > 1)
            EmitSteps(level, repeats, isChecked: false);
        accumulators.EmitHandOver();
        EmitSteps(level, 1, isChecked: true);
        values.EndBody();
    }

    /// <summary>One loop: while enough is left, the body for <paramref name="repeats"/> vectors.</summary>
    private void EmitSteps(int level, int repeats, bool isChecked)
    {
        int d = plan.Order[level];
        int step = repeats * lanes;
        Label top = il.DefineLabel();
        Label test = il.DefineLabel();
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            values.BeginBody(isChecked);
            accumulators.BeginStep(isChecked ? -1 : repeat);
            values.EmitPointers(level, repeat * lanes);
            EmitLevel(level + 1);
        }

        EmitAdd(indices[d], step);
        EmitAdd(left, -step);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I8, isChecked ? 1L : step);
        il.Emit(OpCodes.Bge, top);
    }

    /// <summary>How many vectors a step of the main loop takes: all lanes of the reductions if there are any.</summary>
    private int Repeats()
    {
        int work = values.WorkInside(plan.VectorPosition);
        if (work > ShortBody)
            return 1;
        return accumulators.AreAny ? 32 / lanes : work > ShortBody / 3 ? 2 : 4;
    }

    private void EmitBound(int d, bool isEnd)
    {
        if (d == 0)
            il.Emit(isEnd ? OpCodes.Ldarg_2 : OpCodes.Ldarg_1);
        else
            il.Emit(OpCodes.Ldc_I8, isEnd ? source.Extents[d] : 0L);
    }

    private void EmitAdd(LocalBuilder local, long value)
    {
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldc_I8, value);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, local);
    }
}
