using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <content>Loops and branches.</content>
internal static partial class OnnxOperators
{
    /// <summary>The most steps of a loop that are written out one after the other.</summary>
    private const int MostSteps = 10_000;

    private static Dictionary<string, Func<OnnxNode, Tensor[]>> ControlFlow => new()
    {
        ["If"] = If,
        ["Loop"] = Loop,
        ["Scan"] = Scan,
    };

    /// <summary>The truth of a condition that depends on no input; null otherwise.</summary>
    private static bool? Known(Tensor condition)
    {
        try
        {
            return condition.Reshape().Item() != 0;
        }
        catch (TraceException)
        {
            return null;
        }
    }

    private static Tensor[] If(OnnxNode node)
    {
        Tensor[] Branch(string name) => node.Scope.Run(node.Body(name), []);
        return Known(node[0]) switch
        {
            true => Branch("then_branch"),
            false => Branch("else_branch"),
            _ => [.. Control.Cond<TreeList<Tensor>>(node[0].Reshape(), () => [.. Branch("then_branch")], () => [.. Branch("else_branch")])],
        };
    }

    /// <summary>
    /// A loop whose number of steps is known before anything runs is written out step by step. Another one carries values only: its results of each step would have
    /// no known size.
    /// </summary>
    private static Tensor[] Loop(OnnxNode node)
    {
        var (body, carry) = (node.Body("body"), node.From(2));
        var stacked = body.Output.Count - 1 - carry.Length;
        long? most = node.Optional(0) is null ? null : node.Longs(0)[0];
        var condition = node.Optional(1) ?? Tensor.Scalar(true);
        if (most is null or > MostSteps || Known(condition) is null || Known(node.Scope.Run(body, [Tensor.Scalar(0L), condition, .. carry])[0]) is null)
            return stacked == 0 ? Repeated(node, body, condition, carry, most) : throw node.Unsupported($"a loop that stacks results and whose number of steps depends on values, or is above {MostSteps},");
        var results = Enumerable.Range(0, stacked).Select(_ => new List<Tensor>()).ToArray();
        for (var step = 0L; step < most && Known(condition) == true; step++)
        {
            var after = node.Scope.Run(body, [Tensor.Scalar(step), condition, .. carry]);
            (condition, carry) = (after[0], after[1..(1 + carry.Length)]);
            for (var k = 0; k < stacked; k++) results[k].Add(after[1 + carry.Length + k]);
        }
        if (results.Any(list => list.Count == 0)) throw node.Unsupported("a loop of no steps that stacks results");
        return [.. carry, .. results.Select(list => Tensor.Stack(list))];
    }

    private static Tensor[] Repeated(OnnxNode node, GraphProto body, Tensor condition, Tensor[] carry, long? most)
    {
        TreeList<Tensor> Next(TreeList<Tensor> state)
        {
            var after = node.Scope.Run(body, [state[0], state[1], .. state.Skip(2)]);
            return [state[0] + 1L, after[0].Reshape(), .. after[1..]];
        }
        var last = Control.While<TreeList<Tensor>>(
            state => most is { } limit ? state[1] & Tensor.Less(state[0], limit) : state[1], Next, [Tensor.Scalar(0L), condition.Reshape(), .. carry]);
        return [.. last.Skip(2)];
    }

    private static Tensor[] Scan(OnnxNode node)
    {
        var (body, count) = (node.Body("body"), node.Int("num_scan_inputs", 1));
        var (initial, sequences) = (node.Inputs[..^count], node.Inputs[^count..]);
        var stacked = body.Output.Count - initial.Length;
        var (from, to) = (node.Ints("scan_input_axes") ?? new int[count], node.Ints("scan_output_axes") ?? new int[stacked]);
        var (backward, back) = (node.Ints("scan_input_directions") ?? new int[count], node.Ints("scan_output_directions") ?? new int[stacked]);
        // All in one direction is a loop in that direction; others are turned around before and after.
        var isReverse = backward.Concat(back).All(direction => direction == 1);
        Tensor Arranged(Tensor x, int i) => x.MoveAxis(from[i], 0) is var moved && backward[i] == 1 && !isReverse ? moved.Flip(0) : moved;
        var (carry, results) = Control.Scan<TreeList<Tensor>, TreeList<Tensor>, TreeList<Tensor>>(
            (state, slices) =>
            {
                var after = node.Scope.Run(body, [.. state, .. slices]);
                return ([.. after[..initial.Length]], [.. after[initial.Length..]]);
            },
            [.. initial], [.. sequences.Select(Arranged)], isReverse);
        return [.. carry, .. results.Select((x, i) => (back[i] == 1 && !isReverse ? x.Flip(0) : x).MoveAxis(0, to[i]))];
    }
}
