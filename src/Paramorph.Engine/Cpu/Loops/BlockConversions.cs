namespace Paramorph.Cpu;

/// <summary>The kernels that change a block's lane type.</summary>
internal static unsafe class BlockConversions
{
    /// <summary>The kernel from one lane type to another.</summary>
    public static delegate*<byte*, byte*, byte*, byte*, long, long, void> Find(LaneType from, LaneType to) => (from, to) switch
    {
        (LaneType.F32, LaneType.F64) => &F32ToF64,
        (LaneType.F64, LaneType.F32) => &F64ToF32,
        (LaneType.F32, LaneType.I32) => &F32ToI32,
        (LaneType.I32, LaneType.F32) => &I32ToF32,
        (LaneType.F64, LaneType.I64) => &F64ToI64,
        (LaneType.I64, LaneType.F64) => &I64ToF64,
        (LaneType.I32, LaneType.I64) => &I32ToI64,
        (LaneType.I64, LaneType.I32) => &I64ToI32,
        _ => throw new NotSupportedException($"No conversion from {from} to {to}."),
    };

    public static void Copy32(byte* a, byte* b, byte* c, byte* r, long n, long payload) => Buffer.MemoryCopy(a, r, n * 4, n * 4);

    public static void Copy64(byte* a, byte* b, byte* c, byte* r, long n, long payload) => Buffer.MemoryCopy(a, r, n * 8, n * 8);

    private static void F32ToF64(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((double*)r)[i] = ((float*)a)[i];
    }

    private static void F64ToF32(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((float*)r)[i] = (float)((double*)a)[i];
    }

    private static void F32ToI32(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((int*)r)[i] = int.CreateSaturating(((float*)a)[i]);
    }

    private static void I32ToF32(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((float*)r)[i] = ((int*)a)[i];
    }

    private static void F64ToI64(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((long*)r)[i] = long.CreateSaturating(((double*)a)[i]);
    }

    private static void I64ToF64(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((double*)r)[i] = ((long*)a)[i];
    }

    private static void I32ToI64(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((long*)r)[i] = ((int*)a)[i];
    }

    private static void I64ToI32(byte* a, byte* b, byte* c, byte* r, long n, long payload)
    {
        for (long i = 0; i < n; i++)
            ((int*)r)[i] = (int)((long*)a)[i];
    }
}
