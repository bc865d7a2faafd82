using Paramorph.Compiler;
using Paramorph.Cpu;
using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Cheap values that later loops compute again.</summary>
[Collection(nameof(Alone))]
public class RepetitionTests
{
    private static readonly TensorType Images = new(ElementType.Float32, [16, 24, 7, 11]);
    private static readonly CompilerOptions Always = CompilerOptions.Default with { WorthRepeating = 0 };
    private static readonly CompilerOptions Never = CompilerOptions.Default with { WorthRepeating = long.MaxValue };

    [Fact]
    public void Centred_values_of_a_norm_are_not_kept()
    {
        var computation = Computation.Trace("norm", p => [Norm(p[0])], [Images]);
        var centred = computation.Operations.Single(o => o.Primitive == Elementwise.Subtract).Output;
        Assert.True(new Schedule(computation, Never).IsStored(centred));
        Assert.False(new Schedule(computation, Always).IsStored(centred));
    }

    [Fact]
    public void What_takes_an_exponential_is_kept()
    {
        var computation = Computation.Trace("softmax", p => [Softmax(p[0])], [Images]);
        var exponentials = computation.Operations.Single(o => o.Primitive == Elementwise.Exp).Output;
        Assert.True(new Schedule(computation, Always).IsStored(exponentials));

        static Tensor Softmax(Tensor x) => Tensor.Exp(x) is var e ? e / e.Sum(0).ExpandDims(0) : x;
    }

    [Fact]
    public void What_takes_more_to_read_than_itself_is_kept()
    {
        var computation = Computation.Trace("sum", p => [Centred(p[0] * p[1])], [Images, Images]);
        var product = computation.Operations.Single(o => o.Primitive == Elementwise.Multiply && o.Inputs[1] == computation.Inputs[1]).Output;
        Assert.True(new Schedule(computation, Always).IsStored(product));

        static Tensor Centred(Tensor x) => x - x.Mean(0).ExpandDims(0);
    }

    [Fact]
    public void Values_kept_and_computed_again_have_the_same_bits_on_any_number_of_threads()
    {
        static Tensor Gradients(Tensor x) => Gradient.Of(x, p => Tensor.Square(Tensor.Relu(Norm(p)) - 0.3).Mean());
        var x = Case.Numbers(Images.Shape).AsType(ElementType.Float32).Evaluate();
        var kept = Compile.Of<Tensor, Tensor>(Gradients, Never)(x).ToDoubles();
        foreach (var options in new[] { Always, Always with { EmitsLoops = false }, Always with { SharesMemory = false } })
        {
            var compiled = Compile.Of<Tensor, Tensor>(Gradients, options);
            foreach (var threads in new[] { 1, 2, 3 }) Assert.Equal(kept, OnThreads(threads, () => compiled(x).ToDoubles()));
        }
    }

    private static Tensor Norm(Tensor x)
    {
        var centred = x - x.Mean(0, 2, 3).Reshape(-1, 1, 1);
        return centred * Tensor.Rsqrt(Tensor.Square(centred).Mean(0, 2, 3).Reshape(-1, 1, 1) + 1e-5);
    }

    private static T OnThreads<T>(int threads, Func<T> action)
    {
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = threads;
        try
        {
            return action();
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }
}
