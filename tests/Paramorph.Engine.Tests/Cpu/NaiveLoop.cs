using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>
/// Evaluates a loop program point by point in the plainest way: reals of both types in the arithmetic of their type, integers in
/// <see cref="BigInteger"/> wrapped to their type.
/// </summary>
internal static unsafe class NaiveLoop
{
    /// <summary>The sum of a reduction with the sum of magnitudes, which bounds its rounding error.</summary>
    public readonly record struct Total(object Value, double Magnitude);

    /// <summary>Stores are written to the memory; reductions are returned by (reduction, offset of the output element).</summary>
    public static Dictionary<(int Reduction, long Offset), Total> Run(LoopMemory memory)
    {
        LoopProgram program = memory.Program;
        var totals = new Dictionary<(int, long), Total>();
        var stores = new List<(int Operand, long Offset, object Value)>();
        var index = new long[program.Rank];
        var values = new object[program.Instructions.Length];
        for (bool more = program.Extents.All(e => e > 0); more; more = Advance(index, program.Extents))
        {
            for (int v = 0; v < values.Length; v++)
                values[v] = Evaluate(program.Instructions[v], values, program, memory, index);
            foreach (LoopStore store in program.Stores)
                stores.Add((store.Operand, Offset(program.Operands[store.Operand], index), values[store.Value]));
            for (int r = 0; r < program.Reductions.Length; r++)
                Take(program, memory, totals, r, index, values[program.Reductions[r].Value]);
        }

        foreach ((int operand, long offset, object value) in stores)
            Write(program.Operands[operand].Type, memory.At(operand, offset), value);
        return totals;
    }

    public static object Read(LoopType type, byte* p) => type switch
    {
        LoopType.F32 => *(float*)p,
        LoopType.F64 => *(double*)p,
        LoopType.I32 => (BigInteger)(*(int*)p),
        LoopType.I64 => (BigInteger)(*(long*)p),
        LoopType.U8 => (BigInteger)(*p),
        LoopType.I8 => (BigInteger)(*(sbyte*)p),
        _ => *p != 0,
    };

    private static void Write(LoopType type, byte* p, object value)
    {
        switch (type)
        {
            case LoopType.F32: *(float*)p = (float)value; break;
            case LoopType.F64: *(double*)p = (double)value; break;
            case LoopType.I32: *(int*)p = (int)(BigInteger)value; break;
            case LoopType.I64: *(long*)p = (long)(BigInteger)value; break;
            case LoopType.U8: *p = (byte)(BigInteger)value; break;
            case LoopType.I8: *(sbyte*)p = (sbyte)(BigInteger)value; break;
            default: *p = (bool)value ? (byte)1 : (byte)0; break;
        }
    }

    private static void Take(LoopProgram program, LoopMemory memory, Dictionary<(int, long), Total> totals, int r, long[] index, object value)
    {
        LoopReduction reduction = program.Reductions[r];
        LoopOperand output = program.Operands[reduction.Operand];
        long offset = Offset(output, index);
        bool carriesOn = (reduction.Dimensions & 1) != 0;
        if (!totals.TryGetValue((r, offset), out Total total))
        {
            if (!carriesOn)
            {
                totals[(r, offset)] = new Total(value, Magnitude(value));
                return;
            }

            object held = Read(output.Type, memory.At(reduction.Operand, offset));
            total = new Total(held, Magnitude(held));
        }

        double magnitude = reduction.Kind == LoopReductionKind.Product ? double.NaN : total.Magnitude + Magnitude(value);
        totals[(r, offset)] = new Total(Combine(reduction.Kind, output.Type, total.Value, value), magnitude);
    }

    private static double Magnitude(object value) => value switch
    {
        float x => Math.Abs((double)x),
        double x => Math.Abs(x),
        _ => 0,
    };

    private static object Combine(LoopReductionKind kind, LoopType type, object a, object b) => kind switch
    {
        LoopReductionKind.Any => (bool)a | (bool)b,
        LoopReductionKind.All => (bool)a & (bool)b,
        _ => Binary(
            kind switch
            {
                LoopReductionKind.Sum => LoopOperation.Add,
                LoopReductionKind.Product => LoopOperation.Multiply,
                LoopReductionKind.Maximum => LoopOperation.Maximum,
                _ => LoopOperation.Minimum,
            },
            type,
            a,
            b),
    };

    private static bool Advance(long[] index, IReadOnlyList<long> extents)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            if (++index[d] < extents[d])
                return true;
            index[d] = 0;
        }

        return false;
    }

    private static long Offset(LoopOperand operand, long[] index)
    {
        long offset = 0;
        for (int d = 0; d < index.Length; d++)
            offset += index[d] * operand.Strides[d];
        return offset;
    }

    private static object Evaluate(LoopInstruction i, object[] values, LoopProgram program, LoopMemory memory, long[] index)
    {
        object a = i.A < 0 ? 0 : values[i.A];
        object b = i.B < 0 ? 0 : values[i.B];
        object c = i.C < 0 ? 0 : values[i.C];
        switch (i.Operation)
        {
            case LoopOperation.Load:
                int operand = (int)i.Payload;
                return Read(i.Type, memory.At(operand, Offset(program.Operands[operand], index)));
            case LoopOperation.Constant:
                return i.Type.IsReal() ? Cast(BitConverter.Int64BitsToDouble(i.Payload), i.Type) : Cast((BigInteger)i.Payload, i.Type);
            case LoopOperation.Iota: return Cast((BigInteger)index[i.Payload], i.Type);
            case LoopOperation.Cast: return Cast(a, i.Type);
            case LoopOperation.Bitcast: return Bitcast(a, i.Type);
            case LoopOperation.Select: return (bool)a ? b : c;
            case LoopOperation.IsNaN: return a is float f ? float.IsNaN(f) : double.IsNaN((double)a);
            case LoopOperation.IsFinite: return a is float g ? float.IsFinite(g) : double.IsFinite((double)a);
            case LoopOperation.Clamp:
                return Binary(LoopOperation.Minimum, i.Type, Binary(LoopOperation.Maximum, i.Type, a, b), c);
            case LoopOperation.MultiplyAdd:
                return i.Type switch
                {
                    LoopType.F32 => MathF.FusedMultiplyAdd((float)a, (float)b, (float)c),
                    LoopType.F64 => Math.FusedMultiplyAdd((double)a, (double)b, (double)c),
                    _ => Wrap((BigInteger)a * (BigInteger)b + (BigInteger)c, i.Type),
                };
            default:
                LoopType argument = program.Instructions[i.A].Type;
                return i.B < 0 ? Unary(i.Operation, argument, a) : Binary(i.Operation, argument, a, b);
        }
    }

    private static object Unary(LoopOperation operation, LoopType type, object a) => type switch
    {
        LoopType.F32 => UnaryReal(operation, (float)a),
        LoopType.F64 => UnaryReal(operation, (double)a),
        LoopType.Bool => !(bool)a,
        _ => Wrap(
            operation switch
            {
                LoopOperation.Negate => -(BigInteger)a,
                LoopOperation.Abs => BigInteger.Abs((BigInteger)a),
                LoopOperation.Sign => ((BigInteger)a).Sign,
                _ => -1 - (BigInteger)a,
            },
            type),
    };

    private static object UnaryReal<T>(LoopOperation operation, T a)
        where T : IFloatingPointIeee754<T> => operation switch
        {
            LoopOperation.Negate => -a,
            LoopOperation.Abs => T.Abs(a),
            LoopOperation.Sign => T.IsNaN(a) || T.IsZero(a) ? a : T.CopySign(T.One, a),
            LoopOperation.Floor => T.Floor(a),
            LoopOperation.Ceiling => T.Ceiling(a),
            LoopOperation.Round => T.Round(a, MidpointRounding.ToEven),
            LoopOperation.Truncate => T.Truncate(a),
            LoopOperation.Sqrt => T.Sqrt(a),
            LoopOperation.Reciprocal => T.One / a,
            _ => throw new NotSupportedException(operation.ToString()),
        };

    private static object Binary(LoopOperation operation, LoopType type, object a, object b) => type switch
    {
        LoopType.F32 => BinaryReal(operation, (float)a, (float)b),
        LoopType.F64 => BinaryReal(operation, (double)a, (double)b),
        LoopType.Bool => operation switch
        {
            LoopOperation.And => (bool)a & (bool)b,
            LoopOperation.Or => (bool)a | (bool)b,
            LoopOperation.Equal => (bool)a == (bool)b,
            _ => (bool)a != (bool)b,
        },
        _ => BinaryInteger(operation, type, (BigInteger)a, (BigInteger)b),
    };

    private static object BinaryReal<T>(LoopOperation operation, T a, T b)
        where T : IFloatingPointIeee754<T>
    {
        switch (operation)
        {
            case LoopOperation.Add: return a + b;
            case LoopOperation.Subtract: return a - b;
            case LoopOperation.Multiply: return a * b;
            case LoopOperation.Divide: return a / b;
            case LoopOperation.Minimum: return T.Min(a, b);
            case LoopOperation.Maximum: return T.Max(a, b);
            case LoopOperation.Equal: return a == b;
            case LoopOperation.NotEqual: return a != b;
            case LoopOperation.Less: return a < b;
            case LoopOperation.LessOrEqual: return a <= b;
            case LoopOperation.Greater: return a > b;
            case LoopOperation.GreaterOrEqual: return a >= b;
            case LoopOperation.Remainder:
                T remainder = a % b;
                if (T.IsZero(remainder))
                    return T.CopySign(remainder, b);
                return T.IsNegative(remainder) == T.IsNegative(b) ? remainder : remainder + b;
            default: throw new NotSupportedException(operation.ToString());
        }
    }

    private static object BinaryInteger(LoopOperation operation, LoopType type, BigInteger a, BigInteger b)
    {
        int width = type.Size() * 8;
        bool isTooFar = b < 0 || b >= width;
        BigInteger unsigned = a < 0 ? a + (BigInteger.One << width) : a;
        switch (operation)
        {
            case LoopOperation.Equal: return a == b;
            case LoopOperation.NotEqual: return a != b;
            case LoopOperation.Less: return a < b;
            case LoopOperation.LessOrEqual: return a <= b;
            case LoopOperation.Greater: return a > b;
            case LoopOperation.GreaterOrEqual: return a >= b;
        }

        BigInteger result = operation switch
        {
            LoopOperation.Add => a + b,
            LoopOperation.Subtract => a - b,
            LoopOperation.Multiply => a * b,
            LoopOperation.Divide => b == 0 ? 0 : BigInteger.Divide(a, b),
            LoopOperation.Remainder => b == 0 ? 0 : a - b * FloorDivide(a, b),
            LoopOperation.Minimum => BigInteger.Min(a, b),
            LoopOperation.Maximum => BigInteger.Max(a, b),
            LoopOperation.And => a & b,
            LoopOperation.Or => a | b,
            LoopOperation.Xor => a ^ b,
            LoopOperation.ShiftLeft => isTooFar ? 0 : a << (int)b,
            LoopOperation.ShiftRightArithmetic => isTooFar ? (a < 0 ? -1 : 0) : a >> (int)b,
            LoopOperation.ShiftRightLogical => isTooFar ? 0 : unsigned >> (int)b,
            _ => throw new NotSupportedException(operation.ToString()),
        };
        return Wrap(result, type);
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger remainder);
        return remainder != 0 && remainder < 0 != b < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger Wrap(BigInteger a, LoopType type)
    {
        int width = type.Size() * 8;
        BigInteger modulus = BigInteger.One << width;
        BigInteger wrapped = ((a % modulus) + modulus) % modulus;
        return type != LoopType.U8 && wrapped >= modulus / 2 ? wrapped - modulus : wrapped;
    }

    private static object Cast(object a, LoopType type)
    {
        switch (a)
        {
            case bool flag:
                return type switch
                {
                    LoopType.Bool => flag,
                    LoopType.F32 => flag ? 1f : 0f,
                    LoopType.F64 => flag ? 1d : 0d,
                    _ => (BigInteger)(flag ? 1 : 0),
                };
            case BigInteger integer:
                return type switch
                {
                    LoopType.Bool => !integer.IsZero,
                    LoopType.F32 => (float)(long)integer,
                    LoopType.F64 => (double)(long)integer,
                    _ => Wrap(integer, type),
                };
        }

        double real = a is float f ? f : (double)a;
        return type switch
        {
            LoopType.Bool => real != 0,
            LoopType.F32 => (float)real,
            LoopType.F64 => real,
            _ => Saturate(real, type),
        };
    }

    private static BigInteger Saturate(double real, LoopType type)
    {
        (BigInteger low, BigInteger high) = type switch
        {
            LoopType.U8 => ((BigInteger)0, (BigInteger)255),
            LoopType.I8 => (-128, 127),
            LoopType.I32 => (int.MinValue, int.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (double.IsNaN(real))
            return 0;
        if (double.IsInfinity(real))
            return real > 0 ? high : low;
        return BigInteger.Max(low, BigInteger.Min(high, new BigInteger(real)));
    }

    private static object Bitcast(object a, LoopType type) => a switch
    {
        float x => (BigInteger)BitConverter.SingleToInt32Bits(x),
        double x => (BigInteger)BitConverter.DoubleToInt64Bits(x),
        BigInteger x when type == LoopType.F32 => BitConverter.Int32BitsToSingle((int)x),
        BigInteger x => BitConverter.Int64BitsToDouble((long)x),
        _ => throw new NotSupportedException(),
    };
}
