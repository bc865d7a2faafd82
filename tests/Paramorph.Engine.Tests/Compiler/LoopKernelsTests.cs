using Paramorph.Compiler;
using Paramorph.Cpu;

namespace Paramorph.Tests.Compiler;

/// <summary>Alone, as what other tests compile could have kernels given up in between.</summary>
[Collection(nameof(Alone))]
public sealed class LoopKernelsTests
{
    [Fact]
    public void Equal_loops_share_a_kernel() => Assert.Same(LoopKernels.Of(Sine(100), true), LoopKernels.Of(Sine(100), true));

    [Fact]
    public void Loops_over_other_lengths_have_kernels_of_their_own() => Assert.NotSame(LoopKernels.Of(Sine(100), true), LoopKernels.Of(Sine(101), true));

    [Fact]
    public void Emitted_and_interpreted_kernels_are_not_mixed_up() => Assert.NotSame(LoopKernels.Of(Sine(100), true), LoopKernels.Of(Sine(100), false));

    [Fact]
    public void Not_more_than_some_thousands_are_kept()
    {
        var first = LoopKernels.Of(Sine(1), false);
        for (var length = 2; length < 5000; length++) LoopKernels.Of(Sine(length), false);
        Assert.NotSame(first, LoopKernels.Of(Sine(1), false));
    }

    private static LoopProgram Sine(long length)
    {
        var builder = new LoopBuilder(length);
        var x = builder.Load(builder.Operand(LoopType.F32, 1));
        builder.Store(builder.Apply(LoopOperation.Sin, x), builder.Operand(LoopType.F32, 1));
        return builder.Build();
    }
}
