namespace Paramorph.Cpu;

/// <summary>The element types that a fused loop reads, computes with and writes.</summary>
internal enum LoopType
{
    F32,
    F64,
    I32,
    I64,
    U8,
    I8,

    /// <summary>One byte, zero or one.</summary>
    Bool,
}
