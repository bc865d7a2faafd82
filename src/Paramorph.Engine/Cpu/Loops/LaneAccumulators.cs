using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Paramorph.Cpu;

/// <summary>
/// Emits the accumulators of reductions. Across lanes there are several vectors that take turns; where the body is not repeated for all of them,
/// they are passed on from local to local instead, which costs nothing but register names.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed unsafe class LaneAccumulators
{
    private readonly ILGenerator il;
    private readonly ValueEmitter values;
    private readonly LoopPlan plan;
    private readonly LaneProgram program;
    private readonly int lanes;
    private readonly LocalBuilder[][,] vectors;
    private readonly LocalBuilder[][,] second;
    private int turn;

    public LaneAccumulators(ILGenerator il, ValueEmitter values, LoopPlan plan, LaneProgram program, int lanes)
    {
        this.il = il;
        this.values = values;
        this.plan = plan;
        this.program = program;
        this.lanes = lanes;
        vectors = [.. program.Reductions.Select(Declare)];
        second = [.. program.Reductions.Select(Declare)];
    }

    /// <summary>Whether any reduction runs across lanes.</summary>
    public bool AreAny => program.Reductions.Any(plan.IsAcrossLanes);

    /// <summary>Says which vector of the repeated body is written next; -1 in the body that takes one vector a step.</summary>
    public void BeginStep(int repeat) => turn = repeat;

    /// <summary>Sets up the accumulators that belong before the loop at <paramref name="level"/>.</summary>
    public void EmitStart(int level)
    {
        for (int r = 0; r < vectors.Length; r++)
        {
            LoopReduction reduction = program.Reductions[r];
            if (plan.LevelOf(reduction) != level)
                continue;
            if (plan.IsAcrossLanes(reduction))
                EmitIdentity(reduction, vectors[r]);
            else
                EmitHeld(reduction, vectors[r], level);
        }
    }

    /// <summary>
    /// Copies the accumulators across lanes to the locals that the last body uses: calls in it then cost the main loop no registers.
    /// </summary>
    public void EmitHandOver()
    {
        for (int r = 0; r < vectors.Length; r++)
        {
            if (!plan.IsAcrossLanes(program.Reductions[r]))
                continue;
            for (int k = 0; k < vectors[r].GetLength(0); k++)
            {
                for (int part = 0; part < vectors[r].GetLength(1); part++)
                {
                    il.Emit(OpCodes.Ldloc, vectors[r][k, part]);
                    il.Emit(OpCodes.Stloc, second[r][k, part]);
                }
            }
        }
    }

    /// <summary>Takes the current values in.</summary>
    public void EmitUpdates()
    {
        for (int r = 0; r < vectors.Length; r++)
        {
            LoopReduction reduction = program.Reductions[r];
            LocalBuilder[,] current = turn < 0 && plan.IsAcrossLanes(reduction) ? second[r] : vectors[r];
            int count = current.GetLength(0);
            bool rotates = turn < 0 && count > 1;
            LaneType type = TypeOf(reduction);
            for (int part = 0; part < current.GetLength(1); part++)
            {
                LocalBuilder accumulator = current[turn < 0 ? 0 : turn % count, part];
                EmitUpdate(reduction, type, accumulator, part);
                if (rotates)
                    EmitRotation(current, part);
                else
                    il.Emit(OpCodes.Stloc, accumulator);
            }
        }
    }

    /// <summary>Writes the results that are complete after the loop at <paramref name="level"/>.</summary>
    public void EmitEnd(int level, LocalBuilder first)
    {
        for (int r = 0; r < vectors.Length; r++)
        {
            LoopReduction reduction = program.Reductions[r];
            if (plan.LevelOf(reduction) != level)
                continue;
            if (plan.IsAcrossLanes(reduction))
                EmitFinish(reduction, second[r], level, first);
            else
                EmitWriteBack(reduction, vectors[r], level);
        }
    }

    private LaneType TypeOf(LoopReduction reduction) => program.Source.Operands[reduction.Operand].Type.Lane();

    private LocalBuilder[,] Declare(LoopReduction reduction)
    {
        LaneType type = TypeOf(reduction);
        int count = plan.IsAcrossLanes(reduction) ? type.ReductionLanes() / lanes : 1;
        var declared = new LocalBuilder[count, ValueEmitter.Parts(type)];
        for (int k = 0; k < count; k++)
        {
            for (int part = 0; part < ValueEmitter.Parts(type); part++)
                declared[k, part] = values.DeclareVector(type);
        }

        return declared;
    }

    private void EmitIdentity(LoopReduction reduction, LocalBuilder[,] accumulators)
    {
        LoopType type = program.Source.Operands[reduction.Operand].Type;
        foreach (LocalBuilder accumulator in accumulators)
        {
            values.EmitConstant(type.Lane(), LaneReductions.Identity(reduction.Kind, type));
            il.Emit(OpCodes.Stloc, accumulator);
        }
    }

    /// <summary>Starts from what the output holds, or from the identity where this is its first visit.</summary>
    private void EmitHeld(LoopReduction reduction, LocalBuilder[,] accumulators, int level)
    {
        bool carriesOn = (reduction.Dimensions & 1) != 0;
        int outer = plan.OuterDimensions(reduction);
        if (!carriesOn && outer == 0)
        {
            EmitIdentity(reduction, accumulators);
            return;
        }

        Label done = il.DefineLabel();
        if (!carriesOn)
        {
            EmitIdentity(reduction, accumulators);
            EmitIsFirst(outer);
            il.Emit(OpCodes.Brtrue, done);
        }

        LoopType type = program.Source.Operands[reduction.Operand].Type;
        for (int part = 0; part < accumulators.GetLength(1); part++)
        {
            values.EmitLoad(reduction.Operand, level, part);
            if (type == LoopType.Bool)
                EmitToMask();
            il.Emit(OpCodes.Stloc, accumulators[0, part]);
        }

        il.MarkLabel(done);
    }

    private void EmitToMask()
    {
        values.EmitConstant(LaneType.I32, 0);
        values.EmitCall("Equals", LaneType.I32, 2);
        values.EmitConstant(LaneType.I32, -1);
        values.EmitCall("Xor", LaneType.I32, 2);
    }

    /// <summary>Pushes whether the indices of all the dimensions are zero.</summary>
    private void EmitIsFirst(int dimensions)
    {
        il.Emit(OpCodes.Ldc_I8, 0L);
        for (int d = 0; d < program.Source.Rank; d++)
        {
            if ((dimensions >> d & 1) == 0)
                continue;
            il.Emit(OpCodes.Ldloc, values.Index(d));
            il.Emit(OpCodes.Or);
        }

        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Ceq);
    }

    private void EmitUpdate(LoopReduction reduction, LaneType type, LocalBuilder accumulator, int part)
    {
        string combine = LaneReductions.Combination(reduction.Kind) switch
        {
            LaneOperation.And => "BitwiseAnd",
            LaneOperation.Or => "BitwiseOr",
            var direct => direct.ToString(),
        };
        if (!values.IsChecked || !plan.IsAcrossLanes(reduction))
        {
            il.Emit(OpCodes.Ldloc, accumulator);
            values.EmitPart(reduction.Value, part);
            values.EmitCall(combine, type, 2);
            return;
        }

        // Lanes beyond the end keep what they have.
        LocalBuilder combined = values.DeclareVector(type);
        Label done = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, accumulator);
        values.EmitPart(reduction.Value, part);
        values.EmitCall(combine, type, 2);
        il.Emit(OpCodes.Stloc, combined);
        values.EmitIsWhole(done);
        values.EmitTailMask(type, part);
        il.Emit(OpCodes.Ldloc, combined);
        il.Emit(OpCodes.Ldloc, accumulator);
        values.EmitCall("ConditionalSelect", type, 3);
        il.Emit(OpCodes.Stloc, combined);
        il.MarkLabel(done);
        il.Emit(OpCodes.Ldloc, combined);
    }

    /// <summary>Passes every accumulator on to its predecessor; the new one, on the stack, becomes the last.</summary>
    private void EmitRotation(LocalBuilder[,] accumulators, int part)
    {
        int count = accumulators.GetLength(0);
        for (int k = 1; k < count; k++)
        {
            il.Emit(OpCodes.Ldloc, accumulators[k, part]);
            il.Emit(OpCodes.Stloc, accumulators[k - 1, part]);
        }

        il.Emit(OpCodes.Stloc, accumulators[count - 1, part]);
    }

    /// <summary>Writes the accumulators to scratch memory in the order of their lanes, turned back, and has them combined.</summary>
    private void EmitFinish(LoopReduction reduction, LocalBuilder[,] accumulators, int level, LocalBuilder first)
    {
        LaneType type = TypeOf(reduction);
        int count = accumulators.GetLength(0);
        int bytes = lanes * type.Size();
        for (int k = 0; k < count; k++)
        {
            for (int part = 0; part < accumulators.GetLength(1); part++)
            {
                il.Emit(OpCodes.Ldloc, values.Scratch);
                if (count > 1)
                    EmitPlace(first, k, count, bytes);
                il.Emit(OpCodes.Ldc_I4, part * bytes / 2);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldloc, accumulators[k, part]);
                values.EmitStoreVector(type);
            }
        }

        il.Emit(OpCodes.Ldloc, values.Scratch);
        values.EmitPointer(reduction.Operand, level);
        il.Emit(OpCodes.Ldc_I4, (int)program.Source.Operands[reduction.Operand].Type);
        int outer = plan.OuterDimensions(reduction);
        if ((reduction.Dimensions & 1) != 0)
        {
            il.Emit(OpCodes.Ldc_I4_1);
        }
        else
        {
            EmitIsFirst(outer);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ceq);
        }

        il.Emit(OpCodes.Ldc_I8, (long)(nint)LaneReductions.Finisher(reduction.Kind, type));
        il.Emit(OpCodes.Conv_I);
        il.EmitCalli(
            OpCodes.Calli,
            System.Reflection.CallingConventions.Standard,
            typeof(void),
            [typeof(byte*), typeof(byte*), typeof(LoopType), typeof(int)],
            null);
    }

    /// <summary>Adds the place of accumulator k to the address on the stack: its turn is k plus the steps taken.</summary>
    private void EmitPlace(LocalBuilder first, int k, int count, int bytes)
    {
        il.Emit(OpCodes.Ldloc, values.Index(plan.VectorDimension));
        il.Emit(OpCodes.Ldloc, first);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, (long)lanes);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Ldc_I8, (long)k);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I8, (long)(count - 1));
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Ldc_I8, (long)bytes);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    private void EmitWriteBack(LoopReduction reduction, LocalBuilder[,] accumulators, int level)
    {
        LoopType type = program.Source.Operands[reduction.Operand].Type;
        for (int part = 0; part < accumulators.GetLength(1); part++)
        {
            values.EmitStore(reduction.Operand, level, part, () =>
            {
                il.Emit(OpCodes.Ldloc, accumulators[0, part]);
                if (type == LoopType.Bool)
                {
                    values.EmitConstant(LaneType.I32, 1);
                    values.EmitCall("BitwiseAnd", LaneType.I32, 2);
                }
            });
        }
    }
}
