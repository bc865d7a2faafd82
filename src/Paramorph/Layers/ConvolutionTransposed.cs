namespace Paramorph.Layers;

/// <summary>A transposed convolution over one to three spatial axes, with the conventions of PyTorch: it makes inputs larger by its stride.</summary>
/// <param name="Weight">[channels, outputs / groups, kernel...].</param>
/// <param name="Bias">[outputs]; none when null.</param>
/// <param name="Options">How the kernel slides over the result.</param>
/// <param name="OutputPadding">Places more at the end of each spatial axis.</param>
[Tree]
public sealed partial record ConvolutionTransposed(Tensor Weight, Tensor? Bias, ConvolutionOptions Options, Sequence<int> OutputPadding = default) : ILayer
{
    /// <summary>A layer with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">Sizes of the kernel along one to three spatial axes.</param>
    /// <param name="options">Stride, padding, dilation and groups; stride 1 and <see cref="Padding.Same"/> when null.</param>
    /// <param name="outputPadding">Places more at the end of each spatial axis, or one number for all.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.HeNormal"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1, the kernel has not one to three axes, or the groups do not divide the channels.</exception>
    public static ConvolutionTransposed Create(
        Key key, int channels, int outputs, Sequence<int> kernel, ConvolutionOptions? options = null, Sequence<int> outputPadding = default,
        bool hasBias = true, Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        options ??= new() { Padding = Padding.Same };
        Convolution.CheckSizes("transposed convolution", channels, outputs, kernel, options.Groups);
        Shape shape = [channels, outputs / options.Groups, .. kernel];
        // An output sums the channels of its group over those places of the kernel that a stride leaves it.
        var strides = kernel.Select((_, a) => options.Stride.Count switch { 0 => 1, 1 => options.Stride[0], _ => options.Stride[a] });
        var places = shape[2..].ElementCount;
        var fans = new Fans(Math.Max(1, channels / (double)options.Groups * places / strides.Aggregate(1.0, (a, b) => a * b)), shape[1] * (double)places);
        return Initialise.Of(key, key => new ConvolutionTransposed(
            (weight ?? Initialiser.HeNormal).Draw(key, shape, fans, type), hasBias ? Tensor.Zeros([outputs], type) : null, options, outputPadding));
    }

    /// <summary>[..., channels, spatial...] gives [..., outputs, places...]; see <see cref="Tensor.ConvolveTransposed"/> for the sizes.</summary>
    /// <exception cref="ShapeException">The channels do not fit.</exception>
    public Tensor Call(Tensor x)
    {
        var spatialAxes = Weight.Rank - 2;
        ChannelAxis.Check("transposed convolution", x, Weight.Shape[0], spatialAxes);
        var y = Tensor.ConvolveTransposed(x, Weight, Options, OutputPadding.Span);
        return Bias is null ? y : y + ChannelAxis.Spread(Bias, spatialAxes);
    }
}
