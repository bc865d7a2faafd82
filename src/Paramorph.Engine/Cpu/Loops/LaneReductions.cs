using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The end of a reduction across lanes: lanes are combined by halves and the result with the output. The same code for every width.</summary>
internal static unsafe class LaneReductions
{
    /// <summary>
    /// The method that reduces <see cref="LaneTypes.ReductionLanes"/> lanes into one element: (lanes, output, the output's
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

    /// <summary>Lane j takes lane j + n / 2 until one is left: first whole vectors of memory, of which there are eight, then the halves of the last one in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish<R, B, TOperation, T>(byte* lanes, byte* output, LoopType memory, int accumulate)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IBinaryOperation
        where T : unmanaged
    {
        R first = Pair<R, B, TOperation>(lanes, 0), second = Pair<R, B, TOperation>(lanes, 1);
        R third = Pair<R, B, TOperation>(lanes, 2), fourth = Pair<R, B, TOperation>(lanes, 3);
        R all = TOperation.Apply<R, B>(TOperation.Apply<R, B>(first, third), TOperation.Apply<R, B>(second, fourth));
        all = TOperation.Apply<R, B>(all, Of<R>(Vector128.Shuffle(Bits(all), Vector128.Create(1L, 0))));
        if (sizeof(T) == 4)
            all = TOperation.Apply<R, B>(all, Of<R>(Vector128.Shuffle(Bits(all).AsInt32(), Vector128.Create(1, 0, 3, 2)).AsInt64()));
        if (accumulate != 0)
            all = TOperation.Apply<R, B>(Of<R>(Vector128.CreateScalarUnsafe(Read(output, memory))), all);
        Write(output, memory, Bits(all).ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Pair<R, B, TOperation>(byte* lanes, int vector)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IBinaryOperation =>
        TOperation.Apply<R, B>(R.Load(lanes + (vector * sizeof(Vector128<long>))), R.Load(lanes + ((vector + 4) * sizeof(Vector128<long>))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Bits<R>(R lanes)
        where R : struct => Unsafe.BitCast<R, Vector128<long>>(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Of<R>(Vector128<long> bits)
        where R : struct => Unsafe.BitCast<Vector128<long>, R>(bits);

    /// <summary>An element of memory as the lowest bits of a lane.</summary>
    private static long Read(byte* output, LoopType memory) => memory switch
    {
        LoopType.F32 or LoopType.I32 => *(int*)output,
        LoopType.F64 or LoopType.I64 => *(long*)output,
        LoopType.I8 => *(sbyte*)output,
        LoopType.U8 => *output,
        _ => *output == 0 ? 0 : -1,
    };

    private static void Write(byte* output, LoopType memory, long lane)
    {
        switch (memory)
        {
            case LoopType.F32 or LoopType.I32: *(int*)output = (int)lane; break;
            case LoopType.F64 or LoopType.I64: *(long*)output = lane; break;
            case LoopType.Bool: *output = (byte)(lane & 1); break;
            default: *output = (byte)lane; break;
        }
    }
}
