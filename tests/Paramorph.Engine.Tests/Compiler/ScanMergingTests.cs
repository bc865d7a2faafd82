using Paramorph.Compiler;

namespace Paramorph.Tests.Compiler;

public class ScanMergingTests
{
    private static readonly Tensor[] Inputs = [Primitives.Case.Numbers([4, 4], seed: 1), Primitives.Case.Numbers([4], seed: 2), Primitives.Case.Numbers([20, 4], seed: 3)];

    private static Tensor[] Recurrent(Tensor[] x, bool isReverse = false)
    {
        TreeList<Tensor> point = [.. x];
        var (loss, gradient) = ValueAndGradient.Of(point, p => Tensor.Square(Run(p[0], p[1], p[2], isReverse).Results).Mean());
        return [loss, .. gradient];
    }

    private static (Tensor Carry, Tensor Results) Run(Tensor weight, Tensor start, Tensor sequence, bool isReverse = false) =>
        Control.Scan<Tensor, Tensor, Tensor>((h, s) => (Tensor.Tanh(h.Dot(weight) + s), Tensor.Sin(h).Sum()), start, sequence, isReverse);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_a_loop_runs_it_forward_once(bool isReverse)
    {
        var computation = Trace(x => Recurrent(x, isReverse));
        Assert.Equal(3, Loops(computation, CompilerOptions.Default with { MergesLoops = false }));
        Assert.Equal(2, Loops(computation, CompilerOptions.Default));
        Agrees(computation);
    }

    [Fact]
    public void Results_of_both_loops_come_in_their_places()
    {
        var computation = Trace(x =>
        {
            var (carry, sums) = Run(x[0], x[1], x[2]);
            var (again, products) = Control.Scan<Tensor, Tensor, Tensor>((h, s) => (Tensor.Tanh(h.Dot(x[0]) + s), h * s), x[1], x[2]);
            return [sums, products, carry - again, carry];
        });
        Assert.Equal(1, Loops(computation, CompilerOptions.Default));
        Agrees(computation);
    }

    [Fact]
    public void Loops_that_differ_or_need_each_other_stay_apart()
    {
        var computation = Trace(x =>
        {
            var (carry, sums) = Run(x[0], x[1], x[2]);
            var (_, other) = Run(x[0] * 2.0, x[1], x[2]);
            // The same loop again, but for what it gives, which depends on the first.
            var (_, needing) = Control.Scan<Tensor, Tensor, Tensor>((h, s) => (Tensor.Tanh(h.Dot(x[0]) + s), h * carry), x[1], x[2]);
            return [sums, other, needing];
        });
        Assert.Equal(3, Loops(computation, CompilerOptions.Default));
        Agrees(computation);
    }

    private static Computation Trace(Func<Tensor[], Tensor[]> function) => Computation.Trace("loops", function, [.. Inputs.Select(t => t.Type)]);

    private static int Loops(Computation computation, CompilerOptions options) => new Executable(computation, options).Computation.OperationCounts["scan"];

    private static void Agrees(Computation computation)
    {
        var expected = computation.EvaluateReference(Inputs);
        var actual = Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => computation.Apply([.. x]))(Inputs);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"output {i}");
    }
}
