using Paramorph.Compiler;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Operations around products of a batch, run by parts of it.</summary>
public class BatchRegionsTests
{
    private const int Batch = 6, Time = 5, Features = 8, Heads = 2;
    private static readonly CompilerOptions Eager = CompilerOptions.Default with { WorthParts = 0 };

    private static readonly Tensor[] Inputs =
    [
        Case.Numbers([Batch, Time, Features]), Case.Numbers([Features, Features], seed: 1), Case.Numbers([Features, Features], seed: 2),
        Case.Numbers([Features, Features], seed: 3), Case.Numbers([Features], seed: 4), Case.Numbers([Batch, Time, Features], seed: 5),
    ];

    public static TheoryData<bool, bool, bool> Masks() => new() { { false, false, false }, { true, false, false }, { false, true, false }, { true, true, true } };

    [Theory]
    [MemberData(nameof(Masks))]
    public void Attention_and_its_gradients_by_parts_are_those_of_the_reference(bool isCausal, bool isMasked, bool isInterpreted)
    {
        var computation = Traced(isCausal, isMasked);
        Assert.Contains(new Executable(computation, Eager).Computation.Operations, o => o.Primitive is BatchParts);
        var expected = computation.EvaluateReference(Inputs);
        var actual = PartsRun.Of(computation, Eager with { EmitsLoops = !isInterpreted }, 2, Inputs);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"result {i}");
    }

    [Fact]
    public void The_gradients_are_those_of_finite_differences()
    {
        const double Step = 1e-6;
        var computation = Traced(isCausal: true, isMasked: true);
        var results = PartsRun.Of(computation, Eager, 2, Inputs);
        for (var input = 1; input < 5; input++)
        {
            double Moved(double by) => PartsRun.Of(computation, Eager, 1, [.. Inputs.Select((t, i) => i == input ? (t + by).Evaluate() : t)])[0].Item();
            Assert.Equal(results[input].Sum().Item(), (Moved(Step) - Moved(-Step)) / (2 * Step), 1e-6);
        }
    }

    [Fact]
    public void Results_have_the_same_bits_on_any_number_of_threads()
    {
        var inputs = Array.ConvertAll(Inputs, t => t.AsType(ElementType.Float32).Evaluate());
        var computation = Traced(true, true, ElementType.Float32);
        var one = PartsRun.Of(computation, Eager, 1, inputs);
        foreach (var threads in new[] { 2, 3 })
        {
            var more = PartsRun.Of(computation, Eager, threads, inputs);
            for (var i = 0; i < one.Length; i++) Assert.Equal(one[i].ToDoubles(), more[i].ToDoubles());
        }
    }

    [Fact]
    public void The_scores_of_attention_and_its_gradient_never_leave_the_parts()
    {
        var parts = new Executable(Traced(false, false), Eager).Computation.Operations.Where(o => o.Primitive is BatchParts).ToList();
        Assert.Single(parts);
        Assert.DoesNotContain(parts[0].Outputs.ToArray(), t => t.Shape[^1] == Time && t.Shape[^2] == Time);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_a_laplacian_whose_directions_are_a_batch_is_that_of_the_reference(bool channelsFirst)
    {
        // Values that only repeat themselves along the directions stand between products of them.
        const int Points = 20, Width = 6;
        var computation = Computation.Trace(
            "laplacian",
            x =>
            {
                var (loss, gradient) = ValueAndGradient.Of(new TreePair<Tensor, Tensor>(x[0], x[1]), p => Tensor.Square(Taylor.Laplacian(x[3], at => Network(at, p.Item1, p.Item2, x[2])).Laplacian).Mean());
                return [loss, gradient.Item1, gradient.Item2];
            },
            [new(ElementType.Float64, [3, Width]), new(ElementType.Float64, [Width, Width]), new(ElementType.Float64, [Width, 1]), new(ElementType.Float64, [Points, 3])]);
        Tensor[] inputs = [Case.Numbers([3, Width]), Case.Numbers([Width, Width], seed: 1), Case.Numbers([Width, 1], seed: 2), Case.Numbers([Points, 3], seed: 3)];
        var expected = computation.EvaluateReference(inputs);
        var actual = PartsRun.Of(computation, Eager with { LargeExample = 0, MovesSums = false }, 2, inputs);
        var moved = PartsRun.Of(computation, Eager with { LargeExample = 0 }, 2, inputs);
        for (var i = 0; i < expected.Length; i++)
        {
            Expect.Close(expected[i], actual[i], 1e-11, $"result {i}");
            Expect.Close(expected[i], moved[i], 1e-11, $"result {i}, sums moved");
        }

        Tensor Network(Tensor at, Tensor first, Tensor inner, Tensor last) => channelsFirst
            ? last.SwapAxes(0, 1).Dot(Tensor.Tanh(inner.Dot(Tensor.Tanh(inner.Dot(Tensor.Tanh(first.SwapAxes(0, 1).Dot(at.SwapAxes(0, 1)))))))).Reshape(-1)
            : Tensor.Tanh(Tensor.Tanh(Tensor.Tanh(at.Dot(first)).Dot(inner)).Dot(inner)).Dot(last).Reshape(-1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Maps_of_the_channels_of_fields_and_their_gradients_run_by_parts(int threads)
    {
        var computation = Computation.Trace("fields", Gradients, [new(ElementType.Float64, [6, 3, 12, 15]), new(ElementType.Float64, [8, 3, 1, 1]), new(ElementType.Float64, [2, 8, 1, 1])]);
        Tensor[] inputs = [Case.Numbers([6, 3, 12, 15]), Case.Numbers([8, 3, 1, 1], seed: 1), Case.Numbers([2, 8, 1, 1], seed: 2)];
        var everywhere = Eager with { LargeExample = 0 };
        Assert.DoesNotContain(new Executable(computation, Eager).Computation.Operations, o => o.Primitive is BatchParts);
        Assert.Contains(new Executable(computation, everywhere).Computation.Operations, o => o.Primitive is BatchParts);
        var (expected, one) = (computation.EvaluateReference(inputs), PartsRun.Of(computation, everywhere, 1, inputs));
        var actual = PartsRun.Of(computation, everywhere with { EmitsLoops = threads != 3 }, threads, inputs);
        for (var i = 0; i < expected.Length; i++)
        {
            Expect.Close(expected[i], actual[i], 1e-12, $"result {i}");
            Assert.Equal(one[i].ToDoubles(), actual[i].ToDoubles());
        }

        static Tensor[] Gradients(Tensor[] x)
        {
            var (loss, gradient) = ValueAndGradient.Of(new TreePair<Tensor, Tensor>(x[1], x[2]), p => Tensor.Square(Tensor.Convolve(Tensor.Gelu(Tensor.Convolve(x[0], p.Item1)), p.Item2)).Mean());
            return [loss, gradient.Item1, gradient.Item2];
        }
    }

    [Fact]
    public void What_mixes_the_examples_between_two_products_parts_them()
    {
        Tensor[] Function(Tensor[] x)
        {
            var first = Tensor.MatMul(x[0], x[5].SwapAxes(-1, -2));
            var second = Tensor.MatMul(Tensor.Tanh(first - first.Mean(0)), x[5]);
            return [second, Tensor.Exp(second).Sum(0)];
        }
        var computation = Computation.Trace("test", Function, [.. Inputs.Select(t => t.Type)]);
        Assert.Equal(2, new Executable(computation, Eager).Computation.Operations.Count(o => o.Primitive is BatchParts));
        var (expected, actual) = (computation.EvaluateReference(Inputs), PartsRun.Of(computation, Eager, 2, Inputs));
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"result {i}");
    }

    private static Computation Traced(bool isCausal, bool isMasked, ElementType type = ElementType.Float64) => Computation.Trace(
        "test",
        x =>
        {
            Tensor Of(TreeList<Tensor> p) => Loss([x[0], .. p, x[5]], isCausal, isMasked);
            var (loss, gradient) = ValueAndGradient.Of<TreeList<Tensor>>([.. x[1..5]], Of);
            return [loss, .. gradient];
        },
        [.. Inputs.Select(t => t.Type with { ElementType = type })]);

    private static Tensor Loss(Tensor[] x, bool isCausal, bool isMasked)
    {
        Tensor Split(Tensor t) => t.ReshapeTo([Batch, Time, Heads, Features / Heads]).SwapAxes(1, 2);
        var mask = isMasked ? Tensor.Less(Tensor.Arange(Time), Tensor.From(5, 3, 0, 2, 4, 1).Reshape(Batch, 1, 1, 1)) : null;
        var seen = Attention.ScaledDotProduct(Split(x[0].Dot(x[1])), Split(x[0].Dot(x[2])), Split(x[0].Dot(x[3]) + x[4]), mask, isCausal);
        var h = x[0] + seen.SwapAxes(1, 2).ReshapeTo([Batch, Time, Features]);
        return Tensor.Square(h - h.Mean(-1).ExpandDims(-1) - x[5]).Mean();
    }
}
