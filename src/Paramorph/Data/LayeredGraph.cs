namespace Paramorph.Data;

/// <summary>
/// A graph as a directed one without cycles, its nodes in layers: each edge leads from its end of the smaller number to the other, and a node is in the layer
/// next to the last of those from which edges lead to it. (Stier and Granitzer, "Structural Analysis of Sparse Neural Networks", 2019.)
/// </summary>
public sealed class LayeredGraph
{
    private readonly int[] layerOf;

    /// <summary>The layers of a graph.</summary>
    public LayeredGraph(UndirectedGraph graph)
    {
        Graph = graph;
        layerOf = new int[graph.Count];
        for (var node = 0; node < graph.Count; node++)
            foreach (var before in graph.Neighbours(node))
                if (before < node) layerOf[node] = Math.Max(layerOf[node], layerOf[before] + 1);
        Layers = [.. Enumerable.Range(0, graph.Count).GroupBy(node => layerOf[node]).OrderBy(layer => layer.Key).Select(layer => layer.ToArray())];
    }

    /// <summary>
    /// Connected random graphs with few edges, by turns by Watts and Strogatz, whose edges are all led anew, and by Barabási and Albert, each node having about a tenth as many edges as there are nodes.
    /// (After Darji, "Investigating Sparsity in Recurrent Neural Networks", 2021.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many graphs.</param>
    /// <param name="largest">Nodes of the largest; the smallest has ten.</param>
    /// <param name="deepest">Layers of the deepest; deeper ones, and those of several parts, are drawn again.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest has fewer than ten nodes, or the deepest fewer than three layers.</exception>
    public static LayeredGraph[] Draw(Key key, int count, int largest, int deepest)
    {
        const int Smallest = 10;
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, Smallest);
        ArgumentOutOfRangeException.ThrowIfLessThan(deepest, 3);
        LayeredGraph One(int index)
        {
            for (var attempt = 0; ; attempt++)
            {
                var keys = key.Fold(index).Fold(attempt).Split();
                var nodes = Smallest + new KeyRandom(keys.First).Integer(largest - Smallest + 1);
                var graph = index % 2 == 0
                    ? RandomGraphs.WattsStrogatz(keys.Second, nodes, Math.Max(2, nodes / 5 / 2 * 2), rewiring: 1)
                    : RandomGraphs.BarabasiAlbert(keys.Second, nodes, nodes / 10);
                var layered = new LayeredGraph(graph);
                if (graph.Components().Count == 1 && layered.Layers.Count <= deepest) return layered;
            }
        }
        return [.. Enumerable.Range(0, count).Select(One)];
    }

    /// <summary>The graph.</summary>
    public UndirectedGraph Graph { get; }

    /// <summary>The nodes of each layer in ascending order; to those of the first no edge leads.</summary>
    public IReadOnlyList<int[]> Layers { get; }

    /// <summary>The layer in which a node is.</summary>
    public int LayerOf(int node) => layerOf[node];

    /// <summary>Whether no edge leads from a node.</summary>
    public bool IsSink(int node)
    {
        var neighbours = Graph.Neighbours(node);
        return neighbours.Length == 0 || neighbours[^1] < node;
    }
}
