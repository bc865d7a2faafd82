using Paramorph.Compiler;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Sums of messages along the edges of a graph, without a tensor of all messages.</summary>
public class MessagePassingTests
{
    private const int Nodes = 40, Edges = 300, Features = 11;
    private static readonly CompilerOptions Eager = CompilerOptions.Default with { WorthMessages = 0 };
    private static readonly CompilerOptions Never = CompilerOptions.Default with { WorthMessages = long.MaxValue };

    [Theory]
    [InlineData(ElementType.Int32, true)]
    [InlineData(ElementType.Int64, true)]
    [InlineData(ElementType.Int32, false)]
    public void Sums_and_their_gradients_are_those_of_the_reference(ElementType indices, bool isWeighted)
    {
        var inputs = Inputs(indices, ElementType.Float64);
        var computation = Traced(inputs, isWeighted);
        Assert.Equal(2, new Executable(computation, Eager).Computation.Operations.Count(o => o.Primitive is MessageSum));
        var (expected, actual) = (computation.EvaluateReference(inputs), PartsRun.Of(computation, Eager, 2, inputs));
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"result {i}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_have_the_bits_of_gathers_and_scatters_on_any_number_of_threads(bool isWeighted)
    {
        var inputs = Inputs(ElementType.Int32, ElementType.Float32);
        var computation = Traced(inputs, isWeighted);
        var expected = PartsRun.Of(computation, Never, 1, inputs);
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var actual = PartsRun.Of(computation, Eager, threads, inputs);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i].ToDoubles(), actual[i].ToDoubles());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_node_that_does_not_exist_is_named(int input)
    {
        var inputs = Inputs(ElementType.Int32, ElementType.Float64);
        var wrong = inputs[input].ToDoubles();
        wrong[7] = Nodes + 3;
        inputs[input] = Tensor.From(wrong).AsType(ElementType.Int32).Evaluate();
        var computation = Computation.Trace("test", x => [Segment.Sum(x[0].Take(x[1]) * x[3], x[2], Nodes)], [.. inputs.Select(t => t.Type)]);
        var expected = Assert.Throws<EvaluationException>(() => PartsRun.Of(computation, Never, 1, inputs)).Message;
        Assert.Equal(expected, Assert.Throws<EvaluationException>(() => PartsRun.Of(computation, Eager, 2, inputs)).Message);
    }

    [Fact]
    public void Messages_that_are_also_read_elsewhere_stay_a_tensor()
    {
        var inputs = Inputs(ElementType.Int32, ElementType.Float64);
        var computation = Computation.Trace(
            "test", x => x[0].Take(x[1]) is var messages ? [Segment.Sum(messages, x[2], Nodes), messages.Max()] : [], [.. inputs.Select(t => t.Type)]);
        Assert.DoesNotContain(new Executable(computation, Eager).Computation.Operations, o => o.Primitive is MessageSum);
    }

    private static Tensor[] Inputs(ElementType indices, ElementType numbers)
    {
        var random = new Random(3);
        // Node 5 has no edges.
        Tensor Ends() => Tensor.From<int>([.. Enumerable.Range(0, Edges).Select(_ => random.Next(Nodes) is var node && node == 5 ? 6 : node)]).AsType(indices).Evaluate();
        return
        [
            Case.Numbers([Nodes, Features]).AsType(numbers).Evaluate(), Ends(), Ends(), Case.Numbers([Edges, 1], seed: 1).AsType(numbers).Evaluate(),
            Case.Numbers([Nodes, Features], seed: 2).AsType(numbers).Evaluate(),
        ];
    }

    /// <summary>The sums at the nodes of what comes along the edges, and the gradient of a function of them in what is sent.</summary>
    private static Computation Traced(Tensor[] inputs, bool isWeighted) => Computation.Trace(
        "test",
        x =>
        {
            Tensor Spread(Tensor values) => Segment.Sum(isWeighted ? values.Take(x[1]) * x[3] : values.Take(x[1]), x[2], Nodes);
            return [Spread(x[0]), Gradient.Of(x[0], values => (Spread(values) * x[4]).Sum())];
        },
        [.. inputs.Select(t => t.Type)]);
}
