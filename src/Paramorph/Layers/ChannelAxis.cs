namespace Paramorph.Layers;

/// <summary>What layers do whose inputs are [..., channels, spatial...].</summary>
internal static class ChannelAxis
{
    /// <summary>A vector [channels] as [channels, 1...], which broadcasts against so many spatial axes.</summary>
    public static Tensor Spread(Tensor vector, int spatialAxes) => vector.ReshapeTo([vector.Count, .. Enumerable.Repeat(1, spatialAxes)]);

    /// <summary>Refuses an input that has other channels or too few axes.</summary>
    /// <exception cref="ShapeException">It does not fit.</exception>
    public static void Check(string layer, Tensor x, int channels, int spatialAxes)
    {
        if (x.Rank <= spatialAxes || x.Shape[^(spatialAxes + 1)] != channels)
        {
            var shape = string.Concat(Enumerable.Range(1, spatialAxes).Select(axis => $", n{axis}"));
            throw new ShapeException($"{layer}: {x.Type} does not enter: the input must be [..., {channels}{shape}], {channels} being its channels.");
        }
    }

    /// <summary>One vector of a matrix product at each place: the weight [inputs, outputs] along the channels.</summary>
    public static Tensor Mix(Tensor x, Tensor weight, int spatialAxes) =>
        Tensor.Contract(x, weight, [-(spatialAxes + 1)], [0]).MoveAxis(-1, -(spatialAxes + 1));
}
