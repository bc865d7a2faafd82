using System.Runtime.InteropServices;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>The memory of every operand of a program, with guard bytes around each that no loop may touch.</summary>
internal sealed unsafe class LoopMemory : IDisposable
{
    private const int Guard = 256;
    private const byte GuardByte = 0xA5;
    private readonly byte[][] initial;
    private readonly byte*[] blocks;
    private readonly long[] origins;

    public LoopMemory(LoopProgram program, Random random)
    {
        Program = program;
        initial = new byte[program.Operands.Length][];
        blocks = new byte*[program.Operands.Length];
        origins = new long[program.Operands.Length];
        for (int k = 0; k < blocks.Length; k++)
        {
            (long lowest, long highest) = Bounds(program.Operands[k]);
            int size = program.Operands[k].Type.Size();
            origins[k] = Guard - lowest * size;
            long length = (highest - lowest + 1) * size;
            initial[k] = new byte[length + 2 * Guard];
            Array.Fill(initial[k], GuardByte);
            FillRandom(program.Operands[k].Type, initial[k].AsSpan(Guard, (int)length), random);
            blocks[k] = (byte*)NativeMemory.Alloc((nuint)initial[k].Length);
        }

        Reset();
    }

    public LoopProgram Program { get; }

    public void Reset()
    {
        for (int k = 0; k < blocks.Length; k++)
            initial[k].CopyTo(new Span<byte>(blocks[k], initial[k].Length));
    }

    public void Run(LoopKernel kernel, params ReadOnlySpan<long> cuts)
    {
        void** pointers = stackalloc void*[blocks.Length];
        for (int k = 0; k < blocks.Length; k++)
            pointers[k] = blocks[k] + origins[k];
        long start = 0;
        foreach (long cut in cuts)
        {
            kernel.Run(pointers, start, cut);
            start = cut;
        }

        kernel.Run(pointers, start, Program.Extents[0]);
    }

    /// <summary>The address of the element at the given offset in elements from index zero.</summary>
    public byte* At(int operand, long offset) => blocks[operand] + origins[operand] + offset * Program.Operands[operand].Type.Size();

    /// <summary>All bytes, with every NaN replaced by the same one.</summary>
    public byte[][] Snapshot()
    {
        var copies = new byte[blocks.Length][];
        for (int k = 0; k < blocks.Length; k++)
        {
            copies[k] = new Span<byte>(blocks[k], initial[k].Length).ToArray();
            Span<byte> data = copies[k].AsSpan(Guard, copies[k].Length - 2 * Guard);
            if (Program.Operands[k].Type == LoopType.F32)
            {
                foreach (ref float x in MemoryMarshal.Cast<byte, float>(data))
                    x = float.IsNaN(x) ? float.NaN : x;
            }
            else if (Program.Operands[k].Type == LoopType.F64)
            {
                foreach (ref double x in MemoryMarshal.Cast<byte, double>(data))
                    x = double.IsNaN(x) ? double.NaN : x;
            }
        }

        return copies;
    }

    public void Dispose()
    {
        foreach (byte* block in blocks)
            NativeMemory.Free(block);
    }

    private (long Lowest, long Highest) Bounds(LoopOperand operand)
    {
        (long lowest, long highest) = (0, 0);
        for (int d = 0; d < Program.Rank; d++)
        {
            long reach = Math.Max(Program.Extents[d] - 1, 0) * operand.Strides[d];
            lowest += Math.Min(reach, 0);
            highest += Math.Max(reach, 0);
        }

        return (lowest, highest);
    }

    private static void FillRandom(LoopType type, Span<byte> data, Random random)
    {
        switch (type)
        {
            case LoopType.F32:
                foreach (ref float x in MemoryMarshal.Cast<byte, float>(data))
                    x = (float)SomeReal(random);
                break;
            case LoopType.F64:
                foreach (ref double x in MemoryMarshal.Cast<byte, double>(data))
                    x = SomeReal(random);
                break;
            case LoopType.Bool:
                foreach (ref byte x in data)
                    x = (byte)random.Next(2);
                break;
            case LoopType.I32:
                foreach (ref int x in MemoryMarshal.Cast<byte, int>(data))
                    x = random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-20, 20);
                break;
            case LoopType.I64:
                foreach (ref long x in MemoryMarshal.Cast<byte, long>(data))
                    x = random.Next(4) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(-20, 20);
                break;
            default:
                random.NextBytes(data);
                break;
        }
    }

    private static double SomeReal(Random random) => random.Next(40) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0.0,
        4 => -0.0,
        5 => random.NextDouble() * 1e-42,
        6 => (random.NextDouble() - 0.5) * 1e7,
        7 => random.Next(-5, 5),
        8 => random.Next(-5, 5) + 0.5,
        _ => (random.NextDouble() - 0.5) * 8,
    };
}
