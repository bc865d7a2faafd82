namespace Paramorph.Layers;

/// <summary>A convolution over one to three spatial axes, without flipping as in all network libraries.</summary>
/// <param name="Weight">[outputs, channels / groups, kernel...].</param>
/// <param name="Bias">[outputs]; none when null.</param>
/// <param name="Options">Stride, padding, dilation and groups.</param>
/// <param name="PaddingMode">What is put around the spatial axes.</param>
[Tree]
public sealed partial record Convolution(Tensor Weight, Tensor? Bias, ConvolutionOptions Options, PaddingMode PaddingMode = PaddingMode.Zero) : ILayer
{
    private int SpatialAxes => Weight.Rank - 2;

    /// <summary>A layer with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">Sizes of the kernel along one to three spatial axes: <c>[3, 3]</c>.</param>
    /// <param name="options">Stride, padding, dilation and groups; stride 1 and <see cref="Padding.Same"/> when null.</param>
    /// <param name="paddingMode">What is put around: zeros, or <see cref="PaddingMode.Circular"/> on a periodic domain.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.HeNormal"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1, the kernel has not one to three axes, or the groups do not divide the channels.</exception>
    public static Convolution Create(
        Key key, int channels, int outputs, Sequence<int> kernel, ConvolutionOptions? options = null, PaddingMode paddingMode = PaddingMode.Zero,
        bool hasBias = true, Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        options ??= new() { Padding = Padding.Same };
        CheckSizes("convolution", channels, outputs, kernel, options.Groups);
        Shape shape = [outputs, channels / options.Groups, .. kernel];
        return Initialise.Of(key, key => new Convolution(
            (weight ?? Initialiser.HeNormal).Draw(key, shape, Fans.OfKernel(shape, options.Groups), type),
            hasBias ? Tensor.Zeros([outputs], type) : null, options, paddingMode));
    }

    /// <summary>A layer each channel of which has a kernel of its own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input and of the output.</param>
    /// <param name="kernel">Sizes of the kernel.</param>
    /// <param name="options">Stride, padding and dilation; stride 1 and <see cref="Padding.Same"/> when null.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.HeNormal"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static Convolution Depthwise(
        Key key, int channels, Sequence<int> kernel, ConvolutionOptions? options = null, Initialiser? weight = null,
        ElementType type = ElementType.Float32) =>
        Create(key, channels, channels, kernel, (options ?? new() { Padding = Padding.Same }) with { Groups = channels }, weight: weight, type: type);

    /// <summary>[..., channels, spatial...] gives [..., outputs, places...].</summary>
    /// <exception cref="ShapeException">The channels do not fit, or the kernel is larger than the padded input.</exception>
    public Tensor Call(Tensor x)
    {
        ChannelAxis.Check("convolution", x, Weight.Shape[1] * Options.Groups, SpatialAxes);
        var y = PaddingMode == PaddingMode.Zero
            ? Tensor.Convolve(x, Weight, Options)
            : Tensor.Convolve(Padded(x), Weight, Options with { Padding = Padding.Valid });
        return Bias is null ? y : y + ChannelAxis.Spread(Bias, SpatialAxes);
    }

    /// <summary>The adjoint of <see cref="Call"/> without its bias, for a stride of 1: [..., outputs, places...] gives [..., channels, spatial...].</summary>
    /// <exception cref="ShapeException">The channels do not fit, the stride is not 1, or what is put around is not zero.</exception>
    public Tensor Adjoint(Tensor x)
    {
        ChannelAxis.Check("adjoint of a convolution", x, Weight.Shape[0], SpatialAxes);
        if (PaddingMode != PaddingMode.Zero || Options.Stride.Any(stride => stride != 1))
            throw new ShapeException("adjoint of a convolution: it is that of stride 1 with zeros around.");
        return Tensor.ConvolveTransposed(x, Weight, Options);
    }

    internal static void CheckSizes(string layer, int channels, int outputs, Sequence<int> kernel, int groups)
    {
        if (kernel.Count is < 1 or > 3 || kernel.Any(size => size < 1))
            throw new ShapeException($"{layer}: kernel {kernel} has not one to three sizes of 1 or more.");
        if (channels < 1 || outputs < 1 || groups < 1 || channels % groups != 0 || outputs % groups != 0)
            throw new ShapeException($"{layer}: {channels} channels and {outputs} outputs do not divide into {groups} groups: all are 1 or more, and divide.");
    }

    /// <summary>The input continued by what lies in it, as far as zeros would have been put around.</summary>
    private Tensor Padded(Tensor x)
    {
        var axes = SpatialAxes;
        int Given(Sequence<int> numbers, int axis) => numbers.Count switch { 0 => 1, 1 => numbers[0], _ => numbers[axis] };
        int[] extents = [.. Enumerable.Range(0, axes).Select(a => Given(Options.Dilation, a) * (Weight.Shape[a + 2] - 1) + 1)];
        int[] strides = [.. Enumerable.Range(0, axes).Select(a => Given(Options.Stride, a))];
        var (low, high) = Options.Padding.Resolve("convolution", x.Shape.Sizes[^axes..], extents, strides);
        return x.Pad(PaddingMode, [.. low.Zip(high)]);
    }
}
