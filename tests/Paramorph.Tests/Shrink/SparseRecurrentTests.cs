using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public class SparseRecurrentTests
{
    private static Tensor Normal(int seed, params int[] shape) => Sample.Normal(Key.Of(seed), [.. shape]).Evaluate();

    [Fact]
    public void Pruning_by_magnitude_has_one_threshold_for_all_leaves()
    {
        var layer = new Linear(Tensor.From(new[,] { { 1f, -5f }, { 0.5f, 4f } }), Tensor.From(0.1f, 0.2f));
        var kept = Pruning.ByMagnitude(layer, 0.5);
        Assert.Equal([false, true, false, true], kept.Weight.ToArray<bool>());
        Assert.Equal([true, true], kept.Bias!.ToArray<bool>());
        Assert.Equal([true, true, true, true, false, false], [.. Pruning.ByMagnitude(layer, 1.0, Leaves.Named("bias")).Weight.ToArray<bool>(), false, false]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.37)]
    [InlineData(1)]
    public void As_many_weights_go_as_are_asked_for(double fraction)
    {
        var cell = GruCell.Create(Key.Of(1), 5, 6);
        foreach (var kept in (GruCell[])[Pruning.ByMagnitude(cell, fraction), Pruning.AtRandom(Key.Of(2), cell, fraction)])
        {
            var gone = kept.Weight.ToArray<bool>().Concat(kept.Recurrent.ToArray<bool>()).Count(k => !k);
            Assert.Equal((int)Math.Round(fraction * (5 + 6) * 18), gone);
        }
    }

    [Fact]
    public void Layers_of_a_graph_are_those_of_its_longest_paths()
    {
        var layered = new LayeredGraph(new UndirectedGraph(5, [(0, 1), (1, 2), (0, 3), (2, 3)]));
        Assert.Equal([[0, 4], [1], [2], [3]], layered.Layers);
        Assert.Equal([false, false, false, true, true], Enumerable.Range(0, 5).Select(layered.IsSink));
    }

    public static TheoryData<string> Cells => ["tanh", "gru", "lstm"];

    private static ILayer Cell(string name, Key key, int inputs, int hidden) => name switch
    {
        "tanh" => RecurrentCell.Create(key, inputs, hidden),
        "gru" => GruCell.Create(key, inputs, hidden),
        _ => LstmCell.Create(key, inputs, hidden),
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void Outputs_of_an_embedded_graph_do_not_depend_on_what_is_no_node(string name)
    {
        // Nodes 0 and 1 are sources, 2 and 3 follow; the network has room for more.
        var layered = new LayeredGraph(new UndirectedGraph(4, [(0, 2), (1, 2), (2, 3)]));
        var network = GraphRecurrent.Create(Key.Of(3), 3, [3, 2, 2, 1], (key, inputs, hidden) => Cell(name, key, inputs, hidden));
        var x = Normal(4, 2, 5, 3);
        Tensor Nodes(GraphRecurrent n) => Tensor.Stack([.. new[] { 0, 1, 3, 5 }.Select(place => Parametrised.Merge(Mask.Of(n, network.Kept(layered), Leaves.Matrices)).Call(x)[.., .., place])], -1);
        // Other weights where nothing is kept.
        var kept = network.Kept(layered);
        var other = Tree.Zip(network, kept, (leaf, keep) => leaf.Rank < 2 ? leaf : Tensor.Where(keep, leaf, 7.0));
        Assert.Equal(Nodes(network).ToArray<float>(), Nodes(other).ToArray<float>());
    }

    [Fact]
    public void A_node_is_reached_along_edges_alone()
    {
        // 0 -> 1 -> 3 and 0 -> 2: the input of node 3 in the last layer is node 1, not node 2.
        var layered = new LayeredGraph(new UndirectedGraph(4, [(0, 1), (0, 2), (1, 3)]));
        var network = GraphRecurrent.Create(Key.Of(5), 2, [1, 2, 1], (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden));
        var kept = network.Kept(layered);
        Assert.Equal([false, true, false], ((RecurrentCell)kept.Layers[2]).Weight.ToArray<bool>());
        Assert.Equal([true, true], ((RecurrentCell)kept.Layers[1]).Weight.ToArray<bool>());
        Assert.Equal([false, false, true, true], network.Sinks(layered).ToArray<bool>());
    }

    [Fact]
    public void A_graph_that_is_too_wide_is_refused()
    {
        var network = GraphRecurrent.Create(Key.Of(6), 2, [2, 1], (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden));
        var error = Assert.Throws<ArgumentException>(() => network.Kept(new LayeredGraph(new UndirectedGraph(4, [(0, 1), (0, 2), (0, 3)]))));
        Assert.StartsWith("layers of 1, 3 nodes do not fit into 2, 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_as_a_layer_gives_its_outputs_along_a_sequence()
    {
        var (cell, x) = (GruCell.Create(Key.Of(7), 3, 4), Normal(8, 2, 6, 3));
        var state = cell.Start([2]);
        for (var t = 0; t < 6; t++) state = cell.Call(state, x[.., t]);
        var found = ((ILayer)cell).Call(x)[.., ^1].ToArray<float>();
        Assert.All(state.ToArray<float>().Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
