namespace Paramorph.Cpu;

/// <summary>The end of a reduction across lanes: lanes are combined by halves and the result with the output. The same code for every width.</summary>
internal static unsafe class LaneReductions
{
    /// <summary>
    /// The method that reduces <see cref="LaneTypes.ReductionLanes"/> lanes, which it overwrites, into one element: (lanes, output, the output's
    /// type, whether to combine with what the output holds).
    /// </summary>
    public static delegate*<byte*, byte*, LoopType, int, void> Finisher(LoopReductionKind kind, LaneType type) => kind switch
    {
        LoopReductionKind.Sum => ForType<LaneOperations.Add>(type),
        LoopReductionKind.Product => ForType<LaneOperations.Multiply>(type),
        LoopReductionKind.Maximum => ForType<LaneOperations.Max>(type),
        LoopReductionKind.Minimum => ForType<LaneOperations.Min>(type),
        LoopReductionKind.Any => &Finish<Wide128<int, int>, Wide128<int, int>, LaneOperations.Or, int>,
        _ => &Finish<Wide128<int, int>, Wide128<int, int>, LaneOperations.And, int>,
    };

    /// <summary>How two accumulators are combined.</summary>
    public static LaneOperation Combination(LoopReductionKind kind) => kind switch
    {
        LoopReductionKind.Sum => LaneOperation.Add,
        LoopReductionKind.Product => LaneOperation.Multiply,
        LoopReductionKind.Maximum => LaneOperation.Max,
        LoopReductionKind.Minimum => LaneOperation.Min,
        LoopReductionKind.Any => LaneOperation.Or,
        _ => LaneOperation.And,
    };

    /// <summary>The bits of the value that changes nothing.</summary>
    public static long Identity(LoopReductionKind kind, LoopType type)
    {
        if (type.IsReal())
        {
            double value = kind switch
            {
                LoopReductionKind.Sum => 0,
                LoopReductionKind.Product => 1,
                LoopReductionKind.Maximum => double.NegativeInfinity,
                _ => double.PositiveInfinity,
            };
            return type == LoopType.F32 ? BitConverter.SingleToInt32Bits((float)value) : BitConverter.DoubleToInt64Bits(value);
        }

        return kind switch
        {
            LoopReductionKind.Product => 1,
            LoopReductionKind.Maximum => Lowest(type),
            LoopReductionKind.Minimum => ~Lowest(type) + (type == LoopType.U8 ? 256 : 0),
            LoopReductionKind.All => -1,
            _ => 0,
        };
    }

    private static long Lowest(LoopType type) => type switch
    {
        LoopType.U8 => 0,
        LoopType.I8 => sbyte.MinValue,
        LoopType.I32 => int.MinValue,
        _ => long.MinValue,
    };

    private static delegate*<byte*, byte*, LoopType, int, void> ForType<TOperation>(LaneType type)
        where TOperation : struct, IBinaryOperation => type switch
        {
            LaneType.F32 => &Finish<Wide128<float, int>, Wide128<int, int>, TOperation, float>,
            LaneType.I32 => &Finish<Wide128<int, int>, Wide128<int, int>, TOperation, int>,
            LaneType.F64 => &Finish<Wide128<double, long>, Wide128<long, long>, TOperation, double>,
            _ => &Finish<Wide128<long, long>, Wide128<long, long>, TOperation, long>,
        };

    private static void Finish<R, B, TOperation, T>(byte* lanes, byte* output, LoopType memory, int accumulate)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IBinaryOperation
        where T : unmanaged
    {
        for (int half = sizeof(T) == 4 ? 16 : 8; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane += R.Count)
                TOperation.Apply<R, B>(R.Load((T*)lanes + lane), R.Load((T*)lanes + lane + half)).Store((T*)lanes + lane);
        }

        if (accumulate != 0)
        {
            T* held = stackalloc T[R.Count];
            Read(output, memory, held);
            TOperation.Apply<R, B>(R.Load(held), R.Load(lanes)).Store(lanes);
        }

        Write(output, memory, lanes);
    }

    private static void Read(byte* output, LoopType memory, void* lane)
    {
        switch (memory)
        {
            case LoopType.F32 or LoopType.I32: *(int*)lane = *(int*)output; break;
            case LoopType.F64 or LoopType.I64: *(long*)lane = *(long*)output; break;
            case LoopType.I8: *(int*)lane = *(sbyte*)output; break;
            case LoopType.U8: *(int*)lane = *output; break;
            default: *(int*)lane = *output == 0 ? 0 : -1; break;
        }
    }

    private static void Write(byte* output, LoopType memory, void* lane)
    {
        switch (memory)
        {
            case LoopType.F32 or LoopType.I32: *(int*)output = *(int*)lane; break;
            case LoopType.F64 or LoopType.I64: *(long*)output = *(long*)lane; break;
            case LoopType.Bool: *output = (byte)(*(int*)lane & 1); break;
            default: *output = *(byte*)lane; break;
        }
    }
}
