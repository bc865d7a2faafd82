using Paramorph.Compiler;
using Paramorph.Cpu;
using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Loops whose steps treat the rows of a batch one by one, shared among threads by parts of the rows.</summary>
public class ScanPartsTests
{
    private static readonly CompilerOptions Eager = CompilerOptions.Default with { WorthSharingLoop = 0, FewestRowsOfPart = 1 };
    private static readonly Tensor[] Inputs = [Case.Numbers([7, 12, 3]), Case.Numbers([3, 15], seed: 1), Case.Numbers([5, 15], seed: 2), Case.Numbers([12, 5], seed: 3)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gated_loop_and_its_gradients_are_those_of_the_reference(bool isReverse)
    {
        Tensor[] Function(Tensor[] x) => [Loss(x, isReverse), .. Gradient.Of<TreeList<Tensor>>([.. x[1..]], p => Loss([x[0], .. p], isReverse))];
        var computation = Computation.Trace("test", Function, [.. Inputs.Select(t => t.Type)]);
        Assert.All(Scans(new Executable(computation, Eager).Computation), scan => Assert.Equal(4, ScanParts.Of(scan, Eager)?.Count));
        var expected = computation.EvaluateReference(Inputs);
        foreach (var options in new[] { Eager, Eager with { EmitsLoops = false }, Eager with { Fuses = false } })
        {
            var actual = Run(computation, options, 2);
            for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"result {i}");
        }
    }

    [Fact]
    public void Results_have_the_same_bits_on_any_number_of_threads()
    {
        var inputs = Array.ConvertAll(Inputs, t => t.AsType(ElementType.Float32).Evaluate());
        var computation = Computation.Trace("test", x => [Loss(x, false), .. Gradient.Of<TreeList<Tensor>>([.. x[1..]], p => Loss([x[0], .. p], false))], [.. inputs.Select(t => t.Type)]);
        var one = Run(computation, Eager, 1, inputs);
        foreach (var threads in new[] { 2, 3 })
        {
            var more = Run(computation, Eager, threads, inputs);
            for (var i = 0; i < one.Length; i++) Assert.Equal(one[i].ToDoubles(), more[i].ToDoubles());
        }
    }

    [Fact]
    public void A_step_that_mixes_rows_is_not_cut()
    {
        var computation = Computation.Trace(
            "test", x => [Control.Scan<Tensor, Tensor, Tensor>((h, s) => (Tensor.Tanh(h + s.Mean(0)), h.Sum()), x[0], x[1]).Carry], [Case.Numbers([8, 3]).Type, Case.Numbers([5, 8, 3]).Type]);
        Assert.Null(ScanParts.Of(Scans(computation)[0], Eager));
    }

    [Fact]
    public void A_counter_beside_the_rows_is_written_once()
    {
        var x = Case.Numbers([5, 8, 3]);
        Tensor[] Function(Tensor[] t)
        {
            var (carry, results) = Control.Scan<TreePair<Tensor, Tensor>, Tensor, Tensor>(
                (c, s) => (new(Tensor.Tanh(c.Item1 * s) + c.Item2, c.Item2 + 1.0), c.Item2 * 2.0), (Tensor.Ones([8, 3], ElementType.Float64), Tensor.Zeros([], ElementType.Float64)), t[0]);
            return [carry.Item1, carry.Item2, results];
        }
        var computation = Computation.Trace("test", Function, [x.Type]);
        Assert.NotNull(ScanParts.Of(Scans(computation)[0], Eager));
        var (expected, actual) = (computation.EvaluateReference(x), Run(computation, Eager, 2, x));
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-13, $"result {i}");
    }

    /// <summary>A gated recurrent unit along x [time, batch, 3], from a state [batch, 5] on, with a bias within the step.</summary>
    private static Tensor Loss(Tensor[] x, bool isReverse)
    {
        var bias = x[2][0];
        var (last, all) = Control.Scan<Tensor, Tensor, Tensor>(
            (h, s) =>
            {
                var (input, hidden) = (s.Split(3, -1), (h.Dot(x[2]) + bias).Split(3, -1));
                var keep = Tensor.Sigmoid(input[1] + hidden[1]);
                var candidate = Tensor.Tanh(input[2] + Tensor.Sigmoid(input[0] + hidden[0]) * hidden[2]);
                var next = candidate + keep * (h - candidate);
                return (next, next);
            },
            x[3], x[0].Dot(x[1]), isReverse);
        return Tensor.Square(all).Mean() + last.Sum();
    }

    private static List<Scan> Scans(Computation computation) => [.. computation.Operations.Select(o => o.Primitive).OfType<Scan>()];

    private static Tensor[] Run(Computation computation, CompilerOptions options, int threads, params Tensor[] inputs) => PartsRun.Of(computation, options, threads, inputs.Length == 0 ? Inputs : inputs);
}
