using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class KanPruningTests
{
    private static readonly Tensor points = Sample.Uniform(Key.Of(1), [50, 2], -1.0, 1.0, ElementType.Float64).Evaluate();

    private static readonly Sequential network = new([Layer(2, 2, 4), Layer(3, 4, 2)]);

    [Fact]
    public void Edges_sum_to_the_layer()
    {
        var layer = KanGrid.Fitted(Layer(2, 2, 4), points, 3);
        Assert.True(Tensor.Abs(KanPruning.Edges(layer, points).Sum(1) - layer.Call(points)).Max().Item() < 1e-12);
    }

    [Fact]
    public void An_edge_is_as_large_as_its_mean_distance_from_its_mean()
    {
        var edge = KanPruning.Edges(Layer(2, 2, 4), points)[.., 1, 2].ToDoubles();
        var mean = edge.Average();
        Assert.Equal(edge.Average(value => Math.Abs(value - mean)), KanPruning.Sizes(Layer(2, 2, 4), points)[1, 2].Item(), 12);
    }

    [Fact]
    public void The_penalty_is_sizes_and_their_entropy()
    {
        var expected = 0.0;
        var x = points;
        foreach (var layer in network.Layers.Cast<KanLayer>())
        {
            var sizes = KanPruning.Sizes(layer, x).ToDoubles();
            expected += sizes.Sum() - 3 * sizes.Sum(size => size / sizes.Sum() * Math.Log(size / sizes.Sum()));
            x = layer.Call(x);
        }
        Assert.Equal(expected, KanPruning.Penalty(network, points, 3).Item(), 8);
    }

    [Fact]
    public void A_node_that_adds_nothing_is_removed_and_the_function_stays()
    {
        var (first, second) = ((KanLayer)network.Layers[0], (KanLayer)network.Layers[1]);
        // Node 1 tells nothing on, and node 3 hears nothing.
        var (heard, told) = (Tensor.From(1.0, 1, 1, 0), Tensor.From(1.0, 0, 1, 1));
        var idle = new Sequential([Scaled(first, heard, 1), Scaled(second, told, 0)]);
        // What hears nothing gives 0, of which the next layer makes numbers; without these the function is the same.
        var silent = KanPruning.Edges((KanLayer)idle.Layers[1], Tensor.Zeros([1, 4], ElementType.Float64))[0, 3];
        var pruned = KanPruning.Pruned(idle, points);
        Assert.Equal([2, 2], ((KanLayer)pruned.Layers[1]).Base.Shape.Sizes.ToArray());
        Assert.True(Tensor.Abs(pruned.Call(points) + silent - idle.Call(points)).Max().Item() < 1e-12);
    }

    [Fact]
    public void One_node_stays_whatever_the_threshold() => Assert.Equal(1, ((KanLayer)KanPruning.Pruned(network, points, 1e9).Layers[1]).Base.Shape[0]);

    [Fact]
    public void Other_layers_are_refused() => Assert.Throws<ShapeException>(() => KanPruning.Penalty(new([Linear.Create(Key.Of(1), 2, 2)]), points));

    private static KanLayer Layer(int key, int inputs, int outputs) => KanLayer.Create(Key.Of(key), UnivariateBasis.BSplines(6), inputs, outputs, type: ElementType.Float64);

    /// <summary>A layer whose inputs, axis 0, or outputs, axis 1, are multiplied.</summary>
    private static KanLayer Scaled(KanLayer layer, Tensor factors, int axis) => layer with
    {
        Base = layer.Base * (axis == 0 ? factors.ExpandDims(1) : factors),
        Groups = [.. layer.Groups.Select(group => group with { Coefficients = group.Coefficients * (axis == 0 ? factors.Reshape(-1, 1, 1) : factors) })],
    };
}
