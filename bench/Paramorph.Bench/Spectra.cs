using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Times Fourier transforms and convolutions on one thread: the rate, and the fraction of what the machine was measured to do.</summary>
public static unsafe class Spectra
{
    /// <param name="args">
    /// "fft" or "convolution" for one of the two, and after it a largest batch: on a busy machine only short runs are left alone.
    /// </param>
    public static void Run(string[] args)
    {
        var largestBatch = args is [_, var batch] ? int.Parse(batch) : int.MaxValue;
        if (args is [] or ["fft", ..])
            Transforms(largestBatch);
        if (args is [] or ["convolution", ..])
            Convolutions(largestBatch);
    }

    private static void Transforms(int largestBatch)
    {
        Console.WriteLine("Fourier transforms, f32, one thread. GFLOP/s counts 5 n log2 n a line (half of it for real ones).");
        foreach (var n in (int[])[8, 16, 32, 64, 128, 256, 1024, 60, 100, 61, 127])
        {
            var lines = Math.Max(64, (1 << 16) / n);
            var own = Time(FftKind.Forward, [lines, n], [1]);
            var line = $"  complex [{lines}, {n}]: {Rate(own, lines, n, 5),6:F1} GFLOP/s";
            if (BitOperations.IsPow2(n))
                line += $", naive radix 2 takes {NaiveTime(lines, n) / own:F1} times as long";
            Console.WriteLine(line);
        }
        var large = Time(FftKind.Forward, [1, 1 << 18], [1]);
        Console.WriteLine($"  complex [1, 262144]: {Rate(large, 1, 1 << 18, 5):F1} GFLOP/s");
        var batch = Math.Min(largestBatch, 16);
        int[] images = [32 * batch, 64, 64];
        var points = images.Aggregate(1L, (n, size) => n * size);
        Report($"rfft2 [{batch}, 32, 64, 64]", Time(FftKind.Real, images, [1, 2]), points, 12);
        Report($"irfft2 [{batch}, 32, 64, 64]", Time(FftKind.InverseReal, images, [1, 2]), points, 12);
        Report($"rfft2 [{batch}, 32, 64, 64], 12 modes", Time(FftKind.Real, images, [1, 2], (12, 12), (12, 0)), points, 12);
        Report($"irfft2 [{batch}, 32, 64, 64], 12 modes", Time(FftKind.InverseReal, images, [1, 2], (12, 12), (12, 0)), points, 12);
        Report($"fft2 of columns [{batch}, 64, 64, 32]", Time(FftKind.Forward, [batch, 64, 64, 32], [1, 2]), 2 * points, 12);
    }

    private static void Convolutions(int largestBatch)
    {
        var peak = Peak();
        Console.WriteLine($"Convolutions, f32, one thread; the multiply-add peak is {peak:F1} GFLOP/s.");
        var three = ConvolutionAxis.Padded(32, 3, 1, 1, 1);
        var forward = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 64), 1, 32, 32, three, three);
        ReportConvolution("[64, 32, 32, 32] 3x3 -> 32", forward, forward, peak);
        ReportConvolution("  its gradient in the input", InputGradient(forward), forward, peak);
        ReportConvolution("  its gradient in the kernel", KernelGradient(forward), forward, peak);
        var one = new ConvolutionAxis(64, 1, 64);
        var pointwise = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 16), 1, 32, 64, one, one);
        ReportConvolution("[16, 32, 64, 64] 1x1 -> 64", pointwise, pointwise, peak);
        ReportConvolution("  its gradient in the kernel", KernelGradient(pointwise), pointwise, peak);
        var strided = ConvolutionAxis.Padded(32, 3, 2, 1, 1);
        var half = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 64), 1, 32, 64, strided, strided);
        ReportConvolution("[64, 32, 32, 32] 3x3 -> 64, stride 2", half, half, peak);
        ReportConvolution("  its gradient in the input", InputGradient(half), half, peak);
        ReportConvolution("  its gradient in the kernel", KernelGradient(half), half, peak);
        var depthwise = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 16), 64, 1, 1, three, three);
        ReportConvolution("[16, 64, 32, 32] 3x3 depthwise", depthwise, depthwise, peak);
        ReportConvolution("  its gradient in the kernel", KernelGradient(depthwise), depthwise, peak);
        var line = ConvolutionAxis.Padded(1024, 7, 1, 3, 3);
        var signal = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 16), 1, 16, 16, line);
        ReportConvolution("[16, 16, 1024] 7 -> 16", signal, signal, peak);
        var first = ConvolutionGeometry.RowMajor(Math.Min(largestBatch, 64), 1, 3, 32, three, three);
        ReportConvolution("[64, 3, 32, 32] 3x3 -> 32", first, first, peak);
    }

    private static void ReportConvolution(string name, ConvolutionGeometry geometry, ConvolutionGeometry counted, double peak)
    {
        var convolution = new Convolution<float>(geometry);
        var operations = 2.0 * counted.Batch * counted.Groups * counted.InputChannels * counted.OutputChannels
            * counted.Axes.Aggregate(1.0, (n, a) => n * a.OutputSize * a.KernelSize);
        using Memory<float> input = new(Count(geometry, geometry.Input, geometry.InputChannels, a => a.InputSize));
        using Memory<float> kernel = new(2 * Count(geometry, geometry.Output, 1, a => a.OutputSize) + (1 << 24));
        using Memory<float> output = new(2 * Count(geometry, geometry.Output, geometry.OutputChannels, a => a.OutputSize) + (1 << 20));
        using Memory<float> shared = new(convolution.SharedLength);
        using Memory<float> work = new(convolution.WorkLength);
        var seconds = Best(() =>
        {
            for (var stage = 0; stage < convolution.Stages; stage++)
                for (var piece = 0; piece < convolution.Pieces(stage); piece++)
                    convolution.Run(stage, piece, input.Start, kernel.Start + (1 << 20), output.Start, null, shared.Start, work.Start);
        });
        var rate = operations / seconds * 1e-9;
        Console.WriteLine($"  {name}: {seconds * 1e3:F2} ms, {rate:F1} GFLOP/s, {rate / peak:P0} of the peak");
    }

    private static long Count(ConvolutionGeometry g, OperandStrides strides, int channels, Func<ConvolutionAxis, int> size) =>
        1 + (g.Batch - 1) * strides.Outer + (g.Groups - 1) * strides.Group + (channels - 1) * strides.Channel
            + g.Axes.Select((a, i) => (size(a) - 1) * strides.Spatial[i]).Aggregate((a, b) => a + b);

    private static ConvolutionGeometry InputGradient(ConvolutionGeometry f) => new()
    {
        Batch = f.Batch,
        Groups = f.Groups,
        InputChannels = f.OutputChannels,
        OutputChannels = f.InputChannels,
        Axes = [.. f.Axes.Select(a => new ConvolutionAxis(a.OutputSize, a.KernelSize, a.InputSize, 1, a.KernelSize - 1 - a.PaddingLow, a.Stride))],
        Input = f.Output,
        Kernel = new(f.Kernel.Channel, f.Kernel.Group, f.Kernel.Outer, [.. f.Kernel.Spatial.Select(s => -s)]),
        Output = f.Input,
    };

    private static ConvolutionGeometry KernelGradient(ConvolutionGeometry f) => new()
    {
        Batch = f.InputChannels,
        Groups = f.Groups,
        InputChannels = f.Batch,
        OutputChannels = f.OutputChannels,
        Axes = [.. f.Axes.Select(a => new ConvolutionAxis(a.InputSize, a.OutputSize, a.KernelSize, 1, a.PaddingLow, 1, a.Stride))],
        Input = new(f.Input.Channel, f.Input.Group, f.Input.Outer, f.Input.Spatial),
        Kernel = new(f.Output.Channel, f.Output.Group, f.Output.Outer, f.Output.Spatial),
        Output = new(f.Kernel.Channel, f.Kernel.Group, f.Kernel.Outer, f.Kernel.Spatial),
    };

    private static void Report(string name, double seconds, long points, double logarithm) =>
        Console.WriteLine($"  {name}: {seconds * 1e3:F2} ms, {2.5 * points * logarithm / seconds * 1e-9:F1} GFLOP/s of the whole transform");

    private static double Rate(double seconds, int lines, int n, double factor) => factor * lines * n * Math.Log2(n) / seconds * 1e-9;

    private static double Time(FftKind kind, int[] shape, int[] axes, params (int Low, int High)[] kept)
    {
        var fft = new Fft<float>(kind, shape, axes, kept);
        var points = shape.Aggregate(1L, (n, s) => n * s);
        using Memory<float> input = new(4 * points);
        using Memory<float> output = new(4 * points);
        using Memory<float> shared = new(fft.SharedLength);
        using Memory<float> work = new(fft.WorkLength);
        return Best(() =>
        {
            for (var stage = 0; stage < fft.Stages; stage++)
                for (var piece = 0; piece < fft.Pieces(stage); piece++)
                    fft.Run(stage, piece, input.Start, output.Start, shared.Start, work.Start);
        });
    }

    /// <summary>The textbook transform: recursive halving written as loops over one line at a time.</summary>
    private static double NaiveTime(int lines, int n)
    {
        var data = new Complex32[lines * n];
        var roots = Enumerable.Range(0, n / 2).Select(k => new Complex32(MathF.Cos(2 * MathF.PI * k / n), -MathF.Sin(2 * MathF.PI * k / n))).ToArray();
        return Best(() =>
        {
            for (var line = 0; line < lines; line++)
                Radix2(data.AsSpan(line * n, n), roots);
        });
    }

    private static void Radix2(Span<Complex32> x, Complex32[] roots)
    {
        for (int i = 1, j = 0; i < x.Length; i++)
        {
            var bit = x.Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
                (x[i], x[j]) = (x[j], x[i]);
        }
        for (var length = 2; length <= x.Length; length *= 2)
            for (var start = 0; start < x.Length; start += length)
                for (var k = 0; k < length / 2; k++)
                {
                    var (a, b, w) = (x[start + k], x[start + k + length / 2], roots[k * (x.Length / length)]);
                    var (re, im) = (b.Re * w.Re - b.Im * w.Im, b.Re * w.Im + b.Im * w.Re);
                    x[start + k] = new(a.Re + re, a.Im + im);
                    x[start + k + length / 2] = new(a.Re - re, a.Im - im);
                }
    }

    /// <summary>The rate of independent multiply-adds that touch no memory.</summary>
    private static double Peak()
    {
        const int rounds = 1 << 20;
        var seconds = Best(() => Chains(rounds));
        return rounds * 12 * 2.0 * Vector<float>.Count / seconds * 1e-9;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector<float> Chains(int rounds)
    {
        Vector<float> x = new(0.999f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector.FusedMultiplyAdd(a, x, x);
            b = Vector.FusedMultiplyAdd(b, x, x);
            c = Vector.FusedMultiplyAdd(c, x, x);
            d = Vector.FusedMultiplyAdd(d, x, x);
            e = Vector.FusedMultiplyAdd(e, x, x);
            f = Vector.FusedMultiplyAdd(f, x, x);
            g = Vector.FusedMultiplyAdd(g, x, x);
            h = Vector.FusedMultiplyAdd(h, x, x);
            i = Vector.FusedMultiplyAdd(i, x, x);
            j = Vector.FusedMultiplyAdd(j, x, x);
            k = Vector.FusedMultiplyAdd(k, x, x);
            l = Vector.FusedMultiplyAdd(l, x, x);
        }
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    /// <summary>The best of many runs, or the mean of their processor time if that is less: on a busy machine the clock measures the neighbours.</summary>
    private static double Best(Action action)
    {
        for (var run = 0; run < 3; run++)
            action();
        var best = double.MaxValue;
        var total = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var runs = 0;
        for (; runs < 5 || total.ElapsedMilliseconds < 1200; runs++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return Math.Min(best, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / runs);
    }

    private readonly record struct Complex32(float Re, float Im);

    /// <summary>Aligned memory with ordinary numbers in it.</summary>
    private sealed class Memory<T>(long length) : IDisposable
        where T : unmanaged, INumber<T>
    {
        public T* Start { get; } = Allocate(length);

        public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree(Start);

        private static T* Allocate(long length)
        {
            var start = (T*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)((length + 64) * sizeof(T)), 64);
            for (long i = 0; i < length; i++)
                start[i] = T.CreateTruncating((i * 31 % 97 - 48) / 97.0);
            return start;
        }
    }
}
