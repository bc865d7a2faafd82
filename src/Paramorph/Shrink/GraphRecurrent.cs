using Paramorph.Data;
using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>
/// Recurrent layers each of which sees the outputs of all before it, so that any graph can be embedded between input and output: its nodes are hidden numbers,
/// its edges the weights that are kept. (Darji, "Investigating Sparsity in Recurrent Neural Networks", 2021, section 5.3; there a connection that skips a layer has
/// a recurrent layer of its own, here it enters the same one.)
/// </summary>
/// <param name="Layers">Recurrent cells: the first takes the input, each other the outputs of all before it, one after the other.</param>
[Tree]
public sealed partial record GraphRecurrent(TreeList<ILayer> Layers) : ILayer
{
    /// <summary>Layers of given widths.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="widths">Hidden numbers of each layer; nodes of a graph that is embedded take the first.</param>
    /// <param name="cell">From a key, inputs and hidden numbers to a <see cref="RecurrentCell"/>, <see cref="GruCell"/> or <see cref="LstmCell"/>.</param>
    public static GraphRecurrent Create(Key key, int inputs, IReadOnlyList<int> widths, Func<Key, int, int, ILayer> cell) =>
        new([.. widths.Select((width, layer) => cell(key.Fold(layer), layer == 0 ? inputs : widths.Take(layer).Sum(), width))]);

    /// <summary>The outputs of all layers side by side: [..., time, inputs] gives [..., time, sum of the widths].</summary>
    public Tensor Call(Tensor x)
    {
        var outputs = Layers[0].Call(x);
        foreach (var layer in Layers.Skip(1)) outputs = Tensor.Concatenate([outputs, layer.Call(outputs)], -1);
        return outputs;
    }

    /// <summary>
    /// Which weights a graph keeps: those from the input to its first layer, those of its edges, and the recurrent ones within each of its layers. Biases are
    /// kept; those of numbers that are no node are seen by nobody.
    /// </summary>
    /// <param name="graph">A graph whose layers fit into those of this network.</param>
    /// <returns>A tree like this one that holds booleans, for <see cref="Parameters.Mask"/>.</returns>
    /// <exception cref="ArgumentException">The graph does not fit.</exception>
    public GraphRecurrent Kept(LayeredGraph graph)
    {
        var widths = Widths;
        if (graph.Layers.Count > widths.Length || graph.Layers.Where((nodes, layer) => nodes.Length > widths[layer]).Any())
            throw new ArgumentException($"layers of {string.Join(", ", graph.Layers.Select(nodes => nodes.Length))} nodes do not fit into {string.Join(", ", widths)}.", nameof(graph));
        var places = Places(graph);
        return Tree.Map(this, (path, leaf) =>
        {
            var layer = int.Parse(path[(path.IndexOf('[') + 1)..path.IndexOf(']')], System.Globalization.CultureInfo.InvariantCulture);
            int[] nodes = layer < graph.Layers.Count ? graph.Layers[layer] : [];
            // Hidden numbers of the gates lie one after the other.
            int Column(int column) => column % widths[layer] is var place && place < nodes.Length ? nodes[place] : -1;
            return path.EndsWith(".weight", StringComparison.Ordinal)
                ? Matrix(leaf, (row, column) => Column(column) is >= 0 and var to && (layer == 0 || (places[row] >= 0 && IsEdge(graph, places[row], to))))
                : path.EndsWith(".recurrent", StringComparison.Ordinal)
                ? Matrix(leaf, (row, column) => row < nodes.Length && Column(column) >= 0)
                : Tensor.OnesLike(leaf).AsType(ElementType.Bool).Evaluate();
        });
    }

    /// <summary>Which outputs are sinks of a graph, nodes from which no edge leads: bool [sum of the widths].</summary>
    public Tensor Sinks(LayeredGraph graph) => Tensor.From([.. Places(graph).Select(node => node >= 0 && graph.IsSink(node))]);

    /// <summary>Hidden numbers of each layer.</summary>
    private int[] Widths => [.. Layers.Select(layer => layer switch
    {
        RecurrentCell cell => cell.Recurrent.Shape[^2],
        GruCell cell => cell.Recurrent.Shape[^2],
        LstmCell cell => cell.Recurrent.Shape[^2],
        _ => throw new ArgumentException($"{layer.GetType().Name} is no recurrent cell."),
    })];

    /// <summary>The node at each output, or -1.</summary>
    private int[] Places(LayeredGraph graph) => [.. Widths.SelectMany((width, layer) =>
        Enumerable.Range(0, width).Select(place => layer < graph.Layers.Count && place < graph.Layers[layer].Length ? graph.Layers[layer][place] : -1))];

    private static bool IsEdge(LayeredGraph graph, int from, int to) => from < to && graph.Graph.Neighbours(from).Contains(to);

    private static Tensor Matrix(Tensor leaf, Func<int, int, bool> isKept)
    {
        var (rows, columns) = (leaf.Shape[0], leaf.Shape[1]);
        return Tensor.From([.. Enumerable.Range(0, rows * columns).Select(i => isKept(i / columns, i % columns))], leaf.Shape);
    }
}
