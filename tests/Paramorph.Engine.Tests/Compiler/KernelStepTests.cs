using Paramorph.Compiler;
using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Operations with kernels, of sizes that make several pieces, against the reference.</summary>
public class KernelStepTests
{
    private static readonly Dictionary<string, (Primitive Primitive, Tensor[] Inputs)> Programs = new()
    {
        ["convolution"] = (Conv([1, 1], [1, 1], [1, 1]), [Case.Numbers([3, 5, 19, 23]), Case.Numbers([17, 5, 3, 3], seed: 1)]),
        ["convolution with a stride and dilation"] = (Conv([2, 1], [2, 1], [1, 3], [1, 1], [2, 3]), [Case.Numbers([2, 3, 25, 31]), Case.Numbers([6, 3, 3, 3], seed: 1)]),
        ["convolution of a spread input"] = (Conv([1, 1], [1, 2], [2, 1], [2, 3], [1, 1]), [Case.Numbers([2, 4, 11, 9]), Case.Numbers([8, 4, 3, 4], seed: 1)]),
        ["convolution in groups"] = (new Convolution([1], [2], [2], [1], [1], 3), [Case.Numbers([4, 9, 101]), Case.Numbers([12, 3, 5], seed: 1)]),
        ["depthwise convolution"] = (new Convolution([1, 1], [1, 1], [1, 1], [1, 1], [1, 1], 16), [Case.Numbers([3, 16, 27, 29]), Case.Numbers([16, 1, 3, 3], seed: 1)]),
        ["convolution of volumes"] = (new Convolution([1, 2, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], 1), [Case.Numbers([2, 3, 7, 9, 11]), Case.Numbers([8, 3, 3, 3, 3], seed: 1)]),
        ["pointwise convolution"] = (Conv([1, 1], [0, 0], [0, 0]), [Case.Numbers([3, 19, 13, 17]), Case.Numbers([21, 19, 1, 1], seed: 1)]),
        ["convolution that cuts its input"] = (Conv([1, 1], [-1, -2], [-2, 1]), [Case.Numbers([2, 3, 15, 18]), Case.Numbers([5, 3, 3, 3], seed: 1)]),
        ["weights of long sums"] = (Conv([1, 1], [1, 1], [1, 1]), [Case.Numbers([6, 40, 12, 12]), Case.Numbers([5, 40, 12, 12], seed: 1)]),

        ["gather"] = (new Gather(1, 0), [Case.Numbers([501, 33]), Indices([3001, 1], 501)]),
        ["gather of numbers"] = (new Gather(2, 0), [Case.Numbers([37, 41]), Indices([70001, 2], 37)]),
        ["gather with a batch axis"] = (new Gather(1, 1), [Case.Numbers([7, 101, 3]), Indices([7, 5003, 1], 101)]),
        ["scatter_add"] = (new Scatter(ScatterKind.Add, 1, 0), [Case.Numbers([501, 33]), Indices([3001, 1], 501), Case.Numbers([3001, 33], seed: 1)]),
        ["scatter_add of wide rows"] = (new Scatter(ScatterKind.Add, 1, 0), [Case.Numbers([5, 1003]), Indices([71, 1], 5), Case.Numbers([71, 1003], seed: 1)]),
        ["scatter_add of numbers with a batch axis"] = (new Scatter(ScatterKind.Add, 1, 1), [Case.Numbers([67, 101]), Indices([67, 503, 1], 101), Case.Numbers([67, 503], seed: 1)]),
        ["scatter_add of few numbers at many positions"] = (new Scatter(ScatterKind.Add, 1, 1), [Case.Numbers([1025, 36]), Indices([1025, 9, 1], 36), Case.Numbers([1025, 9], seed: 1)]),
        ["scatter_add of few numbers to zeros"] = (new Scatter(ScatterKind.Add, 1, 1), [Tensor.Zeros([1025, 36], ElementType.Float64), Indices([1025, 9, 1], 36), Case.Numbers([1025, 9], seed: 1)]),
        ["scatter_set"] = (new Scatter(ScatterKind.Set, 2, 0), [Case.Numbers([37, 41]), Indices([20001, 2], 37), Case.Numbers([20001], seed: 1)]),
        ["scatter_max with a batch axis"] = (new Scatter(ScatterKind.Max, 1, 1), [Case.Numbers([5, 101, 3]), Indices([5, 3003, 1], 101), Case.Numbers([5, 3003, 3], seed: 1)]),
        ["scatter_min"] = (new Scatter(ScatterKind.Min, 1, 0), [Case.Numbers([501, 3]), Indices([9001, 1], 501), Case.Numbers([9001, 3], seed: 1)]),
        ["scatter_add of complex numbers"] = (new Scatter(ScatterKind.Add, 1, 0), [Case.Complexes([51, 33]), Indices([901, 1], 51), Case.Complexes([901, 33], seed: 1)]),

        ["fft"] = (new Fft(FftKind.Forward, [1], 0, 1), [Case.Complexes([700, 45])]),
        ["fft of axes in any order"] = (new Fft(FftKind.Inverse, [2, 0], 0, 0.25), [Case.Complexes([15, 70, 16])]),
        ["rfft"] = (new Fft(FftKind.Real, [1, 2], 0, 0.5), [Case.Numbers([41, 24, 35])]),
        ["rfft along the first axis"] = (new Fft(FftKind.Real, [0], 0, 1), [Case.Numbers([30, 1501])]),
        ["irfft"] = (new Fft(FftKind.InverseReal, [1, 2], 35, 0.1), [Case.Complexes([41, 24, 18])]),
        ["rfft that halves an inner axis"] = (new Fft(FftKind.Real, [2, 1], 0, 1), [Case.Numbers([5, 12, 15])]),
        ["fft of one large array"] = (new Fft(FftKind.Forward, [0, 1], 0, 1), [Case.Complexes([270, 256])]),

        ["window_max"] = (new WindowReduce(ReductionKind.Max, Window([2, 3])), [Case.Numbers([13, 7, 25, 31])]),
        ["window_sum of inner axes"] = (new WindowReduce(ReductionKind.Sum, Window([1, 2])), [Case.Numbers([13, 25, 31, 7])]),
        ["window_product"] = (new WindowReduce(ReductionKind.Product, Window([1])), [Case.Numbers([400, 101])]),
        ["window_min of axes apart"] = (new WindowReduce(ReductionKind.Min, Window([1, 3])), [Case.Numbers([11, 25, 3, 31])]),
        ["window_argmax"] = (new WindowArgReduce(true, Window([2, 3])), [Case.Numbers([13, 7, 25, 31])]),
        ["window_argmax of pairs"] = (new WindowArgReduce(true, new([2, 3], [2, 2], [2, 2], [0, 0], [0, 0], [1, 1])), [Case.Numbers([7, 5, 39, 47])]),
        ["window_max of pairs"] = (new WindowReduce(ReductionKind.Max, new([2, 3], [2, 2], [2, 2], [0, 0], [0, 0], [1, 1])), [Case.Numbers([7, 5, 39, 47])]),
        ["window_sum of windows apart"] = (new WindowReduce(ReductionKind.Sum, new([1], [2], [5], [1], [3], [1])), [Case.Numbers([31, 103])]),
        ["window_argmin"] = (new WindowArgReduce(false, Window([1])), [Case.Numbers([400, 101])]),
        ["window_argmin of inner axes"] = (new WindowArgReduce(false, Window([1, 2])), [Case.Numbers([3, 25, 31, 3])]),

        ["cumulative_sum"] = (new Cumulative(ReductionKind.Sum, 1, false), [Case.Numbers([37, 1001])]),
        ["cumulative_sum reversed of many columns"] = (new Cumulative(ReductionKind.Sum, 0, true), [Case.Numbers([23, 3001])]),
        ["cumulative_product"] = (new Cumulative(ReductionKind.Product, 1, false), [Case.Numbers([101, 37, 13])]),
        ["cumulative_max reversed"] = (new Cumulative(ReductionKind.Max, 1, true), [Case.Numbers([101, 37, 13])]),
        ["cumulative_min"] = (new Cumulative(ReductionKind.Min, 2, false), [Case.Numbers([101, 37, 13])]),
        ["cumulative_sum of complex numbers"] = (new Cumulative(ReductionKind.Sum, 1, false), [Case.Complexes([31, 37, 13])]),
        ["argmax"] = (new ArgReduce(true, 1), [Case.Numbers([37, 1001])]),
        ["argmin of many columns"] = (new ArgReduce(false, 0), [Case.Numbers([23, 3001])]),
        ["argmax of an inner axis"] = (new ArgReduce(true, 1), [Case.Numbers([101, 37, 13])]),

        ["sort"] = (new Sort(1, 1, false), [Case.Numbers([37, 1101])]),
        ["sort of an inner axis, descending"] = (new Sort(1, 1, true), [Case.Numbers([31, 101, 7]), Case.Complexes([31, 101, 7])]),
        ["sort by two keys"] = (new Sort(0, 2, false), [Indices([3001, 7], 9), Case.Numbers([3001, 7]), Indices([3001, 7], 100).AsType(ElementType.Int64).Evaluate()]),
        ["top_k"] = (new TopK(7), [Case.Numbers([101, 403])]),

        ["complex products of spectra"] = (new Dot([2, 3], [2, 3], [1], [0]), [Case.Complexes([5, 13, 12, 9]), Case.Complexes([13, 11, 12, 9], seed: 1)]),
        ["complex matrix product"] = (new Dot([], [], [1], [0]), [Case.Complexes([131, 67]), Case.Complexes([67, 53], seed: 1)]),
        ["complex product over several axes"] = (new Dot([1], [0], [0, 3], [3, 1]), [Case.Complexes([7, 9, 21, 5]), Case.Complexes([9, 5, 19, 7], seed: 1)]),
        ["complex outer product"] = (new Dot([], [], [], []), [Case.Complexes([71]), Case.Complexes([3, 33], seed: 1)]),
        ["complex inner product"] = (new Dot([], [], [0], [0]), [Case.Complexes([701]), Case.Complexes([701], seed: 1)]),

        ["random_bits"] = (new RandomBits([101, 73], ElementType.Int32), [Indices([2], 1 << 30)]),
        ["random_bits of many keys"] = (new RandomBits([331], ElementType.Int32), [Indices([41, 2], 1 << 30)]),
        ["wide random_bits"] = (new RandomBits([331], ElementType.Int64), [Indices([41, 2], 1 << 30)]),

        ["cholesky"] = (new Cholesky(), [Definite([3, 50], 17)]),
        ["triangular_solve"] = (new TriangularSolve(true, false, false), [Definite([50], 17), Case.Numbers([50, 17, 9], seed: 1)]),
        ["triangular_solve transposed"] = (new TriangularSolve(true, true, false), [Definite([50], 17), Case.Numbers([50, 17, 9], seed: 1)]),
        ["triangular_solve upper"] = (new TriangularSolve(false, false, false), [Definite([50], 17), Case.Numbers([50, 17, 9], seed: 1)]),
        ["triangular_solve with ones"] = (new TriangularSolve(false, true, true), [Case.Numbers([50, 17, 17], -0.1, 0.1), Case.Numbers([50, 17, 9], seed: 1)]),
        ["lu"] = (new Lu(), [Case.Numbers([40, 19, 19])]),
        ["qr of tall matrices"] = (new Qr(), [Case.Numbers([40, 23, 11])]),
        ["qr of wide matrices"] = (new Qr(), [Case.Numbers([40, 11, 23])]),
        ["eigh"] = (new Eigh(), [Spread(12, 12)]),
        ["svd of square matrices"] = (new Svd(), [Spread(12, 12)]),
        ["svd of tall matrices"] = (new Svd(), [Spread(17, 11)]),
        ["svd of wide matrices"] = (new Svd(), [Spread(9, 21)]),
    };

    public static TheoryData<string, ElementType> Names()
    {
        var data = new TheoryData<string, ElementType>();
        foreach (var name in Programs.Keys)
        {
            data.Add(name, ElementType.Float64);
            data.Add(name, ElementType.Float32);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kernel_agrees_with_the_reference(string name, ElementType precision)
    {
        var (primitive, inputs) = Programs[name];
        AssertCompiled(primitive, [.. inputs.Select(x => InPrecision(x, precision))], precision == ElementType.Float64 ? 1e-12 : 1e-5);
    }

    [Theory]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int64)]
    public void Integers_agree_with_the_reference(ElementType type)
    {
        var x = Indices([31, 43, 29], 5).AsType(type).Evaluate();
        AssertCompiled(new WindowReduce(ReductionKind.Max, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowReduce(ReductionKind.Min, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowReduce(ReductionKind.Sum, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowArgReduce(true, Window([1, 2])), [x], 0);
        AssertCompiled(new Cumulative(ReductionKind.Max, 1, false), [x], 0);
        AssertCompiled(new ArgReduce(false, 1), [x], 0);
        AssertCompiled(new Sort(2, 1, true), [x], 0);
        AssertCompiled(new TopK(5), [x], 0);
        AssertCompiled(new Gather(1, 0), [x, Indices([901, 1], 31)], 0);
        AssertCompiled(new Scatter(ScatterKind.Min, 1, 0), [x, Indices([40, 1], 31), x.Take(Indices([40], 31)).Evaluate()], 0);
    }

    [Fact]
    public void Conjunctions_of_windows_agree_with_the_reference()
    {
        var x = Tensor.Less(Case.Numbers([37, 41, 31]), 0.7).Evaluate();
        AssertCompiled(new WindowReduce(ReductionKind.All, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowReduce(ReductionKind.Any, Window([1, 2])), [x], 0);
        AssertCompiled(new Sort(1, 1, false), [x], 0);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Not_a_number_is_treated_as_in_the_reference(ElementType type)
    {
        var numbers = Case.Numbers([31, 43, 29]);
        var x = Tensor.Where(Tensor.Less(Tensor.Abs(numbers), 0.02), double.NaN, Tensor.Where(Tensor.Greater(numbers, 0.98), 0.5, numbers)).AsType(type).Evaluate();
        AssertCompiled(new WindowReduce(ReductionKind.Max, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowArgReduce(true, Window([1, 2])), [x], 0);
        AssertCompiled(new WindowArgReduce(false, Window([1, 2])), [x], 0);
        AssertCompiled(new Cumulative(ReductionKind.Min, 1, false), [x], 0);
        AssertCompiled(new ArgReduce(true, 1), [x], 0);
        AssertCompiled(new ArgReduce(false, 2), [x], 0);
        AssertCompiled(new Sort(1, 1, true), [x], 0);
        AssertCompiled(new TopK(29), [x], 0);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void An_index_out_of_range_is_the_error_of_the_reference(int index)
    {
        var places = new int[4000];
        (places[1234], places[3999]) = (index, 77);
        Tensor[] inputs = [Case.Numbers([5, 30]), Tensor.From(places, [4000, 1])];
        AssertSameError(new Gather(1, 0), inputs);
        AssertSameError(new Scatter(ScatterKind.Add, 1, 0), [.. inputs, Case.Numbers([4000, 30])]);
    }

    [Fact]
    public void A_matrix_without_a_result_is_the_error_of_the_reference()
    {
        var matrices = Enumerable.Range(0, 3 * 200).Select(i => i is 500 or 577 ? -Tensor.Eye(3, ElementType.Float64) : Tensor.Eye(3, ElementType.Float64));
        AssertSameError(new Cholesky(), [Tensor.Stack([.. matrices]).Reshape(3, 200, 3, 3).Evaluate()]);
        var triangles = Tensor.Stack([Tensor.Eye(3, ElementType.Float64), Tensor.Zeros([3, 3], ElementType.Float64)]).Evaluate();
        AssertSameError(new TriangularSolve(true, false, false), [triangles, Case.Numbers([2, 3, 2])]);
    }

    [Fact]
    public void Matrices_with_an_infinite_element_give_what_the_reference_gives()
    {
        var x = Tensor.Where(Tensor.Greater(Case.Numbers([9, 5, 5]), 0.99), double.PositiveInfinity, Case.Numbers([9, 5, 5])).Evaluate();
        AssertCompiled(new Lu(), [x], 1e-12);
        AssertCompiled(new Qr(), [x], 1e-12);
        AssertCompiled(new Eigh(), [x], 1e-12);
        AssertCompiled(new Svd(), [x], 1e-12);
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    public void Decompositions_of_very_small_and_large_matrices_agree_with_the_reference(double scale)
    {
        Tensor[] x = [(Spread(8, 8) * scale).AsType(ElementType.Float32).Evaluate()];
        AssertCompiled(new Eigh(), x, 1e-5);
        AssertCompiled(new Svd(), x, 1e-5);
    }

    private static Convolution Conv(Sequence<int> strides, Sequence<int> low, Sequence<int> high) => Conv(strides, low, high, [1, 1], [1, 1]);

    private static Convolution Conv(Sequence<int> strides, Sequence<int> low, Sequence<int> high, Sequence<int> inputDilations, Sequence<int> kernelDilations) =>
        new(strides, low, high, inputDilations, kernelDilations, 1);

    /// <summary>Windows of 3, 2 apart, with padding on one side more than on the other.</summary>
    private static Window Window(Sequence<int> axes)
    {
        Sequence<int> All(int value) => [.. axes.Select(_ => value)];
        return new(axes, All(3), All(2), All(1), All(2), All(2));
    }

    /// <summary>Positive definite matrices that are far from singular.</summary>
    private static Tensor Definite(Shape batch, int size)
    {
        var a = Case.Numbers([.. batch, size, size]);
        return (Tensor.MatMul(a, a.T) * 0.2 + Tensor.Eye(size, ElementType.Float64)).Evaluate();
    }

    /// <summary>Matrices whose singular values and eigenvalues are apart, so that their vectors are well determined.</summary>
    private static Tensor Spread(int rows, int columns)
    {
        var steps = Tensor.Eye(Math.Max(rows, columns), ElementType.Float64) * (1.0 + Tensor.Arange(Math.Max(rows, columns), ElementType.Float64));
        return (Case.Numbers([40, rows, columns], -0.2, 0.2) + steps[..rows, ..columns]).Evaluate();
    }

    private static Tensor Indices(Shape shape, int below)
    {
        var random = new Random(5);
        return Tensor.From(Enumerable.Range(0, shape.ElementCount).Select(_ => random.Next(below)).ToArray(), shape);
    }

    private static Tensor InPrecision(Tensor x, ElementType precision) =>
        !x.ElementType.IsDifferentiable() ? x : x.AsType(x.ElementType.IsComplex() ? precision.ComplexType() : precision).Evaluate();

    private static void AssertCompiled(Primitive primitive, Tensor[] inputs, double tolerance)
    {
        var expected = Reference(primitive, inputs);
        var actual = Compiled(primitive, inputs);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], tolerance, $"{primitive.Name} output {i}");
    }

    private static void AssertSameError(Primitive primitive, Tensor[] inputs)
    {
        var expected = Assert.Throws<EvaluationException>(() => Reference(primitive, inputs));
        var actual = Assert.Throws<EvaluationException>(() => Compiled(primitive, inputs));
        Assert.Equal(expected.Message, actual.Message);
    }

    private static Tensor[] Reference(Primitive primitive, Tensor[] inputs) =>
        Computation.Trace("test", x => Tensor.Bind(primitive, x), [.. inputs.Select(t => t.Type)]).EvaluateReference(inputs);

    private static Tensor[] Compiled(Primitive primitive, Tensor[] inputs) =>
        [.. Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => [.. Tensor.Bind(primitive, [.. x])])([.. inputs])];
}
