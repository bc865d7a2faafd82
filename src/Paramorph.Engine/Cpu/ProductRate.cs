using System.Diagnostics;

namespace Paramorph.Cpu;

/// <summary>What one core of this machine reaches in a product of matrices that fits its cache: what other steps are compared with.</summary>
internal static class ProductRate
{
    private const int Size = 192;
    private const int Runs = 200;
    private static readonly Lazy<double> measured = new(Measure);

    /// <summary>Operations a second, measured at the first call.</summary>
    public static double Measured => measured.Value;

    private static unsafe double Measure()
    {
        using var scratch = Scratch.Open();
        float* a = scratch.Take<float>(Size * Size), b = scratch.Take<float>(Size * Size), c = scratch.Take<float>(Size * Size);
        new Span<float>(a, Size * Size).Fill(0.5f);
        new Span<float>(b, Size * Size).Fill(0.25f);
        var product = new Product<float>(Size, Size, Size, new MatrixView<float>(a, Size), new MatrixView<float>(b, Size), c, Size);
        var best = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            Gemm<float>.Default.Multiply(product);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Size * Size * Size / best;
    }
}
