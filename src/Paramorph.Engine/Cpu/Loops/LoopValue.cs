namespace Paramorph.Cpu;

/// <summary>A value of a program that is being built.</summary>
internal readonly record struct LoopValue(int Index, LoopType Type);
