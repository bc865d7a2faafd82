using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class QuantisedGemmTests
{
    public static TheoryData<int> Kernels => [.. Enumerable.Range(0, QuantisedGemm.All.Count)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_are_exact(int kernel)
    {
        QuantisedGemm gemm = QuantisedGemm.All[kernel];
        using var pool = new WorkerPool(2);
        for (int seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(1, 150), columns = random.Next(1, 60), depth = random.Next(0, seed % 10 == 0 ? 700 : 60);
            using var a = new NativeMatrix<sbyte>(rows, depth, (_, _) => Extreme(random), transposed: seed % 2 == 0, gap: seed % 3);
            using var b = new NativeMatrix<sbyte>(depth, columns, (_, _) => Extreme(random), transposed: seed % 4 < 2, gap: seed % 3);
            using var c = new NativeMatrix<int>(rows, columns, (i, j) => i - j, gap: seed % 2);
            using var packed = new NativeMatrix<int>(1, (int)gemm.PackedLength(depth, columns));
            gemm.Pack(b.View, depth, columns, packed.Data);
            bool accumulates = seed % 5 == 0;
            gemm.Multiply(rows, columns, depth, a.View, packed.Data, c.Data, c.Stride, accumulates, pool);
            Assert.Equal(Exact(a, b, accumulates), c.ToArray());
            Assert.True(c.IsIntact());
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_deepest_product_of_the_smallest_values_does_not_overflow(int kernel)
    {
        const int Depth = QuantisedGemm.ExactDepth;
        QuantisedGemm gemm = QuantisedGemm.All[kernel];
        using var a = new NativeMatrix<sbyte>(1, Depth, (_, _) => sbyte.MinValue);
        using var packed = new NativeMatrix<int>(1, (int)gemm.PackedLength(Depth, 1));
        using var c = new NativeMatrix<int>(1, 1);
        gemm.Pack(a.View.Transposed, Depth, 1, packed.Data);
        gemm.Multiply(1, 1, Depth, a.View, packed.Data, c.Data, 1);
        Assert.Equal(Depth * 128 * 128, c[0, 0]);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_deeper_product_wraps_around(int kernel)
    {
        const int Depth = QuantisedGemm.ExactDepth + 1;
        QuantisedGemm gemm = QuantisedGemm.All[kernel];
        using var a = new NativeMatrix<sbyte>(1, Depth, (_, _) => sbyte.MinValue);
        using var packed = new NativeMatrix<int>(1, (int)gemm.PackedLength(Depth, 1));
        using var c = new NativeMatrix<int>(1, 1);
        gemm.Pack(a.View.Transposed, Depth, 1, packed.Data);
        gemm.Multiply(1, 1, Depth, a.View, packed.Data, c.Data, 1);
        Assert.Equal(int.MinValue, c[0, 0]);
    }

    private static int[] Exact(NativeMatrix<sbyte> a, NativeMatrix<sbyte> b, bool accumulates)
    {
        var sums = new int[a.Rows * b.Columns];
        for (int i = 0; i < sums.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, b.Columns);
            sums[i] = accumulates ? row - column : 0;
            for (int p = 0; p < a.Columns; p++)
            {
                sums[i] += a[row, p] * b[p, column];
            }
        }
        return sums;
    }

    /// <summary>Any value, and every other time one of the two ends, where narrow sums would overflow.</summary>
    private static sbyte Extreme(Random random) => random.Next(4) switch
    {
        0 => sbyte.MinValue,
        1 => sbyte.MaxValue,
        _ => (sbyte)random.Next(-128, 128),
    };
}
