using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class IndexedRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(5)]
    public void Gathered_rows_are_copies(int rowLength)
    {
        var rows = new IndexedRows(2, 7, [4, 3], rowLength);
        var table = Enumerable.Range(0, 2 * 12 * rowLength).Select(i => (float)i).ToArray();
        var random = new Random(2);
        var indices = Enumerable.Range(0, 14).SelectMany(_ => new[] { random.Next(4), random.Next(3) }).ToArray();
        var output = new float[14 * rowLength];
        fixed (float* t = table, o = output)
        fixed (int* i = indices)
        {
            Assert.Equal(-1, Gather.Run(rows, 4, (byte*)t, i, (byte*)o, 9, 14));
            Assert.Equal(-1, Gather.Run(rows, 4, (byte*)t, i, (byte*)o, 0, 9));
        }
        for (var name = 0; name < 14; name++)
            for (var j = 0; j < rowLength; j++)
                Assert.Equal(((name / 7 * 4 + indices[2 * name]) * 3 + indices[2 * name + 1]) * rowLength + j, output[name * rowLength + j]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void An_index_out_of_range_is_reported_and_not_followed(int bad)
    {
        var rows = new IndexedRows(1, 3, [4], 2);
        var table = new double[8];
        long[] indices = [1, bad, 2];
        var output = new double[6];
        Array.Fill(output, 7);
        fixed (double* t = table, o = output)
        fixed (long* i = indices)
        {
            Assert.Equal(1, Gather.Run(rows, 8, (byte*)t, i, (byte*)o, 0, 3));
            Assert.Equal([0, 0, 7, 7, 7, 7], output);
            Assert.Equal(1, new Scatter<double>(ScatterKind.Add, rows).Run(0, 1, t, i, o));
            Assert.Equal([0, 0, 0, 0, 7, 7, 0, 0], table.Select((v, at) => at is 2 or 3 ? 0 : v));
        }
    }

    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(1, 40, 300)]
    [InlineData(20, 30, 5)]
    [InlineData(1, 9000, 3)]
    [InlineData(3, 3000, 9)]
    public void Scattered_rows_meet_in_the_order_of_the_indices(int batch, int count, int rowLength)
    {
        var rows = new IndexedRows(batch, count, [5, 6], rowLength);
        var random = new Random(4);
        var indices = Enumerable.Range(0, batch * count).SelectMany(_ => new[] { random.Next(5), random.Next(6) }).ToArray();
        var updates = Enumerable.Range(0, batch * count * rowLength).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var start = Enumerable.Range(0, batch * 30 * rowLength).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        foreach (var (kind, combine) in new (ScatterKind, Func<double, double, double>)[]
        {
            (ScatterKind.Add, (a, b) => a + b), (ScatterKind.Set, (_, b) => b), (ScatterKind.Max, Math.Max), (ScatterKind.Min, Math.Min),
        })
        {
            // Few numbers are added as they are, many in double precision.
            double Rounded(double sum) => count > 64 ? sum : (float)sum;
            var expected = Array.ConvertAll(start, v => (double)v);
            for (var name = 0; name < batch * count; name++)
                for (var j = 0; j < rowLength; j++)
                {
                    ref var cell = ref expected[((name / count * 5 + indices[2 * name]) * 6 + indices[2 * name + 1]) * rowLength + j];
                    cell = Rounded(combine(cell, updates[name * rowLength + j]));
                }
            var scatter = new Scatter<float>(kind, rows);
            foreach (var threads in (int[])[1, 2, 3, 16])
            {
                var (table, pieces) = ((float[])start.Clone(), scatter.Pieces(threads));
                fixed (float* t = table, u = updates)
                fixed (int* i = indices)
                    for (var piece = pieces - 1; piece >= 0; piece--)
                        Assert.Equal(-1, scatter.Run(piece, pieces, t, i, u));
                Assert.Equal(Array.ConvertAll(expected, v => (float)v), table);
            }
        }
    }
}
