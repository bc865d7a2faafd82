using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Shrink;

namespace Paramorph.Sequences;

/// <summary>Reads words and tells whether they belong to a language: vectors for symbols, recurrent layers, and two logits from the outputs at the last symbol.</summary>
/// <param name="Symbols">A vector for each symbol.</param>
/// <param name="Body">From [..., time, width] to [..., time, outputs].</param>
/// <param name="Output">From the outputs at the last symbol to the logits of no word and word.</param>
[Tree]
public sealed partial record WordReader(Linear Symbols, ILayer Body, Linear Output)
{
    /// <summary>Weights of the inputs of recurrent layers.</summary>
    public static LeafFilter InputWeights { get; } = Leaves.Named("body.layers*.weight");

    /// <summary>Weights of what recurrent layers remember.</summary>
    public static LeafFilter RecurrentWeights { get; } = Leaves.Named("body.layers*.recurrent");

    /// <summary>Both.</summary>
    public static LeafFilter RecurrentLayers { get; } = (path, leaf) => InputWeights(path, leaf) || RecurrentWeights(path, leaf);

    /// <summary>Kinds of recurrent cells by name, each from a key, inputs and hidden numbers.</summary>
    public static IReadOnlyList<(string Name, Func<Key, int, int, ILayer> Create)> Cells { get; } =
    [
        ("rnn-tanh", static (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden)),
        ("rnn-relu", static (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden, Activation.Relu)),
        ("gru", static (key, inputs, hidden) => GruCell.Create(key, inputs, hidden)),
        ("lstm", static (key, inputs, hidden) => LstmCell.Create(key, inputs, hidden)),
    ];

    /// <summary>A reader with a given body.</summary>
    /// <param name="key">The key of what stands before and behind the body.</param>
    /// <param name="symbols">Symbols of the alphabet.</param>
    /// <param name="width">Numbers of the vector of a symbol.</param>
    /// <param name="body">From [..., time, width] to [..., time, outputs].</param>
    /// <param name="outputs">Its outputs.</param>
    public static WordReader Around(Key key, int symbols, int width, ILayer body, int outputs) =>
        new(Linear.Create(key.Fold(10), symbols, width, hasBias: false, weight: Initialiser.Normal(1)), body, Linear.Create(key.Fold(11), outputs, 2));

    /// <summary>A reader with two recurrent layers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="symbols">Symbols of the alphabet.</param>
    /// <param name="width">Hidden numbers of a layer.</param>
    /// <param name="cell">One of <see cref="Cells"/>.</param>
    public static WordReader Create(Key key, int symbols, int width, Func<Key, int, int, ILayer> cell) =>
        Around(key, symbols, width, new Sequential([cell(key.Fold(0), width, width), cell(key.Fold(1), width, width)]), width);

    /// <summary>
    /// Readers whose recurrent layers have the connections of graphs, all of one structure, so that they can be trained side by side (<see cref="Training.Population"/>): weights that are no edges are held at
    /// zero, and the sinks of a graph are read.
    /// </summary>
    /// <param name="key">Folded by the number of the graph, the key of its reader.</param>
    /// <param name="symbols">Symbols of the alphabet.</param>
    /// <param name="width">Numbers of the vector of a symbol.</param>
    /// <param name="graphs">The graphs.</param>
    /// <param name="cell">One of <see cref="Cells"/>.</param>
    public static Parametrised<WordReader>[] OfGraphs(Key key, int symbols, int width, IReadOnlyList<LayeredGraph> graphs, Func<Key, int, int, ILayer> cell)
    {
        int[] widths = [.. Enumerable.Range(0, graphs.Max(graph => graph.Layers.Count)).Select(layer => graphs.Max(graph => layer < graph.Layers.Count ? graph.Layers[layer].Length : 0))];
        return [.. graphs.Select((graph, i) =>
        {
            var body = GraphRecurrent.Create(key.Fold(i), width, widths, cell);
            var reader = Around(key.Fold(i), symbols, width, body, body.Sinks(graph).Count);
            var sinks = body.Sinks(graph).ExpandDims(1).BroadcastTo(reader.Output.Weight.Shape).Evaluate();
            var masks = Tree.Map(reader, leaf => Tensor.OnesLike(leaf).AsType(ElementType.Bool)) with { Body = body.Kept(graph) };
            masks = masks with { Output = masks.Output with { Weight = sinks } };
            return Mask.Of(reader, masks, (path, leaf) => RecurrentLayers(path, leaf) || path == "output.weight");
        })];
    }

    /// <summary>Logits [n, 2] of no word and word.</summary>
    public Tensor Call(LabelledWords words) => Output.Call((Body.Call(Symbols.Call(words.Symbols)) * words.Last.ExpandDims(-1)).Sum(-2));
}
