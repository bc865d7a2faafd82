namespace Paramorph.Cpu;

/// <summary>What a lane holds while a loop runs: narrow integers are widened, and a bool is a mask of all bits set or clear.</summary>
internal enum LaneType
{
    F32,
    I32,
    F64,
    I64,
}
