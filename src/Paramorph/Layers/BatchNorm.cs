namespace Paramorph.Layers;

/// <summary>
/// Channels moved and scaled to mean 0 and variance 1 over the batch and all places, then by learned numbers. (Ioffe and Szegedy, 2015, Algorithm 1.)
/// In training it returns running statistics beside its output; evaluation uses them. A <see cref="BatchPass"/> hands them through a whole network.
/// </summary>
/// <param name="Scale">[channels].</param>
/// <param name="Offset">[channels].</param>
/// <param name="SpatialAxes">Number of axes behind the channels: 0 for [..., channels], 2 for pictures.</param>
/// <param name="Momentum">The share of a batch in the new running statistics.</param>
/// <param name="Epsilon">What is added to variances.</param>
[Tree]
public sealed partial record BatchNorm(Tensor Scale, Tensor Offset, int SpatialAxes, double Momentum = 0.1, double Epsilon = 1e-5)
{
    /// <summary>The statistics before the first batch: mean 0 and variance 1.</summary>
    public BatchStatistics InitialStatistics => new(Tensor.ZerosLike(Scale).Evaluate(), Tensor.OnesLike(Scale).Evaluate());

    /// <summary>A layer that begins with scale 1 and offset 0.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="spatialAxes">Number of axes behind the channels.</param>
    /// <param name="type">f32 or f64.</param>
    public static BatchNorm Create(int channels, int spatialAxes, ElementType type = ElementType.Float32) =>
        new(Tensor.Ones([channels], type).Evaluate(), Tensor.Zeros([channels], type).Evaluate(), spatialAxes);

    /// <summary>Training: the statistics of the batch itself are used, and move the running ones.</summary>
    /// <param name="x">[batch..., channels, spatial...].</param>
    /// <param name="statistics">The running statistics so far.</param>
    /// <returns>The output, of the shape of the input, and the running statistics from now on, with the unbiased variance as in PyTorch.</returns>
    /// <exception cref="ShapeException">The channels do not fit, or there is one value a channel, which has no variance.</exception>
    public (Tensor Output, BatchStatistics Statistics) Call(Tensor x, BatchStatistics statistics)
    {
        ChannelAxis.Check("batch norm", x, Scale.Count, SpatialAxes);
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != x.Rank - SpatialAxes - 1)];
        var count = x.Count / Math.Max(1, Scale.Count);
        if (count < 2) throw new ShapeException($"batch norm: {x.Type} has {count} value for each channel: a variance needs two or more.");
        var (mean, variance) = Moments.Of(x, axes);
        Tensor Moved(Tensor old, Tensor batch) => (1 - Momentum) * old + Momentum * Tensor.StopGradient(batch.ReshapeTo(old.Shape));
        return (
            Applied((x - mean) * Tensor.Rsqrt(variance + Epsilon)),
            new(Moved(statistics.Mean, mean), Moved(statistics.Variance, variance * ((double)count / (count - 1)))));
    }

    /// <summary>Evaluation: the running statistics are used, and each example is treated by itself.</summary>
    /// <param name="x">[batch..., channels, spatial...].</param>
    /// <param name="statistics">The running statistics.</param>
    /// <exception cref="ShapeException">The channels do not fit.</exception>
    public Tensor Evaluate(Tensor x, BatchStatistics statistics)
    {
        ChannelAxis.Check("batch norm", x, Scale.Count, SpatialAxes);
        var mean = ChannelAxis.Spread(statistics.Mean, SpatialAxes);
        return Applied((x - mean) * Tensor.Rsqrt(ChannelAxis.Spread(statistics.Variance, SpatialAxes) + Epsilon));
    }

    /// <summary>One of the two, with the statistics of a pass through a network.</summary>
    /// <param name="x">[batch..., channels, spatial...].</param>
    /// <param name="pass">The pass, whose next statistics are those of this layer.</param>
    public Tensor Call(Tensor x, BatchPass pass)
    {
        var statistics = pass.Next();
        if (!pass.IsTraining) return Evaluate(x, statistics);
        var (output, moved) = Call(x, statistics);
        pass.Record(moved);
        return output;
    }

    private Tensor Applied(Tensor standard) =>
        standard * ChannelAxis.Spread(Scale, SpatialAxes) + ChannelAxis.Spread(Offset, SpatialAxes);
}
