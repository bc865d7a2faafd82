using Paramorph.Primitives;

namespace Paramorph.Transforms;

/// <summary>
/// A traced function of a point whose results have rows that do not meet: row i of a result is a function of the point, of which each row needs the whole, and
/// of row i of some data.
/// </summary>
internal sealed class RowFunction
{
    private readonly Trace trace;
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly int rows;
    private readonly List<(Tensor Tensor, int Axis)> data = [];
    private readonly HashSet<(Tensor Tensor, int Axis)> seen = [];

    private RowFunction(Trace trace, Tensor input, Tensor output) => (this.trace, this.input, this.output, rows) = (trace, input, output, output.Shape[0]);

    /// <summary>The data, with its rows along the first axis.</summary>
    public TreeList<Tensor> Data => [.. data.Select(d => d.Tensor.MoveAxis(d.Axis, 0))];

    /// <summary>The rows along the first axis of a result of a traced function, or null if they meet or need no data.</summary>
    public static RowFunction? Of(Trace trace, Tensor input, Tensor output)
    {
        if (output.Rank == 0 || output.Shape[0] == 0 || !output.DependsOn(trace)) return null;
        var function = new RowFunction(trace, input, output);
        return function.Follow(output, 0) && function.data.Count > 0 ? function : null;
    }

    /// <summary>One row of the result, without its axis, at a point and for one row of each of the data.</summary>
    public Tensor Row(Tensor point, TreeList<Tensor> row)
    {
        var known = new Dictionary<(Tensor, int), Tensor> { [(input, -1)] = point };
        for (var i = 0; i < data.Count; i++) known[data[i]] = row[i].ExpandDims(data[i].Axis);
        return Value(output, 0, known).Squeeze(0);
    }

    /// <summary>Notes which data has to be divided into rows; false if the rows of a tensor along an axis meet.</summary>
    private bool Follow(Tensor tensor, int axis)
    {
        var pending = new Stack<(Tensor Tensor, int Axis)>([(tensor, axis)]);
        while (pending.TryPop(out var next))
        {
            if (next.Axis < 0 || !seen.Add(next)) continue;
            if (!next.Tensor.DependsOn(trace)) data.Add(next);
            else if (next.Tensor.Source is { } source && RowStep.Of(source, next.Axis) is { } step)
                for (var i = 0; i < step.Axes.Length; i++) pending.Push((source.Inputs[i], step.Axes[i]));
            else return false;
        }
        return true;
    }

    /// <summary>A tensor at the point, the whole of it (axis -1) or one row, which keeps its axis. Does not recurse, so that functions may be as long as they like.</summary>
    private Tensor Value(Tensor wanted, int axis, Dictionary<(Tensor, int), Tensor> known)
    {
        var pending = new Stack<(Tensor Tensor, int Axis)>([(wanted, axis)]);
        while (pending.TryPeek(out var next))
        {
            if (known.ContainsKey(next) || IsGiven(next))
            {
                pending.Pop();
                continue;
            }
            var source = next.Tensor.Source!;
            var step = next.Axis < 0 ? RowStep.Whole(source) : RowStep.Of(source, next.Axis)!;
            var ready = true;
            for (var i = 0; i < step.Axes.Length; i++)
            {
                var operand = (source.Inputs[i], step.Axes[i]);
                if (known.ContainsKey(operand) || IsGiven(operand)) continue;
                pending.Push(operand);
                ready = false;
            }
            if (!ready) continue;
            var results = Tensor.Bind(step.Primitive, [.. step.Axes.Select((a, i) => known.GetValueOrDefault((source.Inputs[i], a), source.Inputs[i]))]);
            for (var i = 0; i < results.Length; i++) known[(source.Outputs[i], next.Axis)] = results[i];
        }
        return known[(wanted, axis)];
    }

    /// <summary>Whether a tensor is the same for all rows and all points.</summary>
    private bool IsGiven((Tensor Tensor, int Axis) at) => at.Axis < 0 && !at.Tensor.DependsOn(trace);
}
