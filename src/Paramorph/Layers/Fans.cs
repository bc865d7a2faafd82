namespace Paramorph.Layers;

/// <summary>How many numbers a weight connects, by which its first values are scaled.</summary>
/// <param name="Inputs">How many inputs are summed for one output.</param>
/// <param name="Outputs">How many outputs one input takes part in.</param>
public readonly record struct Fans(double Inputs, double Outputs)
{
    /// <summary>Those of a kernel [outputs, channels / groups, kernel...] of a convolution: channels and outputs of one group, times the places of the kernel.</summary>
    /// <param name="shape">The shape of the kernel.</param>
    /// <param name="groups">Number of groups.</param>
    public static Fans OfKernel(Shape shape, int groups = 1)
    {
        var places = shape[2..].ElementCount;
        return new(shape[1] * (double)places, shape[0] / (double)groups * places);
    }
}
