using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Products of matrices against OpenBLAS in the same run and against the machine's peak.</summary>
internal static unsafe class ProductsBench
{
    /// <summary>One shape: C [m, n] = op(A) [m, k] op(B) [k, n].</summary>
    private sealed record Shape(string Name, int M, int N, int K, bool TransposesA = false, bool TransposesB = false, bool IsPacked = false);

    private static readonly Shape[] Shapes =
    [
        new("block in cache", 144, 192, 256, IsPacked: true),
        new("square 64", 64, 64, 64),
        new("square 128", 128, 128, 128),
        new("square 256", 256, 256, 256),
        new("square 512", 512, 512, 512),
        new("square 1024", 1024, 1024, 1024),
        new("square 1024 packed", 1024, 1024, 1024, IsPacked: true),
        new("square 1024 A'", 1024, 1024, 1024, TransposesA: true),
        new("square 1024 B'", 1024, 1024, 1024, TransposesB: true),
        new("layer 50", 10_000, 50, 50),
        new("layer 50 packed", 10_000, 50, 50, IsPacked: true),
        new("layer 50 B'", 10_000, 50, 50, TransposesB: true),
        new("layer 20", 10_000, 20, 20),
        new("layer 20 B'", 10_000, 20, 20, TransposesB: true),
        new("layer 2 to 20", 10_000, 20, 2),
        new("layer 20 to 1", 10_000, 1, 20),
        new("layer 50 to 1", 10_000, 1, 50),
        new("tile 256 of layer 50", 256, 50, 50, IsPacked: true),
        new("tile 256 of layer 20", 256, 20, 20, IsPacked: true),
        new("weight gradient 20", 20, 20, 10_000, TransposesA: true),
        new("weight gradient 50", 50, 50, 10_000, TransposesA: true),
        new("weight gradient 2x20", 2, 20, 10_000, TransposesA: true),
        new("weight gradient 20x1", 20, 1, 10_000, TransposesA: true),
        new("images 784 to 256", 128, 256, 784),
        new("images gradient", 784, 256, 128, TransposesA: true),
        new("row times matrix", 1, 1024, 1024),
        new("row times matrix B'", 1, 1024, 1024, TransposesB: true),
        new("matrix times column", 1024, 1, 1024),
        new("cube 8", 8, 8, 8),
        new("cube 16", 16, 16, 16),
        new("cube 20", 20, 20, 20),
        new("cube 32", 32, 32, 32),
    ];

    public static void Run(bool json, string[] filters)
    {
        OpenBlas? peer = OpenBlas.Find(out string reason);
        if (!json)
        {
            Console.WriteLine($"ours: {Gemm<float>.Default.Name}; peer: {peer?.Configuration ?? "none: " + reason}");
            Rounds peak = Rounds.Measure(1, PeakRate.Loop);
            Console.WriteLine($"peak of one core now: {PeakRate.Operations<float>() / peak.Seconds[0] / 1e9:F1} GFLOP/s in f32, half of it in f64");
            Console.WriteLine("ratio: peer's time over ours; of peak: our rate over that of register-only multiply-adds; medians of paired rounds");
            Console.WriteLine($"{"product",-30}{"m",6} {"n",5} {"k",6} threads {"ours",9} {"peer",9} {"ratio",6} {"of peak",8}   (GFLOP/s)");
        }
        foreach (int threads in new[] { 1, 2 })
        {
            RunType<float>("f32");
            RunType<double>("f64");

            void RunType<T>(string type)
                where T : unmanaged, IBinaryFloatingPointIeee754<T>
            {
                using WorkerPool pool = new(threads);
                foreach (Shape shape in Shapes)
                {
                    string name = $"{type} {shape.Name}";
                    if (filters.All(filter => $"{name} t{threads}".Contains(filter, StringComparison.Ordinal)))
                    {
                        Report<T>(json, name, shape, threads, Measure<T>(shape, threads, pool, peer));
                    }
                }
            }
        }
    }

    private static Rounds Measure<T>(Shape shape, int threads, WorkerPool pool, OpenBlas? peer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_, int m, int n, int k, bool transposesA, bool transposesB, bool isPacked) = shape;
        Gemm<T> gemm = Gemm<T>.Default;
        T* a = Fill<T>((long)m * k), b = Fill<T>((long)k * n), c = Fill<T>((long)m * n), d = Fill<T>((long)m * n);
        T* packed = Fill<T>(gemm.PackedLength(k, n));
        try
        {
            MatrixView<T> left = transposesA ? new MatrixView<T>(a, m).Transposed : new MatrixView<T>(a, k);
            MatrixView<T> right = transposesB ? new MatrixView<T>(b, k).Transposed : new MatrixView<T>(b, n);
            gemm.Pack(right, k, n, packed);
            Product<T> product = isPacked ? new(m, n, k, left, packed, c, n) : new(m, n, k, left, right, c, n);
            Action ours = () => gemm.Multiply(product, pool);
            if (peer is null)
            {
                return Rounds.Measure(threads, ours, PeakRate.Loop);
            }
            peer.SetThreads(threads);
            Action theirs = () => peer.Multiply(m, n, k, transposesA, a, transposesA ? m : k, transposesB, b, transposesB ? k : n, d, n);
            return Rounds.Measure(threads, ours, PeakRate.Loop, theirs);
        }
        finally
        {
            foreach (T* memory in new[] { (nint)a, (nint)b, (nint)c, (nint)d, (nint)packed })
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    private static T* Fill<T>(long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(T)), 64);
        for (long i = 0; i < count; i++)
        {
            memory[i] = T.CreateChecked(random.NextDouble() - 0.5);
        }
        return memory;
    }

    private static void Report<T>(bool json, string name, Shape shape, int threads, Rounds rounds)
    {
        double operations = 2.0 * shape.M * shape.N * shape.K;
        double ofPeak = operations / (PeakRate.Operations<T>() / rounds.Ratios[1]) / threads;
        double? peerSeconds = rounds.Seconds.Length > 2 ? rounds.Seconds[2] : null;
        double? ratio = rounds.Seconds.Length > 2 ? rounds.Ratios[2] : null;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { product = name, shape.M, shape.N, shape.K, threads, seconds = rounds.Seconds[0], peerSeconds, ratio, ofPeak }));
            return;
        }
        double ours = operations / rounds.Seconds[0] / 1e9;
        double? theirs = operations / peerSeconds / 1e9;
        Console.WriteLine($"{name,-30}{shape.M,6} {shape.N,5} {shape.K,6} {threads,7} {ours,9:F1} {theirs,9:F1} {ratio,6:F2} {ofPeak,8:P0}");
    }
}
