using Paramorph.Compiler;
using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Sums of products over the steps of a loop, taken after it.</summary>
public class ScanSumsTests
{
    private static readonly Tensor[] Inputs = [Case.Numbers([20, 4, 3]), Case.Numbers([3, 6], seed: 1), Case.Numbers([6, 6], seed: 2), Case.Numbers([4, 6], seed: 3)];

    [Fact]
    public void The_gradient_of_a_recurrent_weight_is_a_product_after_the_loop()
    {
        var carries = Compiled(x => [.. Gradients(x, isReverse: false)], Inputs).Operations.Select(o => o.Primitive).OfType<Scan>().Select(s => s.Carries);
        Assert.All(carries, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_gradient_is_that_of_the_reference(bool isReverse) => AssertCompiled(x => [.. Gradients(x, isReverse)], Inputs);

    [Fact]
    public void A_sum_whose_history_is_read_stays_in_its_loop()
    {
        Tensor[] Function(Tensor[] x) =>
        [
            .. Tree.Leaves(Control.Scan<TreePair<Tensor, Tensor>, Tensor, Tensor>(
                (c, s) => ((Tensor.Tanh(c.Item1.Dot(x[2])), c.Item2 + c.Item1.T.Dot(c.Item1)), c.Item2 * 2.0),
                (x[3], Tensor.Zeros([6, 6], ElementType.Float64)), x[0]) is var (carry, results) ? new TreePair<TreePair<Tensor, Tensor>, Tensor>(carry, results) : default),
        ];
        AssertCompiled(Function, Inputs);
        Assert.Equal(2, Compiled(Function, Inputs).Operations.Select(o => o.Primitive).OfType<Scan>().Single().Carries);
    }

    [Fact]
    public void A_carry_that_no_step_reads_and_that_ends_as_a_sum_stays_in_its_loop()
    {
        static Tensor[] Function(Tensor[] x)
        {
            var (carry, _) = Control.Scan<TreePair<Tensor, Tensor>, Tensor, TreeList<Tensor>>(
                (c, s) => ((Tensor.Tanh(c.Item1.Dot(x[2])), c.Item1 + s.Dot(x[1])), []), (x[3], Tensor.Zeros([4, 6], ElementType.Float64)), x[0]);
            return [carry.Item1, carry.Item2];
        }
        AssertCompiled(Function, Inputs);
    }

    [Fact]
    public void Sums_of_carries_slices_and_values_come_after_the_loop_from_where_they_began()
    {
        Tensor[] Function(Tensor[] x)
        {
            var (carry, _) = Control.Scan<TreeTriple<Tensor, Tensor, Tensor>, Tensor, TreeList<Tensor>>(
                (c, s) => ((Tensor.Tanh(c.Item1.Dot(x[2])), c.Item2 + s.T.Dot(c.Item1), Tensor.Sin(s).T.Dot(s).T + c.Item3), []),
                (x[3], x[1] * 2.0, Tensor.Ones([3, 3], ElementType.Float64)), x[0]);
            return [carry.Item1, carry.Item2, carry.Item3];
        }
        AssertCompiled(Function, Inputs);
        Assert.Equal(1, Compiled(Function, Inputs).Operations.Select(o => o.Primitive).OfType<Scan>().Single().Carries);
    }

    [Fact]
    public void A_carry_that_no_step_reads_is_that_of_the_last_one()
    {
        Tensor[] Function(Tensor[] x)
        {
            var (carry, _) = Control.Scan<TreePair<Tensor, Tensor>, Tensor, TreeList<Tensor>>((c, s) => ((Tensor.Tanh(c.Item1.Dot(x[2])), s.T.Dot(c.Item1) + x[1]), []), (x[3], x[1]), x[0]);
            return [carry.Item1, carry.Item2];
        }
        AssertCompiled(Function, Inputs);
    }

    [Fact]
    public void The_gradient_of_what_was_split_is_put_together_without_zeros()
    {
        Tensor[] Function(Tensor[] x) => [Gradient.Of(x[0], t => t.Split(3, -1) is var parts ? (Tensor.Sin(parts[0]) * parts[1] + Tensor.Exp(parts[2])).Sum() : t)];
        AssertCompiled(Function, Inputs);
        Assert.DoesNotContain(Compiled(Function, Inputs).Operations, o => o.Primitive is Pad);
    }

    private static IEnumerable<Tensor> Gradients(Tensor[] x, bool isReverse) => Tree.Leaves(Gradient.Of(
        new TreeTriple<Tensor, Tensor, Tensor>(x[1], x[2], x[3]),
        p => Tensor.Square(Control.Scan<Tensor, Tensor, Tensor>(
            (h, s) => Tensor.Tanh(s.Dot(p.Item1) + h.Dot(p.Item2)) is var next ? (next, next) : default, p.Item3, x[0], isReverse).Results).Mean()));

    private static Computation Compiled(Func<Tensor[], Tensor[]> function, Tensor[] inputs) =>
        new Executable(Computation.Trace("test", function, [.. inputs.Select(t => t.Type)]), CompilerOptions.Default).Computation;

    private static void AssertCompiled(Func<Tensor[], Tensor[]> function, Tensor[] inputs)
    {
        var expected = Computation.Trace("test", function, [.. inputs.Select(t => t.Type)]).EvaluateReference(inputs);
        var actual = Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => [.. function([.. x])])([.. inputs]);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"output {i}");
    }
}
