namespace Paramorph.Data;

/// <summary>What is told of the nodes and edges of a graph in studies of networks, normalised so that graphs of different sizes compare.</summary>
public static class GraphProperties
{
    /// <summary>The largest number of edges on a shortest path from each node within its component.</summary>
    public static int[] Eccentricities(UndirectedGraph graph) => [.. Enumerable.Range(0, graph.Count).Select(node => graph.Distances(node).Max())];

    /// <summary>
    /// For each node, the inverse of its mean distance from the others that it reaches, times the share of the others that it reaches (Wasserman and Faust,
    /// "Social Network Analysis", 1994); 0 for a node apart.
    /// </summary>
    public static double[] Closeness(UndirectedGraph graph) => [.. Enumerable.Range(0, graph.Count).Select(node =>
    {
        var distances = graph.Distances(node).Where(distance => distance > 0).ToArray();
        return distances.Length == 0 ? 0 : (double)distances.Length / distances.Sum() * distances.Length / (graph.Count - 1);
    })];

    /// <summary>The Shannon entropy of the distribution of degrees, in nats: 0 where all are equal.</summary>
    public static double DegreeEntropy(UndirectedGraph graph) => Enumerable.Range(0, graph.Count).GroupBy(graph.Degree)
        .Sum(nodes => -nodes.Count() / (double)graph.Count * Math.Log(nodes.Count() / (double)graph.Count));

    /// <summary>
    /// The share of shortest paths between pairs of nodes that lead through each other node and along each edge, summed over pairs and divided by their number.
    /// (Brandes, "A faster algorithm for betweenness centrality", 2001.)
    /// </summary>
    /// <returns>One number a node, and one an edge in the order of <see cref="UndirectedGraph.Edges"/>; 0 for nodes where there is no pair of others.</returns>
    public static (double[] Nodes, double[] Edges) Betweenness(UndirectedGraph graph)
    {
        var (n, nodes, edges) = (graph.Count, new double[graph.Count], new Dictionary<(int, int), double>());
        foreach (var edge in graph.Edges) edges[edge] = 0;
        for (var start = 0; start < n; start++)
        {
            var distances = graph.Distances(start);
            int[] order = [.. Enumerable.Range(0, n).Where(node => distances[node] >= 0).OrderBy(node => distances[node])];
            var (paths, dependency) = (new double[n], new double[n]);
            paths[start] = 1;
            foreach (var node in order)
                foreach (var next in graph.Neighbours(node))
                    if (distances[next] == distances[node] + 1) paths[next] += paths[node];
            foreach (var node in order.Reverse())
            {
                foreach (var before in graph.Neighbours(node))
                {
                    if (distances[before] != distances[node] - 1) continue;
                    var share = paths[before] / paths[node] * (1 + dependency[node]);
                    dependency[before] += share;
                    edges[before < node ? (before, node) : (node, before)] += share;
                }
                if (node != start) nodes[node] += dependency[node];
            }
        }
        // Each pair has been met from both of its ends.
        var (others, all) = ((n - 1.0) * (n - 2.0), n * (n - 1.0));
        return ([.. nodes.Select(sum => others > 0 ? sum / others : 0)], [.. graph.Edges.Select(edge => edges[edge] / all)]);
    }

    /// <summary>
    /// Names and values: of the whole graph, and means and variances over nodes and edges; those by which Darji, "Investigating Sparsity in Recurrent Neural
    /// Networks" (2021), describes a graph, with its clustering and the entropy of its degrees.
    /// </summary>
    /// <param name="layered">A graph of two or more nodes with an edge, in layers.</param>
    public static IReadOnlyList<(string Name, double Value)> Summary(LayeredGraph layered)
    {
        var graph = layered.Graph;
        var (nodes, edges) = Betweenness(graph);
        double[] degrees = [.. Enumerable.Range(0, graph.Count).Select(node => graph.Degree(node) / (graph.Count - 1.0))];
        return
        [
            ("layers", layered.Layers.Count), ("nodes", graph.Count), ("edges", graph.Edges.Count),
            ("sources", layered.Layers[0].Length), ("sinks", Enumerable.Range(0, graph.Count).Count(layered.IsSink)),
            ("diameter", graph.Diameter), ("density", graph.Density), ("average shortest path", graph.AverageShortestPath),
            ("average clustering", graph.AverageClustering), ("degree entropy", DegreeEntropy(graph)),
            .. Moments("eccentricity", Eccentricities(graph).Select(e => (double)e)), .. Moments("degree", degrees), .. Moments("closeness", Closeness(graph)),
            .. Moments("node betweenness", nodes), .. Moments("edge betweenness", edges),
        ];
    }

    private static (string Name, double Value)[] Moments(string name, IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return [($"mean {name}", mean), ($"variance of {name}", all.Average(value => (value - mean) * (value - mean)))];
    }
}
