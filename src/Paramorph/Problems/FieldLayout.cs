using System.Text.Json.Serialization;

namespace Paramorph.Problems;

/// <summary>What the axes of a field are.</summary>
/// <param name="Grid">The places along each spatial axis.</param>
/// <param name="Channels">Numbers at each place.</param>
/// <param name="HasChannelAxis">Whether the array has an axis of channels; else it has one channel.</param>
/// <param name="IsChannelLast">Whether that axis is the last one; else it is the first.</param>
public sealed record FieldLayout(IReadOnlyList<int> Grid, int Channels, bool HasChannelAxis, bool IsChannelLast)
{
    /// <summary>The shape of the array of one field.</summary>
    [JsonIgnore]
    public Shape Shape => !HasChannelAxis ? [.. Grid] : IsChannelLast ? [.. Grid, Channels] : [Channels, .. Grid];

    /// <summary>The layout of an array.</summary>
    /// <param name="shape">Its shape, without the axis of examples.</param>
    /// <param name="axes">Spatial axes.</param>
    /// <param name="isChannelLast">Where channels stand if there is an axis of them.</param>
    public static FieldLayout Of(Shape shape, int axes, bool isChannelLast) => shape.Rank == axes
        ? new([.. shape.Sizes], 1, false, false)
        : isChannelLast ? new([.. shape.Sizes[..^1]], shape[^1], true, true) : new([.. shape.Sizes[1..]], shape[0], true, false);

    /// <summary>Fields as in the file, [n, field...], with their channels first: [n, channels, grid...].</summary>
    public Tensor Arranged(Tensor fields) => IsChannelLast ? fields.MoveAxis(-1, 1) : fields.ReshapeTo([fields.Shape[0], Channels, .. Grid]);

    /// <summary>The inverse of <see cref="Arranged"/>.</summary>
    public Tensor Restored(Tensor fields) => IsChannelLast ? fields.MoveAxis(1, -1) : fields.ReshapeTo([fields.Shape[0], .. Shape]);
}
