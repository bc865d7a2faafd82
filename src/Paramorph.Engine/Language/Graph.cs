namespace Paramorph;

/// <summary>Walks over expressions.</summary>
internal static class Graph
{
    /// <summary>
    /// The operations on which tensors depend, each after those that it needs. The walk stops at leaves and at tensors without a source. It does
    /// not recurse, so that expressions may be as deep as memory allows.
    /// </summary>
    public static List<Operation> Sort(ReadOnlySpan<Tensor> outputs, Func<Tensor, bool> isLeaf)
    {
        var sorted = new List<Operation>();
        var seen = new HashSet<Operation>();
        var stack = new Stack<(Operation Operation, int Next)>();
        foreach (var output in outputs)
        {
            Enter(output);
            while (stack.TryPop(out var top))
            {
                if (top.Next == top.Operation.Inputs.Length)
                {
                    sorted.Add(top.Operation);
                    continue;
                }
                stack.Push((top.Operation, top.Next + 1));
                Enter(top.Operation.Inputs[top.Next]);
            }
        }
        return sorted;

        void Enter(Tensor tensor)
        {
            if (tensor.Source is { } source && !isLeaf(tensor) && seen.Add(source)) stack.Push((source, 0));
        }
    }

    /// <summary>The operations between the inputs of a trace and tensors that depend on them.</summary>
    public static List<Operation> Dependent(ReadOnlySpan<Tensor?> outputs, Trace trace)
    {
        var present = new List<Tensor>();
        foreach (var output in outputs)
            if (output is not null) present.Add(output);
        return Sort([.. present], t => !TraceSet.Contains(t.Traces, trace));
    }

    /// <summary>Whether a tensor depends on an input of a trace.</summary>
    public static bool DependsOn(this Tensor tensor, Trace trace) => TraceSet.Contains(tensor.Traces, trace);
}
