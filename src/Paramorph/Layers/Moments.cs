namespace Paramorph.Layers;

/// <summary>Numbers moved and scaled to mean 0 and variance 1.</summary>
internal static class Moments
{
    /// <summary>The mean and the variance over axes, which stay with size 1.</summary>
    public static (Tensor Mean, Tensor Variance) Of(Tensor x, int[] axes)
    {
        var kept = x.Shape.ToArray();
        foreach (var axis in axes) kept[axis] = 1;
        var mean = x.Mean(axes).Reshape(kept);
        return (mean, Tensor.Square(x - mean).Mean(axes).Reshape(kept));
    }

    /// <summary>(x - mean) / sqrt(variance + epsilon) over axes counted from the front.</summary>
    public static Tensor Standardise(Tensor x, int[] axes, double epsilon)
    {
        var (mean, variance) = Of(x, axes);
        return (x - mean) * Tensor.Rsqrt(variance + epsilon);
    }
}
