using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class WindowTests
{
    [Theory]
    [InlineData(2, 2, 0, 1, 1)]
    [InlineData(3, 2, 1, 1, 1)]
    [InlineData(3, 1, 1, 1, 1)]
    [InlineData(5, 1, 2, 1, 1)]
    [InlineData(3, 1, 2, 2, 1)]
    [InlineData(3, 1, 1, 1, 2)]
    [InlineData(2, 3, -1, 1, 1)]
    public void Windows_reduce_the_elements_that_they_meet(int window, int stride, int padding, int dilation, int inputDilation)
    {
        // Long lines and short ones, and more and fewer planes than a vector has elements.
        foreach (var (height, width, outer) in ((int, int, int)[])[(19, 37, 3), (9, 11, 21), (6, 6, 3), (5, 70, 9), (2, 2, 12), (7, 24, 20)])
        {
            var axes = new[] { height, width }.Select(size => ConvolutionAxis.Padded(size, window, stride, padding, padding, inputDilation, dilation)).ToArray();
            Agree<float>(axes, outer);
            Agree<double>(axes, outer);
            Agree<int>(axes, outer);
            Agree<sbyte>(axes, outer);
        }
    }

    private static void Agree<T>(ConvolutionAxis[] axes, int outer)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var (inPlane, outPlane) = (axes[0].InputSize * axes[1].InputSize, axes[0].OutputSize * axes[1].OutputSize);
        var random = new Random(1);
        var x = Enumerable.Range(0, outer * inPlane).Select(_ => T.CreateTruncating(random.Next(-9, 9))).ToArray();
        var nan = T.CreateSaturating(double.NaN);
        if (T.IsNaN(nan)) x[inPlane + 7] = x[inPlane + 8] = nan;
        var windows = new Window<T>(axes);
        T[] max = new T[outer * outPlane], min = new T[max.Length], sum = new T[max.Length], most = new T[max.Length], least = new T[max.Length];
        int[] argMax = new int[max.Length], argMin = new int[max.Length];
        fixed (T* source = x, a = max, b = min, c = sum, d = most, e = least)
        fixed (int* f = argMax, g = argMin)
        {
            windows.Max(source, a, 1, outer);
            windows.Max(source, a, 0, 1);
            windows.Min(source, b, 0, outer);
            windows.Sum(source, c, 0, outer);
            windows.ArgMax(source, f, d, 0, outer);
            windows.ArgMin(source, g, null, 0, 2);
            windows.ArgMin(source, g, e, 2, outer);
        }
        for (var n = 0; n < outer; n++)
            for (var i = 0; i < axes[0].OutputSize; i++)
                for (var j = 0; j < axes[1].OutputSize; j++)
                {
                    var met = (from p in Met(axes[0], i) from q in Met(axes[1], j) select p * axes[1].InputSize + q).ToArray();
                    var values = met.Select(p => x[n * inPlane + p]).ToArray();
                    var at = n * outPlane + i * axes[1].OutputSize + j;
                    var isNaN = values.Any(T.IsNaN);
                    Assert.Equal(isNaN ? nan : values.Append(T.CreateSaturating(double.NegativeInfinity)).Max(), max[at]);
                    Assert.Equal(isNaN ? nan : values.Append(T.CreateSaturating(double.PositiveInfinity)).Min(), min[at]);
                    Assert.Equal(values.Aggregate(T.Zero, (total, value) => total + value), sum[at]);
                    int Place(T extreme) => met.Length == 0 ? -1 : met[Array.FindIndex(values, value => isNaN ? T.IsNaN(value) : value == extreme)];
                    Assert.Equal(Place(max[at]), argMax[at]);
                    Assert.Equal(Place(min[at]), argMin[at]);
                    if (met.Length == 0) continue;
                    Assert.Equal(max[at], most[at]);
                    if (n > 1) Assert.Equal(min[at], least[at]);
                }
    }

    [Fact]
    public void Integers_and_one_or_three_axes_are_served()
    {
        int[] x = [3, -7, 5, 2, 9, 1, 0, 4];
        var y = new int[4];
        fixed (int* source = x, target = y)
        {
            new Window<int>([ConvolutionAxis.Padded(8, 2, 2)]).Max(source, target, 0, 1);
            Assert.Equal([3, 5, 9, 4], y);
            var two = ConvolutionAxis.Padded(2, 2);
            new Window<int>([two, two, two]).Sum(source, target, 0, 1);
            Assert.Equal(17, y[0]);
        }
    }

    private static IEnumerable<int> Met(ConvolutionAxis axis, int output) =>
        Enumerable.Range(0, axis.KernelSize)
            .Select(k => output * axis.Stride - axis.PaddingLow + k * axis.KernelDilation)
            .Where(p => p >= 0 && p % axis.InputDilation == 0 && p / axis.InputDilation < axis.InputSize)
            .Select(p => p / axis.InputDilation);
}
