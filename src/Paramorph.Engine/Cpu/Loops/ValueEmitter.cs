using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Paramorph.Cpu;

/// <summary>
/// Writes the values of a lane program: each at the outermost loop where it is known, those used once as part of the expression that uses them,
/// the others in locals. A 64-bit value has two parts, the lower and the upper lanes.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed unsafe class ValueEmitter
{
    private readonly ILGenerator il;
    private readonly LaneProgram program;
    private readonly LoopPlan plan;
    private readonly VectorMethods vectors;
    private readonly VectorWidth width;
    private readonly LocalBuilder[] indices;
    private readonly LocalBuilder left;
    private readonly LocalBuilder[]?[] locals;
    private readonly bool[] isKept;
    private readonly int[] levels;
    private readonly LocalBuilder[,] pointers;
    private readonly LocalBuilder scratch;
    private readonly LocalBuilder address;
    private bool isChecked;
    private int offset;

    public ValueEmitter(ILGenerator il, LaneProgram program, LoopPlan plan, VectorWidth width, LocalBuilder[] indices, LocalBuilder left)
    {
        this.il = il;
        this.program = program;
        this.plan = plan;
        this.width = width;
        this.indices = indices;
        this.left = left;
        vectors = VectorMethods.Of(width);
        Lanes = (int)width / 32;
        levels = [.. program.Dimensions.Select(plan.LevelOf)];
        locals = new LocalBuilder[program.Instructions.Length][];
        isKept = FindKept();
        pointers = new LocalBuilder[plan.Order.Length + 1, program.Source.Operands.Length];
        scratch = il.DeclareLocal(typeof(byte*));
        address = il.DeclareLocal(typeof(byte*));
    }

    /// <summary>The lanes of a step.</summary>
    public int Lanes { get; }

    /// <summary>The local that points to scratch memory.</summary>
    public LocalBuilder Scratch => scratch;

    /// <summary>Whether the body being written may run with less than a whole vector left.</summary>
    public bool IsChecked => isChecked;

    /// <summary>The vectors that hold a value.</summary>
    public static int Parts(LaneType type) => type.IsWide() ? 2 : 1;

    /// <summary>Takes scratch memory from the stack: room for three vectors of 64-bit lanes and the lanes of a reduction.</summary>
    public void EmitScratch()
    {
        il.Emit(OpCodes.Ldc_I4, 512);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Localloc);
        il.Emit(OpCodes.Stloc, scratch);
    }

    /// <summary>Reads the operands' addresses.</summary>
    public void EmitOperands()
    {
        for (int k = 0; k < program.Source.Operands.Length; k++)
        {
            pointers[0, k] = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, k * sizeof(void*));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, pointers[0, k]);
        }
    }

    /// <summary>Moves the operands that change along the loop at <paramref name="level"/> to its index plus <paramref name="step"/>.</summary>
    public void EmitPointers(int level, int step)
    {
        int d = plan.Order[level];
        if (level == plan.VectorPosition)
            offset = step;
        for (int k = 0; k < program.Source.Operands.Length; k++)
        {
            LoopOperand operand = program.Source.Operands[k];
            long stride = operand.Strides[d] * operand.Type.Size();
            if (stride == 0)
            {
                pointers[level + 1, k] = pointers[level, k];
                continue;
            }

            if (pointers[level + 1, k] is null || pointers[level + 1, k] == pointers[level, k])
                pointers[level + 1, k] = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldloc, pointers[level, k]);
            il.Emit(OpCodes.Ldloc, indices[d]);
            il.Emit(OpCodes.Ldc_I8, stride);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I8, step * stride);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, pointers[level + 1, k]);
        }
    }

    /// <summary>Begins the body of one vector: nothing inside the vectorised loop is known yet.</summary>
    public void BeginBody(bool isChecked)
    {
        this.isChecked = isChecked;
        for (int v = 0; v < locals.Length; v++)
        {
            if (levels[v] > plan.VectorPosition)
                locals[v] = null;
        }
    }

    /// <summary>Ends the vectorised loop.</summary>
    public void EndBody() => isChecked = false;

    /// <summary>The vector instructions inside of the loop at <paramref name="level"/>.</summary>
    public int WorkInside(int level)
    {
        int work = 0;
        for (int v = 0; v < levels.Length; v++)
        {
            LaneInstruction i = program.Instructions[v];
            if (levels[v] > level && i.Operation is not (LaneOperation.Constant or LaneOperation.Reinterpret))
                work += Parts(i.Type) * (i.Operation is LaneOperation.PerLane or LaneOperation.Repair ? 16 : 1);
        }

        return work;
    }

    /// <summary>Computes into locals what is known at the level and needed more than once or further inside.</summary>
    public void EmitValuesAt(int level)
    {
        for (int v = 0; v < levels.Length; v++)
        {
            if (levels[v] == level && (isKept[v] || isChecked && program.Instructions[v].Operation == LaneOperation.Load))
                EmitKept(v);
        }
    }

    /// <summary>Pushes one part of a value.</summary>
    public void EmitPart(int value, int part)
    {
        if (locals[value] is { } kept)
            il.Emit(OpCodes.Ldloc, kept[part]);
        else
            EmitComputation(value, part);
    }

    /// <summary>Stores the values of this point.</summary>
    public void EmitStores()
    {
        foreach (LoopStore store in program.Stores)
        {
            LoopType type = program.Source.Operands[store.Operand].Type;
            for (int part = 0; part < Parts(type.Lane()); part++)
                EmitStore(store.Operand, plan.Order.Length, part, () => EmitPart(store.Value, part));
        }
    }

    /// <summary>Pushes one part of the operand's elements at the pointers of a level, widened to lanes.</summary>
    public void EmitLoad(int operand, int level, int part)
    {
        LoopType type = program.Source.Operands[operand].Type;
        long stride = program.Source.Operands[operand].Strides[plan.VectorDimension];
        LocalBuilder pointer = pointers[level, operand];
        if (stride == 0 || level <= plan.VectorPosition)
        {
            EmitBroadcast(type, pointer);
            return;
        }

        bool isPlain = stride == 1 || type.Size() > 1;
        if (!isChecked && isPlain)
        {
            EmitAddress(pointer, PartOffset(type, stride, part));
            EmitWhole(type, stride);
            return;
        }

        Label direct = il.DefineLabel();
        Label ready = il.DefineLabel();
        LocalBuilder result = DeclareVector(type.Lane());
        if (isPlain)
            EmitIsWhole(direct);
        EmitPartialLoad(type, pointer, stride, part);
        il.Emit(OpCodes.Stloc, result);
        if (isPlain)
        {
            il.Emit(OpCodes.Br, ready);
            il.MarkLabel(direct);
            EmitAddress(pointer, PartOffset(type, stride, part));
            EmitWhole(type, stride);
            il.Emit(OpCodes.Stloc, result);
            il.MarkLabel(ready);
        }

        il.Emit(OpCodes.Ldloc, result);
    }

    /// <summary>Writes one part of a value, pushed by <paramref name="push"/>, to the operand at the pointers of a level.</summary>
    public void EmitStore(int operand, int level, int part, Action push)
    {
        LoopType type = program.Source.Operands[operand].Type;
        long stride = program.Source.Operands[operand].Strides[plan.VectorDimension];
        LocalBuilder pointer = pointers[level, operand];
        if (stride == 1 && !isChecked)
        {
            EmitWrite(type, () => EmitAddress(pointer, PartOffset(type, stride, part)), push);
            return;
        }

        Label direct = il.DefineLabel();
        Label done = il.DefineLabel();
        LocalBuilder value = DeclareVector(type.Lane());
        push();
        il.Emit(OpCodes.Stloc, value);
        if (stride == 1)
            EmitIsWhole(direct);
        EmitPartialStore(type, pointer, stride, part, value);
        if (stride == 1)
        {
            il.Emit(OpCodes.Br, done);
            il.MarkLabel(direct);
            EmitWrite(type, () => EmitAddress(pointer, PartOffset(type, stride, part)), () => il.Emit(OpCodes.Ldloc, value));
            il.MarkLabel(done);
        }
    }

    /// <summary>Pushes the address of an operand's element at the pointers of a level.</summary>
    public void EmitPointer(int operand, int level) => il.Emit(OpCodes.Ldloc, pointers[level, operand]);

    /// <summary>Calls the vector method of the name on the vectors on the stack.</summary>
    public void EmitCall(string name, LaneType type, int arity) => il.Emit(OpCodes.Call, vectors.Find(name, type, arity));

    /// <summary>Pushes a constant of the given bits in every lane.</summary>
    public void EmitConstant(LaneType type, long bits)
    {
        switch (type)
        {
            case LaneType.F32: il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle((int)bits)); break;
            case LaneType.I32: il.Emit(OpCodes.Ldc_I4, (int)bits); break;
            case LaneType.F64: il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits)); break;
            default: il.Emit(OpCodes.Ldc_I8, bits); break;
        }

        il.Emit(OpCodes.Call, vectors.Broadcast(type));
    }

    /// <summary>Reinterprets the vector on the stack.</summary>
    public void EmitReinterpret(LaneType from, LaneType to)
    {
        if (vectors.Reinterpret(from, to) is { } method)
            il.Emit(OpCodes.Call, method);
    }

    /// <summary>A new local for one part of a value.</summary>
    public LocalBuilder DeclareVector(LaneType type) => il.DeclareLocal(vectors.VectorOf(type));

    /// <summary>Pushes a mask of the lanes that exist in one part.</summary>
    public void EmitTailMask(LaneType type, int part)
    {
        MethodInfo mask = width switch
        {
            VectorWidth.Bits128 => ((Func<long, System.Runtime.Intrinsics.Vector128<int>>)LaneMemory.TailMask128).Method,
            VectorWidth.Bits256 => ((Func<long, System.Runtime.Intrinsics.Vector256<int>>)LaneMemory.TailMask256).Method,
            _ => ((Func<long, System.Runtime.Intrinsics.Vector512<int>>)LaneMemory.TailMask512).Method,
        };
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Call, mask);
        if (type.IsWide())
            EmitCall(part == 0 ? "WidenLower" : "WidenUpper", LaneType.I32, 1);
        EmitReinterpret(type.Bits(), type);
    }

    /// <summary>Jumps if at least a whole vector is left.</summary>
    public void EmitIsWhole(Label target)
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I8, (long)Lanes);
        il.Emit(OpCodes.Bge, target);
    }

    /// <summary>The local that holds the index along a dimension.</summary>
    public LocalBuilder Index(int dimension) => indices[dimension];

    /// <summary>Writes the vector pushed by <paramref name="push"/> as whole lanes to scratch memory.</summary>
    public void EmitSpill(LaneType type, int position, Action push)
    {
        EmitAddress(scratch, position);
        push();
        EmitStoreVector(type);
    }

    /// <summary>Pushes the lanes found in scratch memory.</summary>
    public void EmitRefill(LaneType type, int position)
    {
        EmitAddress(scratch, position);
        EmitLoadVector(type);
    }

    private delegate void CollectDelegate(byte* source, long strideInBytes, int size, long count, int lanes, byte* scratch);

    private delegate void SpreadDelegate(byte* scratch, byte* destination, long strideInBytes, int size, long count, int lanes);

    private delegate void InvokeDelegate(LaneFunction function, void* a, void* b, void* result, long count);

    private int LanesPerPart(LoopType type) => Lanes / Parts(type.Lane());

    /// <summary>Which values get locals: those used more than once or at a deeper level, and those that are not a single expression.</summary>
    private bool[] FindKept()
    {
        var uses = new int[program.Instructions.Length];
        var kept = new bool[program.Instructions.Length];
        for (int v = 0; v < uses.Length; v++)
        {
            LaneInstruction i = program.Instructions[v];
            for (int k = 0; k < i.Arity; k++)
            {
                int a = i.Argument(k);
                uses[a] += Math.Max(1, Parts(i.Type) / Parts(program.Instructions[a].Type));
                kept[a] |= levels[a] != levels[v] || i.Operation is LaneOperation.Repair or LaneOperation.PerLane;
            }

            kept[v] |= i.Operation is LaneOperation.Repair or LaneOperation.PerLane;
        }

        foreach (LoopStore store in program.Stores)
        {
            uses[store.Value]++;
            kept[store.Value] |= levels[store.Value] != plan.Order.Length || program.Stores.Length > 1;
        }

        foreach (LoopReduction reduction in program.Reductions)
        {
            uses[reduction.Value]++;
            kept[reduction.Value] |= levels[reduction.Value] != plan.Order.Length;
        }

        for (int v = 0; v < uses.Length; v++)
            kept[v] |= uses[v] > 1;
        return kept;
    }

    private void EmitKept(int v)
    {
        LaneInstruction i = program.Instructions[v];
        var parts = new LocalBuilder[Parts(i.Type)];
        for (int part = 0; part < parts.Length; part++)
            parts[part] = DeclareVector(i.Type);
        switch (i.Operation)
        {
            case LaneOperation.PerLane:
                EmitPerLane(i, parts);
                break;
            case LaneOperation.Repair:
                for (int part = 0; part < parts.Length; part++)
                    EmitRepair(i, parts[part], part);
                break;
            default:
                for (int part = 0; part < parts.Length; part++)
                {
                    EmitComputation(v, part);
                    il.Emit(OpCodes.Stloc, parts[part]);
                }

                break;
        }

        locals[v] = parts;
    }

    /// <summary>Lets a lane function work on all lanes in scratch memory.</summary>
    private void EmitPerLane(LaneInstruction i, LocalBuilder[] parts)
    {
        if (vectors.ShiftByLanes((LaneFunction)i.Payload) is { } byLanes)
        {
            for (int part = 0; part < parts.Length; part++)
            {
                EmitPart(i.A, part);
                EmitPart(i.B, part);
                il.Emit(OpCodes.Call, byLanes.Counts);
                il.Emit(OpCodes.Call, byLanes.Shift);
                il.Emit(OpCodes.Stloc, parts[part]);
            }

            return;
        }

        int bytes = (int)width / 8;
        for (int k = 0; k < i.Arity; k++)
        {
            LaneType type = program.Instructions[i.Argument(k)].Type;
            for (int part = 0; part < Parts(type); part++)
                EmitSpill(type, (2 * k + part) * bytes, () => EmitPart(i.Argument(k), part));
        }

        EmitInvoke((LaneFunction)i.Payload, 0, 2 * bytes, 4 * bytes, Lanes);
        for (int part = 0; part < parts.Length; part++)
        {
            EmitRefill(i.Type, (4 + part) * bytes);
            il.Emit(OpCodes.Stloc, parts[part]);
        }
    }

    private void EmitRepair(LaneInstruction i, LocalBuilder result, int part)
    {
        int bytes = (int)width / 8;
        Label done = il.DefineLabel();
        EmitPart(i.C, part);
        il.Emit(OpCodes.Stloc, result);
        LaneType mask = program.Instructions[i.A].Type;
        EmitPart(i.A, part);
        EmitConstant(mask, 0);
        EmitCall("EqualsAll", mask, 2);
        il.Emit(OpCodes.Brtrue, done);
        EmitSpill(i.Type, 0, () => EmitPart(i.B, part));
        EmitSpill(i.Type, 4 * bytes, () => il.Emit(OpCodes.Ldloc, result));
        EmitInvoke((LaneFunction)i.Payload, 0, 0, 4 * bytes, Lanes / Parts(i.Type));
        EmitRefill(i.Type, 4 * bytes);
        il.Emit(OpCodes.Stloc, result);
        il.MarkLabel(done);
    }

    private void EmitInvoke(LaneFunction function, int a, int b, int result, int count)
    {
        il.Emit(OpCodes.Ldc_I4, (int)function);
        EmitAddress(scratch, a);
        EmitAddress(scratch, b);
        EmitAddress(scratch, result);
        il.Emit(OpCodes.Ldc_I8, (long)count);
        il.Emit(OpCodes.Call, ((InvokeDelegate)LaneFunctions.Invoke).Method);
    }

    private void EmitComputation(int value, int part)
    {
        LaneInstruction i = program.Instructions[value];
        switch (i.Operation)
        {
            case LaneOperation.Load: EmitLoad((int)i.Payload, levels[value], part); break;
            case LaneOperation.Constant: EmitConstant(i.Type, i.Payload); break;
            case LaneOperation.Iota: EmitIota(i, part); break;
            case LaneOperation.Convert: EmitConvert(i, part); break;
            case LaneOperation.Reinterpret:
                EmitPart(i.A, part);
                EmitReinterpret(program.Instructions[i.A].Type, i.Type);
                break;
            case LaneOperation.Select:
                EmitPart(i.A, part);
                EmitReinterpret(i.Type.Bits(), i.Type);
                EmitPart(i.B, part);
                EmitPart(i.C, part);
                EmitCall("ConditionalSelect", i.Type, 3);
                break;
            case LaneOperation.ShiftLeft or LaneOperation.ShiftRightArithmetic or LaneOperation.ShiftRightLogical:
                EmitPart(i.A, part);
                il.Emit(OpCodes.Ldc_I4, (int)i.Payload);
                EmitCall(i.Operation.ToString(), i.Type, 1);
                break;
            default: EmitDirect(i, part); break;
        }
    }

    private void EmitDirect(LaneInstruction i, int part)
    {
        LaneType type = program.Instructions[i.A].Type;
        for (int k = 0; k < i.Arity; k++)
            EmitPart(i.Argument(k), part);
        string name = i.Operation switch
        {
            LaneOperation.And => "BitwiseAnd",
            LaneOperation.Or => "BitwiseOr",
            LaneOperation.Equal => "Equals",
            LaneOperation.MultiplyAdd => "FusedMultiplyAdd",
            _ => i.Operation.ToString(),
        };
        EmitCall(name, type, i.Arity);
        if (i.Operation is LaneOperation.LessThan or LaneOperation.LessThanOrEqual or LaneOperation.Equal)
            EmitReinterpret(type, i.Type);
    }

    private void EmitConvert(LaneInstruction i, int part)
    {
        LaneType from = program.Instructions[i.A].Type;
        if (from.IsWide() == i.Type.IsWide())
        {
            EmitPart(i.A, part);
            string name = i.Type switch
            {
                LaneType.F32 => "ConvertToSingle",
                LaneType.I32 => "ConvertToInt32",
                LaneType.F64 => "ConvertToDouble",
                _ => "ConvertToInt64",
            };
            EmitCall(name, from, 1);
        }
        else if (i.Type.IsWide())
        {
            EmitPart(i.A, 0);
            EmitCall(part == 0 ? "WidenLower" : "WidenUpper", from, 1);
        }
        else
        {
            EmitPart(i.A, 0);
            EmitPart(i.A, 1);
            EmitCall("Narrow", from, 2);
        }
    }

    private void EmitIota(LaneInstruction i, int part)
    {
        int d = (int)i.Payload;
        bool isVector = d == plan.VectorDimension;
        il.Emit(OpCodes.Ldloc, indices[d]);
        if (isVector)
        {
            il.Emit(OpCodes.Ldc_I8, (long)(offset + part * Lanes / 2));
            il.Emit(OpCodes.Add);
        }

        if (!i.Type.IsWide())
            il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Call, vectors.Broadcast(i.Type));
        if (isVector)
        {
            il.Emit(OpCodes.Call, vectors.Indices(i.Type));
            EmitCall("Add", i.Type, 2);
        }
    }

    private void EmitBroadcast(LoopType type, LocalBuilder pointer)
    {
        il.Emit(OpCodes.Ldloc, pointer);
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(type switch
        {
            LoopType.F32 => OpCodes.Ldind_R4,
            LoopType.F64 => OpCodes.Ldind_R8,
            LoopType.I32 => OpCodes.Ldind_I4,
            LoopType.I64 => OpCodes.Ldind_I8,
            LoopType.I8 => OpCodes.Ldind_I1,
            _ => OpCodes.Ldind_U1,
        });
        il.Emit(OpCodes.Call, vectors.Broadcast(type.Lane()));
    }

    private void EmitAddress(LocalBuilder pointer, long bytes)
    {
        il.Emit(OpCodes.Ldloc, pointer);
        if (bytes == 0)
            return;
        il.Emit(OpCodes.Ldc_I8, bytes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    /// <summary>Replaces the address on the stack by a whole vector of elements.</summary>
    private void EmitWhole(LoopType type, long stride)
    {
        if (stride == 1)
        {
            EmitContiguous(type);
            return;
        }

        il.Emit(OpCodes.Ldc_I8, stride * type.Size());
        LaneType bits = type.Lane().Bits();
        il.Emit(OpCodes.Call, LaneMethods.Gather(width, bits));
        EmitReinterpret(bits, type.Lane());
    }

    /// <summary>Replaces the address on the stack by a vector of neighbouring elements.</summary>
    private void EmitContiguous(LoopType type)
    {
        if (type.Size() == 1)
            il.Emit(OpCodes.Call, LaneMethods.LoadBytes(width, isSigned: type == LoopType.I8));
        else
            EmitLoadVector(type.Lane());
    }

    private void EmitWrite(LoopType type, Action pushAddress, Action pushValue)
    {
        if (type.Size() == 1)
        {
            pushValue();
            pushAddress();
            il.Emit(OpCodes.Call, LaneMethods.StoreBytes(width));
            return;
        }

        pushAddress();
        pushValue();
        EmitStoreVector(type.Lane());
    }

    /// <summary>Pushes the elements of one part that exist, in a whole vector.</summary>
    private void EmitPartialLoad(LoopType type, LocalBuilder pointer, long stride, int part)
    {
        EmitAddress(pointer, PartOffset(type, stride, part));
        if (stride == 1 && type.Size() > 1)
        {
            LaneType bits = type.Lane().Bits();
            EmitCount(type, part);
            il.Emit(OpCodes.Call, LaneMethods.LoadPart(width, bits));
            EmitReinterpret(bits, type.Lane());
            return;
        }

        EmitTransfer(stride, type, part);
        il.Emit(OpCodes.Ldloc, scratch);
        il.Emit(OpCodes.Call, ((CollectDelegate)LaneMemory.Collect).Method);
        il.Emit(OpCodes.Ldloc, scratch);
        EmitContiguous(type);
    }

    /// <summary>Writes the elements of one part that exist.</summary>
    private void EmitPartialStore(LoopType type, LocalBuilder pointer, long stride, int part, LocalBuilder value)
    {
        if (stride == 1 && type.Size() > 1)
        {
            LaneType bits = type.Lane().Bits();
            il.Emit(OpCodes.Ldloc, value);
            EmitReinterpret(type.Lane(), bits);
            EmitAddress(pointer, PartOffset(type, stride, part));
            EmitCount(type, part);
            il.Emit(OpCodes.Call, LaneMethods.StorePart(width, bits));
            return;
        }

        EmitWrite(type, () => il.Emit(OpCodes.Ldloc, scratch), () => il.Emit(OpCodes.Ldloc, value));
        il.Emit(OpCodes.Ldloc, scratch);
        EmitAddress(pointer, PartOffset(type, stride, part));
        EmitTransfer(stride, type, part);
        il.Emit(OpCodes.Call, ((SpreadDelegate)LaneMemory.Spread).Method);
    }

    private long PartOffset(LoopType type, long stride, int part) => part * LanesPerPart(type) * stride * type.Size();

    /// <summary>Pushes how many elements exist from the beginning of a part: none or fewer if the end lies before it.</summary>
    private void EmitCount(LoopType type, int part)
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I8, (long)part * LanesPerPart(type));
        il.Emit(OpCodes.Sub);
    }

    /// <summary>Pushes the trailing arguments of a copy to or from scratch memory.</summary>
    private void EmitTransfer(long stride, LoopType type, int part)
    {
        il.Emit(OpCodes.Ldc_I8, stride * type.Size());
        il.Emit(OpCodes.Ldc_I4, type.Size());
        if (isChecked)
            EmitCount(type, part);
        else
            il.Emit(OpCodes.Ldc_I8, (long)LanesPerPart(type));
        il.Emit(OpCodes.Ldc_I4, LanesPerPart(type));
    }

    private void EmitLoadVector(LaneType type)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Ldobj, vectors.VectorOf(type));
    }

    /// <summary>Writes the vector on the stack to the address below it.</summary>
    public void EmitStoreVector(LaneType type)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Stobj, vectors.VectorOf(type));
    }
}
