using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>Random loop programs: emitted against interpreted, width against width, split against whole, and all against plain evaluation.</summary>
public sealed unsafe class LoopTests
{
    private static readonly VectorWidth[] Widths = Enum.GetValues<VectorWidth>();

    [Theory]
    [MemberData(nameof(Seeds), 100)]
    public void Emitted_and_interpreted_loops_give_the_same_bits_at_every_width(int seed)
    {
        var random = new Random(seed);
        LoopProgram program = RandomLoops.Draw(random, exact: false);
        using var memory = new LoopMemory(program, random);
        memory.Run(LoopCompiler.Compile(program, VectorWidth.Bits256));
        byte[][] expected = memory.Snapshot();
        foreach (VectorWidth width in Widths)
        {
            AssertSame(memory, expected, LoopCompiler.Compile(program, width), $"emitted {width}");
            AssertSame(memory, expected, LoopInterpreter.Create(program, width), $"interpreted {width}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds), 100)]
    public void A_range_run_in_pieces_gives_the_bits_of_the_whole(int seed)
    {
        var random = new Random(1000 + seed);
        LoopProgram program = RandomLoops.Draw(random, exact: false);
        using var memory = new LoopMemory(program, random);
        LoopKernel emitted = LoopCompiler.Compile(program, VectorWidth.Bits256);
        memory.Run(emitted);
        byte[][] expected = memory.Snapshot();
        long grain = program.Rank == 1 && program.Reductions.Length > 0 ? LoopProgram.BlockLength : 1;
        long[] cuts = [.. Enumerable.Range(0, 3).Select(_ => random.NextInt64(program.Extents[0] + 1) / grain * grain).Order()];
        AssertSame(memory, expected, emitted, "emitted", cuts);
        AssertSame(memory, expected, LoopInterpreter.Create(program, VectorWidth.Bits128), "interpreted", cuts);
    }

    [Theory]
    [MemberData(nameof(Seeds), 100)]
    public void Loops_agree_with_plain_evaluation(int seed)
    {
        var random = new Random(2000 + seed);
        LoopProgram program = RandomLoops.Draw(random, exact: true);
        using var memory = new LoopMemory(program, random);
        Dictionary<(int, long), NaiveLoop.Total> totals = NaiveLoop.Run(memory);
        byte[][] expected = memory.Snapshot();
        memory.Reset();
        memory.Run(LoopCompiler.Compile(program, VectorWidth.Bits256));
        foreach (((int r, long offset), NaiveLoop.Total total) in totals)
            AssertReduced(program, memory, r, offset, total);
        byte[][] actual = memory.Snapshot();
        var outputs = program.Reductions.Select(r => r.Operand).ToHashSet();
        for (int k = 0; k < expected.Length; k++)
        {
            if (!outputs.Contains(k))
                AssertBytes(expected[k], actual[k], $"operand {k} of {Describe(program)}");
        }
    }

    public static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(0, count)];

    private static void AssertReduced(LoopProgram program, LoopMemory memory, int r, long offset, NaiveLoop.Total total)
    {
        LoopReduction reduction = program.Reductions[r];
        LoopType type = program.Operands[reduction.Operand].Type;
        object actual = NaiveLoop.Read(type, memory.At(reduction.Operand, offset));
        if (!type.IsReal())
        {
            Assert.True(total.Value.Equals(actual), $"{reduction} at {offset}: {actual}, not {total.Value}, {Describe(program)}");
            return;
        }

        double expected = Convert.ToDouble(total.Value);
        double found = Convert.ToDouble(actual);
        if (double.IsNaN(expected) || expected == found)
        {
            Assert.Equal(expected, found);
            return;
        }

        // Sums in another order may overflow on the way, products over- or underflow: only ordinary values are compared.
        double scale = double.IsNaN(total.Magnitude) ? Math.Abs(expected) : total.Magnitude;
        double unit = type == LoopType.F32 ? 1.2e-7 : 2.3e-16;
        bool isOrdinary = scale < (type == LoopType.F32 ? 1e38 : 1e307) && (reduction.Kind != LoopReductionKind.Product || scale > 1e-30);
        Assert.True(!isOrdinary || Math.Abs(found - expected) <= 10000 * unit * scale, $"{reduction} at {offset}: {found}, not {expected}, {Describe(program)}");
    }

    private static void AssertSame(LoopMemory memory, byte[][] expected, LoopKernel kernel, string name, params long[] cuts)
    {
        memory.Reset();
        memory.Run(kernel, cuts);
        byte[][] actual = memory.Snapshot();
        for (int k = 0; k < expected.Length; k++)
            AssertBytes(expected[k], actual[k], $"{name}, operand {k} of {Describe(memory.Program)}");
    }

    private static void AssertBytes(byte[] expected, byte[] actual, string what)
    {
        int at = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(at == expected.Length, $"Byte {at - 256} differs: {what}");
    }

    private static string Describe(LoopProgram program) =>
        $"[{string.Join(", ", program.Extents)}]\n" +
        string.Join("\n", program.Operands.Select((o, k) => $"operand {k}: {o.Type} ({string.Join(", ", o.Strides)})")) + "\n" +
        string.Join("\n", program.Instructions.Select((i, k) => $"{k}: {i}")) + "\n" +
        string.Join("\n", program.Stores.Select(s => s.ToString()).Concat(program.Reductions.Select(r => r.ToString())));
}
