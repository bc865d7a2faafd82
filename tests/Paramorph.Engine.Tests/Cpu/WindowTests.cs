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
        const int outer = 3;
        var axis = ConvolutionAxis.Padded(19, window, stride, padding, padding, inputDilation, dilation);
        var wide = ConvolutionAxis.Padded(37, window, stride, padding, padding, inputDilation, dilation);
        var (inPlane, outPlane) = (axis.InputSize * wide.InputSize, axis.OutputSize * wide.OutputSize);
        var random = new Random(1);
        var x = Enumerable.Range(0, outer * inPlane).Select(_ => (float)random.Next(40)).ToArray();
        x[100] = float.NaN;
        var windows = new Window<float>([axis, wide], inPlane, [wide.InputSize, 1], outPlane, [wide.OutputSize, 1]);
        var (max, min, sum, arg) = (new float[outer * outPlane], new float[outer * outPlane], new float[outer * outPlane], new int[outer * outPlane]);
        var argValues = new float[outer * outPlane];
        fixed (float* source = x, a = max, b = min, c = sum, e = argValues)
        fixed (int* d = arg)
        {
            windows.Max(source, a, 1, outer);
            windows.Max(source, a, 0, 1);
            windows.Min(source, b, 0, outer);
            windows.Sum(source, c, 0, outer);
            windows.ArgMax(source, d, e, 0, outer);
        }
        for (var n = 0; n < outer; n++)
            for (var i = 0; i < axis.OutputSize; i++)
                for (var j = 0; j < wide.OutputSize; j++)
                {
                    var met = (from p in Met(axis, i) from q in Met(wide, j) select p * wide.InputSize + q).ToArray();
                    var values = met.Select(p => x[n * inPlane + p]).ToArray();
                    var at = n * outPlane + i * wide.OutputSize + j;
                    var nan = values.Any(float.IsNaN);
                    Assert.Equal(nan ? float.NaN : values.Append(float.NegativeInfinity).Max(), max[at]);
                    Assert.Equal(nan ? float.NaN : values.Append(float.PositiveInfinity).Min(), min[at]);
                    Assert.Equal(values.Sum(), sum[at]);
                    var expected = met.Length == 0 ? -1 : met[Array.FindIndex(values, v => nan ? float.IsNaN(v) : v == values.Max())];
                    Assert.Equal(expected, arg[at]);
                    if (expected >= 0) Assert.Equal(max[at], argValues[at]);
                }
    }

    [Fact]
    public void Integers_and_one_or_three_axes_are_served()
    {
        int[] x = [3, -7, 5, 2, 9, 1, 0, 4];
        var y = new int[4];
        fixed (int* source = x, target = y)
        {
            new Window<int>([ConvolutionAxis.Padded(8, 2, 2)], 8, [1], 4, [1]).Max(source, target, 0, 1);
            Assert.Equal([3, 5, 9, 4], y);
            var two = ConvolutionAxis.Padded(2, 2);
            new Window<int>([two, two, two], 8, [4, 2, 1], 1, [1, 1, 1]).Sum(source, target, 0, 1);
            Assert.Equal(17, y[0]);
        }
    }

    private static IEnumerable<int> Met(ConvolutionAxis axis, int output) =>
        Enumerable.Range(0, axis.KernelSize)
            .Select(k => output * axis.Stride - axis.PaddingLow + k * axis.KernelDilation)
            .Where(p => p >= 0 && p % axis.InputDilation == 0 && p / axis.InputDilation < axis.InputSize)
            .Select(p => p / axis.InputDilation);
}
