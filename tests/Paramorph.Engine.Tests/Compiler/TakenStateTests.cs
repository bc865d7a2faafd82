namespace Paramorph.Tests.Compiler;

public class TakenStateTests
{
    private static readonly Func<Tensor, Tensor, (Tensor, Tensor)> Step = (state, x) => (state * 0.5 + x, (state * x).Sum());

    private static Tensor Large(double value) => Tensor.Full([4000], value, ElementType.Float64).Evaluate();

    [Fact]
    public void A_step_that_takes_its_state_gives_what_one_that_leaves_it_gives()
    {
        var (taking, leaving) = (Compile.Of(Step, takesFirst: true), Compile.Of(Step));
        var (x, taken, left) = (Large(0.25), Large(1), Large(1));
        for (var i = 0; i < 10; i++)
        {
            (taken, var first) = taking(taken, x);
            (left, var second) = leaving(left, x);
            Assert.Equal(second.Item(), first.Item());
        }
        Assert.Equal(left.ToArray<double>(), taken.ToArray<double>());
    }

    [Fact]
    public void A_taken_state_cannot_be_read()
    {
        var state = Large(1);
        Compile.Of(Step, takesFirst: true)(state, Large(2));
        var error = Assert.Throws<EvaluationException>(() => state.ToArray<double>());
        Assert.Contains("takes its first argument over", error.Message);
    }

    [Fact]
    public void What_is_also_passed_otherwise_is_left()
    {
        var state = Large(1);
        var (next, _) = Compile.Of(Step, takesFirst: true)(state, state);
        Assert.Equal(1.0, state.ToArray<double>()[0]);
        Assert.Equal(1.5, next.ToArray<double>()[0]);
    }

    [Fact]
    public void A_state_is_as_it_was_after_an_exception()
    {
        var fails = Compile.Of(
            (Tensor s, Tensor x) => Foreign.Call("failing", _ => throw new InvalidOperationException("no"), [s.Type], s + x)[0], takesFirst: true);
        var state = Large(3);
        Assert.ThrowsAny<Exception>(() => fails(state, Large(1)));
        Assert.Equal(3.0, state.ToArray<double>()[7]);
    }
}
