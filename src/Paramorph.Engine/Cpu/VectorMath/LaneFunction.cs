namespace Paramorph.Cpu;

/// <summary>The functions that are computed one lane at a time.</summary>
internal enum LaneFunction
{
    SinLarge32,
    CosLarge32,
    TanLarge32,
    SinLarge64,
    CosLarge64,
    TanLarge64,
    ErfInv64,
    LogGamma32,
    LogGamma64,
    Digamma32,
    Digamma64,
    RemainderF32,
    RemainderF64,
    DivideI32,
    DivideI64,
    RemainderI32,
    RemainderI64,
    PowerI32,
    PowerI64,
    ShiftLeftI32,
    ShiftLeftI64,
    ShiftRightArithmeticI32,
    ShiftRightArithmeticI64,
    ShiftRightLogicalI32,
    ShiftRightLogicalI64,
    I64ToF32,
}
