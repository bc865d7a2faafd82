namespace Paramorph.Cpu;

/// <summary>
/// A convolution (a correlation: the kernel is not turned) in full generality, over one to three spatial axes:
/// <c>output[n, g, o, y] = sum over i, k of input[n, g, i, (y stride - padding + k kernelDilation) / inputDilation] kernel[g, o, i, k]</c>, where
/// positions that are not whole or lie outside are zero. Every operand has its own strides, in elements, so a turned kernel has negative strides
/// and the gradients are the same convolution with the roles of batch and channels exchanged: the gradient in the input has
/// padding dilation (k - 1) - padding, and the stride as input dilation; the gradient in the kernel has the input with its batch as channels,
/// the output's gradient as kernel and the stride as kernel dilation.
/// </summary>
internal sealed record ConvolutionGeometry
{
    public required int Batch { get; init; }

    public int Groups { get; init; } = 1;

    /// <summary>Input channels of a group.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Output channels of a group.</summary>
    public required int OutputChannels { get; init; }

    public required ConvolutionAxis[] Axes { get; init; }

    public required OperandStrides Input { get; init; }

    public required OperandStrides Kernel { get; init; }

    public required OperandStrides Output { get; init; }

    /// <summary>Row-major operands [batch, groups * channels, spatial...] and [groups * outputs, inputs, spatial...].</summary>
    public static ConvolutionGeometry RowMajor(int batch, int groups, int inputChannels, int outputChannels, params ConvolutionAxis[] axes)
    {
        var input = Spatial(axes, a => a.InputSize);
        var kernel = Spatial(axes, a => a.KernelSize);
        var output = Spatial(axes, a => a.OutputSize);
        return new ConvolutionGeometry
        {
            Batch = batch,
            Groups = groups,
            InputChannels = inputChannels,
            OutputChannels = outputChannels,
            Axes = axes,
            Input = new(groups * inputChannels * input.Count, inputChannels * input.Count, input.Count, input.Strides),
            Kernel = new(inputChannels * kernel.Count, outputChannels * inputChannels * kernel.Count, kernel.Count, kernel.Strides),
            Output = new(groups * outputChannels * output.Count, outputChannels * output.Count, output.Count, output.Strides),
        };
    }

    private static (nint[] Strides, nint Count) Spatial(ConvolutionAxis[] axes, Func<ConvolutionAxis, int> size)
    {
        var strides = new nint[axes.Length];
        nint count = 1;
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = count;
            count *= size(axes[axis]);
        }
        return (strides, count);
    }
}

/// <summary>The strides of an operand. For the kernel, <c>Outer</c> goes over output channels and <c>Channel</c> over input channels.</summary>
internal sealed record OperandStrides(nint Outer, nint Group, nint Channel, nint[] Spatial);

/// <summary>One spatial axis of a convolution.</summary>
/// <param name="PaddingLow">Zeros before the input; negative to cut it.</param>
internal sealed record ConvolutionAxis(
    int InputSize,
    int KernelSize,
    int OutputSize,
    int Stride = 1,
    int PaddingLow = 0,
    int InputDilation = 1,
    int KernelDilation = 1)
{
    /// <summary>The axis whose output is as long as the padding on both sides allows.</summary>
    public static ConvolutionAxis Padded(
        int inputSize, int kernelSize, int stride = 1, int low = 0, int high = 0, int inputDilation = 1, int kernelDilation = 1)
    {
        var room = (inputSize - 1) * inputDilation + 1 + low + high - ((kernelSize - 1) * kernelDilation + 1);
        return new(inputSize, kernelSize, room < 0 ? 0 : room / stride + 1, stride, low, inputDilation, kernelDilation);
    }

    /// <summary>
    /// Outputs that meet the same kernel elements. With a dilated input, neighbouring outputs meet different ones; those a fixed number apart meet
    /// the same, so each phase is an ordinary convolution of the undilated input and no work is done on the zeros between.
    /// </summary>
    public IEnumerable<AxisPhase> Phases()
    {
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(Stride, InputDilation);
        var count = InputDilation / divisor;
        for (var phase = 0; phase < count && phase < OutputSize; phase++)
        {
            var taps = new List<(int Kernel, int Offset)>();
            for (var k = 0; k < KernelSize; k++)
            {
                var position = phase * Stride - PaddingLow + k * KernelDilation;
                if (position % InputDilation == 0)
                    taps.Add((k, position / InputDilation));
            }
            yield return new AxisPhase(phase, count, (OutputSize - phase + count - 1) / count, Stride / divisor, [.. taps]);
        }
    }
}

/// <summary>
/// The outputs Start + t OutputStep, t below Count, of an axis. Output t is the sum over the taps of kernel[tap.Kernel] input[tap.Offset + t InputStep].
/// </summary>
internal sealed record AxisPhase(int Start, int OutputStep, int Count, int InputStep, (int Kernel, int Offset)[] Taps)
{
    public int First { get; } = Taps.Length == 0 ? 0 : Taps.Min(t => t.Offset);

    public int Last { get; } = Taps.Length == 0 ? 0 : Taps.Max(t => t.Offset);

    /// <summary>Whether every output meets inputs that exist alone.</summary>
    public bool Inside(int size) => First >= 0 && Last + (Count - 1) * InputStep < size;
}
