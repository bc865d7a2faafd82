namespace Paramorph.Layers;

/// <summary>
/// Groups of channels of each example moved and scaled to mean 0 and variance 1 over their places, then each channel by learned numbers. (Wu and He,
/// 2018.) With one channel a group it is the instance norm of Ulyanov et al. (2016).
/// </summary>
/// <param name="Scale">[channels].</param>
/// <param name="Offset">[channels].</param>
/// <param name="Groups">Number of groups, which divides the channels.</param>
/// <param name="SpatialAxes">Number of axes behind the channels.</param>
/// <param name="Epsilon">What is added to variances.</param>
[Tree]
public sealed partial record GroupNorm(Tensor Scale, Tensor Offset, int Groups, int SpatialAxes, double Epsilon = 1e-5) : ILayer
{
    /// <summary>A layer that begins with scale 1 and offset 0.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="spatialAxes">Number of axes behind the channels.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The groups do not divide the channels.</exception>
    public static GroupNorm Create(int channels, int groups, int spatialAxes, ElementType type = ElementType.Float32) =>
        groups >= 1 && channels % groups == 0
            ? new(Tensor.Ones([channels], type).Evaluate(), Tensor.Zeros([channels], type).Evaluate(), groups, spatialAxes)
            : throw new ShapeException($"group norm: {channels} channels do not divide into {groups} groups.");

    /// <summary>A layer that normalises each channel by itself.</summary>
    /// <inheritdoc cref="Create"/>
    public static GroupNorm Instance(int channels, int spatialAxes, ElementType type = ElementType.Float32) => Create(channels, channels, spatialAxes, type);

    /// <summary>[..., channels, spatial...] gives the same shape.</summary>
    /// <exception cref="ShapeException">The channels do not fit.</exception>
    public Tensor Call(Tensor x)
    {
        ChannelAxis.Check("group norm", x, Scale.Count, SpatialAxes);
        var batch = x.Shape[..^(SpatialAxes + 1)];
        var groups = x.ReshapeTo([.. batch, Groups, x.Count / (Math.Max(1, batch.ElementCount) * Groups)]);
        var standard = Moments.Standardise(groups, [groups.Rank - 1], Epsilon).ReshapeTo(x.Shape);
        return standard * ChannelAxis.Spread(Scale, SpatialAxes) + ChannelAxis.Spread(Offset, SpatialAxes);
    }
}
