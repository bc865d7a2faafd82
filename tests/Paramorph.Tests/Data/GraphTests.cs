using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class GraphTests
{
    /// <summary>A triangle 0-1-2 with a tail 2-3-4, and a node apart.</summary>
    private static readonly UndirectedGraph Kite = new(6, [(0, 1), (1, 2), (2, 0), (2, 3), (4, 3)]);

    [Fact]
    public void Statistics_of_a_small_graph_are_those_counted_by_hand()
    {
        Assert.Equal([2, 2, 3, 2, 1, 0], Enumerable.Range(0, 6).Select(Kite.Degree));
        Assert.Equal(5 / 15.0, Kite.Density, 12);
        Assert.Equal((1 + 1 + 1 / 3.0) / 6, Kite.AverageClustering, 12);
        Assert.Equal(3 / 6.0, Kite.Transitivity, 12);
        Assert.Equal((1 + 1 + 1 + 2 + 2 + 3 + 3 + 1 + 2 + 1) / 10.0, Kite.AverageShortestPath, 12);
        Assert.Equal(3, Kite.Diameter);
        Assert.Equal([5, 1], Kite.Components().Select(c => c.Length));
        Assert.Equal([0, 1, 1, 2, 3, -1], Kite.Distances(0));
    }

    [Fact]
    public void A_star_is_wholly_disassortative() => Assert.Equal(-1, new UndirectedGraph(5, [(0, 1), (0, 2), (0, 3), (0, 4), (1, 0)]).Assortativity, 12);

    [Fact]
    public void Edges_in_both_directions_are_those_of_the_adjacency()
    {
        var (senders, receivers) = Kite.Directed();
        var matrix = new float[36];
        foreach (var (from, to) in senders.ToArray<int>().Zip(receivers.ToArray<int>())) matrix[from * 6 + to]++;
        Assert.Equal(Kite.Adjacency().ToArray<float>(), matrix);
        Assert.Equal(receivers.ToArray<int>().Order(), receivers.ToArray<int>());
    }

    [Fact]
    public void Edges_of_the_random_graph_have_their_probability()
    {
        var graph = RandomGraphs.ErdosRenyi(Key.Of(1), 200, 0.1);
        Assert.InRange(graph.Density, 0.09, 0.11);
        Assert.Equal(graph.Edges, RandomGraphs.ErdosRenyi(Key.Of(1), 200, 0.1).Edges);
    }

    [Fact]
    public void A_ring_has_its_closed_form_clustering_and_rewiring_shortens_its_paths()
    {
        var ring = RandomGraphs.WattsStrogatz(Key.Of(2), 100, 6, 0);
        Assert.Equal(0.6, ring.AverageClustering, 12);
        var world = RandomGraphs.WattsStrogatz(Key.Of(2), 100, 6, 0.1);
        Assert.Equal(300, world.Edges.Count);
        Assert.True(world.AverageShortestPath < 0.6 * ring.AverageShortestPath);
        Assert.True(world.AverageClustering > 0.3);
    }

    [Fact]
    public void A_complete_ring_cannot_be_rewired() => Assert.Equal(10, RandomGraphs.WattsStrogatz(Key.Of(3), 5, 4, 1).Edges.Count);

    [Fact]
    public void Attachment_by_degree_makes_hubs()
    {
        var graph = RandomGraphs.BarabasiAlbert(Key.Of(4), 500, 2);
        Assert.Equal(2 * 498, graph.Edges.Count);
        Assert.Single(graph.Components());
        Assert.True(Enumerable.Range(0, 500).Max(graph.Degree) > 25);
    }

    [Fact]
    public void Communities_are_joined_within_more_than_between()
    {
        var (graph, communities) = RandomGraphs.StochasticBlocks(Key.Of(5), [60, 40], 0.5, 0.05);
        var community = communities.ToArray<int>();
        Assert.Equal(60, community.Count(c => c == 0));
        var between = graph.Edges.Count(e => community[e.From] != community[e.To]);
        Assert.InRange(between / 2400.0, 0.035, 0.065);
        Assert.InRange((graph.Edges.Count - between) / (60 * 59 / 2.0 + 40 * 39 / 2.0), 0.46, 0.54);
    }

    [Fact]
    public void A_loop_is_refused() => Assert.Throws<ArgumentException>(() => new UndirectedGraph(3, [(1, 1)]));
}
