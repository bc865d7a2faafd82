namespace Paramorph.Weights;

/// <summary>An axis of a leaf that runs over channels.</summary>
/// <param name="Leaf">The path of the leaf as <see cref="Tree.Names"/> gives it.</param>
/// <param name="Axis">The axis.</param>
/// <param name="IsInput">Whether the layer sums over these channels: they enter it.</param>
public sealed record ChannelPlace(string Leaf, int Axis, bool IsInput = false);

/// <summary>
/// Channels between layers, by all the places of a model where they stand: what gives them, their biases, and what takes them. Taken in another order
/// everywhere, they leave the model's function as it is; taken in part, they give a narrower model.
/// </summary>
/// <param name="Places">Where they stand.</param>
public sealed record ChannelGroup(Sequence<ChannelPlace> Places)
{
    /// <summary>How many channels there are.</summary>
    /// <exception cref="ArgumentException">A place is not in the model, or they have different sizes.</exception>
    public int Width<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        int[] sizes = [.. Leaves(model).Select(place => place.Leaf.Shape[place.Axis]).Distinct()];
        return sizes.Length == 1 ? sizes[0] : throw new ArgumentException($"channels: the places {Places} have {string.Join(" and ", sizes)} channels, but must have equally many.", nameof(model));
    }

    /// <summary>The model with some of its channels, in the given order, as values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="channels">Numbers of channels, each at most once: all of them permute the model, fewer prune it.</param>
    /// <exception cref="ArgumentException">A place is not in the model, or a channel does not exist or comes twice.</exception>
    public TModel Take<TModel>(TModel model, ReadOnlySpan<int> channels)
        where TModel : ITree<TModel>
    {
        var width = Width(model);
        var seen = new bool[width];
        foreach (var channel in channels)
        {
            if (channel < 0 || channel >= width || seen[channel]) throw new ArgumentException($"channels: {channel} is not one of {width} channels that are left to take.", nameof(channels));
            seen[channel] = true;
        }
        var order = Tensor.From(channels, [channels.Length]);
        return Tree.Map(model, (path, leaf) => Places.Where(place => place.Leaf == path).Aggregate(leaf, (taken, place) => taken.Take(order, place.Axis)).Evaluate());
    }

    /// <summary>The sum of absolute differences between neighbouring channels, over all places. (Yang and Wang, "Neural Metamorphosis", 2024.)</summary>
    /// <exception cref="ArgumentException">A place is not in the model.</exception>
    public double TotalVariation<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        var distances = Distances(model);
        return Length(distances, [.. Enumerable.Range(0, Width(model))]);
    }

    /// <summary>
    /// The order of channels in which the total variation is small: a short path through all of them, of which each is a point with the numbers that belong to it.
    /// As the distance of two channels does not depend on the order of others, several groups are put in order one by one. (Yang and Wang, 2024: a
    /// shortest Hamiltonian path.)
    /// </summary>
    /// <returns>Channels for <see cref="Take"/>; the total variation is never above that of the present order. The path is found by local search: no reversal of a part shortens it.</returns>
    /// <exception cref="ArgumentException">A place is not in the model.</exception>
    public int[] SmoothOrder<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        var distances = Distances(model);
        var width = Width(model);
        IEnumerable<int[]> starts = [[.. Enumerable.Range(0, width)], .. Enumerable.Range(0, width).Select(first => ByNearest(distances, width, first))];
        return starts.Select(path => Untangled(distances, path)).MinBy(path => Length(distances, path))!;
    }

    /// <summary>The sum of absolute values of what gives each channel, by which structured pruning ranks channels. (Li et al., "Pruning Filters for Efficient ConvNets", 2017.)</summary>
    /// <returns>One number a channel: places that are inputs do not count.</returns>
    /// <exception cref="ArgumentException">A place is not in the model.</exception>
    public double[] Norms<TModel>(TModel model)
        where TModel : ITree<TModel> => [.. Points(model, place => !place.IsInput && place.Leaf.Rank > 1).Select(point => point.Sum(Math.Abs))];

    private static double Length(double[,] distances, int[] path) => Enumerable.Range(1, Math.Max(0, path.Length - 1)).Sum(i => distances[path[i - 1], path[i]]);

    private static int[] ByNearest(double[,] distances, int count, int first)
    {
        var (path, left) = (new List<int> { first }, Enumerable.Range(0, count).Where(i => i != first).ToHashSet());
        while (left.Count > 0)
        {
            var next = left.MinBy(i => (distances[path[^1], i], i));
            path.Add(next);
            left.Remove(next);
        }
        return [.. path];
    }

    /// <summary>The path after all reversals of a part that shorten it; its ends are free.</summary>
    private static int[] Untangled(double[,] distances, int[] path)
    {
        // Beyond an end there is nothing, at no distance.
        double Between(int i, int j) => i < 0 || j >= path.Length ? 0 : distances[path[i], path[j]];
        double Gain(int from, int to) =>
            Between(from - 1, from) + Between(to, to + 1) - (from == 0 ? 0 : distances[path[from - 1], path[to]]) - (to == path.Length - 1 ? 0 : distances[path[from], path[to + 1]]);
        bool isShorter;
        do
        {
            isShorter = false;
            for (var from = 0; from < path.Length - 1; from++)
            {
                for (var to = from + 1; to < path.Length; to++)
                {
                    if (Gain(from, to) <= 1e-12) continue;
                    Array.Reverse(path, from, to - from + 1);
                    isShorter = true;
                }
            }
        }
        while (isShorter);
        return path;
    }

    private double[,] Distances<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        var points = Points(model, _ => true);
        var distances = new double[points.Length, points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < points[i].Length; k++) sum += Math.Abs(points[i][k] - points[j][k]);
                distances[i, j] = distances[j, i] = sum;
            }
        }
        return distances;
    }

    /// <summary>For each channel all numbers that belong to it.</summary>
    private double[][] Points<TModel>(TModel model, Func<(Tensor Leaf, int Axis, bool IsInput), bool> counts)
        where TModel : ITree<TModel>
    {
        var width = Width(model);
        var parts = Leaves(model).Where(counts).Select(place => place.Leaf.MoveAxis(place.Axis, 0).ToDoubles()).ToArray();
        return [.. Enumerable.Range(0, width).Select(channel => parts.SelectMany(part => part.Skip(channel * (part.Length / width)).Take(part.Length / width)).ToArray())];
    }

    private IEnumerable<(Tensor Leaf, int Axis, bool IsInput)> Leaves<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        var leaves = Tree.Names(model).Zip(Tree.Leaves(model)).ToDictionary(leaf => leaf.First, leaf => leaf.Second);
        foreach (var place in Places)
        {
            if (!leaves.TryGetValue(place.Leaf, out var leaf) || place.Axis < 0 || place.Axis >= leaf.Rank)
                throw new ArgumentException($"channels: there is no axis {place.Axis} of {place.Leaf}; there are {string.Join(", ", leaves.Select(pair => $"{pair.Key} {pair.Value.Type}"))}.", nameof(model));
            yield return (leaf, place.Axis, place.IsInput);
        }
    }
}
