using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class GraphPropertiesTests
{
    private static readonly UndirectedGraph Path = new(5, [(0, 1), (1, 2), (2, 3), (3, 4)]);
    private static readonly UndirectedGraph Star = new(5, [(0, 1), (0, 2), (0, 3), (0, 4)]);

    private static void Close(double[] expected, double[] found) => Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 12));

    [Fact]
    public void The_middle_of_a_path_is_nearest_to_all() => Assert.Equal([4, 3, 2, 3, 4], GraphProperties.Eccentricities(Path));

    [Fact]
    public void Closeness_is_the_inverse_of_the_mean_distance() => Close([4 / 10.0, 4 / 7.0, 4 / 6.0, 4 / 7.0, 4 / 10.0], GraphProperties.Closeness(Path));

    [Fact]
    public void Closeness_counts_only_what_is_reached()
    {
        var parts = new UndirectedGraph(4, [(0, 1)]);
        Close([1 / 3.0, 1 / 3.0, 0, 0], GraphProperties.Closeness(parts));
    }

    [Fact]
    public void Betweenness_of_a_path_and_a_star_is_counted_by_hand()
    {
        Close([0, 3 / 6.0, 4 / 6.0, 3 / 6.0, 0], GraphProperties.Betweenness(Path).Nodes);
        Close([4 / 10.0, 6 / 10.0, 6 / 10.0, 4 / 10.0], GraphProperties.Betweenness(Path).Edges);
        Close([1, 0, 0, 0, 0], GraphProperties.Betweenness(Star).Nodes);
    }

    [Fact]
    public void Two_shortest_paths_share_a_pair()
    {
        var square = new UndirectedGraph(4, [(0, 1), (1, 2), (2, 3), (3, 0)]);
        var (nodes, edges) = GraphProperties.Betweenness(square);
        Close([1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0], nodes);
        Close([2 / 6.0, 2 / 6.0, 2 / 6.0, 2 / 6.0], edges);
    }

    [Fact]
    public void Equal_degrees_have_no_entropy_and_a_star_has_that_of_a_fifth()
    {
        Assert.Equal(0, GraphProperties.DegreeEntropy(new UndirectedGraph(3, [(0, 1), (1, 2), (2, 0)])), 12);
        Assert.Equal(-0.2 * Math.Log(0.2) - 0.8 * Math.Log(0.8), GraphProperties.DegreeEntropy(Star), 12);
    }

    [Fact]
    public void A_summary_has_finite_numbers_under_different_names()
    {
        var summary = GraphProperties.Summary(new LayeredGraph(RandomGraphs.BarabasiAlbert(Key.Of(1), 12, 2)));
        Assert.Equal(summary.Count, summary.Select(p => p.Name).Distinct().Count());
        Assert.All(summary, p => Assert.True(double.IsFinite(p.Value), p.Name));
    }
}
