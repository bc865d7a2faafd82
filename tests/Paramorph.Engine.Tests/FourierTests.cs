using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class FourierTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(97)]
    [InlineData(128)]
    public void Transforms_agree_with_another_library(int n)
    {
        var x = Case.Complexes([n]);
        Complex[] forward = Plain.Read(x), inverse = Plain.Read(x);
        MathNet.Numerics.IntegralTransforms.Fourier.Forward(forward, FourierOptions.NoScaling);
        MathNet.Numerics.IntegralTransforms.Fourier.Inverse(inverse, FourierOptions.Matlab);
        Expect.Close(Tensor.From(forward), Fourier.Fft(x), 1e-12);
        Expect.Close(Tensor.From(inverse), Fourier.Ifft(x), 1e-12);
    }

    [Theory]
    [InlineData(FourierNorm.Backward)]
    [InlineData(FourierNorm.Ortho)]
    [InlineData(FourierNorm.Forward)]
    public void Inverses_undo_transforms(FourierNorm norm)
    {
        Tensor z = Case.Complexes([3, 4, 5]), x = Case.Numbers([3, 4, 5]);
        Expect.Close(z, Fourier.IfftN(Fourier.FftN(z, norm: norm), norm: norm), 1e-13);
        Expect.Close(z, Fourier.Ifft2(Fourier.Fft2(z, norm), norm), 1e-13);
        Expect.Close(x, Fourier.IrfftN(Fourier.RfftN(x, norm: norm), 5, norm: norm), 1e-13);
        Expect.Close(x, Fourier.Irfft2(Fourier.Rfft2(x, norm), 5, norm), 1e-13);
        Expect.Close(x, Fourier.Irfft(Fourier.Rfft(x, 1, norm: norm), axis: 1, norm: norm), 1e-13);
        for (var type = 1; type <= 4; type++) Expect.Close(x, Fourier.Idct(Fourier.Dct(x, type, 1, norm), type, 1, norm), 1e-13);
    }

    [Fact]
    public void The_orthonormal_transform_keeps_lengths()
    {
        var x = Case.Complexes([7]);
        var length = Tensor.Square(Tensor.Abs(x)).Sum().Item();
        Assert.Equal(length, Tensor.Square(Tensor.Abs(Fourier.Fft(x, norm: FourierNorm.Ortho))).Sum().Item(), 1e-13);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Imaginary_parts_that_no_real_signal_has_are_ignored(int length, bool isLastSeen)
    {
        Tensor z = Case.Complexes([3]), imaginary = Tensor.From(0.0, 0.0, 1.0);
        var atZero = Tensor.Complex(Tensor.Zeros([3], ElementType.Float64), Tensor.From(1.0, 0.0, 0.0));
        Expect.Close(Fourier.Irfft(z, length), Fourier.Irfft(z + atZero, length), 1e-15);
        var difference = Fourier.Irfft(z + Tensor.Complex(Tensor.ZerosLike(imaginary), imaginary), length) - Fourier.Irfft(z, length);
        Assert.Equal(isLastSeen, Tensor.Abs(difference).Max().Item() > 0.1);
        var gradient = Gradient.Of(z, x => (Fourier.Irfft(x, length) * Case.Numbers([length])).Sum());
        Assert.Equal(0, Tensor.Imaginary(gradient)[0].Item(), 1e-15);
        Assert.Equal(isLastSeen, Math.Abs(Tensor.Imaginary(gradient)[2].Item()) > 1e-3);
    }

    [Fact]
    public void The_gradient_of_the_power_is_the_signal_itself()
    {
        // Parseval: the sum of |y|^2 is n times that of x^2.
        var x = Case.Numbers([6]);
        Expect.Close(x * 12.0, Gradient.Of(x, v => Tensor.Square(Tensor.Abs(Fourier.Fft(v))).Sum()), 1e-12);
    }

    [Fact]
    public void The_cosine_transform_gives_the_published_values()
    {
        // scipy.fft.dct([1, 2, 3, 4]) and the same with norm="ortho".
        var x = Tensor.From(1.0, 2.0, 3.0, 4.0);
        Expect.Close(Tensor.From(20.0, -6.30864406, 0.0, -0.44834153), Fourier.Dct(x), 1e-9);
        Expect.Close(Tensor.From(5.0, -2.23044250, 0.0, -0.15851267), Fourier.Dct(x, norm: FourierNorm.Ortho), 1e-8);
    }

    [Fact]
    public void Frequencies_are_those_of_NumPy()
    {
        Assert.Equal([0, 1, 2, -2, -1], Fourier.Frequencies(5, 0.2).ToDoubles());
        Assert.Equal([0, 0.25, -0.5, -0.25], Fourier.Frequencies(4).ToDoubles());
        Assert.Equal([0, 0.25, 0.5], Fourier.RealFrequencies(4, type: ElementType.Float64).ToDoubles());
        Assert.Equal([0, 0.2, 0.4], Fourier.RealFrequencies(5, type: ElementType.Float64).ToDoubles());
    }

    [Fact]
    public void Shifting_puts_frequency_zero_in_the_middle()
    {
        Assert.Equal([-2, -1, 0, 1, 2], Fourier.Shift(Tensor.From(0, 1, 2, -2, -1)).ToDoubles());
        Assert.Equal([-2, -1, 0, 1], Fourier.Shift(Tensor.From(0, 1, -2, -1)).ToDoubles());
        var x = Tensor.Arange(15).Reshape(3, 5);
        Expect.Close(x, Fourier.Unshift(Fourier.Shift(x)), 0);
        Expect.Close(x, Fourier.Unshift(Fourier.Shift(x, -1), 1), 0);
    }

    [Fact]
    public void Precision_follows_the_samples()
    {
        Assert.Equal(ElementType.Complex64, Fourier.Fft(Tensor.Arange(4)).ElementType);
        Assert.Equal(ElementType.Complex64, Fourier.Rfft(Tensor.Ones([4])).ElementType);
        Assert.Equal(ElementType.Float32, Fourier.Irfft(Fourier.Rfft(Tensor.Ones([4]))).ElementType);
        Assert.Equal(ElementType.Float32, Fourier.Dct(Tensor.Ones([4]), 4).ElementType);
        Assert.Equal(ElementType.Float32, Fourier.Derivative(Tensor.Ones([4]), 1).ElementType);
    }

    [Fact]
    public void The_highest_frequency_of_an_even_number_has_no_first_derivative()
    {
        var alternating = Tensor.From(1.0, -1.0, 1.0, -1.0);
        Expect.Close(Tensor.ZerosLike(alternating), Fourier.Derivative(alternating, 2 * Math.PI), 1e-14);
        Expect.Close(alternating * -4.0, Fourier.Derivative(alternating, 2 * Math.PI, order: 2), 1e-14);
        Expect.Close(alternating, Fourier.Derivative(alternating, 2 * Math.PI, order: 0), 1e-14);
    }

    [Fact]
    public void Derivatives_respect_the_period_and_the_axis()
    {
        var t = Tensor.Arange(8, ElementType.Float64) * (3.0 / 8);
        var wave = Tensor.Sin(t * (2 * Math.PI / 3)).ExpandDims(1);
        Expect.Close(Tensor.Cos(t * (2 * Math.PI / 3)).ExpandDims(1) * (2 * Math.PI / 3), Fourier.Derivative(wave, 3, axis: 0), 1e-14);
    }

    [Fact]
    public void Empty_batches_are_transformed() => Assert.Equal([0, 3], Fourier.Rfft(Tensor.Zeros([0, 4])).Evaluate().Shape);

    [Fact]
    public void Mistakes_are_told_in_one_sentence()
    {
        Tensor x = Tensor.Ones([2, 4]), z = x.AsType(ElementType.Complex64);
        ErrorExpect.Sentence<ElementTypeException>(() => Fourier.Rfft(z), "rfft", "c64[2, 4]", "f32 or f64");
        ErrorExpect.Sentence<ElementTypeException>(() => Tensor.Bind(new Fft(FftKind.Forward, [0], 0, 1), x), "fft", "f32[2, 4]", "c64 or c128");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Fft(x, 2), "fft", "axis 2");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.FftN(x, [1, -1]), "fft", "twice");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Fft(Tensor.Zeros([0])), "fft", "with elements");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Fft(Tensor.Scalar(1.0)), "fft", "no axis");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Fft(x, length: 0), "fft", "0 samples");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Irfft(z, 0), "irfft", "0 samples");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Bind(new Fft(FftKind.InverseReal, [1], 4, 1), z), "irfft", "3 frequencies", "has 4");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Dct(x, 5), "dct", "type 5");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Dct(Tensor.Ones([1]), 1), "dct", "at least 2");
        ErrorExpect.Sentence<ElementTypeException>(() => Fourier.Dct(z, 3), "dct", "c64");
        ErrorExpect.Sentence<ShapeException>(() => Fourier.Derivative(x, 1, order: -1), "derivative", "order -1");
    }
}
