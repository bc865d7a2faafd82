namespace Paramorph.Cpu;

/// <summary>
/// Lowers a <see cref="LoopProgram"/> to lanes: narrow integers become i32 that are wrapped after every operation, bools become masks of the
/// width of what they were computed from, and composed operations are spelled out.
/// </summary>
internal sealed class LaneLowering
{
    private readonly LoopProgram program;
    private readonly LaneBuilder builder;
    private readonly bool expand;
    private readonly List<int> values = [];

    private LaneLowering(LoopProgram program, bool expand)
    {
        this.program = program;
        this.expand = expand;
        builder = new LaneBuilder(program);
    }

    /// <summary>The program in lanes; with <paramref name="expand"/>, without any vector functions.</summary>
    public static LaneProgram Lower(LoopProgram program, bool expand)
    {
        var lowering = new LaneLowering(program, expand);
        foreach (LoopInstruction instruction in program.Instructions)
            lowering.values.Add(lowering.Lower(instruction));
        // What is stored is a byte of zero or one where it was a mask.
        var stores = program.Stores.Select(s => s with { Value = lowering.ToMemory(s.Value) });
        var reductions = program.Reductions.Select(r => r with { Value = lowering.ToNarrowMask(r.Value) });
        return lowering.builder.Build([.. stores], [.. reductions]);
    }

    private int ToMemory(int value) => program.Instructions[value].Type == LoopType.Bool
        ? builder.Add(LaneOperation.And, LaneType.I32, ToNarrowMask(value), builder.Bits(LaneType.I32, 1))
        : values[value];

    private int ToNarrowMask(int value) => program.Instructions[value].Type == LoopType.Bool
        ? Mask(values[value], LaneType.I32)
        : values[value];

    private int Lower(LoopInstruction i)
    {
        int a = i.A < 0 ? -1 : values[i.A];
        int b = i.B < 0 ? -1 : values[i.B];
        int c = i.C < 0 ? -1 : values[i.C];
        LoopType argument = i.A < 0 ? i.Type : program.Instructions[i.A].Type;
        LaneType lane = i.Type.Lane();
        switch (i.Operation)
        {
            case LoopOperation.Load: return Load((int)i.Payload, i.Type);
            case LoopOperation.Constant: return Constant(i.Type, i.Payload);
            case LoopOperation.Iota: return Iota(i.Type, i.Payload);
            case LoopOperation.Cast: return Cast(a, argument, i.Type);
            case LoopOperation.Bitcast: return builder.Add(LaneOperation.Reinterpret, lane, a);
            case LoopOperation.Select: return Select(a, b, c, i.Type);
            case LoopOperation.And or LoopOperation.Or or LoopOperation.Xor: return Logic(i.Operation, a, b, i.Type);
            case LoopOperation.Not: return Wrap(Not(a), i.Type);
            case >= LoopOperation.Equal and <= LoopOperation.GreaterOrEqual: return Compare(i.Operation, a, b, argument);
            case LoopOperation.IsNaN: return Not(Compare(LaneOperation.Equal, a, a));
            case LoopOperation.IsFinite:
                return Compare(LaneOperation.LessThan, Abs(a), builder.Constant(builder.TypeOf(a), double.PositiveInfinity));
            default: return Wrap(i.Type.IsReal() ? Real(i.Operation, lane, a, b, c) : Integer(i.Operation, i.Type, a, b, c), i.Type);
        }
    }

    private int Load(int operand, LoopType type)
    {
        int value = builder.Add(new LaneInstruction(LaneOperation.Load, type.Lane(), Payload: operand));
        return type == LoopType.Bool ? Not(Compare(LaneOperation.Equal, value, builder.Bits(LaneType.I32, 0))) : value;
    }

    private int Constant(LoopType type, long payload) => type switch
    {
        LoopType.F32 or LoopType.F64 => builder.Constant(type.Lane(), BitConverter.Int64BitsToDouble(payload)),
        LoopType.Bool => builder.Bits(LaneType.I32, payload == 0 ? 0 : -1),
        LoopType.U8 => builder.Bits(LaneType.I32, (byte)payload),
        LoopType.I8 => builder.Bits(LaneType.I32, (sbyte)payload),
        _ => builder.Bits(type.Lane(), payload),
    };

    private int Iota(LoopType type, long dimension)
    {
        LoopType counted = type is LoopType.F64 or LoopType.I64 ? LoopType.I64 : LoopType.I32;
        int value = builder.Add(new LaneInstruction(LaneOperation.Iota, counted.Lane(), Payload: dimension));
        return Cast(value, counted, type);
    }

    private int Real(LoopOperation operation, LaneType type, int a, int b, int c)
    {
        int One() => builder.Constant(type, 1);
        switch (operation)
        {
            case LoopOperation.Negate: return builder.Add(LaneOperation.Xor, type, a, builder.Constant(type, -0.0));
            case LoopOperation.Abs: return Abs(a);
            case LoopOperation.Sign:
                int negative = Select(Compare(LaneOperation.LessThan, a, builder.Constant(type, 0)), builder.Constant(type, -1), a, type);
                return Select(Compare(LaneOperation.LessThan, builder.Constant(type, 0), a), One(), negative, type);
            case LoopOperation.Reciprocal: return builder.Add(LaneOperation.Divide, type, One(), a);
            case LoopOperation.ReciprocalSqrt: return builder.Add(LaneOperation.Divide, type, One(), builder.Add(LaneOperation.Sqrt, type, a));
            case LoopOperation.Clamp: return builder.Add(LaneOperation.Min, type, builder.Add(LaneOperation.Max, type, a, b), c);
            case LoopOperation.Power: return RealPower(type, a, b);
            case LoopOperation.ErfInv when type == LaneType.F64: return builder.Add(LaneOperation.PerLane, type, a, payload: (long)LaneFunction.ErfInv64);
            case LoopOperation.LogGamma: return PerLane(type, LaneFunction.LogGamma32, LaneFunction.LogGamma64, a);
            case LoopOperation.Digamma: return PerLane(type, LaneFunction.Digamma32, LaneFunction.Digamma64, a);
            case LoopOperation.Remainder: return PerLane(type, LaneFunction.RemainderF32, LaneFunction.RemainderF64, a, b);
            default: return Function(DirectReal(operation), type, a, b, c);
        }
    }

    private static LaneOperation DirectReal(LoopOperation operation) => operation switch
    {
        LoopOperation.Add => LaneOperation.Add,
        LoopOperation.Subtract => LaneOperation.Subtract,
        LoopOperation.Multiply => LaneOperation.Multiply,
        LoopOperation.Divide => LaneOperation.Divide,
        LoopOperation.Minimum => LaneOperation.Min,
        LoopOperation.Maximum => LaneOperation.Max,
        LoopOperation.MultiplyAdd => LaneOperation.MultiplyAdd,
        LoopOperation.Floor => LaneOperation.Floor,
        LoopOperation.Ceiling => LaneOperation.Ceiling,
        LoopOperation.Round => LaneOperation.Round,
        LoopOperation.Truncate => LaneOperation.Truncate,
        LoopOperation.Sqrt => LaneOperation.Sqrt,
        LoopOperation.Exp => LaneOperation.Exp,
        LoopOperation.Expm1 => LaneOperation.Expm1,
        LoopOperation.Log => LaneOperation.Log,
        LoopOperation.Log1p => LaneOperation.Log1p,
        LoopOperation.Sin => LaneOperation.Sin,
        LoopOperation.Cos => LaneOperation.Cos,
        LoopOperation.Tan => LaneOperation.Tan,
        LoopOperation.Asin => LaneOperation.Asin,
        LoopOperation.Acos => LaneOperation.Acos,
        LoopOperation.Atan => LaneOperation.Atan,
        LoopOperation.Sinh => LaneOperation.Sinh,
        LoopOperation.Cosh => LaneOperation.Cosh,
        LoopOperation.Tanh => LaneOperation.Tanh,
        LoopOperation.Sigmoid => LaneOperation.Sigmoid,
        LoopOperation.Erf => LaneOperation.Erf,
        LoopOperation.Erfc => LaneOperation.Erfc,
        LoopOperation.ErfInv => LaneOperation.ErfInv,
        LoopOperation.Atan2 => LaneOperation.Atan2,
        _ => throw new NotSupportedException($"{operation} of real numbers."),
    };

    private int Integer(LoopOperation operation, LoopType type, int a, int b, int c)
    {
        LaneType lane = type.Lane();
        int Zero() => builder.Bits(lane, 0);
        switch (operation)
        {
            case LoopOperation.Negate: return builder.Add(LaneOperation.Subtract, lane, Zero(), a);
            case LoopOperation.Abs: return IntegerAbs(lane, a);
            case LoopOperation.Sign:
                int negative = Compare(LaneOperation.LessThan, a, Zero());
                int positive = Compare(LaneOperation.LessThan, Zero(), a);
                return builder.Add(LaneOperation.Subtract, lane, negative, positive);
            case LoopOperation.Add: return builder.Add(LaneOperation.Add, lane, a, b);
            case LoopOperation.Subtract: return builder.Add(LaneOperation.Subtract, lane, a, b);
            case LoopOperation.Multiply: return builder.Add(LaneOperation.Multiply, lane, a, b);
            case LoopOperation.Minimum: return builder.Add(LaneOperation.Min, lane, a, b);
            case LoopOperation.Maximum: return builder.Add(LaneOperation.Max, lane, a, b);
            case LoopOperation.Clamp: return builder.Add(LaneOperation.Min, lane, builder.Add(LaneOperation.Max, lane, a, b), c);
            case LoopOperation.MultiplyAdd: return builder.Add(LaneOperation.Add, lane, builder.Add(LaneOperation.Multiply, lane, a, b), c);
            case LoopOperation.Divide: return PerLane(lane, LaneFunction.DivideI32, LaneFunction.DivideI64, a, b);
            case LoopOperation.Remainder: return PerLane(lane, LaneFunction.RemainderI32, LaneFunction.RemainderI64, a, b);
            case LoopOperation.Power: return PerLane(lane, LaneFunction.PowerI32, LaneFunction.PowerI64, a, b);
            case >= LoopOperation.ShiftLeft and <= LoopOperation.ShiftRightLogical: return Shift(operation, type, a, b);
            default: throw new NotSupportedException($"{operation} of integers.");
        }
    }

    private int Shift(LoopOperation operation, LoopType type, int a, int count)
    {
        LaneType lane = type.Lane();
        int width = type.Size() * 8;
        if (operation == LoopOperation.ShiftRightArithmetic && type == LoopType.U8)
            operation = LoopOperation.ShiftRightLogical;
        // A narrow i8 is kept with its sign; its logical shift is that of its byte.
        if (operation == LoopOperation.ShiftRightLogical && type == LoopType.I8)
            a = builder.Add(LaneOperation.And, lane, a, builder.Bits(lane, 0xFF));
        if (builder[count].Operation == LaneOperation.Constant && builder[count].Payload is var fixedCount)
        {
            bool isTooFar = fixedCount < 0 || fixedCount >= width;
            if (isTooFar && operation != LoopOperation.ShiftRightArithmetic)
                return builder.Bits(lane, 0);
            LaneOperation shift = operation switch
            {
                LoopOperation.ShiftLeft => LaneOperation.ShiftLeft,
                LoopOperation.ShiftRightArithmetic => LaneOperation.ShiftRightArithmetic,
                _ => LaneOperation.ShiftRightLogical,
            };
            return builder.Add(shift, lane, a, payload: isTooFar ? width - 1 : fixedCount);
        }

        return operation switch
        {
            LoopOperation.ShiftLeft => PerLane(lane, LaneFunction.ShiftLeftI32, LaneFunction.ShiftLeftI64, a, count),
            LoopOperation.ShiftRightArithmetic =>
                PerLane(lane, LaneFunction.ShiftRightArithmeticI32, LaneFunction.ShiftRightArithmeticI64, a, count),
            _ => PerLane(lane, LaneFunction.ShiftRightLogicalI32, LaneFunction.ShiftRightLogicalI64, a, count),
        };
    }

    private int RealPower(LaneType type, int a, int b)
    {
        int magnitude;
        if (type == LaneType.F32)
        {
            int wide = Function(
                LaneOperation.PowerMagnitudeFor32,
                LaneType.F64,
                builder.Add(LaneOperation.Convert, LaneType.F64, a),
                builder.Add(LaneOperation.Convert, LaneType.F64, b));
            magnitude = builder.Add(LaneOperation.Convert, LaneType.F32, wide);
        }
        else
        {
            magnitude = Function(LaneOperation.PowerMagnitude, type, a, b);
        }

        return Function(LaneOperation.PowerSpecial, type, a, b, magnitude);
    }

    /// <summary>A vector function, as one instruction or expanded.</summary>
    private int Function(LaneOperation operation, LaneType type, int a, int b = -1, int c = -1)
    {
        var instruction = new LaneInstruction(operation, type, a, b, c);
        return expand && operation >= LaneOperation.Exp ? LaneExpansion.Expand(builder, instruction) : builder.Add(instruction);
    }

    private int PerLane(LaneType type, LaneFunction narrow, LaneFunction wide, int a, int b = -1) =>
        builder.Add(LaneOperation.PerLane, type, a, b, payload: (long)(type.IsWide() ? wide : narrow));

    private int Abs(int a)
    {
        LaneType type = builder.TypeOf(a);
        int sign = builder.Add(LaneOperation.And, type, a, builder.Constant(type, -0.0));
        return builder.Add(LaneOperation.Xor, type, a, sign);
    }

    private int IntegerAbs(LaneType type, int a)
    {
        int sign = Compare(LaneOperation.LessThan, a, builder.Bits(type, 0));
        return builder.Add(LaneOperation.Subtract, type, builder.Add(LaneOperation.Xor, type, a, sign), sign);
    }

    private int Compare(LaneOperation operation, int a, int b) => builder.Add(operation, builder.TypeOf(a).Bits(), a, b);

    private int Compare(LoopOperation operation, int a, int b, LoopType type)
    {
        if (type == LoopType.Bool)
        {
            int difference = Logic(LoopOperation.Xor, a, b, type);
            return operation == LoopOperation.Equal ? Not(difference) : difference;
        }

        return operation switch
        {
            LoopOperation.Equal => Compare(LaneOperation.Equal, a, b),
            LoopOperation.NotEqual => Not(Compare(LaneOperation.Equal, a, b)),
            LoopOperation.Less => Compare(LaneOperation.LessThan, a, b),
            LoopOperation.LessOrEqual => Compare(LaneOperation.LessThanOrEqual, a, b),
            LoopOperation.Greater => Compare(LaneOperation.LessThan, b, a),
            _ => Compare(LaneOperation.LessThanOrEqual, b, a),
        };
    }

    private int Not(int a) => builder.Add(LaneOperation.Xor, builder.TypeOf(a), a, builder.Bits(builder.TypeOf(a), -1));

    private int Logic(LoopOperation operation, int a, int b, LoopType type)
    {
        LaneType lane = type == LoopType.Bool ? CommonMask(a, b) : type.Lane();
        if (type == LoopType.Bool)
            (a, b) = (Mask(a, lane), Mask(b, lane));
        LaneOperation direct = operation switch
        {
            LoopOperation.And => LaneOperation.And,
            LoopOperation.Or => LaneOperation.Or,
            _ => LaneOperation.Xor,
        };
        return builder.Add(direct, lane, a, b);
    }

    private int Select(int mask, int a, int b, LoopType type)
    {
        LaneType lane = type == LoopType.Bool ? CommonMask(a, b) : type.Lane();
        if (type == LoopType.Bool)
            (a, b) = (Mask(a, lane), Mask(b, lane));
        return Select(mask, a, b, lane);
    }

    private int Select(int mask, int a, int b, LaneType type) => builder.Add(LaneOperation.Select, type, Mask(mask, type.Bits()), a, b);

    /// <summary>The wide form only where both masks have it already.</summary>
    private LaneType CommonMask(int a, int b) =>
        builder.TypeOf(a) == LaneType.I64 && builder.TypeOf(b) == LaneType.I64 ? LaneType.I64 : LaneType.I32;

    /// <summary>A mask in lanes of the given width.</summary>
    private int Mask(int mask, LaneType type) =>
        builder.TypeOf(mask) == type ? mask : builder.Add(LaneOperation.Convert, type, mask);

    /// <summary>Keeps narrow integers within their range.</summary>
    private int Wrap(int a, LoopType type) => type switch
    {
        LoopType.U8 => builder.Add(LaneOperation.And, LaneType.I32, a, builder.Bits(LaneType.I32, 0xFF)),
        LoopType.I8 => builder.Add(
            LaneOperation.ShiftRightArithmetic,
            LaneType.I32,
            builder.Add(LaneOperation.ShiftLeft, LaneType.I32, a, payload: 24),
            payload: 24),
        _ => a,
    };

    private int Cast(int a, LoopType from, LoopType to)
    {
        if (from == to)
            return a;
        if (to == LoopType.Bool)
        {
            LaneType lane = builder.TypeOf(a);
            return Not(Compare(LaneOperation.Equal, a, lane.IsReal() ? builder.Constant(lane, 0) : builder.Bits(lane, 0)));
        }

        if (from == LoopType.Bool)
            (a, from) = (builder.Add(LaneOperation.And, LaneType.I32, Mask(a, LaneType.I32), builder.Bits(LaneType.I32, 1)), LoopType.I32);
        if (from.IsReal() && to is LoopType.U8 or LoopType.I8)
            return Clamp(RealTo(a, from, LoopType.I32), to);
        if (from.IsReal())
            return RealTo(a, from, to);
        return to.IsReal() ? IntegerToReal(a, to) : Wrap(Integers(a, to.Lane()), to);
    }

    private int Clamp(int a, LoopType type)
    {
        (int low, int high) = type == LoopType.U8 ? (0, 255) : (-128, 127);
        int atLeast = builder.Add(LaneOperation.Max, LaneType.I32, a, builder.Bits(LaneType.I32, low));
        return builder.Add(LaneOperation.Min, LaneType.I32, atLeast, builder.Bits(LaneType.I32, high));
    }

    private int RealTo(int a, LoopType from, LoopType to)
    {
        if (from == LoopType.F32)
        {
            if (to != LoopType.I64)
                return builder.Add(LaneOperation.Convert, to.Lane(), a);
            a = builder.Add(LaneOperation.Convert, LaneType.F64, a);
        }

        if (to != LoopType.I32)
            return builder.Add(LaneOperation.Convert, to.Lane(), a);
        // f64 to i64 saturates and takes NaN to zero; clamped to the bounds of i32, the low halves are the result.
        int wide = builder.Add(LaneOperation.Convert, LaneType.I64, a);
        int atLeast = builder.Add(LaneOperation.Max, LaneType.I64, wide, builder.Bits(LaneType.I64, int.MinValue));
        int within = builder.Add(LaneOperation.Min, LaneType.I64, atLeast, builder.Bits(LaneType.I64, int.MaxValue));
        return builder.Add(LaneOperation.Convert, LaneType.I32, within);
    }

    private int IntegerToReal(int a, LoopType to)
    {
        bool isWide = builder.TypeOf(a) == LaneType.I64;
        if (to == LoopType.F32)
            return isWide ? builder.Add(LaneOperation.PerLane, LaneType.F32, a, payload: (long)LaneFunction.I64ToF32)
                : builder.Add(LaneOperation.Convert, LaneType.F32, a);
        return builder.Add(LaneOperation.Convert, LaneType.F64, Integers(a, LaneType.I64));
    }

    private int Integers(int a, LaneType type) => builder.TypeOf(a) == type ? a : builder.Add(LaneOperation.Convert, type, a);
}
