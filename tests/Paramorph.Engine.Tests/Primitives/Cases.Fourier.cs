using System.Numerics;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> FourierTransforms =>
    [
        .. new[] { 1, 2, 5, 6 }.SelectMany(n => new Case[]
        {
            new("fft", $"of {n}", x => [Fourier.Fft(x[0])], Case.Complexes([2, n])) { Truth = x => [Dft(x[0], 1, -1)] },
            new("ifft", $"of {n}", x => [Fourier.Ifft(x[0], 0)], Case.Complexes([n, 2])) { Truth = x => [Dft(x[0], 0, 1) / n] },
            new("rfft", $"of {n}", x => [Fourier.Rfft(x[0])], Case.Numbers([2, n])) { Truth = x => [Dft(x[0], 1, -1).SliceAxis(1, 0, n / 2 + 1)] },
            new("irfft", $"to {n}", x => [Fourier.Irfft(x[0], n, 0)], Case.Complexes([n / 2 + 1, 2])) { Truth = x => [InverseReal(x[0], 0, n) / n] },
        }),
        new("fft", "over several axes", x => [Fourier.FftN(x[0], [0, 2])], Case.Complexes([3, 2, 4])) { Truth = x => [Dft(Dft(x[0], 0, -1), 2, -1)] },
        new("fft", "orthonormal", x => [Fourier.Fft2(x[0], FourierNorm.Ortho)], Case.Complexes([3, 2]))
        {
            Truth = x => [Dft(Dft(x[0], 0, -1), 1, -1) / Math.Sqrt(6)],
        },
        new("ifft", "normalised forward", x => [Fourier.Ifft2(x[0], FourierNorm.Forward)], Case.Complexes([3, 2])) { Truth = x => [Dft(Dft(x[0], 0, 1), 1, 1)] },
        new("fft", "continued with zeros", x => [Fourier.Fft(x[0], length: 5)], Case.Numbers([3])) { Truth = x => [Dft(x[0].Pad([(0, 2)]), 0, -1)] },
        new("rfft", "over several axes", x => [Fourier.RfftN(x[0], [2, 0])], Case.Numbers([4, 2, 3]))
        {
            Truth = x => [Dft(Dft(x[0], 2, -1), 0, -1).SliceAxis(0, 0, 3)],
        },
        new("rfft", "over two axes, normalised forward", x => [Fourier.Rfft2(x[0], FourierNorm.Forward)], Case.Numbers([3, 5]))
        {
            Truth = x => [Dft(Dft(x[0], 0, -1), 1, -1).SliceAxis(1, 0, 3) / 15.0],
        },
        new("irfft", "over several axes", x => [Fourier.IrfftN(x[0], 5, [2, 0])], Case.Complexes([3, 2, 3]))
        {
            Truth = x => [InverseReal(Dft(x[0], 2, 1), 0, 5) / 15.0],
        },
        new("irfft", "over two axes, orthonormal", x => [Fourier.Irfft2(x[0], norm: FourierNorm.Ortho)], Case.Complexes([3, 3]))
        {
            Truth = x => [InverseReal(Dft(x[0], 0, 1), 1, 4) / Math.Sqrt(12)],
        },
        new("irfft", "of too many frequencies", x => [Fourier.Irfft(x[0], 4)], Case.Complexes([5])) { Truth = x => [InverseReal(x[0][..3], 0, 4) / 4.0] },
        .. new[] { 1, 2, 3, 4 }.SelectMany(type => Enum.GetValues<FourierNorm>().Select(norm =>
            new Case("dct", $"of type {type} normalised {norm}", x => [Fourier.Dct(x[0], type, 0, norm)], Case.Numbers([5, 2]))
            {
                Truth = x => [Plain.Lines(x[0], 0, line => Cosines(line, type, norm), ElementType.Float64)],
            })),
        new("idct", "", x => [Fourier.Idct(Fourier.Dct(x[0]))], Case.Numbers([4])) { Truth = x => x },
        new("spectral derivative", "of an even number", x => [Fourier.Derivative(x[0] * Sampled(6, v => Math.Sin(2 * v)), 2 * Math.PI)], Case.Numbers([1]))
        {
            Truth = x => [x[0] * Sampled(6, v => 2 * Math.Cos(2 * v))],
        },
        new("spectral derivative", "of second order", x => [Fourier.Derivative(x[0] * Sampled(7, v => Math.Cos(3 * v)), 2 * Math.PI, order: 2)], Case.Numbers([1]))
        {
            Truth = x => [x[0] * Sampled(7, v => -9 * Math.Cos(3 * v))],
        },
        new("spectral derivative", "of complex samples", x => [Fourier.Derivative(x[0] * Sampled(5, Math.Sin), 2 * Math.PI, order: 3)], Case.Complexes([1]))
        {
            Truth = x => [x[0] * Sampled(5, v => -Math.Cos(v))],
        },
    ];

    /// <summary>A function at equal distances over [0, 2 pi).</summary>
    private static Tensor Sampled(int count, Func<double, double> function) =>
        Tensor.From<double>([.. Enumerable.Range(0, count).Select(i => function(2 * Math.PI * i / count))], [count]);

    /// <summary>The discrete Fourier sum along an axis, by its definition.</summary>
    private static Tensor Dft(Tensor x, int axis, int sign) => Plain.Lines(x, axis, line => Sums(line, line.Length, sign), ElementType.Complex128);

    /// <summary>The frequencies up to n / 2 completed by conjugates, and summed.</summary>
    private static Tensor InverseReal(Tensor x, int axis, int n) => Plain.Lines(
        x, axis,
        line => Sums([.. Enumerable.Range(0, n).Select(k => k == 0 || 2 * k == n ? line[k].Real : 2 * k < n ? line[k] : Complex.Conjugate(line[n - k]))], n, 1),
        ElementType.Float64);

    private static Complex[] Sums(Complex[] line, int count, int sign) => [.. Enumerable.Range(0, count).Select(k =>
        line.Select((v, j) => v * Complex.Exp(new Complex(0, sign * 2 * Math.PI * j * k / line.Length))).Aggregate(Complex.Zero, (a, b) => a + b))];

    /// <summary>The cosine transforms as SciPy defines them.</summary>
    private static Complex[] Cosines(Complex[] x, int type, FourierNorm norm)
    {
        var n = x.Length;
        double period = type == 1 ? 2 * n - 2 : 2 * n;
        var matrix = new double[n, n];
        for (var k = 0; k < n; k++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[k, j] = type switch
                {
                    1 => (j == 0 || j == n - 1 ? 1 : 2) * Math.Cos(Math.PI * k * j / (n - 1)),
                    2 => 2 * Math.Cos(Math.PI * k * (2 * j + 1) / (2 * n)),
                    3 => (j == 0 ? 1 : 2) * Math.Cos(Math.PI * j * (2 * k + 1) / (2 * n)),
                    _ => 2 * Math.Cos(Math.PI * (2 * j + 1) * (2 * k + 1) / (4 * n)),
                };
                if (norm == FourierNorm.Forward) matrix[k, j] /= period;
            }
        }
        if (norm == FourierNorm.Ortho) Orthonormalise(matrix, type);
        return [.. Enumerable.Range(0, n).Select(k => Enumerable.Range(0, n).Aggregate(Complex.Zero, (sum, j) => sum + matrix[k, j] * x[j]))];
    }

    /// <summary>Cosines of the symmetric forms: entries cos(...) with 1 / sqrt(2) at the ends, all rows of length 1.</summary>
    private static void Orthonormalise(double[,] matrix, int type)
    {
        var n = matrix.GetLength(0);
        bool IsEnd(int i) => i == 0 || (type == 1 && i == n - 1);
        for (var k = 0; k < n; k++)
        {
            double length = 0;
            for (var j = 0; j < n; j++)
            {
                if (type is 1 or 3 && IsEnd(j)) matrix[k, j] *= Math.Sqrt(2);
                length += matrix[k, j] * matrix[k, j];
            }
            for (var j = 0; j < n; j++) matrix[k, j] /= Math.Sqrt(length);
        }
    }
}
