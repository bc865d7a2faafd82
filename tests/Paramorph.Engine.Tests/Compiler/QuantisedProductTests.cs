using Paramorph.Compiler;
using Paramorph.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Compiled products of 8-bit integers, which have 32-bit sums, against sums of 64 bits and the reference.</summary>
public class QuantisedProductTests
{
    /// <summary>Rows, depth, columns: single numbers, odd sizes, whole tiles, and rows enough for a group of rows.</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 7, 5 }, { 3, 1, 2 }, { 5, 9, 1 }, { 17, 33, 19 }, { 64, 288, 32 }, { 97, 75, 51 }, { 700, 27, 13 }, { 5000, 16, 8 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_is_exact(int rows, int depth, int columns)
    {
        var (a, b) = (Integers([rows, depth], 1), Integers([depth, columns], 2));
        var product = Compile.Of((Tensor a, Tensor b) => a.Dot(b))(a, b);
        Assert.Equal(ElementType.Int32, product.ElementType);
        Assert.Equal(Exact(a, b), product.ToArray<int>());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_of_the_ends_of_the_range_is_exact(int rows, int depth, int columns)
    {
        var (a, b) = (Tensor.Full([rows, depth], sbyte.MinValue, ElementType.Int8), Tensor.Full([depth, columns], sbyte.MinValue, ElementType.Int8));
        Assert.All(Compile.Of((Tensor a, Tensor b) => a.Dot(b))(a, b).ToArray<int>(), sum => Assert.Equal(128 * 128 * depth, sum));
    }

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Function, Shape A, Shape B)> Programs = new()
    {
        ["transposed operands"] = ((a, b) => a.T.Dot(b.T), [21, 37], [11, 21]),
        ["several contracted axes"] = ((a, b) => Tensor.Contract(a, b, [2, 0], [0, 3]), [3, 5, 7], [7, 2, 4, 3]),
        ["batch axes"] = ((a, b) => Tensor.MatMul(a, b), [6, 9, 15], [6, 15, 10]),
        ["every other row and column"] = ((a, b) => a.SliceAxis(0, 0, 30, 2).Dot(b.SliceAxis(1, 1, 20, 3)), [30, 12], [12, 20]),
        ["reversed operands"] = ((a, b) => a.Flip(1).Dot(b.Flip(0)), [8, 40], [40, 24]),
        ["a sum over many rows"] = ((a, b) => Tensor.Contract(a, b, [0], [0]), [3000, 6], [3000, 5]),
        ["a vector"] = ((a, b) => a.Dot(b), [50, 70], [70]),
        ["no depth"] = ((a, b) => a.Dot(b), [3, 0], [0, 4]),
        ["a network on rows"] = ((a, b) => (((a.AsType(ElementType.Int32) >> 1).AsType(ElementType.Int8).Dot(b) - 5 * b.AsType(ElementType.Int32).Sum(0)) >> 4), [4000, 24], [24, 20]),
        ["two layers on rows"] = ((a, b) => (a.Dot(b) >> 9).AsType(ElementType.Int8).Dot(b), [4000, 24], [24, 24]),
    };

    public static TheoryData<string> Names => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_compiled_program_agrees_with_the_reference(string name)
    {
        var (function, a, b) = Programs[name];
        var (x, y) = (Integers(a, 3), Integers(b, 4));
        Assert.Equal(function(x, y).ToArray<int>(), Compile.Of(function)(x, y).ToArray<int>());
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 2, 1, 2)]
    [InlineData(3, -1, 1, 1)]
    public void A_convolution_agrees_with_the_reference(int stride, int padding, int kernelDilation, int inputDilation)
    {
        var convolution = new Convolution([stride, 1], [padding, 1], [padding, 0], [inputDilation, 1], [kernelDilation, 1], 1);
        Tensor Function(Tensor x, Tensor w) => Tensor.Bind(convolution, x, w)[0];
        var (x, w) = (Integers([3, 4, 13, 11], 5), Integers([5, 4, 3, 2], 6));
        Assert.Equal(Function(x, w).ToArray<int>(), Compile.Of<Tensor, Tensor, Tensor>(Function)(x, w).ToArray<int>());
    }

    /// <summary>Channels and outputs for each group, groups, pixels along a side: of a size for which convolutions of real numbers have fewer products, deep ones, grouped and depthwise ones.</summary>
    [Theory]
    [InlineData(32, 24, 1, 20, ElementType.Int8)]
    [InlineData(120, 3, 1, 9, ElementType.Int8)]
    [InlineData(120, 2, 2, 7, ElementType.Int8)]
    [InlineData(1, 1, 6, 12, ElementType.Int8)]
    [InlineData(5, 4, 3, 8, ElementType.UInt8)]
    [InlineData(30, 4, 1, 8, ElementType.UInt8)]
    [InlineData(7, 9, 1, 6, ElementType.Int8)]
    public void A_convolution_of_the_ends_of_the_range_is_exact(int channels, int outputs, int groups, int side, ElementType type)
    {
        var convolution = new Convolution([1, 1], [1, 1], [1, 1], [1, 1], [1, 1], groups);
        Tensor Function(Tensor x, Tensor w) => Tensor.Bind(convolution, x, w)[0];
        Tensor Ends(Shape shape, int seed) => (type == ElementType.Int8 ? Integers(shape, seed) : Integers(shape, seed).AsType(ElementType.Int32) + 128).AsType(type).Evaluate();
        var (x, w) = (Ends([2, groups * channels, side, side], 9), Ends([groups * outputs, channels, 3, 3], 10));
        var compiled = Compile.Of<Tensor, Tensor, Tensor>(Function);
        Assert.Equal(Function(x, w).ToArray<int>(), compiled(x, w).ToArray<int>());
        var largest = Tensor.Full(x.Shape, type == ElementType.Int8 ? -128 : 255, type);
        var weights = Tensor.Full(w.Shape, type == ElementType.Int8 ? -128 : 255, type);
        Assert.Equal(channels * 9 * (type == ElementType.Int8 ? 128 * 128 : 255 * 255), compiled(largest, weights)[0, 0, 1, 1].Item<int>());
        Assert.DoesNotContain("definition", Computation.Of(Function, x, w).Explain(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(3, 40)]
    [InlineData(8, 40)]
    [InlineData(1, 3)]
    public void Many_images_with_a_code_around_them_are_convolved_and_pooled_exactly(int channels, int images)
    {
        var convolution = new Convolution([1, 1], [0, 0], [0, 0], [1, 1], [1, 1], 1);
        Tensor Function(Tensor x, Tensor w) => Tensor.Bind(convolution, x.Pad([(0, 0), (0, 0), (1, 1), (1, 1)], -77), w)[0].MaxPool([2, 2]) * 3;
        var (x, w) = (Integers([images, channels, 6, 6], 12), Integers([20, channels, 3, 3], 13));
        Assert.Equal(Function(x, w).ToArray<int>(), Compile.Of<Tensor, Tensor, Tensor>(Function)(x, w).ToArray<int>());
    }

    [Theory]
    [InlineData(ElementType.Int8, ReductionKind.Max)]
    [InlineData(ElementType.Int8, ReductionKind.Min)]
    [InlineData(ElementType.UInt8, ReductionKind.Max)]
    [InlineData(ElementType.UInt8, ReductionKind.Min)]
    public void Extremes_of_windows_of_bytes_are_those_of_the_reference(ElementType type, ReductionKind kind)
    {
        var window = new Window([2, 3], [2, 2], [2, 2], [1, 0], [1, 1], [1, 1]);
        Tensor Function(Tensor x) => Tensor.Bind(new WindowReduce(kind, window), x)[0];
        foreach (var side in (int[])[6, 40])
        {
            var x = Integers([3, 5, side, side], 11).AsType(type).Evaluate();
            Assert.Equal(Function(x).AsType(ElementType.Int32).ToArray<int>(), Compile.Of<Tensor, Tensor>(Function)(x).AsType(ElementType.Int32).ToArray<int>());
        }
    }

    [Fact]
    public void Nothing_of_an_integer_network_runs_by_its_definition()
    {
        var (x, w) = (Integers([70, 4, 9, 9], 7), Integers([8, 4, 3, 3], 8));
        var network = Computation.Of(
            (Tensor x, Tensor w) => (Tensor.Convolve(x, w, new() { Padding = Padding.Same }) >> 8).AsType(ElementType.Int8).Flatten(1).Dot(Tensor.Ones([648, 3], ElementType.Int8)), x, w);
        Assert.DoesNotContain("definition", network.Explain(), StringComparison.OrdinalIgnoreCase);
    }

    private static int[] Exact(Tensor a, Tensor b)
    {
        var (rows, depth, columns) = (a.Shape[0], a.Shape[1], b.Shape[1]);
        var (x, y, sums) = (a.ToArray<sbyte>(), b.ToArray<sbyte>(), new int[rows * columns]);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
            {
                long sum = 0;
                for (var k = 0; k < depth; k++) sum += x[i * depth + k] * y[k * columns + j];
                sums[i * columns + j] = checked((int)sum);
            }
        return sums;
    }

    /// <summary>Any values, and often the ends of the range.</summary>
    private static Tensor Integers(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From<sbyte>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => (sbyte)(random.Next(4) switch { 0 => -128, 1 => 127, _ => random.Next(-128, 128) }))], shape);
    }
}
