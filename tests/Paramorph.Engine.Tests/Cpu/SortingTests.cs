using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class SortingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Sorts_are_stable_with_NaN_above_all(int count)
    {
        var random = new Random(count);
        var keys = Enumerable.Range(0, count).Select(_ => random.Next(8) == 0 ? float.NaN : random.Next(-20, 20) * 0.5f).ToArray();
        Assert.Equal(Expected(keys, k => k, false), Order(keys, false));
        Assert.Equal(Expected(keys, k => k, true), Order(keys, true));
        var wide = keys.Select(k => (double)k).ToArray();
        Assert.Equal(Expected(keys, k => k, false), Order(wide, false));
        var whole = Enumerable.Range(0, count).Select(_ => random.NextInt64(-5, 5) * 1_000_000_007_000).ToArray();
        Assert.Equal(Enumerable.Range(0, count).OrderBy(i => whole[i]), Order(whole, false));
        Assert.Equal(Enumerable.Range(0, count).OrderByDescending(i => whole[i]), Order(whole, true));
        var bytes = whole.Select(w => (byte)w).ToArray();
        Assert.Equal(Enumerable.Range(0, count).OrderBy(i => bytes[i]), Order(bytes, false));
        var small = whole.Select(w => (sbyte)w).ToArray();
        Assert.Equal(Enumerable.Range(0, count).OrderByDescending(i => small[i]), Order(small, true));
    }

    [Fact]
    public void Zeros_of_both_signs_are_equal_and_infinities_come_before_NaN() =>
        Assert.Equal([3, 0, 1, 2, 5, 4], Order([0f, -0f, 0f, float.NegativeInfinity, float.NaN, float.PositiveInfinity], false));

    [Fact]
    public void Several_keys_are_lexicographic_and_others_are_carried()
    {
        int[] first = [2, 1, 2, 1, 2];
        float[] second = [5, 9, 4, 3, 4];
        double[] carried = [0, 1, 2, 3, 4];
        var order = new int[5];
        var work = new SortItem[10];
        var result = new double[5];
        fixed (int* a = first, o = order)
        fixed (float* b = second)
        fixed (double* c = carried, r = result)
        fixed (SortItem* w = work)
        {
            Sorting.Start(o, 5);
            Sorting.Sort(b, 1, 5, false, o, w);
            Sorting.Sort(a, 1, 5, false, o, w);
            Sorting.Take(c, 1, o, 5, r, 1);
        }
        Assert.Equal([3, 1, 2, 4, 0], result);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 0)]
    [InlineData(50, 7)]
    [InlineData(50, 50)]
    [InlineData(3000, 100)]
    public void Top_is_the_start_of_the_sort(int count, int k)
    {
        var random = new Random(count);
        var keys = Enumerable.Range(0, 2 * count).Select(_ => random.Next(9) == 0 ? double.NaN : random.Next(30)).ToArray();
        var strided = keys.Where((_, i) => i % 2 == 0).ToArray();
        var order = new int[k];
        var work = new SortItem[2 * k];
        fixed (double* x = keys)
        fixed (int* o = order)
        fixed (SortItem* w = work)
        {
            Sorting.Top(x, 2, count, k, true, o, w);
            Assert.Equal(Order(strided, true)[..k], order);
            Sorting.Top(x, 2, count, k, false, o, w);
            Assert.Equal(Order(strided, false)[..k], order);
        }
    }

    private static int[] Expected(float[] keys, Func<float, float> key, bool descending)
    {
        var all = Enumerable.Range(0, keys.Length);
        var (numbers, rest) = (all.Where(i => !float.IsNaN(keys[i])), all.Where(i => float.IsNaN(keys[i])));
        return descending ? [.. rest, .. numbers.OrderByDescending(i => key(keys[i]))] : [.. numbers.OrderBy(i => key(keys[i])), .. rest];
    }

    private static int[] Order<T>(T[] keys, bool descending)
        where T : unmanaged, INumber<T>
    {
        var order = new int[keys.Length];
        var work = new SortItem[2 * keys.Length];
        fixed (T* k = keys)
        fixed (int* o = order)
        fixed (SortItem* w = work)
        {
            Sorting.Start(o, keys.Length);
            Sorting.Sort(k, 1, keys.Length, descending, o, w);
        }
        return order;
    }
}
