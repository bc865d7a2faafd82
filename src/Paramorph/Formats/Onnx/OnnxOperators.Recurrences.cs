namespace Paramorph.Formats;

/// <content>Recurrent networks. Weights are [directions, gates * hidden, inputs], and have the gates in the order of the operator.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Recurrences => new()
    {
        ["GRU"] = n => Recur(n, Gru, gates: 3, functions: ["Sigmoid", "Tanh"], states: 1),
        ["LSTM"] = n => Recur(n, Lstm, gates: 4, functions: ["Sigmoid", "Tanh", "Tanh"], states: 2),
        ["RNN"] = n => Recur(n, Elman, gates: 1, functions: ["Tanh"], states: 1),
    };

    /// <summary>One step of a direction: from the states [batch, hidden] and what the weights make of the input to the next states, of which the first is the output.</summary>
    private delegate TreeList<Tensor> Step(Direction direction, TreeList<Tensor> state, Tensor projected);

    /// <summary>Goes along the sequence in each direction, and puts the results of the directions beside each other.</summary>
    private static Tensor[] Recur(OnnxNode node, Step step, int gates, string[] functions, int states)
    {
        if (node.Has("clip") || node.Flag("input_forget")) throw node.Unsupported("a limit of the gates, or a coupled one,");
        var isBatchFirst = node.Flag("layout");
        var x = isBatchFirst ? node[0].SwapAxes(0, 1) : node[0];
        var text = node.Text("direction", "forward");
        bool[] directions = text switch { "forward" => [false], "reverse" => [true], _ => [false, true] };
        var hidden = node[2].Shape[^1];
        // The length of each sequence is input 4, the first states follow it.
        var mask = node.Optional(4) is { } lengths ? Tensor.Less(Tensor.Iota([x.Shape[0], 1, 1], 0), lengths.AsType(ElementType.Int32).ReshapeTo([x.Shape[1], 1])) : null;
        var names = node.Texts("activations");
        var outputs = new List<Tensor[]>();
        for (var d = 0; d < directions.Length; d++)
        {
            string[] chosen = names.Length == 0 ? functions : names[(d * functions.Length)..((d + 1) * functions.Length)];
            var direction = Direction.Of(node, d, gates, Array.ConvertAll(chosen, name => Activation(node, name)));
            TreeList<Tensor> initial = [.. Enumerable.Range(0, states).Select(k => Initial(node, 5 + k, d, isBatchFirst, [x.Shape[1], hidden], x.ElementType))];
            var (last, all) = Along(direction, step, x, initial, mask, directions[d]);
            outputs.Add([all, .. last]);
        }
        Tensor[] results = [.. Enumerable.Range(0, states + 1).Select(k => Tensor.Stack([.. outputs.Select(output => output[k])], k == 0 ? 1 : 0))];
        return isBatchFirst ? [results[0].Transpose(2, 0, 1, 3), .. results[1..].Select(state => state.SwapAxes(0, 1))] : results;
    }

    private static (TreeList<Tensor> Last, Tensor All) Along(
        Direction direction, Step step, Tensor x, TreeList<Tensor> initial, Tensor? mask, bool isReverse)
    {
        TreeList<Tensor> sequences = mask is null ? [direction.Project(x)] : [direction.Project(x), mask];
        return Control.Scan<TreeList<Tensor>, TreeList<Tensor>, Tensor>(
            (state, slice) =>
            {
                var next = step(direction, state, slice[0]);
                if (slice.Count == 1) return (next, next[0]);
                next = Tree.Zip(next, state, (after, before) => Tensor.Where(slice[1], after, before));
                return (next, Tensor.Where(slice[1], next[0], 0.0));
            },
            initial, sequences, isReverse);
    }

    private static Tensor Initial(OnnxNode node, int input, int direction, bool isBatchFirst, Shape shape, ElementType type)
    {
        if (node.Optional(input) is not { } given) return Tensor.Zeros(shape, type);
        return given.SliceAxis(isBatchFirst ? 1 : 0, direction, direction + 1).ReshapeTo(shape);
    }

    private static Func<Tensor, Tensor> Activation(OnnxNode node, string name) => name.ToUpperInvariant() switch
    {
        "SIGMOID" => Tensor.Sigmoid,
        "TANH" => Tensor.Tanh,
        "RELU" => Tensor.Relu,
        "SOFTSIGN" => Tensor.Softsign,
        "SOFTPLUS" => Tensor.Softplus,
        _ => throw node.Unsupported($"the activation {name}"),
    };

    private static TreeList<Tensor> Elman(Direction d, TreeList<Tensor> state, Tensor projected) => [d.Functions[0](projected + d.Recur(state[0], 0, 1) + d.RecurrentBias(0, 1))];

    /// <summary>Gates z, r, h; the reset gate acts on the state, or behind the product with it.</summary>
    private static TreeList<Tensor> Gru(Direction d, TreeList<Tensor> state, Tensor projected)
    {
        var (x, h) = (projected.Split(3, -1), state[0]);
        var (update, reset) = (
            d.Functions[0](x[0] + d.Recur(h, 0, 3) + d.RecurrentBias(0, 3)), d.Functions[0](x[1] + d.Recur(h, 1, 3) + d.RecurrentBias(1, 3)));
        var remembered = d.IsResetBehind ? reset * (d.Recur(h, 2, 3) + d.RecurrentBias(2, 3)) : d.Recur(reset * h, 2, 3) + d.RecurrentBias(2, 3);
        return [(1 - update) * d.Functions[1](x[2] + remembered) + update * h];
    }

    /// <summary>Gates i, o, f, c; peepholes, when there are any, in the order i, o, f.</summary>
    private static TreeList<Tensor> Lstm(Direction d, TreeList<Tensor> state, Tensor projected)
    {
        var (h, c) = (state[0], state[1]);
        var gates = (projected + h.Dot(d.Recurrent) + d.RecurrentBias(0, 1)).Split(4, -1);
        Tensor Seen(Tensor gate, Tensor cell, int index) => d.Peepholes is { } p ? gate + cell * p.Split(3, -1)[index] : gate;
        var (input, forget) = (d.Functions[0](Seen(gates[0], c, 0)), d.Functions[0](Seen(gates[2], c, 2)));
        var cell = forget * c + input * d.Functions[1](gates[3]);
        return [d.Functions[0](Seen(gates[1], cell, 1)) * d.Functions[2](cell), cell];
    }

    /// <summary>The weights of one direction, transposed for products from the right.</summary>
    private sealed record Direction(Tensor Weight, Tensor Recurrent, Tensor Bias, Tensor? Peepholes, Func<Tensor, Tensor>[] Functions, bool IsResetBehind)
    {
        public static Direction Of(OnnxNode node, int index, int gates, Func<Tensor, Tensor>[] functions)
        {
            var (weight, recurrent) = (node[1][index].T, node[2][index].T);
            var bias = node.Optional(3)?[index] ?? Tensor.Zeros([2 * weight.Shape[1]], weight.ElementType);
            return new(weight, recurrent, bias, gates == 4 ? node.Optional(7)?[index] : null, functions, node.Flag("linear_before_reset"));
        }

        public Tensor Project(Tensor x) => x.Dot(Weight) + Bias.Split(2)[0];

        /// <summary>The product of the state with the weights of one gate.</summary>
        public Tensor Recur(Tensor state, int gate, int gates) => state.Dot(Recurrent.Split(gates, -1)[gate]);

        public Tensor RecurrentBias(int gate, int gates) => Bias.Split(2)[1].Split(gates)[gate];
    }
}
