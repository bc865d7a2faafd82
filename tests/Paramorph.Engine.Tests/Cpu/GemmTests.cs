using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class SingleGemmTests : GemmTests<float>;

public sealed unsafe class DoubleGemmTests : GemmTests<double>;

/// <summary>Every kernel of this machine against a naive loop in double.</summary>
public abstract unsafe class GemmTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] RowCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 23, 24, 25, 31, 49, 64, 145, 300];
    private static readonly int[] ColumnCounts = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 31, 32, 33, 48, 50, 63, 65, 100, 193, 200, 390];
    private static readonly int[] Depths = [0, 1, 2, 3, 5, 8, 17, 20, 50, 64, 100, 255, 256, 257, 513, 700];

    public static TheoryData<int> Kernels
    {
        get
        {
            var data = new TheoryData<int>();
            for (int i = 0; i < Gemm<T>.All.Count; i++)
            {
                data.Add(i);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_of_random_shapes_and_strides_agree_with_a_naive_loop(int kernel)
    {
        for (int seed = 0; seed < 80; seed++)
        {
            var random = new Random(seed);
            int rows = Pick(random, RowCounts), columns = Pick(random, ColumnCounts);
            int depth = Pick(random, [.. Depths.Where(depth => (long)rows * columns * depth < 1_000_000)]);
            Check(Gemm<T>.All[kernel], random, rows, columns, depth, isPacked: seed % 3 == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_remainder_of_rows_and_columns_agrees_with_a_naive_loop(int kernel)
    {
        var random = new Random(7);
        for (int rows = 1; rows <= 26; rows += kernel == 0 ? 1 : 3)
        {
            for (int columns = 1; columns <= 50; columns++)
            {
                Check(Gemm<T>.All[kernel], random, rows, columns, 5, isPacked: columns % 2 == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_row_has_the_same_bits_in_a_tile_and_in_the_whole(int kernel)
    {
        Gemm<T> gemm = Gemm<T>.All[kernel];
        foreach ((int columns, int depth) in new[] { (50, 50), (20, 20), (1, 77), (130, 300), (17, 600), (3, 1100) })
        {
            const int Rows = 333;
            var random = new Random(columns);
            using var a = Random(random, Rows, depth);
            using var b = Random(random, depth, columns);
            using var whole = new NativeMatrix<T>(Rows, columns);
            using var tiled = new NativeMatrix<T>(Rows, columns);
            gemm.Multiply(new(Rows, columns, depth, a.View, b.View, whole.Data, whole.Stride));
            for (int row = 0, rows = 1; row < Rows; row += rows, rows = random.Next(1, 70))
            {
                rows = Math.Min(rows, Rows - row);
                gemm.Multiply(new(rows, columns, depth, a.View.From(row, 0), b.View, tiled.View.At(row, 0), tiled.Stride));
            }
            Assert.Equal(whole.ToArray(), tiled.ToArray());
        }
    }

    [Fact]
    public void All_fused_kernels_give_the_same_bits()
    {
        const int Rows = 37, Columns = 53, Depth = 700;
        var random = new Random(3);
        using var a = Random(random, Rows, Depth);
        using var b = Random(random, Depth, Columns);
        T[][] results = [.. Gemm<T>.All.Where(gemm => gemm.Name != "portable").Select(gemm =>
        {
            using var c = new NativeMatrix<T>(Rows, Columns);
            gemm.Multiply(new(Rows, Columns, Depth, a.View, b.View, c.Data, c.Stride));
            return c.ToArray();
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Packing_ahead_changes_no_bit(int kernel)
    {
        Gemm<T> gemm = Gemm<T>.All[kernel];
        foreach ((int rows, int columns, int depth) in new[] { (5, 50, 50), (100, 20, 20), (70, 430, 300), (20, 20, 1500) })
        {
            var random = new Random(rows);
            using var a = Random(random, rows, depth);
            using var b = Random(random, depth, columns);
            using var direct = new NativeMatrix<T>(rows, columns);
            using var packed = new NativeMatrix<T>(rows, columns);
            using var panels = new NativeMatrix<T>(1, (int)gemm.PackedLength(depth, columns));
            gemm.Pack(b.View, depth, columns, panels.Data);
            gemm.Multiply(new(rows, columns, depth, a.View, b.View, direct.Data, direct.Stride));
            gemm.Multiply(new(rows, columns, depth, a.View, panels.Data, packed.Data, packed.Stride));
            Assert.Equal(direct.ToArray(), packed.ToArray());
            Assert.True(panels.IsIntact());
        }
    }

    [Theory]
    [InlineData(1_500, 50, 50)]
    [InlineData(9_000, 1, 50)]
    [InlineData(12, 20, 3_001)]
    [InlineData(40, 24, 2_000)]
    [InlineData(1, 300, 2_000)]
    [InlineData(300, 1, 3_000)]
    [InlineData(60, 230, 100)]
    [InlineData(150, 420, 40)]
    [InlineData(8, 900, 100)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int columns, int depth)
    {
        var random = new Random(rows);
        using var a = Random(random, rows, depth);
        using var left = Random(random, rows, depth, transposed: true);
        using var b = Random(random, depth, columns);
        foreach (MatrixView<T> view in new[] { a.View, left.View })
        {
            using var alone = new NativeMatrix<T>(rows, columns, (_, _) => T.One);
            Gemm<T>.Default.Multiply(new(rows, columns, depth, view, b.View, alone.Data, alone.Stride) { Adds = true });
            for (int threads = 1; threads <= 3; threads++)
            {
                using var pool = new WorkerPool(threads);
                using var shared = new NativeMatrix<T>(rows, columns, (_, _) => T.One);
                Gemm<T>.Default.Multiply(new(rows, columns, depth, view, b.View, shared.Data, shared.Stride) { Adds = true }, pool);
                Assert.Equal(alone.ToArray(), shared.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_epilogue_sees_every_finished_element_once(int kernel)
    {
        foreach ((int rows, int columns, int depth) in new[] { (100, 50, 50), (1, 7, 3), (200, 1, 9), (64, 450, 300), (20, 20, 3000) })
        {
            using var pool = new WorkerPool(2);
            var random = new Random(columns);
            using var a = Random(random, rows, depth);
            using var b = Random(random, depth, columns);
            using var bias = Random(random, 1, columns);
            using var plain = new NativeMatrix<T>(rows, columns);
            using var finished = new NativeMatrix<T>(rows, columns);
            Product<T> product = new(rows, columns, depth, a.View, b.View, plain.Data, plain.Stride);
            product.Epilogue.Bias = bias.Data;
            Gemm<T>.All[kernel].Multiply(product);
            product.C = finished.Data;
            product.Epilogue.Function = &TwiceMinusPosition;
            product.Epilogue.FirstRow = 5;
            Gemm<T>.All[kernel].Multiply(product, pool);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    T position = T.CreateChecked((1000 * (i + 5)) + j);
                    Assert.Equal((plain[i, j] * T.CreateChecked(2)) - position, finished[i, j]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Batches_agree_with_single_products(int kernel)
    {
        using var pool = new WorkerPool(2);
        foreach (int size in new[] { 1, 3, 8, 16, 20, 33, 64 })
        {
            const int Count = 37;
            var random = new Random(size);
            using var a = Random(random, Count * size, size);
            using var b = Random(random, Count * size, size);
            using var single = new NativeMatrix<T>(Count * size, size);
            using var batch = new NativeMatrix<T>(Count * size, size);
            for (int i = 0; i < Count; i++)
            {
                Gemm<T>.All[kernel].Multiply(
                    new(size, size, size, a.View.From(i * size, 0), b.View.From(i * size, 0), single.View.At(i * size, 0), size));
            }
            Product<T> first = new(size, size, size, a.View, b.View, batch.Data, size);
            Gemm<T>.All[kernel].MultiplyBatch(first, Count, size * size, size * size, size * size, pool);
            Assert.Equal(single.ToArray(), batch.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Not_a_number_reaches_every_sum_it_is_part_of_and_no_other(int kernel)
    {
        foreach (int columns in new[] { 1, 5, 20, 50 })
        {
            const int Rows = 30, Depth = 40;
            using var a = new NativeMatrix<T>(Rows, Depth, (_, _) => T.Zero);
            using var b = new NativeMatrix<T>(Depth, columns, (_, _) => T.One);
            using var c = new NativeMatrix<T>(Rows, columns, (_, _) => T.NaN);
            b[7, columns - 1] = T.NaN;
            a[3, 9] = T.PositiveInfinity;
            Gemm<T>.All[kernel].Multiply(new(Rows, columns, Depth, a.View, b.View, c.Data, c.Stride));
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    T expected = j == columns - 1 ? T.NaN : i == 3 ? T.PositiveInfinity : T.Zero;
                    Assert.Equal(expected, c[i, j]);
                }
            }
        }
    }

    [Fact]
    public void A_product_without_rows_or_columns_touches_nothing()
    {
        using var c = new NativeMatrix<T>(4, 4);
        Gemm<T>.Default.Multiply(new(0, 4, 4, default, default(MatrixView<T>), c.Data, 4));
        Gemm<T>.Default.Multiply(new(4, 0, 4, default, default(MatrixView<T>), c.Data, 4));
        Assert.True(new NativeMatrix<T>(4, 4).ToArray().AsSpan().SequenceEqual(c.ToArray()));
    }

    [Fact]
    public void A_product_in_steady_state_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        using var a = Random(new Random(1), 300, 50);
        using var b = Random(new Random(2), 50, 50);
        using var c = new NativeMatrix<T>(300, 50);
        Product<T> product = new(300, 50, 50, a.View, b.View, c.Data, c.Stride);
        for (int i = 0; i < 50; i++)
        {
            Gemm<T>.Default.Multiply(product, pool);
        }
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                Gemm<T>.Default.Multiply(product, pool);
            }
        }));
    }

    private static void Check(Gemm<T> gemm, Random random, int rows, int columns, int depth, bool isPacked)
    {
        using var a = Random(random, rows, depth, random.Next(2) == 0, random.Next(3), 1 + (random.Next(5) / 4));
        using var b = Random(random, depth, columns, random.Next(2) == 0, random.Next(3), 1 + (random.Next(5) / 4));
        using var bias = Random(random, 1, columns);
        using var before = Random(random, rows, columns);
        using var c = new NativeMatrix<T>(rows, columns, (i, j) => before[i, j], gap: random.Next(3));
        using var panels = new NativeMatrix<T>(1, (int)gemm.PackedLength(depth, columns));
        gemm.Pack(b.View, depth, columns, panels.Data);
        Product<T> product = isPacked
            ? new(rows, columns, depth, a.View, panels.Data, c.Data, c.Stride)
            : new(rows, columns, depth, a.View, b.View, c.Data, c.Stride);
        double epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        product.Adds = random.Next(2) == 0;
        product.Epilogue.Bias = random.Next(2) == 0 ? bias.Data : null;
        gemm.Multiply(product);
        double[] left = Doubles(a), right = Doubles(b), addend = Doubles(bias), old = Doubles(before), result = Doubles(c);
        for (int i = 0; i < rows * columns; i++)
        {
            double offset = product.Epilogue.Bias == null ? 0 : addend[i % columns];
            double start = product.Adds ? old[i] : 0;
            double exact = start + offset;
            double size = Math.Abs(start) + Math.Abs(offset);
            for (int p = 0; p < depth; p++)
            {
                double term = left[(i / columns * depth) + p] * right[(p * columns) + (i % columns)];
                exact += term;
                size += Math.Abs(term);
            }
            if (Math.Abs(result[i] - exact) > (depth + 4) * epsilon * size)
            {
                Assert.Fail($"{gemm.Name} {rows}x{columns}x{depth} at ({i / columns}, {i % columns}): {result[i]} instead of {exact}");
            }
        }
        Assert.True(c.IsIntact(), $"{gemm.Name} {rows}x{columns}x{depth} wrote outside the result");
    }

    private static double[] Doubles(NativeMatrix<T> matrix) => Array.ConvertAll(matrix.ToArray(), double.CreateChecked);

    private static TItem Pick<TItem>(Random random, TItem[] items) => items[random.Next(items.Length)];

    private static NativeMatrix<T> Random(Random random, int rows, int columns, bool transposed = false, int gap = 0, int columnStep = 1) =>
        new(rows, columns, (_, _) => T.CreateChecked((random.NextDouble() * 2) - 1), transposed, gap, columnStep);

    private static void TwiceMinusPosition(void* state, T* segment, int row, int column, int count)
    {
        for (int j = 0; j < count; j++)
        {
            segment[j] = (segment[j] * T.CreateChecked(2)) - T.CreateChecked((1000 * row) + column + j);
        }
    }
}
