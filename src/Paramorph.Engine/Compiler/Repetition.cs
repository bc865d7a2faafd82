using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Lets loops compute again what an earlier loop made, where that is a few cheap operations on what they read anyway, so that it is neither stored nor
/// read: centred and scaled values of a norm forward and on the way back, masks of activations. The numbers are the same, since the operations are.
/// </summary>
/// <param name="schedule">Who reads what.</param>
/// <param name="clusters">Loops and kernels in order; loops get further operations.</param>
/// <param name="longestLoop">Operations of a loop at most.</param>
/// <param name="worth">Bytes of a value from which it is worth while.</param>
internal sealed class Repetition(Schedule schedule, List<Cluster> clusters, int longestLoop, long worth)
{
    /// <summary>Operations that are repeated for one value.</summary>
    private const int MostOperations = 12;

    /// <summary>Elements of a value for each of an operand that is repeated along axes: such an operand stays in the cache.</summary>
    private const int FewestRepeats = 16;

    private static readonly HashSet<Primitive> Cheap =
    [
        Elementwise.Negate, Elementwise.Abs, Elementwise.Add, Elementwise.Subtract, Elementwise.Multiply, Elementwise.Maximum, Elementwise.Minimum, Elementwise.Equal,
        Elementwise.NotEqual, Elementwise.Less, Elementwise.LessEqual, Elementwise.Greater, Elementwise.GreaterEqual, Elementwise.And, Elementwise.Or, Elementwise.Xor, Elementwise.Not,
    ];

    /// <summary>Looks at each value that a loop makes, in order.</summary>
    public void Apply()
    {
        foreach (var home in clusters.Where(c => c.IsLoop))
            foreach (var operation in home.Operations.ToArray())
                if (ReferenceEquals(schedule.Home(operation), home)) Repeat(operation, home);
    }

    private static bool IsCheap(Operation operation) => Cheap.Contains(operation.Primitive) || operation.Primitive is Select;

    private void Repeat(Operation operation, Cluster home)
    {
        var output = operation.Output;
        if (output.Type.Bytes < worth || !IsCheap(operation) || Readers(output, home) is not { Count: > 0 } readers) return;
        var plans = new List<(Cluster Reader, List<Operation> Operations)>();
        foreach (var reader in readers)
        {
            var (repeated, read) = (new List<Operation>(), new HashSet<Tensor>());
            if (!Collect(operation, reader, repeated, read) || reader.Operations.Count + repeated.Count > longestLoop) return;
            // A loop that reads more than before gains nothing by what is not stored.
            if (read.Where(t => !Reads(reader, t)).Sum(t => t.Type.Bytes) > output.Type.Bytes) return;
            plans.Add((reader, repeated));
        }
        foreach (var (reader, repeated) in plans) schedule.Repeat(repeated, reader);
    }

    /// <summary>The loops that read a value from memory, or null where others than loops over the same space do.</summary>
    private List<Cluster>? Readers(Tensor output, Cluster home)
    {
        if (schedule.IsOutput(output)) return null;
        var readers = new List<Cluster>();
        foreach (var user in schedule.Users(output))
        {
            if (Schedule.KindOf(user) != OperationKind.Loop || schedule.Hosts(user) is not { } loops) return null;
            foreach (var loop in loops)
            {
                if (loop.Operations.Contains(output.Source!)) continue;
                if (loop.Space != home.Space || loop.RowAxis != home.RowAxis) return null;
                if (!readers.Exists(r => ReferenceEquals(r, loop))) readers.Add(loop);
            }
        }
        return readers;
    }

    /// <summary>Adds what a loop must compute to have a result, operands first, and what it must read for that; false where it is too much.</summary>
    private bool Collect(Operation operation, Cluster reader, List<Operation> repeated, HashSet<Tensor> read)
    {
        foreach (var input in operation.Inputs)
        {
            if (LoopLowering.IsConstant(input)) continue;
            var source = input.IsEvaluated ? null : input.Source;
            if (source is not null && (reader.Operations.Contains(source) || repeated.Contains(source))) continue;
            if (source is not null && Schedule.KindOf(source) == OperationKind.Loop && !schedule.IsStored(input))
            {
                if (!IsCheap(source) || schedule.Home(source).Space != reader.Space || schedule.Home(source).RowAxis != reader.RowAxis || !Collect(source, reader, repeated, read)) return false;
            }
            else if (Root(input).Count * (long)FewestRepeats > input.Count)
            {
                read.Add(input);
            }
        }
        repeated.Add(operation);
        return repeated.Count <= MostOperations;
    }

    private static bool Reads(Cluster loop, Tensor tensor) => loop.Operations.Exists(o => o.Inputs.Contains(tensor));

    /// <summary>The tensor in whose memory a view lies.</summary>
    private static Tensor Root(Tensor tensor)
    {
        while (tensor is { IsEvaluated: false, Source: { } source } && Strided.IsView(source)) tensor = source.Input;
        return tensor;
    }
}
