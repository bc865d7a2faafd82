namespace Paramorph.Cpu;

/// <summary>Moves blocks of lanes between operands and the interpreter's scratch memory.</summary>
internal static unsafe class BlockMemory
{
    /// <summary>Reads elements as lanes: integers widened, bytes of bool as they are.</summary>
    public static void Load(LoopType type, byte* source, long stride, long n, byte* lanes)
    {
        long step = stride * type.Size();
        switch (type)
        {
            case LoopType.U8 or LoopType.Bool:
                for (long i = 0; i < n; i++)
                    ((int*)lanes)[i] = source[i * step];
                break;
            case LoopType.I8:
                for (long i = 0; i < n; i++)
                    ((int*)lanes)[i] = (sbyte)source[i * step];
                break;
            case LoopType.F32 or LoopType.I32 when stride == 0: new Span<int>(lanes, (int)n).Fill(*(int*)source); break;
            case LoopType.F64 or LoopType.I64 when stride == 0: new Span<long>(lanes, (int)n).Fill(*(long*)source); break;
            default:
                if (stride == 1)
                    Buffer.MemoryCopy(source, lanes, n * type.Size(), n * type.Size());
                else
                    LaneMemory.Collect(source, step, type.Size(), n, (int)n, lanes);
                break;
        }
    }

    /// <summary>Writes lanes as elements: of narrow integers the low byte.</summary>
    public static void Store(LoopType type, byte* destination, long stride, long n, byte* lanes)
    {
        long step = stride * type.Size();
        if (type.Size() == 1)
        {
            for (long i = 0; i < n; i++)
                destination[i * step] = lanes[i * 4];
        }
        else if (stride == 1)
        {
            Buffer.MemoryCopy(lanes, destination, n * type.Size(), n * type.Size());
        }
        else
        {
            LaneMemory.Spread(lanes, destination, step, type.Size(), n, (int)n);
        }
    }

    /// <summary>Writes the same bits to all lanes.</summary>
    public static void Fill(LaneType type, byte* lanes, long n, long bits)
    {
        if (type.IsWide())
            new Span<long>(lanes, (int)n).Fill(bits);
        else
            new Span<int>(lanes, (int)n).Fill((int)bits);
    }

    /// <summary>Writes start, start + step, start + 2 step, ...</summary>
    public static void Count(LaneType type, byte* lanes, long n, long start, long step)
    {
        for (long i = 0; i < n; i++)
        {
            if (type.IsWide())
                ((long*)lanes)[i] = start + i * step;
            else
                ((int*)lanes)[i] = (int)(start + i * step);
        }
    }
}
