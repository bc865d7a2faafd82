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
