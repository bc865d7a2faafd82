using Paramorph.Cpu;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Layers of convolutional networks and their derivatives, compiled, against the reference.</summary>
public class ConvolutionalNetworkTests
{
    /// <summary>Functions of an image [batch, channels, height, width], weights and a bias; x[3] and further are what a program needs besides.</summary>
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Loss, Tensor[] Inputs)> Programs = new()
    {
        ["maxima of pairs"] = (x => Tensor.Square(x[0].MaxPool([2, 2])).Sum(), [Case.Numbers([5, 7, 38, 46])]),
        ["maxima of pairs of an odd image"] = (x => Tensor.Square(x[0].MaxPool([2, 2])).Sum(), [Case.Numbers([5, 7, 19, 21])]),
        ["maxima of windows that overlap"] = (x => Tensor.Square(x[0].MaxPool([3, 3], [2, 2], 1)).Sum(), [Case.Numbers([5, 7, 20, 33])]),
        ["maxima of windows with a stride of their own"] = (x => Tensor.Square(x[0].MaxPool([2, 3], [1, 4])).Sum(), [Case.Numbers([5, 7, 20, 43])]),
        ["maxima of equal elements"] = (x => Tensor.Square(Tensor.Maximum(x[0], 0.3).MaxPool([2, 2])).Sum(), [Case.Numbers([5, 7, 38, 46])]),
        ["minima of lines"] = (x => Tensor.Square(x[0].MinPool([4])).Sum(), [Case.Numbers([5, 7, 203])]),
        ["maxima of volumes"] = (x => Tensor.Square(x[0].MaxPool([2, 2, 2])).Sum(), [Case.Numbers([2, 3, 8, 9, 22])]),
        ["maxima and their places"] = (x => (x[0].MaxPool([2, 2]) * x[0].ArgMaxPool([2, 2]).AsType(x[0].ElementType)).Sum(), [Case.Numbers([5, 7, 38, 46])]),
        ["a layer"] = (x => Convolved(x, new() { Padding = 1 }), Layer([3, 13, 19, 23], [16, 13, 3, 3])),
        ["a layer of whole vectors of tiles"] = (x => Convolved(x, new() { Padding = 1 }), Layer([1, 16, 17, 32], [12, 16, 3, 3])),
        ["a layer of small images"] = (x => Convolved(x, new() { Padding = 1 }), Layer([19, 12, 8, 8], [14, 12, 3, 3])),
        ["a layer without padding"] = (x => Convolved(x, new()), Layer([2, 12, 21, 22], [12, 12, 3, 3])),
        ["a layer in groups"] = (x => Convolved(x, new() { Padding = 1, Groups = 2 }), Layer([3, 26, 14, 15], [24, 13, 3, 3])),
        ["a layer with strides"] = (x => Convolved(x, new() { Padding = 1, Stride = [2, 2] }), Layer([3, 13, 19, 22], [16, 13, 3, 3])),
        ["a layer with dilations"] = (x => Convolved(x, new() { Padding = 2, Dilation = [2, 2] }), Layer([3, 13, 19, 22], [16, 13, 3, 3])),
        ["a layer of wide kernels"] = (x => Convolved(x, new() { Padding = 2 }), Layer([3, 7, 13, 22], [9, 7, 5, 5])),
        ["a layer of lines"] = (x => Convolved(x, new() { Padding = 1 }), Layer([4, 5, 61], [7, 5, 4])),
        ["a layer of volumes"] = (x => Convolved(x, new() { Padding = 1 }), Layer([2, 3, 6, 7, 8], [4, 3, 2, 3, 3])),
        ["a layer whose sums are needed too"] = (x =>
        {
            var h = Tensor.Convolve(x[0], x[1], new() { Padding = 1 }) + x[2].Reshape(-1, 1, 1);
            return (Tensor.Maximum(h, 0.0) * h).Sum() + Tensor.Sin(h).Sum();
        }, Layer([3, 13, 19, 23], [16, 13, 3, 3])),
        ["a normalised layer and maxima"] = (x =>
        {
            var h = Tensor.Convolve(x[0], x[1], new() { Padding = 1 }) + x[2].Reshape(-1, 1, 1);
            var mean = h.Mean(0, 2, 3).Reshape(-1, 1, 1);
            var variance = Tensor.Square(h - mean).Mean(0, 2, 3).Reshape(-1, 1, 1);
            return Tensor.Square(Tensor.Maximum((h - mean) * Tensor.Rsqrt(variance + 1e-5), 0.0).MaxPool([2, 2])).Sum();
        }, Layer([3, 13, 20, 24], [16, 13, 3, 3])),
        ["means of pairs"] = (x => Tensor.Square(x[0].AveragePool([2, 2])).Sum(), [Case.Numbers([5, 7, 38, 46])]),
        ["means of windows that overlap"] = (x => Tensor.Square(x[0].AveragePool([3, 3], [2, 2], 1, countIncludesPadding: false)).Sum(), [Case.Numbers([5, 7, 20, 33])]),
    };

    public static TheoryData<string> Names() => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_and_its_gradients_agree_with_the_reference(string name)
    {
        var (loss, inputs) = Programs[name];
        AssertClose(loss, inputs, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_single_precision_a_layer_and_its_gradients_agree_to_their_rounding(string name)
    {
        var (loss, inputs) = Programs[name];
        AssertClose(loss, [.. inputs.Select(t => t.AsType(ElementType.Float32).Evaluate())], 2e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Results_have_the_same_bits_on_any_number_of_threads(string name)
    {
        var (loss, inputs) = Programs[name];
        var compiled = Compiled(loss);
        var results = new List<Tensor[]>();
        var threads = WorkerPool.Shared.Threads;
        foreach (var count in new[] { 1, 2, 3 })
        {
            WorkerPool.Shared.Threads = count;
            results.Add([.. compiled([.. inputs])]);
        }
        WorkerPool.Shared.Threads = threads;
        foreach (var other in results.Skip(1))
            for (var i = 0; i < other.Length; i++) Assert.Equal(results[0][i].ToArray<double>(), other[i].ToArray<double>());
    }

    [Fact]
    public void A_maximum_that_is_not_a_number_passes_its_gradient_to_the_first()
    {
        var numbers = Case.Numbers([5, 7, 38, 46]);
        var x = Tensor.Where(Tensor.Less(Tensor.Abs(numbers), 0.05), double.NaN, numbers).Evaluate();
        AssertClose(v => (v[0].MaxPool([2, 2]) * Tensor.Sin(v[1])).Sum(), [x, Case.Numbers([5, 7, 19, 23], seed: 1)], 1e-12);
    }

    private static Tensor[] Layer(Shape image, Shape weights) =>
        [Case.Numbers(image), Case.Numbers(weights, seed: 1), Case.Numbers([weights[0]], seed: 2)];

    private static Tensor Convolved(Tensor[] x, ConvolutionOptions options)
    {
        var h = Tensor.Convolve(x[0], x[1], options);
        return Tensor.Square(Tensor.Tanh(h * 0.1 + x[2].Reshape([-1, .. h.Shape.Sizes[2..].ToArray().Select(_ => 1)]))).Sum();
    }

    private static Func<TreeList<Tensor>, TreeList<Tensor>> Compiled(Func<Tensor[], Tensor> loss) =>
        Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => [.. WithGradients(loss, [.. x])]);

    private static Tensor[] WithGradients(Func<Tensor[], Tensor> loss, Tensor[] x)
    {
        var (value, gradient) = ValueAndGradient.Of<TreeList<Tensor>>([.. x], p => loss([.. p]));
        return [value, .. gradient];
    }

    private static void AssertClose(Func<Tensor[], Tensor> loss, Tensor[] inputs, double tolerance)
    {
        var expected = Computation.Trace("test", x => WithGradients(loss, x), [.. inputs.Select(t => t.Type)]).EvaluateReference(inputs);
        var actual = Compiled(loss)([.. inputs]);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], tolerance, $"output {i}");
    }
}
