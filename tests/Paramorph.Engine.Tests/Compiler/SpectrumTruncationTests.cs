using Paramorph.Cpu;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Programs that read or write parts of spectra, compiled against the reference.</summary>
public class SpectrumTruncationTests
{
    private static readonly Dictionary<string, (Shape Shape, Func<Tensor, Tensor, Tensor> Function)> Programs = new()
    {
        ["low modes of an even line"] = ([3, 2, 16], (x, w) => Convolved1(x, w, 5)),
        ["low modes of an odd line"] = ([3, 2, 15], (x, w) => Convolved1(x, w, 5)),
        ["all modes of an even line"] = ([3, 2, 16], (x, w) => Convolved1(x, w, 9)),
        ["all modes of an odd line"] = ([3, 2, 15], (x, w) => Convolved1(x, w, 8)),
        ["one mode of a line"] = ([3, 2, 16], (x, w) => Convolved1(x, w, 1)),
        ["a long line"] = ([2, 2, 600], (x, w) => Convolved1(x, w, 20)),
        ["a line beside transformed ones"] = ([3, 16, 2], (x, w) =>
            Fourier.Irfft(Resized(Fourier.Rfft(x, axis: 1)[.., ..4, ..], 1, 9) * 0.5, 16, axis: 1)),
        ["corners of an even picture"] = ([2, 2, 12, 10], (x, w) => Convolved2(x, w, 3, 4)),
        ["corners of an odd picture"] = ([2, 2, 9, 7], (x, w) => Convolved2(x, w, 2, 3)),
        ["corners that fill the rows"] = ([2, 2, 8, 10], (x, w) => Convolved2(x, w, 4, 3)),
        ["corners that fill the picture"] = ([2, 2, 8, 6], (x, w) => Convolved2(x, w, 4, 4)),
        ["corners of unequal heights"] = ([2, 1, 12, 8], (x, w) =>
        {
            var s = Fourier.Rfft2(x);
            var (low, high) = (s[.., .., ..4, ..3] * 2.0, s[.., .., ^2.., ..3] * Factor(w));
            return Fourier.Irfft2(low.Pad([(0, 0), (0, 0), (0, 8), (0, 2)]) + high.Pad([(0, 0), (0, 0), (10, 0), (0, 2)]), 8);
        }
        ),
        ["overlapping slices"] = ([2, 1, 12, 8], (x, w) =>
        {
            var s = Fourier.Rfft2(x);
            var sum = s[.., .., ..5, ..3] * Factor(w) + s[.., .., 2..7, ..3];
            return Fourier.Irfft2(sum.Pad([(0, 0), (0, 0), (1, 6), (0, 2)]) + sum.Pad([(0, 0), (0, 0), (3, 4), (1, 1)]), 8);
        }
        ),
        ["slices with steps"] = ([2, 1, 12, 10], (x, w) =>
        {
            var s = Fourier.Rfft2(x)[.., .., 0..8, ..3].Slice([0, 0, 1, 0], [2, 1, 8, 3], [1, 1, 3, 2]);
            return Tensor.Real(s * Factor(w)) + Tensor.Imaginary(s);
        }
        ),
        ["a middle slice"] = ([2, 1, 12, 10], (x, w) => Tensor.Real(Fourier.Rfft2(x)[.., .., 4..8, 2..4] * Factor(w))),
        ["only high modes"] = ([2, 1, 12, 10], (x, w) => Tensor.Imaginary(Fourier.Rfft2(x)[.., .., ^3.., ..2] * Factor(w))),
        ["a part and the whole"] = ([2, 1, 8, 8], (x, w) =>
        {
            var s = Fourier.Rfft2(x);
            return Tensor.Real(s * Tensor.Conjugate(s)).Sum() + Fourier.Irfft2((s[.., .., ..3, ..2] * Factor(w)).Pad([(0, 0), (0, 0), (0, 5), (0, 3)]), 8);
        }
        ),
        ["a sum beside the block"] = ([2, 1, 8, 8], (x, w) =>
            Fourier.Irfft2((Fourier.Rfft2(x)[.., .., ..3, ..2] * Factor(w)).Pad([(0, 0), (0, 0), (0, 5), (0, 3)]) + Tensor.Complex(x[.., .., .., ..5], x[.., .., .., 3..]), 8)),
        ["arithmetic before the slice"] = ([2, 1, 12, 10], (x, w) =>
        {
            var s = Tensor.Conjugate(Fourier.Rfft2(x)) * Factor(w) + Tensor.Complex(x[.., .., .., ..6], x[.., .., .., 4..]);
            return Tensor.Real(s[.., .., ..2, ..3]) + Tensor.Real(s.Transpose(0, 1, 3, 2)[.., .., ..3, ^2..].Transpose(0, 1, 3, 2));
        }
        ),
        ["a spectrum put together of itself"] = ([2, 1, 8, 8], (x, w) =>
        {
            var s = Fourier.Rfft2(x);
            return Tensor.Real(Tensor.Concatenate([s, s * Factor(w)], 2)[.., .., 3..13, ..2]);
        }
        ),
        ["a derivative"] = ([2, 16], (x, w) => Fourier.Derivative(Fourier.Irfft(Resized(Fourier.Rfft(x)[.., ..4], 1, 9), 16), 2.0) * w.Mean()),
        ["complex modes"] = ([2, 2, 12], (x, w) =>
        {
            var s = Fourier.Fft(Tensor.Complex(x, x * x));
            var both = Tensor.Concatenate([s[.., .., ..3] * Factor(w), Tensor.Zeros([2, 2, 7], s.ElementType), s[.., .., ^2..]], 2);
            return Tensor.Real(Fourier.Ifft(both)) + Tensor.Imaginary(Fourier.Ifft(both));
        }
        ),
        ["products of modes in the order of the primitive"] = ([3, 2, 24], (x, w) =>
        {
            var s = Fourier.Rfft(x)[.., .., ..11];
            var product = Tensor.Contract(s, s[..2] * Factor(w), [1], [1], [2], [2]);
            return Tensor.Real(Tensor.Conjugate(product) * product).Reshape(-1, 2) + Tensor.Imaginary(product.Reshape(33, 2));
        }
        ),
        ["padding that is not zero"] = ([2, 1, 8, 8], (x, w) =>
            Fourier.Irfft2((Fourier.Rfft2(x)[.., .., ..3, ..2] * Factor(w)).Pad([(0, 0), (0, 0), (0, 5), (0, 3)], 0.25), 8)),
        ["corners of a box"] = ([2, 2, 6, 5, 8], (x, w) =>
        {
            var s = Fourier.RfftN(x, [-3, -2, -1]);
            Range low = ..2, high = ^2..;
            Tensor Rows(Range r) => Tensor.Concatenate([Block(s[.., .., r, low, ..3], w), Tensor.Zeros([2, 2, 2, 1, 3], s.ElementType), Block(s[.., .., r, high, ..3], w)], 3);
            var whole = Tensor.Concatenate([Rows(low), Tensor.Zeros([2, 2, 2, 5, 3], s.ElementType), Rows(high)], 2);
            return Fourier.IrfftN(whole.Pad([(0, 0), (0, 0), (0, 0), (0, 0), (0, 2)]), 8, [-3, -2, -1]);
        }
        ),
    };

    public static TheoryData<string> Names() => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_on_parts_of_spectra_agrees_with_the_reference(string name)
    {
        var inputs = Inputs(name);
        var (function, expected) = (Step(name), Computation.Trace("test", Step(name), [.. inputs.Select(t => t.Type)]).EvaluateReference(inputs));
        var actual = Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => function([.. x]))([.. inputs]);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-12, $"output {i}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_results_have_the_same_bits_on_any_number_of_threads(string name)
    {
        var (inputs, function, threads) = (Inputs(name), Step(name), WorkerPool.Shared.Threads);
        var compiled = Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(x => function([.. x]));
        var results = new List<Tensor[]>();
        foreach (var count in new[] { 1, 2, 3 })
        {
            WorkerPool.Shared.Threads = count;
            results.Add([.. compiled([.. inputs])]);
        }
        WorkerPool.Shared.Threads = threads;
        foreach (var other in results.Skip(1))
            for (var i = 0; i < other.Length; i++) Assert.Equal(results[0][i].ToArray<double>(), other[i].ToArray<double>());
    }

    [Theory]
    [InlineData("low modes of an odd line", 4)]
    [InlineData("corners of an even picture", 4)]
    [InlineData("corners of a box", 4)]
    [InlineData("all modes of an even line", 0)]
    public void Transforms_of_a_spectral_layer_and_of_its_gradient_are_truncated(string name, int count)
    {
        var text = Computation.Trace("test", Step(name), [.. Inputs(name).Select(t => t.Type)]).Explain();
        Assert.Equal(count, text.Split("kept").Length - 1);
    }

    /// <summary>The value and the gradients in the signal and the weights.</summary>
    private static Func<Tensor[], Tensor[]> Step(string name) => x =>
    {
        TreeList<Tensor> point = [.. x];
        var (loss, gradient) = ValueAndGradient.Of(point, p => Tensor.Square(Programs[name].Function(p[0], p[1])).Mean());
        return [Programs[name].Function(x[0], x[1]), loss, .. gradient];
    };

    private static Tensor[] Inputs(string name) => [Case.Numbers(Programs[name].Shape), Case.Numbers([2, 2, 2], seed: 1)];

    private static Tensor Factor(Tensor w) => Tensor.Complex(w[0, 0, 0], w[1, 1, 1]);

    private static Tensor Block(Tensor x, Tensor w) => Einsum.Of("bi...,io->bo...", x, Tensor.Complex(w[0], w[1]));

    private static Tensor Resized(Tensor x, int axis, int size) =>
        x.Pad([.. Enumerable.Range(0, x.Rank).Select(a => (0, a == axis ? size - x.Shape[a] : 0))]);

    private static Tensor Convolved1(Tensor x, Tensor w, int modes)
    {
        var spectrum = Fourier.Rfft(x);
        return Fourier.Irfft(Resized(Block(spectrum[.., .., ..modes], w), 2, spectrum.Shape[2]), x.Shape[2]);
    }

    private static Tensor Convolved2(Tensor x, Tensor w, int rows, int columns)
    {
        var spectrum = Fourier.Rfft2(x);
        var (low, high) = (Block(spectrum[.., .., ..rows, ..columns], w), Block(spectrum[.., .., ^rows.., ..columns], w));
        var middle = Tensor.Zeros([x.Shape[0], 2, x.Shape[2] - 2 * rows, columns], spectrum.ElementType);
        return Fourier.Irfft2(Resized(Tensor.Concatenate([low, middle, high], 2), 3, spectrum.Shape[3]), x.Shape[3]);
    }
}
