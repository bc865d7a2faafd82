using System.Numerics;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class ConvolutionTests
{
    public static TheoryData<string> Cases() => [.. Shapes.Keys];

    private static readonly Dictionary<string, ConvolutionGeometry> Shapes = new()
    {
        ["3x3 padded"] = Geometry(2, 1, 5, 32, Padded(9, 3, 1, 1), Padded(13, 3, 1, 1)),
        ["3x3 of many rows"] = Geometry(1, 1, 16, 40, Padded(70, 3, 1, 1), Padded(65, 3, 1, 1)),
        ["strided"] = Geometry(2, 1, 3, 17, Padded(11, 3, 2, 1), Padded(14, 5, 3, 2)),
        ["valid, read in place"] = Geometry(2, 1, 4, 24, Padded(8, 3), Padded(30, 4)),
        ["negative padding"] = Geometry(1, 1, 3, 10, ConvolutionAxis.Padded(12, 3, 1, -2, -1), ConvolutionAxis.Padded(12, 3, 1, -1, 2)),
        ["dilated kernel"] = Geometry(1, 1, 3, 9, ConvolutionAxis.Padded(12, 3, 1, 2, 2, 1, 2), ConvolutionAxis.Padded(15, 3, 2, 3, 3, 1, 3)),
        ["dilated input"] = Geometry(2, 1, 6, 12, ConvolutionAxis.Padded(5, 3, 1, 1, 2, 2), ConvolutionAxis.Padded(6, 4, 1, 2, 2, 3)),
        ["dilated input with a stride"] = Geometry(1, 1, 4, 8, ConvolutionAxis.Padded(7, 3, 2, 1, 2, 3), ConvolutionAxis.Padded(9, 3, 4, 2, 2, 6)),
        ["dilated input, few channels"] = Geometry(1, 1, 4, 2, ConvolutionAxis.Padded(7, 3, 1, 1, 2, 2), ConvolutionAxis.Padded(29, 3, 1, 2, 2, 2)),
        ["kernel shorter than the dilation"] = Geometry(1, 1, 2, 8, ConvolutionAxis.Padded(4, 1, 1, 0, 0, 2), ConvolutionAxis.Padded(4, 1, 1, 1, 2, 3)),
        ["groups"] = Geometry(2, 3, 4, 16, Padded(6, 3, 1, 1), Padded(7, 3, 1, 1)),
        ["depthwise"] = Geometry(2, 7, 1, 1, Padded(9, 3, 1, 1), Padded(37, 3, 1, 1)),
        ["depthwise strided"] = Geometry(2, 7, 1, 1, Padded(9, 3, 2, 1), Padded(37, 3, 2, 1)),
        ["depthwise of narrow images"] = Geometry(2, 7, 1, 1, Padded(5, 3, 1, 1), Padded(5, 3, 1, 1)),
        ["depthwise with two outputs each"] = Geometry(1, 4, 1, 2, Padded(9, 5, 1, 2), Padded(21, 5, 1, 2)),
        ["pointwise"] = Geometry(3, 1, 10, 23, Padded(8, 1), Padded(9, 1)),
        ["pointwise, few pixels"] = Geometry(3, 1, 10, 23, Padded(2, 1), Padded(3, 1)),
        ["one axis"] = Geometry(2, 1, 5, 19, Padded(50, 7, 1, 3)),
        ["three axes"] = Geometry(2, 1, 3, 16, Padded(6, 3, 1, 1), Padded(7, 3, 2, 1), Padded(10, 3, 1, 1)),
        ["many channels"] = Geometry(1, 1, 700, 20, Padded(6, 3, 1, 1), Padded(7, 3, 1, 1)),
        ["many small images"] = Geometry(70, 1, 8, 16, Padded(4, 3, 1, 1), Padded(4, 3, 1, 1)),
        ["few outputs of long sums"] = Geometry(3, 1, 40, 20, ConvolutionAxis.Padded(12, 12, 1, 1, 1), ConvolutionAxis.Padded(12, 12, 1, 1, 1)),
        ["few outputs of long sums, three axes"] = Geometry(2, 2, 24, 9, Padded(8, 8, 1, 1), Padded(9, 9, 1, 1), Padded(8, 8, 1, 1)),
        ["one output of long lines"] = Geometry(2, 3, 5, 1, Padded(12, 12, 1, 1), Padded(13, 13, 1, 2)),
        ["one output of long lines, three axes"] = Geometry(2, 3, 2, 1, Padded(4, 4, 1, 1), Padded(6, 5, 1, 1), Padded(16, 16, 1, 1)),
        ["no output"] = Geometry(1, 1, 3, 8, Padded(3, 5), Padded(9, 3)),
        ["one output channel"] = Geometry(2, 1, 9, 1, Padded(20, 3, 1, 1), Padded(20, 3, 1, 1)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_the_naive_sum(string name)
    {
        Agrees<float>(Shapes[name], 3e-6);
        Agrees<double>(Shapes[name], 1e-14);
    }

    public static TheoryData<string> BatchCases() => [.. BatchShapes.Keys];

    private static readonly Dictionary<string, ConvolutionGeometry> BatchShapes = new(Shapes.Where(s => s.Key != "no output"))
    {
        ["a channel each"] = Geometry(21, 5, 1, 1, Padded(9, 3, 1, 1), Padded(7, 3, 1, 1)),
        ["one output of many channels"] = Geometry(35, 1, 90, 1, Padded(6, 3, 1, 1), Padded(5, 3, 1, 1)),
        ["whole vectors of images"] = Geometry(32, 1, 5, 16, Padded(6, 3, 1, 1), Padded(7, 3, 1, 1)),
        ["four vectors of images"] = Geometry(64, 2, 3, 9, Padded(4, 3, 1, 1), Padded(5, 3, 2, 1)),
        ["odd batches"] = Geometry(53, 1, 4, 13, Padded(5, 3, 1, 1), Padded(5, 3, 1, 1)),
        ["several ranges of places"] = Geometry(17, 1, 3, 10, Padded(20, 3, 1, 1), Padded(19, 5, 1, 2)),
        ["a row longer than a range"] = Geometry(16, 1, 2, 8, Padded(3, 3, 1, 1), Padded(200, 3, 1, 1)),
        ["several chains"] = Geometry(20, 1, 150, 8, Padded(6, 3, 1, 1), Padded(5, 3, 1, 1)),
    };

    [Theory]
    [MemberData(nameof(BatchCases))]
    public void Images_in_lanes_equal_the_naive_sum(string name)
    {
        var shape = BatchShapes[name];
        Agrees<float>(new BatchConvolution<float>(shape), shape, 3e-6);
        Agrees<double>(new BatchConvolution<double>(shape), shape, 1e-14);
    }

    [Theory]
    [InlineData("odd batches")]
    [InlineData("whole vectors of images")]
    [InlineData("groups of many small images")]
    [InlineData("much padding")]
    public void Images_in_lanes_give_gradients_in_kernels(string name)
    {
        var shape = KernelGradient(BatchShapes.GetValueOrDefault(name) ?? FilteringShapes[name]);
        Agrees<float>(new BatchConvolution<float>(shape), shape, 3e-6);
        Agrees<double>(new BatchConvolution<double>(shape), shape, 1e-14);
    }

    public static TheoryData<string> PlaneCases() => [.. PlaneShapes.Keys];

    private static readonly Dictionary<string, ConvolutionGeometry> PlaneShapes = new()
    {
        ["rows of a vector with their padding"] = Geometry(3, 9, 1, 1, Padded(14, 3, 1, 1), Padded(14, 3, 1, 1)),
        ["odd rows"] = Geometry(2, 8, 1, 1, Padded(9, 3, 1, 1), Padded(11, 3, 1, 1)),
        ["long rows"] = Geometry(2, 8, 1, 1, Padded(5, 3, 1, 1), Padded(67, 3, 1, 1)),
        ["whole vectors"] = Geometry(2, 8, 1, 1, Padded(9, 3, 1, 1), Padded(32, 3, 1, 1)),
        ["no padding"] = Geometry(2, 8, 1, 1, Padded(12, 3), Padded(13, 2)),
        ["a large kernel"] = Geometry(2, 8, 1, 1, Padded(13, 7, 1, 3), Padded(15, 5, 1, 2)),
        ["much padding"] = Geometry(2, 8, 1, 1, ConvolutionAxis.Padded(9, 3, 1, 4, 2), ConvolutionAxis.Padded(10, 3, 1, 2, 20)),
        ["negative padding"] = Geometry(2, 8, 1, 1, ConvolutionAxis.Padded(14, 3, 1, -2, -1), ConvolutionAxis.Padded(25, 3, 1, -3, 1)),
        ["one axis"] = Geometry(3, 8, 1, 1, Padded(50, 7, 1, 3)),
        ["one plane"] = Geometry(1, 8, 1, 1, Padded(20, 3, 1, 1), Padded(21, 3, 1, 1)),
    };

    [Theory]
    [MemberData(nameof(PlaneCases))]
    public void Planes_of_one_row_length_equal_the_naive_sum(string name) => AgreesByPlanes(PlaneShapes[name]);

    [Fact]
    public void Planes_of_one_row_length_take_dilated_kernels() =>
        AgreesByPlanes(Geometry(2, 5, 1, 1, ConvolutionAxis.Padded(14, 3, 1, 2, 2, 1, 2), ConvolutionAxis.Padded(17, 3, 1, 3, 3, 1, 3)));

    [Theory]
    [MemberData(nameof(PlaneCases))]
    public void Planes_of_one_row_length_give_gradients_in_inputs(string name)
    {
        var shape = InputGradient(PlaneShapes[name]);
        Assert.True(PlaneConvolution<float>.Fits(shape));
        // The strides of the kernel are negative there; turned around, sums are the same.
        AgreesByPlanes(shape with { Kernel = PlaneShapes[name].Kernel });
    }

    [Theory]
    [MemberData(nameof(PlaneCases))]
    public void Planes_of_one_row_length_give_gradients_in_kernels(string name) => AgreesByPlanes(KernelGradient(PlaneShapes[name]));

    private static void AgreesByPlanes(ConvolutionGeometry shape)
    {
        Assert.True(PlaneConvolution<float>.Fits(shape) && PlaneConvolution<double>.Fits(shape));
        Agrees<float>(new PlaneConvolution<float>(shape), shape, 3e-6);
        Agrees<double>(new PlaneConvolution<double>(shape), shape, 1e-14);
    }

    public static TheoryData<string> FilteringCases() => [.. FilteringShapes.Keys];

    private static readonly Dictionary<string, ConvolutionGeometry> FilteringShapes = new()
    {
        ["rows of whole vectors"] = Geometry(2, 1, 14, 13, Padded(18, 3, 1, 1), Padded(32, 3, 1, 1)),
        ["odd rows"] = Geometry(2, 1, 12, 17, Padded(13, 3, 1, 1), Padded(23, 3, 1, 1)),
        ["no padding"] = Geometry(2, 1, 12, 12, Padded(23, 3), Padded(22, 3)),
        ["much padding"] = Geometry(2, 1, 12, 12, ConvolutionAxis.Padded(11, 3, 1, 3, 1), ConvolutionAxis.Padded(17, 3, 1, 2, 6)),
        ["negative padding"] = Geometry(3, 1, 12, 12, ConvolutionAxis.Padded(17, 3, 1, -2, 1), ConvolutionAxis.Padded(25, 3, 1, 1, -3)),
        ["groups of many small images"] = Geometry(21, 2, 12, 15, Padded(8, 3, 1, 1), Padded(7, 3, 1, 1)),
        ["more channels than a block is deep"] = Geometry(2, 1, 330, 12, Padded(12, 3, 1, 1), Padded(24, 3, 1, 1)),
    };

    [Theory]
    [MemberData(nameof(FilteringCases))]
    public void Minimal_filtering_equals_the_naive_sum(string name)
    {
        var shape = FilteringShapes[name];
        Assert.True(WinogradConvolution<float>.Fits(shape) && WinogradConvolution<double>.Fits(shape));
        Agrees<float>(new WinogradConvolution<float>(shape), shape, 3e-6);
        Agrees<double>(new WinogradConvolution<double>(shape), shape, 1e-14);
    }

    [Theory]
    [MemberData(nameof(FilteringCases))]
    public void Minimal_filtering_gives_gradients_in_kernels(string name)
    {
        var shape = KernelGradient(FilteringShapes[name]);
        Assert.True(WinogradGradient<float>.Fits(shape) && WinogradGradient<double>.Fits(shape));
        Agrees<float>(new WinogradGradient<float>(shape), shape, 3e-6);
        Agrees<double>(new WinogradGradient<double>(shape), shape, 1e-14);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 2, 3)]
    public void Gradients_are_convolutions_with_the_roles_exchanged(int stride, int dilation, int groups)
    {
        var axis = ConvolutionAxis.Padded(11, 3, stride, 2, 1, 1, dilation);
        var shape = ConvolutionGeometry.RowMajor(4, groups, 5, 8, axis, axis);
        var random = new Random(3);
        var (input, kernel) = (Values(random, 4 * groups * 5 * 121), Values(random, groups * 8 * 5 * 9));
        var cotangent = Values(random, 4 * groups * 8 * axis.OutputSize * axis.OutputSize);

        // <cotangent, conv(x, k)> is bilinear, so both gradients paired with their argument give the same number.
        var output = Execute(shape, input, kernel, cotangent.Length);
        var value = Dot(output, cotangent);
        var inputGradient = Execute(InputGradient(shape), cotangent, [.. kernel], input.Length, kernelStart: 8);
        Assert.Equal(value, Dot(inputGradient, input), 10);
        var kernelGradient = Execute(KernelGradient(shape), input, cotangent, kernel.Length);
        Assert.Equal(value, Dot(kernelGradient, kernel), 10);

        var probe = Values(random, input.Length);
        Assert.Equal(Dot(Execute(shape, probe, kernel, cotangent.Length), cotangent), Dot(inputGradient, probe), 10);
        probe = Values(random, kernel.Length);
        Assert.Equal(Dot(Execute(shape, input, probe, cotangent.Length), cotangent), Dot(kernelGradient, probe), 10);
    }

    /// <summary>The gradient in the input: the output's gradient meets the turned kernel, with the channels exchanged.</summary>
    private static ConvolutionGeometry InputGradient(ConvolutionGeometry f) => new()
    {
        Batch = f.Batch,
        Groups = f.Groups,
        InputChannels = f.OutputChannels,
        OutputChannels = f.InputChannels,
        Axes =
        [
            .. f.Axes.Select(a => new ConvolutionAxis(
                a.OutputSize, a.KernelSize, a.InputSize, 1, a.KernelDilation * (a.KernelSize - 1) - a.PaddingLow, a.Stride, a.KernelDilation)),
        ],
        Input = f.Output,
        Kernel = new(f.Kernel.Channel, f.Kernel.Group, f.Kernel.Outer, [.. f.Kernel.Spatial.Select(s => -s)]),
        Output = f.Input,
    };

    /// <summary>The gradient in the kernel: batch and channels exchanged, the output's gradient as the kernel.</summary>
    private static ConvolutionGeometry KernelGradient(ConvolutionGeometry f) => new()
    {
        Batch = f.InputChannels,
        Groups = f.Groups,
        InputChannels = f.Batch,
        OutputChannels = f.OutputChannels,
        Axes = [.. f.Axes.Select(a => new ConvolutionAxis(a.InputSize, a.OutputSize, a.KernelSize, a.KernelDilation, a.PaddingLow, 1, a.Stride))],
        Input = new(f.Input.Channel, f.Input.Group, f.Input.Outer, f.Input.Spatial),
        Kernel = new(f.Output.Channel, f.Output.Group, f.Output.Outer, f.Output.Spatial),
        Output = new(f.Kernel.Channel, f.Kernel.Group, f.Kernel.Outer, f.Kernel.Spatial),
    };

    private static void Agrees<T>(ConvolutionGeometry shape, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bias = Values(new Random(8), shape.Groups * shape.OutputChannels);
        Agrees<T>(shape, tolerance, bias, (x, k, y) => Execute(new Convolution<T>(shape), x, k, y, [.. bias.Select(T.CreateTruncating)]));
    }

    private static void Agrees<T>(IConvolution<T> convolution, ConvolutionGeometry shape, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Agrees<T>(shape, tolerance, new double[shape.Groups * shape.OutputChannels], (x, k, y) => Execute(convolution, x, k, (stage, piece, x, k, s, w) => convolution.Run(stage, piece, x, k, y, s, w)));

    private static void Agrees<T>(ConvolutionGeometry shape, double tolerance, double[] bias, Execution<T> execute)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(7);
        var (inputLength, kernelLength, outputLength) = Operands(shape);
        var (input, kernel) = (Values(random, inputLength), Values(random, kernelLength));
        T[] Convert(double[] x) => [.. x.Select(T.CreateTruncating)];
        var y = new T[outputLength];
        Array.Fill(y, T.NaN);
        var (x, k) = (Convert(input), Convert(kernel));
        fixed (T* target = y)
            execute(x, k, target);
        double[] Widen(T[] v) => [.. v.Select(double.CreateTruncating)];
        var expected = Naive(shape, Widen(x), Widen(k), Widen(Convert(bias)), outputLength);
        var scale = Math.Sqrt(shape.InputChannels * shape.Axes.Aggregate(1.0, (n, a) => n * a.KernelSize));
        for (var i = 0; i < outputLength; i++)
            Assert.True(Math.Abs(expected[i] - double.CreateTruncating(y[i])) <= tolerance * (scale + 1), $"element {i}: {expected[i]} and {y[i]}");
    }

    private delegate void Execution<T>(T[] input, T[] kernel, T* output)
        where T : unmanaged;

    private delegate void Stage<T>(int stage, int piece, T* input, T* kernel, T* shared, T* work)
        where T : unmanaged;

    private static double[] Naive(ConvolutionGeometry s, double[] input, double[] kernel, double[] bias, int length)
    {
        var output = new double[length];
        foreach (var y in Positions(s.Axes, a => a.OutputSize))
            for (var n = 0; n < s.Batch; n++)
                for (var g = 0; g < s.Groups; g++)
                    for (var o = 0; o < s.OutputChannels; o++)
                    {
                        var sum = bias[g * s.OutputChannels + o];
                        foreach (var k in Positions(s.Axes, a => a.KernelSize))
                        {
                            if (Source(s, y, k) is not { } from)
                                continue;
                            for (var i = 0; i < s.InputChannels; i++)
                                sum += input[n * s.Input.Outer + g * s.Input.Group + i * s.Input.Channel + from]
                                    * kernel[o * s.Kernel.Outer + g * s.Kernel.Group + i * s.Kernel.Channel + Offset(k, s.Kernel)];
                        }
                        output[n * s.Output.Outer + g * s.Output.Group + o * s.Output.Channel + Offset(y, s.Output)] = sum;
                    }
        return output;
    }

    private static nint? Source(ConvolutionGeometry s, int[] y, int[] k)
    {
        nint offset = 0;
        for (var axis = 0; axis < y.Length; axis++)
        {
            var a = s.Axes[axis];
            var position = y[axis] * a.Stride - a.PaddingLow + k[axis] * a.KernelDilation;
            if (position < 0 || position % a.InputDilation != 0 || position / a.InputDilation >= a.InputSize)
                return null;
            offset += position / a.InputDilation * s.Input.Spatial[axis];
        }
        return offset;
    }

    private static nint Offset(int[] position, OperandStrides strides)
    {
        nint offset = 0;
        for (var axis = 0; axis < position.Length; axis++)
            offset += position[axis] * strides.Spatial[axis];
        return offset;
    }

    private static IEnumerable<int[]> Positions(ConvolutionAxis[] axes, Func<ConvolutionAxis, int> size)
    {
        IEnumerable<int[]> all = [[]];
        foreach (var axis in axes)
            all = all.SelectMany(head => Enumerable.Range(0, size(axis)).Select(i => (int[])[.. head, i]));
        return all;
    }

    private static double[] Execute(ConvolutionGeometry shape, double[] input, double[] kernel, int outputLength, int kernelStart = 0)
    {
        var y = new double[outputLength];
        fixed (double* target = y)
            Execute(new Convolution<double>(shape), input, kernel, target, null, kernelStart);
        return y;
    }

    private static void Execute<T>(
        Convolution<T> convolution, T[] input, T[] kernel, T* output, T[]? bias, int kernelStart = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* b = bias)
        {
            var addend = b;
            Execute(convolution, input, kernel, (stage, piece, x, k, s, w) => convolution.Run(stage, piece, x, k + kernelStart, output, addend, s, w));
        }
    }

    /// <summary>Runs the pieces of each stage, the last first, in memory that holds nothing of use.</summary>
    private static void Execute<T>(IConvolution<T> convolution, T[] input, T[] kernel, Stage<T> run)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shared = new T[convolution.SharedLength];
        var work = new T[convolution.WorkLength];
        Array.Fill(shared, T.NaN);
        Array.Fill(work, T.NaN);
        fixed (T* x = input, k = kernel, s = shared, w = work)
            for (var stage = 0; stage < convolution.Stages; stage++)
                for (var piece = convolution.Pieces(stage) - 1; piece >= 0; piece--)
                    run(stage, piece, x, k, s, w);
    }

    private static (int Input, int Kernel, int Output) Operands(ConvolutionGeometry s)
    {
        int Count(Func<ConvolutionAxis, int> size) => s.Axes.Aggregate(1, (n, a) => n * size(a));
        return (s.Batch * s.Groups * s.InputChannels * Count(a => a.InputSize), s.Groups * s.OutputChannels * s.InputChannels * Count(a => a.KernelSize),
            s.Batch * s.Groups * s.OutputChannels * Count(a => a.OutputSize));
    }

    private static ConvolutionGeometry Geometry(int batch, int groups, int inputs, int outputs, params ConvolutionAxis[] axes) =>
        ConvolutionGeometry.RowMajor(batch, groups, inputs, outputs, axes);

    private static ConvolutionAxis Padded(int size, int kernel, int stride = 1, int padding = 0) =>
        ConvolutionAxis.Padded(size, kernel, stride, padding, padding);

    private static double[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
