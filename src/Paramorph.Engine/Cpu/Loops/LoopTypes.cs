namespace Paramorph.Cpu;

/// <summary>What a <see cref="LoopType"/> is.</summary>
internal static class LoopTypes
{
    /// <summary>The bytes of one element in memory.</summary>
    public static int Size(this LoopType type) => type switch
    {
        LoopType.F32 or LoopType.I32 => 4,
        LoopType.F64 or LoopType.I64 => 8,
        _ => 1,
    };

    /// <summary>Whether the type is f32 or f64.</summary>
    public static bool IsReal(this LoopType type) => type is LoopType.F32 or LoopType.F64;

    /// <summary>Whether the type is i32, i64, u8 or i8.</summary>
    public static bool IsInteger(this LoopType type) => type is LoopType.I32 or LoopType.I64 or LoopType.U8 or LoopType.I8;
}
