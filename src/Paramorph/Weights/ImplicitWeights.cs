using Paramorph.Layers;

namespace Paramorph.Weights;

/// <summary>
/// The weights of a model of any width as functions of coordinates: where a weight stands among the channels, and how many of these there are. A field for each
/// leaf maps them to values, so one tree holds networks of all widths, also of such that it was not trained for. (Yang and Wang, "Neural Metamorphosis", 2024.)
/// <see cref="ImplicitWeights.Of"/> makes one.
/// </summary>
/// <remarks>
/// It is trained by the loss of the model at widths that are drawn, by the distance from a trained model at full width, and by the size of its weights.
/// Widths are tensors: <see cref="Masked"/> gives weights of the full shapes, of which those beyond the width are zero, so that one compiled step serves all.
/// </remarks>
/// <param name="Fields">For each leaf that has channels of a group a map [..., features of coordinates] to [..., places of the kernel].</param>
/// <param name="Full">The model at full width; leaves without channels of a group are taken from it. It is not learned.</param>
/// <param name="Groups">The channels of which there may be fewer.</param>
/// <param name="Frequencies">How many frequencies, π, 2π, 4π..., encode a coordinate.</param>
/// <typeparam name="TModel">The model whose weights are given.</typeparam>
[Tree]
public sealed partial record ImplicitWeights<TModel>(TreeList<Mlp> Fields, [Static] TModel Full, Sequence<ChannelGroup> Groups, int Frequencies)
    where TModel : ITree<TModel>
{
    /// <summary>The model at some widths, with weights of the full shapes that are zero beyond them.</summary>
    /// <param name="widths">f32 [groups]: how many channels each group has, from 1 to all.</param>
    /// <param name="noise">
    /// Moves each coordinate of a channel by a number of [-1/2, 1/2) channels, and each width likewise, by which weights become smooth in them; none when null.
    /// </param>
    /// <exception cref="ShapeException">There is not one width for each group.</exception>
    public TModel Masked(Tensor widths, Key? noise = null)
    {
        if (widths.Shape != [Groups.Count]) throw new ShapeException($"implicit weights: {widths.Type} does not hold a width for each of {Groups.Count} groups.");
        var (paths, leaves, field) = (Tree.Names(Full), Tree.Leaves(Full), 0);
        for (var i = 0; i < leaves.Length; i++)
            if (ImplicitWeights.Axes(Groups, paths[i]) is { } axes) leaves[i] = Values(leaves[i], axes, Fields[field++], widths, noise?.Fold(i));
        return Tree.Rebuild(Full, leaves);
    }

    /// <summary>The mean of masked weights over some draws of the noise: what is used after training with noise.</summary>
    /// <param name="widths">f32 [groups].</param>
    /// <param name="noise">Draws the noise.</param>
    /// <param name="draws">How many.</param>
    public TModel Averaged(Tensor widths, Key noise, int draws)
    {
        var models = Vmap.Of((Tensor draw) => Masked(widths, noise.Fold(draw)), Tensor.Arange(draws));
        return Tree.Map(models, leaf => leaf.Mean(0));
    }

    /// <summary>A masked model without what is masked: the narrow network.</summary>
    /// <param name="masked">What <see cref="Masked"/> or <see cref="Averaged"/> gave.</param>
    /// <param name="widths">The widths for which they gave it.</param>
    public TModel Cut(TModel masked, params ReadOnlySpan<int> widths)
    {
        for (var i = 0; i < widths.Length; i++) masked = Groups[i].Take(masked, [.. Enumerable.Range(0, widths[i])]);
        return masked;
    }

    private Tensor Values(Tensor leaf, ImplicitWeights.LeafAxes axes, Mlp field, Tensor widths, Key? noise)
    {
        var (rows, columns) = (leaf.Shape[0], leaf.Rank > 1 ? leaf.Shape[1] : 1);
        var row = Coordinate(0, rows, axes.Row, Tensor.Arange(rows, ElementType.Float32).ExpandDims(1));
        var column = Coordinate(1, columns, axes.Column, Tensor.Arange(columns, ElementType.Float32).ExpandDims(0));
        Tensor[] coordinates = [row.Place / row.Width, column.Place / column.Width, row.Width / rows, column.Width / columns];
        var features = Features(Tensor.Stack([.. coordinates.Select(c => c.BroadcastTo([rows, columns]))], -1));
        // A sum over fewer channels takes larger weights, as that over all of them took the leaf's own.
        var scale = ImplicitWeights.Scale(leaf);
        var values = field.Call(features).ReshapeTo(leaf.Shape);
        if (axes.Row is { IsInput: true }) values *= Spread(rows / row.Width, leaf.Rank);
        if (axes.Column is { IsInput: true }) values *= Spread(columns / column.Width, leaf.Rank);
        return Tensor.Where(Spread(row.IsKept & column.IsKept, leaf.Rank), scale * values, 0.0);

        // What is not of a group has no width to be smooth in, and gets no noise.
        (Tensor Place, Tensor Width, Tensor IsKept) Coordinate(int axis, int size, ImplicitWeights.LeafAxis? group, Tensor places)
        {
            if (group is null) return (places, Tensor.Full([1, 1], (double)size), Tensor.Scalar(true).Reshape(1, 1));
            var width = widths[group.Group].Reshape(1, 1);
            if (noise is not { } key) return (places, width, places < width);
            var moved = Sample.Uniform(key.Fold(axis), [2, rows, columns], -0.5, 0.5);
            return (places + moved[0], width + moved[1], places < width);
        }

        // [rows, columns] beside the axes of a kernel; a leaf of one axis has no columns.
        static Tensor Spread(Tensor x, int rank) => rank == 1 ? x[.., 0] : x.ReshapeTo([.. x.Shape, .. Enumerable.Repeat(1, rank - 2)]);
    }

    /// <summary>The coordinates, and sines and cosines of them: [..., 4] gives [..., 4 (1 + 2 frequencies)].</summary>
    private Tensor Features(Tensor coordinates)
    {
        float[] frequencies = [.. Enumerable.Range(0, Frequencies).Select(k => (float)(Math.PI * (1 << k)))];
        var angles = (coordinates.ExpandDims(-1) * Tensor.From(frequencies)).Flatten(2);
        return Tensor.Concatenate([coordinates, Tensor.Sin(angles), Tensor.Cos(angles)], -1);
    }
}

/// <summary>Makes implicit weights of models.</summary>
public static class ImplicitWeights
{
    /// <summary>Fields with drawn parameters, whose values are in units of the root mean square of the trained model's leaves and start small.</summary>
    /// <param name="key">The key.</param>
    /// <param name="model">The trained model of full width, its channels in a smooth order (<see cref="ChannelGroup.SmoothOrder"/>).</param>
    /// <param name="groups">The channels of which there may be fewer: they stand on the first two axes of leaves.</param>
    /// <param name="hidden">Hidden widths of a field.</param>
    /// <param name="frequencies">How many frequencies encode a coordinate.</param>
    /// <exception cref="ArgumentException">A place of a group is not in the model or not on the first two axes of a leaf, or the groups are none.</exception>
    public static ImplicitWeights<TModel> Of<TModel>(Key key, TModel model, Sequence<ChannelGroup> groups, Sequence<int> hidden, int frequencies = 6)
        where TModel : ITree<TModel>
    {
        if (groups.Count == 0) throw new ArgumentException("implicit weights: there is no group of channels.", nameof(groups));
        foreach (var group in groups)
        {
            _ = group.Width(model);
            if (group.Places.FirstOrDefault(place => place.Axis > 1) is { } place)
                throw new ArgumentException($"implicit weights: {place.Leaf} has channels on axis {place.Axis}; they must be on one of the first two.", nameof(groups));
        }
        var generated = Tree.Names(model).Zip(Tree.Leaves(model)).Where(leaf => Axes(groups, leaf.First) is not null).Select(leaf => leaf.Second.Shape).ToArray();
        return Initialise.Of(key, key => new ImplicitWeights<TModel>(
            [.. generated.Select((shape, i) => Field(key.Fold(i), [4 * (1 + 2 * frequencies), .. hidden, shape.Rank > 2 ? shape[2..].ElementCount : 1]))],
            model, groups, frequencies));
    }

    private static Mlp Field(Key key, Sequence<int> sizes)
    {
        // Neighbouring channels of a field are alike, so their sums are larger than those of independent ones: it starts small.
        const double Start = 0.1;
        var field = Mlp.Create(key, sizes, Activation.Silu);
        return field with { Layers = [.. field.Layers.SkipLast(1), field.Layers[^1] with { Weight = Start * field.Layers[^1].Weight }] };
    }

    /// <summary>The root mean square of a leaf.</summary>
    internal static double Scale(Tensor leaf)
    {
        var values = leaf.ToDoubles();
        return Math.Sqrt(values.Average(value => value * value));
    }

    /// <summary>What groups stand on the first two axes of a leaf, or null if none does.</summary>
    internal static LeafAxes? Axes(Sequence<ChannelGroup> groups, string path)
    {
        LeafAxis? On(int axis) => Enumerable.Range(0, groups.Count)
            .SelectMany(group => groups[group].Places.Where(place => place.Leaf == path && place.Axis == axis).Select(place => new LeafAxis(group, place.IsInput))).FirstOrDefault();
        return (On(0), On(1)) is var (row, column) && (row ?? column) is not null ? new(row, column) : null;
    }

    internal sealed record LeafAxis(int Group, bool IsInput);

    internal sealed record LeafAxes(LeafAxis? Row, LeafAxis? Column);
}
