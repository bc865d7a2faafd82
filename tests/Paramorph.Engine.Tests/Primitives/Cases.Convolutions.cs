using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> Convolutions =>
    [
        Convolved("over one axis", [2, 3, 7], [4, 3, 3], new([1], [0], [0], [1], [1], 1)),
        Convolved("with a stride that does not divide", [2, 2, 6, 5], [3, 2, 3, 2], new([2, 3], [1, 0], [1, 1], [1, 1], [1, 1], 1)),
        Convolved("over three axes", [1, 2, 4, 3, 3], [2, 2, 2, 2, 1], new([1, 2, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1], [1, 1, 1], 1)),
        Convolved("with a dilated kernel", [1, 2, 8], [2, 2, 3], new([1], [1], [2], [1], [2], 1)),
        Convolved("in groups", [2, 4, 5], [6, 2, 3], new([1], [1], [1], [1], [1], 2)),
        Convolved("of single channels", [1, 3, 5], [3, 1, 2], new([2], [0], [0], [1], [1], 3)),
        Convolved("with padding that cuts", [1, 2, 8], [2, 2, 2], new([2], [-1], [-2], [1], [1], 1)),
        Convolved("of a dilated input, with everything", [2, 2, 4], [4, 1, 3], new([2], [2], [-1], [3], [2], 2)),
        Convolved("of complex numbers in groups", [1, 4, 4], [2, 2, 2], new([2], [1], [0], [1], [1], 2), isComplex: true),
        new("convolve", "with leading axes", x => [Tensor.Convolve(x[0], x[1])], Case.Numbers([2, 2, 3, 5]), Case.Numbers([2, 3, 2], seed: 1))
        {
            Truth = x => [Scattered(x[0].Reshape(4, 3, 5), x[1], new([1], [0], [0], [1], [1], 1), [4, 2, 4]).Reshape(2, 2, 2, 4)],
        },
        new("convolve", "with same padding", x => [Tensor.Convolve(x[0], x[1], new() { Stride = [2], Padding = Padding.Same })],
            Case.Numbers([1, 2, 5, 6]), Case.Numbers([2, 2, 4, 3], seed: 1))
        {
            // 5 by 2 has 3 places and a kernel of 4 needs 8 elements: 1 and 2; 6 by 2 has 3 places, a kernel of 3 needs 7: 0 and 1.
            Truth = x => [Scattered(x[0], x[1], new([2, 2], [1, 0], [2, 1], [1, 1], [1, 1], 1), [1, 2, 3, 3])],
        },
        Transposed("with stride, padding and output padding", [2, 4, 4], [4, 3, 3], [2, 6, 8], new() { Stride = [2], Padding = 1, Groups = 2 }, [1]),
        Transposed("over two axes", [1, 2, 3, 2], [2, 2, 2, 3], [1, 2, 6, 8], new() { Stride = [2, 3], Padding = Padding.Of((0, 1), (0, 2)), Dilation = [2] }, [0, 2]),
        Transposed("with same padding", [1, 2, 3], [2, 1, 2], [1, 1, 9], new() { Stride = [3], Padding = Padding.Same }, []),
        Transposed("with same padding and a larger kernel", [1, 2, 3], [2, 1, 5], [1, 1, 6], new() { Stride = [2], Padding = Padding.Same }, []),
    ];

    private static Case Convolved(string label, Shape x, Shape w, Convolution convolution, bool isComplex = false) => new(
        "convolution", label, inputs => Tensor.Bind(convolution, inputs),
        isComplex ? Case.Complexes(x) : Case.Numbers(x), isComplex ? Case.Complexes(w, seed: 1) : Case.Numbers(w, seed: 1))
    {
        Truth = inputs => [Scattered(inputs[0], inputs[1], convolution, convolution.Infer([inputs[0].Type, inputs[1].Type])[0].Shape)],
    };

    private static Case Transposed(string label, Shape x, Shape w, Shape result, ConvolutionOptions options, int[] outputPadding) => new(
        "convolve_transposed", label, inputs => [Tensor.ConvolveTransposed(inputs[0], inputs[1], options, outputPadding)],
        Case.Numbers(x), Case.Numbers(w, seed: 1))
    {
        Truth = inputs => [Spread(inputs[0], inputs[1], options, result)],
    };

    /// <summary>A convolution by what each input element gives to the places that it reaches.</summary>
    private static Tensor Scattered(Tensor x, Tensor w, Convolution c, Shape result)
    {
        Complex[] xs = Plain.Read(x), ws = Plain.Read(w), ys = new Complex[result.ElementCount];
        var (axes, outputs, channels) = (x.Rank - 2, w.Shape[0] / c.Groups, w.Shape[1]);
        foreach (var at in Plain.Places(x.Shape))
        {
            foreach (var tap in Plain.Places(w.Shape))
            {
                if (at[1] / channels != tap[0] / outputs || at[1] % channels != tap[1]) continue;
                var places = Enumerable.Range(0, axes)
                    .Select(a => at[a + 2] * c.InputDilations[a] + c.Low[a] - tap[a + 2] * c.KernelDilations[a]).ToArray();
                if (places.Zip(c.Strides, (p, s) => p % s).Any(r => r != 0)) continue;
                var to = Plain.Index(result, [at[0], tap[0], .. places.Zip(c.Strides, (p, s) => p / s)]);
                if (to >= 0) ys[to] += xs[Plain.Index(x.Shape, at)] * ws[Plain.Index(w.Shape, tap)];
            }
        }
        return Plain.Write(ys, result, x.ElementType);
    }

    /// <summary>A transposed convolution by its definition: each input element adds a kernel times itself to the result.</summary>
    private static Tensor Spread(Tensor x, Tensor w, ConvolutionOptions options, Shape result)
    {
        Complex[] xs = Plain.Read(x), ws = Plain.Read(w), ys = new Complex[result.ElementCount];
        var axes = x.Rank - 2;
        int Of(Sequence<int> numbers, int a) => numbers.Count switch { 0 => 1, 1 => numbers[0], _ => numbers[a] };
        var strides = Enumerable.Range(0, axes).Select(a => Of(options.Stride, a)).ToArray();
        var dilations = Enumerable.Range(0, axes).Select(a => Of(options.Dilation, a)).ToArray();
        int[] extents = [.. dilations.Select((d, a) => (w.Shape[a + 2] - 1) * d + 1)];
        var (low, _) = options.Padding.Resolve("", result.Sizes[2..], extents, strides);
        foreach (var at in Plain.Places(x.Shape))
        {
            foreach (var tap in Plain.Places(w.Shape))
            {
                if (at[1] != tap[0]) continue;
                var output = at[1] / (x.Shape[1] / options.Groups) * w.Shape[1] + tap[1];
                var to = Plain.Index(result, [at[0], output, .. Enumerable.Range(0, axes).Select(a => at[a + 2] * strides[a] + tap[a + 2] * dilations[a] - low[a])]);
                if (to >= 0) ys[to] += xs[Plain.Index(x.Shape, at)] * ws[Plain.Index(w.Shape, tap)];
            }
        }
        return Plain.Write(ys, result, x.ElementType);
    }
}
