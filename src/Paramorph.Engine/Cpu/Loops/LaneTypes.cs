namespace Paramorph.Cpu;

/// <summary>What a <see cref="LaneType"/> is.</summary>
internal static class LaneTypes
{
    /// <summary>The bytes of one lane.</summary>
    public static int Size(this LaneType type) => type.IsWide() ? 8 : 4;

    /// <summary>Whether a lane has 64 bits.</summary>
    public static bool IsWide(this LaneType type) => type is LaneType.F64 or LaneType.I64;

    /// <summary>Whether a lane holds a real number.</summary>
    public static bool IsReal(this LaneType type) => type is LaneType.F32 or LaneType.F64;

    /// <summary>The integers of the same size, which masks are made of.</summary>
    public static LaneType Bits(this LaneType type) => type.IsWide() ? LaneType.I64 : LaneType.I32;

    /// <summary>The lanes that a reduction of this type is spread over.</summary>
    public static int ReductionLanes(this LaneType type) => type.IsWide() ? 16 : 32;

    /// <summary>The lane that holds an element of memory.</summary>
    public static LaneType Lane(this LoopType type) => type switch
    {
        LoopType.F32 => LaneType.F32,
        LoopType.F64 => LaneType.F64,
        LoopType.I64 => LaneType.I64,
        _ => LaneType.I32,
    };
}
