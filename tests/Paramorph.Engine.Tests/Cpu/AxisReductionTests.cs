using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class AxisReductionTests
{
    [Theory]
    [InlineData(7, 9, 1, false)]
    [InlineData(7, 9, 1, true)]
    [InlineData(3, 5, 21, false)]
    [InlineData(3, 5, 21, true)]
    [InlineData(2, 1, 1, true)]
    public void Cumulation_combines_one_by_one(int outer, int count, int inner, bool reverse)
    {
        var random = new Random(6);
        var x = Enumerable.Range(0, outer * count * inner).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        x[^1] = float.NaN;
        Check<SumOperation<float>>((a, b) => a + b);
        Check<ProductOperation<float>>((a, b) => a * b);
        Check<MaxOperation<float>>(Math.Max);
        Check<MinOperation<float>>(Math.Min);

        // Each is rounded once: what is combined in between is wider.
        void Check<TOperation>(Func<double, double, double> combine)
            where TOperation : ICombine<float>
        {
            var expected = Array.ConvertAll(x, v => (double)v);
            for (var o = 0; o < outer; o++)
                for (var step = 1; step < count; step++)
                    for (var j = 0; j < inner; j++)
                    {
                        var i = reverse ? count - 1 - step : step;
                        var at = (o * count + i) * inner + j;
                        expected[at] = combine(expected[at + (reverse ? inner : -inner)], expected[at]);
                    }
            var y = (float[])x.Clone();
            fixed (float* p = y)
                Cumulative.Run<float, TOperation>(p, (count * inner, inner), p, (count * inner, inner), count, inner, reverse, 0, outer);
            Assert.Equal(Array.ConvertAll(expected, v => (float)v), y);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void The_first_of_equals_and_the_first_NaN_win(int inner)
    {
        const int outer = 40, count = 11;
        var random = new Random(8);
        var x = Enumerable.Range(0, outer * count * inner).Select(_ => random.Next(30) == 0 ? double.NaN : random.Next(6)).ToArray();
        var (largest, smallest) = (new long[outer * inner], new long[outer * inner]);
        fixed (double* p = x)
        fixed (long* a = largest, b = smallest)
        {
            ArgReduce.Max(p, count * inner, inner, count, inner, a, 0, outer);
            ArgReduce.Min(p, count * inner, inner, count, inner, b, 0, outer);
        }
        for (var o = 0; o < outer; o++)
            for (var j = 0; j < inner; j++)
            {
                var line = Enumerable.Range(0, count).Select(i => x[(o * count + i) * inner + j]).ToArray();
                var nan = Array.FindIndex(line, double.IsNaN);
                Assert.Equal(nan >= 0 ? nan : Array.IndexOf(line, line.Max()), largest[o * inner + j]);
                Assert.Equal(nan >= 0 ? nan : Array.IndexOf(line, line.Min()), smallest[o * inner + j]);
            }
    }
}
