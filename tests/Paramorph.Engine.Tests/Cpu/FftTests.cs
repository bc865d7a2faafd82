using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class FftTests
{
    public static TheoryData<int> Lengths()
    {
        var data = new TheoryData<int>();
        foreach (var n in Enumerable.Range(1, 128).Concat([251, 256, 360, 512, 1000, 1009, 1024, 2048]))
            data.Add(n);
        return data;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_is_the_sum_over_points(int n)
    {
        Complex_lines_agree<double>(n, 1e-13, inverse: false);
        Complex_lines_agree<float>(n, 1e-6, inverse: false);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Inverse_is_the_mean_over_frequencies(int n)
    {
        Complex_lines_agree<double>(n, 1e-13, inverse: true);
        Complex_lines_agree<float>(n, 1e-6, inverse: true);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Real_forward_gives_the_first_half_of_the_spectrum(int n)
    {
        Real_lines_agree<double>(n, n / 2 + 1, 1e-13);
        Real_lines_agree<float>(n, n / 2 + 1, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Inverse_real_undoes_real_forward_and_ignores_what_cannot_be_real(int n)
    {
        Inverse_real_lines_agree<double>(n, n / 2 + 1, 1e-13);
        Inverse_real_lines_agree<float>(n, n / 2 + 1, 1e-6);
    }

    [Theory]
    [InlineData(64, 12)]
    [InlineData(64, 33)]
    [InlineData(61, 5)]
    [InlineData(97, 40)]
    [InlineData(256, 3)]
    [InlineData(9, 1)]
    [InlineData(8, 5)]
    public void Truncated_real_spectra_are_the_start_of_the_whole(int n, int modes)
    {
        Real_lines_agree<double>(n, modes, 1e-13);
        Real_lines_agree<float>(n, modes, 1e-6);
        Inverse_real_lines_agree<double>(n, modes, 1e-13);
        Inverse_real_lines_agree<float>(n, modes, 1e-6);
    }

    [Theory]
    [InlineData(64, 12, 12)]
    [InlineData(64, 32, 32)]
    [InlineData(64, 0, 4)]
    [InlineData(64, 50, 3)]
    [InlineData(61, 7, 6)]
    [InlineData(128, 60, 60)]
    [InlineData(10, 3, 7)]
    public void Truncated_complex_spectra_are_the_ends_of_the_whole(int n, int low, int high)
    {
        Complex_lines_agree<double>(n, 1e-13, false, low, high);
        Complex_lines_agree<float>(n, 1e-6, false, low, high);
        Complex_lines_agree<double>(n, 1e-13, true, low, high);
        Complex_lines_agree<float>(n, 1e-6, true, low, high);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_axis_of_any_strides_may_be_transformed(int axis)
    {
        int[] shape = [5, 12, 9];
        var x = Signal(5 * 12 * 9);
        // The input lies with its axes in the order 2, 0, 1.
        nint[] strides = [12, 1, 60];
        var moved = new Complex[x.Length];
        for (var i = 0; i < 5; i++)
            for (var j = 0; j < 12; j++)
                for (var k = 0; k < 9; k++)
                    moved[i * 12 + j + k * 60] = x[(i * 12 + j) * 9 + k];
        var expected = AlongAxis(x, shape, axis, line => Naive(line, -1));
        var actual = Run<double>(new Fft<double>(FftKind.Forward, shape, [axis], default, strides), moved, x.Length);
        Close(expected, actual, 1e-13);
    }

    [Theory]
    [InlineData(3, 4, 6, 10)]
    [InlineData(2, 3, 64, 64)]
    [InlineData(1, 1, 300, 200)]
    public void Two_axes_are_one_after_the_other(int batch, int channels, int height, int width)
    {
        int[] shape = [batch, channels, height, width];
        var x = Signal(batch * channels * height * width).Select(z => new Complex(z.Real, 0)).ToArray();
        var rows = AlongAxis(x, shape, 3, line => Naive(line, -1)[..(width / 2 + 1)]);
        var expected = AlongAxis(rows, [batch, channels, height, width / 2 + 1], 2, line => Naive(line, -1));
        var forward = new Fft<double>(FftKind.Real, shape, [2, 3]);
        var spectrum = RunReal(forward, [.. x.Select(z => z.Real)], expected.Length);
        Close(expected, spectrum, 1e-12);
        var back = new Fft<double>(FftKind.InverseReal, shape, [2, 3]);
        Close(x, RunToReal(back, spectrum, x.Length), 1e-13);
    }

    [Fact]
    public void Truncation_keeps_the_corners_of_a_two_dimensional_spectrum()
    {
        int[] shape = [6, 64, 64];
        var x = Signal(6 * 64 * 64).Select(z => new Complex(z.Real, 0)).ToArray();
        var whole = RunReal(new Fft<double>(FftKind.Real, shape, [1, 2]), [.. x.Select(z => z.Real)], 6 * 64 * 33);
        var fft = new Fft<double>(FftKind.Real, shape, [1, 2], [(12, 12), (12, 0)]);
        Assert.Equal([6, 24, 12], fft.SpectrumShape);
        var kept = RunReal(fft, [.. x.Select(z => z.Real)], 6 * 24 * 12);
        var masked = new Complex[whole.Length];
        for (var b = 0; b < 6; b++)
            for (var i = 0; i < 24; i++)
                for (var j = 0; j < 12; j++)
                {
                    var row = i < 12 ? i : i + 40;
                    var value = whole[(b * 64 + row) * 33 + j];
                    masked[(b * 64 + row) * 33 + j] = value;
                    Assert.True((kept[(b * 24 + i) * 12 + j] - value).Magnitude < 1e-10);
                }
        var smooth = RunToReal(new Fft<double>(FftKind.InverseReal, shape, [1, 2]), masked, x.Length);
        Close(smooth, RunToReal(new Fft<double>(FftKind.InverseReal, shape, [1, 2], [(12, 12), (12, 0)]), kept, x.Length), 1e-13);
    }

    [Theory]
    [InlineData(1 << 14)]
    [InlineData(3 * 5 * 7 * 11 * 17)]
    [InlineData(17_389)]
    public void Long_lines_hold_the_frequencies_that_were_put_in(int n)
    {
        // A sum of a few waves has a spectrum known in closed form, so that no slow sum is needed.
        (int Frequency, Complex Amplitude)[] waves = [(0, 2), (1, new(1, -1)), (n / 3, new(0.5, 2)), (n / 2, -1), (n - 2, new(0, 3))];
        var x = new Complex[n];
        var spectrum = new Complex[n];
        foreach (var (frequency, amplitude) in waves)
        {
            spectrum[frequency] += amplitude * n;
            for (var j = 0; j < n; j++)
            {
                var (sin, cos) = double.SinCosPi(2.0 * ((long)frequency * j % n) / n);
                x[j] += amplitude * new Complex(cos, sin);
            }
        }
        Close(spectrum, Run(new Fft<double>(FftKind.Forward, [1, n], [1]), x, n), 1e-13);
        Close(x, Run(new Fft<double>(FftKind.Inverse, [1, n], [1]), spectrum, n), 1e-13);
        Close(x, Run(new Fft<float>(FftKind.Inverse, [1, n], [1]), spectrum, n), 1e-6);
        var half = RunReal(new Fft<double>(FftKind.Real, [1, n], [1]), [.. x.Select(z => z.Real)], n / 2 + 1);
        for (var k = 0; k <= n / 2; k++)
            Assert.True((half[k] - (spectrum[k] + Complex.Conjugate(spectrum[(n - k) % n])) / 2).Magnitude < 1e-12 * n);
        Close([.. x.Select(z => new Complex(z.Real, 0))], RunToReal(new Fft<double>(FftKind.InverseReal, [1, n], [1]), half, n), 1e-13);
        var few = Run(new Fft<double>(FftKind.Forward, [1, n], [1], [(2, 3)]), x, 5);
        Close([spectrum[0], spectrum[1], spectrum[n - 3], spectrum[n - 2], spectrum[n - 1]], few, 1e-13);
    }

    [Fact]
    public void More_frequencies_than_there_are_is_an_error() =>
        Assert.Throws<ArgumentException>(() => new Fft<float>(FftKind.Real, [4, 16], [1], [(10, 0)]));

    private static void Complex_lines_agree<T>(int n, double tolerance, bool inverse, int low = -1, int high = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        low = low < 0 ? n : low;
        var lines = n > 256 ? 2 : 11;
        var kept = low + high;
        var x = Signal(lines * (inverse ? kept : n));
        var expected = AlongAxis(x, [lines, inverse ? kept : n], 1, line =>
        {
            if (!inverse)
            {
                var all = Naive(line, -1);
                return [.. all[..low], .. all[(n - high)..]];
            }
            var padded = new Complex[n];
            line[..low].CopyTo(padded, 0);
            line[low..].CopyTo(padded, n - high);
            return [.. Naive(padded, 1).Select(z => z / n)];
        });
        var fft = new Fft<T>(inverse ? FftKind.Inverse : FftKind.Forward, [lines, n], [1], [(low, high)]);
        Close(expected, Run(fft, x, expected.Length), tolerance);
    }

    private static void Real_lines_agree<T>(int n, int modes, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lines = n > 256 ? 3 : 21;
        var x = Signal(lines * n).Select(z => new Complex(z.Real, 0)).ToArray();
        var expected = AlongAxis(x, [lines, n], 1, line => Naive(line, -1)[..modes]);
        var fft = new Fft<T>(FftKind.Real, [lines, n], [1], [(modes, 0)]);
        Close(expected, RunReal(fft, [.. x.Select(z => T.CreateTruncating(z.Real))], expected.Length), tolerance);
    }

    private static void Inverse_real_lines_agree<T>(int n, int modes, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lines = n > 256 ? 3 : 21;
        var x = Signal(lines * modes);
        var expected = AlongAxis(x, [lines, modes], 1, line =>
        {
            var whole = new Complex[n];
            for (var k = 0; k < modes; k++)
            {
                whole[k] = line[k];
                if (k == 0 || 2 * k == n)
                    whole[k] = line[k].Real;
                else
                    whole[n - k] = Complex.Conjugate(line[k]);
            }
            return [.. Naive(whole, 1).Select(z => z / n)];
        });
        Close(expected, RunToReal(new Fft<T>(FftKind.InverseReal, [lines, n], [1], [(modes, 0)]), x, expected.Length), tolerance);
    }

    private static Complex[] Naive(Complex[] x, int sign)
    {
        var n = x.Length;
        var roots = new Complex[n];
        for (var k = 0; k < n; k++)
        {
            var (sin, cos) = double.SinCosPi(2.0 * k / n);
            roots[k] = new Complex(cos, sign * sin);
        }
        var y = new Complex[n];
        for (var k = 0; k < n; k++)
            for (var j = 0; j < n; j++)
                y[k] += x[j] * roots[(long)j * k % n];
        return y;
    }

    private static Complex[] AlongAxis(Complex[] x, int[] shape, int axis, Func<Complex[], Complex[]> transform)
    {
        var inner = shape[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        var outer = shape[..axis].Aggregate(1, (a, b) => a * b);
        var n = shape[axis];
        Complex[]? result = null;
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var line = transform([.. Enumerable.Range(0, n).Select(j => x[(o * n + j) * inner + i])]);
                result ??= new Complex[outer * line.Length * inner];
                for (var j = 0; j < line.Length; j++)
                    result[(o * line.Length + j) * inner + i] = line[j];
            }
        return result!;
    }

    private static Complex[] Signal(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
    }

    private static T[] Interleaved<T>(Complex[] x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. x.SelectMany(z => new[] { T.CreateTruncating(z.Real), T.CreateTruncating(z.Imaginary) })];

    private static Complex[] Run<T>(Fft<T> fft, Complex[] x, int count)
        where T : unmanaged, IFloatingPointIeee754<T> => Pairs(Execute(fft, Interleaved<T>(x), 2 * count));

    private static Complex[] RunReal<T>(Fft<T> fft, T[] x, int count)
        where T : unmanaged, IFloatingPointIeee754<T> => Pairs(Execute(fft, x, 2 * count));

    private static Complex[] RunToReal<T>(Fft<T> fft, Complex[] x, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Execute(fft, Interleaved<T>(x), count).Select(v => new Complex(double.CreateTruncating(v), 0))];

    private static Complex[] Pairs<T>(T[] y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, y.Length / 2).Select(i => new Complex(double.CreateTruncating(y[2 * i]), double.CreateTruncating(y[2 * i + 1])))];

    private static T[] Execute<T>(Fft<T> fft, T[] x, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var y = new T[count];
        Array.Fill(y, T.NaN);
        var shared = new T[fft.SharedLength];
        var work = new T[fft.WorkLength];
        fixed (T* input = x, output = y, s = shared, w = work)
            for (var stage = 0; stage < fft.Stages; stage++)
                for (var piece = fft.Pieces(stage) - 1; piece >= 0; piece--)
                    fft.Run(stage, piece, input, output, s, w);
        return y;
    }

    private static void Close(Complex[] expected, Complex[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        // Errors of a transform scale with the largest number that takes part in it.
        var scale = expected.Max(z => z.Magnitude) + 1e-300;
        for (var i = 0; i < expected.Length; i++)
            Assert.True((expected[i] - actual[i]).Magnitude <= tolerance * scale, $"element {i}: {expected[i]} and {actual[i]}, scale {scale}");
    }
}
