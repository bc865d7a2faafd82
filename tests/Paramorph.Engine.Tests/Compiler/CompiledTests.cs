using Paramorph.Compiler;
using Paramorph.Cpu;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>What is compiled against the reference.</summary>
public class CompiledTests
{
    public static TheoryData<string> Names() => [.. Cases.All.Select(c => c.ToString())];

    [Fact]
    public void Sums_over_an_empty_axis_beside_another_are_zero() => Assert.All(
        Compile.Of((Tensor a, Tensor b) => Einsum.Of("abc,cbd->ad", a, b))(Tensor.Ones([3, 0, 5]), Tensor.Ones([5, 0, 4])).ToDoubles(), element => Assert.Equal(0, element));

    [Fact]
    public void A_slice_of_a_slice_may_be_empty() => Assert.Equal(
        0, Compile.Of((Tensor x) => x[TensorIndex.Every(2, ..)][2..])(Tensor.Ones([3])).Count);

    [Fact]
    public void What_has_no_value_does_not_fail_in_a_branch_that_is_not_taken()
    {
        var choose = Compile.Of((Tensor isTaken, Tensor x) => Control.Cond(isTaken, () => x + LinearAlgebra.Cholesky(Tensor.From(new[,] { { -1.0, 0 }, { 0, 1 } })).Sum(), () => x));
        Assert.Equal(2, choose(Tensor.Scalar(false), Tensor.Scalar(2.0)).Item());
        Assert.Throws<EvaluationException>(() => choose(Tensor.Scalar(true), Tensor.Scalar(2.0)).Item());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_compiled_case_agrees_with_the_reference(string name)
    {
        var @case = Cases.Find(name);
        AssertCompiled(@case.Function, @case.Inputs);
        if (@case.IsDifferentiable) AssertCompiled(x => Gradients(@case.Function, x), @case.Inputs);
    }

    private static readonly Dictionary<string, Func<Tensor[], Tensor[]>> Programs = new()
    {
        ["a network and its gradient"] = x => NetworkStep(x, p => Tensor.Tanh(p[0].Dot(p[1]) + p[2]).Dot(p[3])),
        ["a deep network"] = x => NetworkStep(x, p =>
        {
            var h = Tensor.Tanh(p[0].Dot(p[1]) + p[2]);
            for (var i = 0; i < 3; i++) h = Tensor.Sin(h.Dot(p[4]) + p[2]) * h;
            return h.Dot(p[3]);
        }),
        ["a residual of derivatives"] = x => NetworkStep(x, p =>
        {
            var jets = Taylor.Derivatives(p[0], Tensor.From(1.0, 0.0), 2, q => Tensor.Tanh(Tensor.Tanh(q.Dot(p[1]) + p[2]).Dot(p[4])).Dot(p[3]));
            return jets[2] + jets[0] * jets[1];
        }),
        ["a Laplacian"] = x => NetworkStep(x, p => Taylor.Laplacian(p[0], q => Tensor.Tanh(q.Dot(p[1]) + p[2]).Dot(p[3])).Laplacian),
        ["softmax of rows"] = x => NetworkStep(x, p =>
        {
            var h = p[0].Dot(p[1]) + p[2];
            var e = Tensor.Exp(h - h.Max(-1).ExpandDims(-1));
            return e / e.Sum(-1).ExpandDims(-1);
        }),
        ["statistics of the batch"] = x => NetworkStep(x, p =>
        {
            var h = p[0].Dot(p[1]);
            return (h - h.Mean(0)) / Tensor.Sqrt(h.Variance(0) + 1e-3) * p[2];
        }),
        ["distances of all pairs"] = x => [(x[0][..600].ExpandDims(1) - x[0][..600].ExpandDims(0)).Sum(-1).Max(0), Tensor.Contract(x[0], x[0], [0], [0])],
        ["transposed work"] = x => [Tensor.Tanh(x[1].T.Dot(x[0].T)).Sum(0), x[0].T.Flip(1).Reshape(-1, 4).Sum(0)],
        ["products for each row"] = x => [Tensor.MatMul(x[0].Reshape(-1, 2, 1), x[0].Reshape(-1, 1, 2)).Sum(0), Tensor.Contract(x[0], x[0], [1], [1], [0], [0])],
        ["features put together"] = x => NetworkStep(x, p =>
        {
            var h = Tensor.Concatenate([Tensor.Sin(p[0].Dot(p[1])), p[0], Tensor.Tanh(p[0] * 3.0).Pad([(0, 0), (1, 0)], 0.5)], 1);
            return h.Dot(Tensor.Concatenate([p[4], p[4][..5]], 0).T.Reshape(13, 8)).Dot(p[3]);
        }),
        ["reshapes that no tile holds"] = x =>
        {
            // A strided view of an input, and rearrangements that put rows together, apart and in another order.
            var h = Tensor.Tanh(x[0].Reshape(-1, 4).SliceAxis(1, 0, 4, 2) * 3.0);
            var merged = Tensor.Sin(h.Reshape(-1, 4)) + x[0].Reshape(-1, 4).SliceAxis(0, 0, 2500, 2);
            var turned = h.T.Reshape(-1, 2) * Tensor.Cos(x[0].SliceAxis(0, 0, 5000, 2));
            return [merged.Sum(0), turned, h.Reshape(-1).Flip(0).Reshape(-1, 8).Sum(1), merged.Transpose(1, 0).Reshape(-1, 4).Max(0)];
        },
        ["indices of rows"] = x => [Tensor.Where(Tensor.Less(Tensor.Iota(x[0].Shape, 0, ElementType.Float64), 700.0), x[0], 0.0).Sum(0), (x[0] * Tensor.Arange(x[0].Shape[0], ElementType.Float64).ExpandDims(1)).Sum()],
    };

    public static TheoryData<string> ProgramNames() => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(ProgramNames))]
    public void A_compiled_program_agrees_with_the_reference(string name) => AssertCompiled(Programs[name], Inputs(ElementType.Float64, 5000));

    [Theory]
    [MemberData(nameof(ProgramNames))]
    public void Results_have_the_same_bits_on_any_number_of_threads(string name)
    {
        var inputs = Inputs(ElementType.Float64, 5000);
        var compiled = Compiled(Programs[name]);
        var results = new List<Tensor[]>();
        var threads = WorkerPool.Shared.Threads;
        foreach (var count in new[] { 1, 2, 3 })
        {
            WorkerPool.Shared.Threads = count;
            results.Add([.. compiled(inputs)]);
        }
        WorkerPool.Shared.Threads = threads;
        foreach (var other in results.Skip(1))
            for (var i = 0; i < other.Length; i++) Assert.Equal(results[0][i].ToArray<double>(), other[i].ToArray<double>());
    }

    [Theory]
    [InlineData(new[] { 20, 6, 9 }, new[] { 0, 2 })]
    [InlineData(new[] { 3, 16, 5, 4, 7 }, new[] { 1, 3, 4 })]
    [InlineData(new[] { 2, 9, 1, 5, 1, 3 }, new[] { 1, 2, 4, 5 })]
    [InlineData(new[] { 9, 40, 12, 12 }, new[] { 0, 2, 3 })]
    [InlineData(new[] { 64, 40, 16, 16 }, new[] { 0, 2, 3 })]
    public void Reductions_over_short_lines_and_over_what_lies_outside_are_those_of_the_reference(int[] sizes, int[] axes)
    {
        AssertCompiled(x => [Tensor.Sin(x[0]).Sum(axes), x[0].Max(axes), x[0].Min(axes)], [Case.Numbers(Shape.Create(sizes))]);
    }

    [Theory]
    [InlineData("bok,bkp->op", 20, 24, 40, 64)]
    [InlineData("bok,bkp->op", 5, 300, 200, 40)]
    [InlineData("bok,bkp->bop", 9, 96, 96, 128)]
    [InlineData("bok,bkp->bop", 3, 160, 96, 128)]
    [InlineData("obk,bpk->op", 33, 17, 19, 60)]
    public void Products_of_a_batch_have_the_same_bits_on_any_number_of_threads(string equation, int b, int o, int p, int k)
    {
        Shape Of(string letters) => [.. letters.Select(l => l switch { 'b' => b, 'o' => o, 'p' => p, _ => k })];
        var operands = equation.Split("->")[0].Split(',');
        Tensor[] inputs = [Case.Numbers(Of(operands[0])), Case.Numbers(Of(operands[1]), seed: 1)];
        Tensor[] Function(Tensor[] x) => [Einsum.Of(equation, x[0], x[1])];
        AssertCompiled(Function, inputs);
        var compiled = Compiled(Function);
        var results = new[] { 1, 2, 3 }.Select(threads =>
        {
            WorkerPool.Shared.Threads = threads;
            return compiled([.. inputs])[0].ToArray<double>();
        }).ToArray();
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Theory]
    [InlineData(new[] { 3, 2, 300 }, false)]
    [InlineData(new[] { 2, 3, 17, 19 }, false)]
    [InlineData(new[] { 2, 3, 17, 19 }, true)]
    [InlineData(new[] { 1, 2, 7, 8, 9 }, false)]
    public void Pointwise_convolutions_and_their_gradients_are_products(int[] sizes, bool follow)
    {
        Shape shape = Shape.Create(sizes);
        var ones = Enumerable.Repeat(1, shape.Rank - 2).ToArray();
        Tensor[] inputs = [Case.Numbers(shape), Case.Numbers([4, shape[1], .. ones], seed: 1), Case.Numbers([3, 4, .. ones], seed: 2)];
        Tensor[] Layers(Tensor[] x)
        {
            var h = Tensor.Convolve(x[0], x[1]);
            // A running sum is a kernel that reads in row-major order.
            return [follow ? Tensor.Convolve(h.CumulativeSum(-1), x[2]) : Tensor.Convolve(Tensor.Tanh(h), x[2])];
        }
        Tensor[] Step(Tensor[] x) => [.. Layers(x), .. Gradients(y => [Tensor.Sin(Layers(y)[0])], x)];
        AssertCompiled(Step, inputs);
        Assert.DoesNotContain("convolution", Computation.Trace("test", Step, [.. inputs.Select(t => t.Type)]).Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_explanation_with_inputs_gives_every_step_its_time_rate_and_bytes()
    {
        var computation = Computation.Trace("product", x => [Tensor.Tanh(x[0].Dot(x[1]))], [new(ElementType.Float64, [3, 4]), new(ElementType.Float64, [4, 5])]);
        var lines = computation.Explain([Case.Numbers([3, 4]), Case.Numbers([4, 5])]).TrimEnd().Split('\n');
        Assert.Equal(computation.Explain().TrimEnd().Split('\n').Length, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^ *\d+\.\d{3} ms +\d+\.\d G/s +\d+ ?% +\d+\.\d\d MB  \S", line));
        Assert.Throws<ShapeException>(() => computation.Explain([Case.Numbers([3, 4])]));
    }

    private static Tensor[] Inputs(ElementType type, int rows) =>
    [
        .. new[] { Case.Numbers([rows, 2]), Case.Numbers([2, 8], seed: 1), Case.Numbers([8], seed: 2), Case.Numbers([8, 3], seed: 3), Case.Numbers([8, 8], seed: 4) }
            .Select(t => t.AsType(type).Evaluate()),
    ];

    private static Tensor[] NetworkStep(Tensor[] x, Func<TreeList<Tensor>, Tensor> network)
    {
        TreeList<Tensor> point = [.. x];
        var (loss, gradient) = ValueAndGradient.Of(point, p => Tensor.Square(network(p)).Mean());
        return [loss, .. gradient.Skip(1)];
    }

    private static Tensor[] Gradients(Func<Tensor[], Tensor[]> function, Tensor[] x)
    {
        TreeList<Tensor> point = [.. x];
        return [.. Gradient.Of(point, p => function([.. p]).Where(y => y.ElementType.IsDifferentiable()).Select(y => Tensor.Real(y * 0.7).Sum()).Aggregate(Tensor.Scalar(0.0), (a, b) => a + b))];
    }

    private static Func<TreeList<Tensor>, TreeList<Tensor>> Compiled(Func<Tensor[], Tensor[]> function) =>
        Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => function([.. x]));

    private static void AssertCompiled(Func<Tensor[], Tensor[]> function, Tensor[] inputs)
    {
        var expected = Computation.Trace("test", function, [.. inputs.Select(t => t.Type)]).EvaluateReference(inputs);
        var actual = Compiled(function)([.. inputs]);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"output {i}");
    }
}
