namespace Paramorph.Cpu;

/// <summary>The one table from (operation, type) to the code of the operation, for the lanes of one width or for traced ones.</summary>
/// <typeparam name="F">Lanes of f32.</typeparam>
/// <typeparam name="I">Lanes of i32.</typeparam>
/// <typeparam name="D">Lanes of f64.</typeparam>
/// <typeparam name="L">Lanes of i64.</typeparam>
internal static class LaneCatalog<F, I, D, L>
    where F : struct, IWide<F, I>
    where I : struct, IWide<I, I>
    where D : struct, IWide<D, L>
    where L : struct, IWide<L, L>
{
    /// <summary>
    /// Shows <paramref name="visitor"/> the operation on arguments of <paramref name="type"/>; false if the table does not hold it.
    /// </summary>
    public static bool Visit<TVisitor>(LaneOperation operation, LaneType type, ref TVisitor visitor)
        where TVisitor : struct, ILaneVisitor
    {
        switch (operation)
        {
            case LaneOperation.Add: return Binary<TVisitor, LaneOperations.Add>(type, ref visitor);
            case LaneOperation.Subtract: return Binary<TVisitor, LaneOperations.Subtract>(type, ref visitor);
            case LaneOperation.Multiply: return Binary<TVisitor, LaneOperations.Multiply>(type, ref visitor);
            case LaneOperation.Divide: return Binary<TVisitor, LaneOperations.Divide>(type, ref visitor);
            case LaneOperation.And: return Binary<TVisitor, LaneOperations.And>(type, ref visitor);
            case LaneOperation.Or: return Binary<TVisitor, LaneOperations.Or>(type, ref visitor);
            case LaneOperation.Xor: return Binary<TVisitor, LaneOperations.Xor>(type, ref visitor);
            case LaneOperation.Min: return Binary<TVisitor, LaneOperations.Min>(type, ref visitor);
            case LaneOperation.Max: return Binary<TVisitor, LaneOperations.Max>(type, ref visitor);
            case LaneOperation.MinNative: return Binary<TVisitor, LaneOperations.MinNative>(type, ref visitor);
            case LaneOperation.MaxNative: return Binary<TVisitor, LaneOperations.MaxNative>(type, ref visitor);
            case LaneOperation.LessThan: return Compare<TVisitor, LaneOperations.LessThan>(type, ref visitor);
            case LaneOperation.LessThanOrEqual: return Compare<TVisitor, LaneOperations.LessThanOrEqual>(type, ref visitor);
            case LaneOperation.Equal: return Compare<TVisitor, LaneOperations.Equal>(type, ref visitor);
            case LaneOperation.Sqrt: return Unary<TVisitor, LaneOperations.Sqrt, LaneOperations.Sqrt>(type, ref visitor);
            case LaneOperation.Round: return Unary<TVisitor, LaneOperations.Round, LaneOperations.Round>(type, ref visitor);
            case LaneOperation.Floor: return Unary<TVisitor, LaneOperations.Floor, LaneOperations.Floor>(type, ref visitor);
            case LaneOperation.Ceiling: return Unary<TVisitor, LaneOperations.Ceiling, LaneOperations.Ceiling>(type, ref visitor);
            case LaneOperation.Truncate: return Unary<TVisitor, LaneOperations.Truncate, LaneOperations.Truncate>(type, ref visitor);
            case LaneOperation.MultiplyAdd: return Ternary<TVisitor, LaneOperations.MultiplyAdd>(type, ref visitor);
            case LaneOperation.Exp: return Unary<TVisitor, LaneOperations.Exp32, LaneOperations.Exp64>(type, ref visitor);
            case LaneOperation.Expm1: return Unary<TVisitor, LaneOperations.Expm1Of32, LaneOperations.Expm1Of64>(type, ref visitor);
            case LaneOperation.Log: return Unary<TVisitor, LaneOperations.Log32, LaneOperations.Log64>(type, ref visitor);
            case LaneOperation.Log1p: return Unary<TVisitor, LaneOperations.Log1pOf32, LaneOperations.Log1pOf64>(type, ref visitor);
            case LaneOperation.Sin: return Unary<TVisitor, LaneOperations.Sin32, LaneOperations.Sin64>(type, ref visitor);
            case LaneOperation.Cos: return Unary<TVisitor, LaneOperations.Cos32, LaneOperations.Cos64>(type, ref visitor);
            case LaneOperation.Tan: return Unary<TVisitor, LaneOperations.Tan32, LaneOperations.Tan64>(type, ref visitor);
            case LaneOperation.Asin: return Unary<TVisitor, LaneOperations.Asin32, LaneOperations.Asin64>(type, ref visitor);
            case LaneOperation.Acos: return Unary<TVisitor, LaneOperations.Acos32, LaneOperations.Acos64>(type, ref visitor);
            case LaneOperation.Atan: return Unary<TVisitor, LaneOperations.Atan32, LaneOperations.Atan64>(type, ref visitor);
            case LaneOperation.Sinh: return Unary<TVisitor, LaneOperations.Sinh32, LaneOperations.Sinh64>(type, ref visitor);
            case LaneOperation.Cosh: return Unary<TVisitor, LaneOperations.Cosh32, LaneOperations.Cosh64>(type, ref visitor);
            case LaneOperation.Tanh: return Unary<TVisitor, LaneOperations.Tanh32, LaneOperations.Tanh64>(type, ref visitor);
            case LaneOperation.Sigmoid: return Unary<TVisitor, LaneOperations.Sigmoid32, LaneOperations.Sigmoid64>(type, ref visitor);
            case LaneOperation.Erf: return Unary<TVisitor, LaneOperations.Erf32, LaneOperations.Erf64>(type, ref visitor);
            case LaneOperation.Erfc: return Unary<TVisitor, LaneOperations.Erfc32, LaneOperations.Erfc64>(type, ref visitor);
            case LaneOperation.ErfInv when type == LaneType.F32: visitor.Unary<F, I, LaneOperations.ErfInv32>(); return true;
            case LaneOperation.Atan2 when type == LaneType.F32: visitor.Binary<F, I, LaneOperations.Atan2Of32>(); return true;
            case LaneOperation.Atan2 when type == LaneType.F64: visitor.Binary<D, L, LaneOperations.Atan2Of64>(); return true;
            case LaneOperation.PowerMagnitude when type == LaneType.F64: visitor.Binary<D, L, LaneOperations.PowerMagnitude64>(); return true;
            case LaneOperation.PowerMagnitudeFor32 when type == LaneType.F64:
                visitor.Binary<D, L, LaneOperations.PowerMagnitudeFor32>();
                return true;
            case LaneOperation.PowerSpecial: return Ternary<TVisitor, LaneOperations.PowerSpecial>(type, ref visitor);
            default: return false;
        }
    }

    private static bool Unary<TVisitor, T32, T64>(LaneType type, ref TVisitor visitor)
        where TVisitor : struct, ILaneVisitor
        where T32 : struct, IUnaryOperation
        where T64 : struct, IUnaryOperation
    {
        if (type == LaneType.F32)
            visitor.Unary<F, I, T32>();
        else
            visitor.Unary<D, L, T64>();
        return type.IsReal();
    }

    private static bool Ternary<TVisitor, TOperation>(LaneType type, ref TVisitor visitor)
        where TVisitor : struct, ILaneVisitor
        where TOperation : struct, ITernaryOperation
    {
        if (type == LaneType.F32)
            visitor.Ternary<F, I, TOperation>();
        else
            visitor.Ternary<D, L, TOperation>();
        return type.IsReal();
    }

    private static bool Binary<TVisitor, TOperation>(LaneType type, ref TVisitor visitor)
        where TVisitor : struct, ILaneVisitor
        where TOperation : struct, IBinaryOperation
    {
        switch (type)
        {
            case LaneType.F32: visitor.Binary<F, I, TOperation>(); break;
            case LaneType.I32: visitor.Binary<I, I, TOperation>(); break;
            case LaneType.F64: visitor.Binary<D, L, TOperation>(); break;
            default: visitor.Binary<L, L, TOperation>(); break;
        }

        return true;
    }

    private static bool Compare<TVisitor, TOperation>(LaneType type, ref TVisitor visitor)
        where TVisitor : struct, ILaneVisitor
        where TOperation : struct, ICompareOperation
    {
        switch (type)
        {
            case LaneType.F32: visitor.Compare<F, I, TOperation>(); break;
            case LaneType.I32: visitor.Compare<I, I, TOperation>(); break;
            case LaneType.F64: visitor.Compare<D, L, TOperation>(); break;
            default: visitor.Compare<L, L, TOperation>(); break;
        }

        return true;
    }
}
