using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Sums of messages along the edges of a graph (rows gathered at the sources, perhaps times a weight of each edge, added at the targets), and their gradients,
/// which are such sums the other way round, become sums over the edges of each target: no tensor of all messages is made. The edges are put in the order of their
/// targets once, whatever is sent along them.
/// </summary>
internal static class MessagePassing
{
    /// <summary>The computation with such sums.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!computation.Operations.Any(o => o.Primitive is Scatter)) return computation;
        var users = computation.Operations.SelectMany(o => o.Inputs.ToArray()).Concat(computation.Outputs).CountBy(t => t).ToDictionary();
        var inputs = computation.Inputs;
        return Computation.Trace(
            computation.Name,
            x =>
            {
                var orders = new Dictionary<(Tensor, int), Tensor[]>();
                return computation.Rewrite(x, (o, operands) => Messages.Of(o, operands, users, options) is { } messages ? messages.Sum(o, orders) : o.Apply(operands));
            },
            [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]);
    }

    /// <summary>What is sent where.</summary>
    /// <param name="Gather">How rows are taken at the sources.</param>
    /// <param name="Table">Rows of the sources.</param>
    /// <param name="Sources">The source of each edge.</param>
    /// <param name="Targets">The target of each edge.</param>
    /// <param name="Start">What each sum starts from.</param>
    /// <param name="Weights">A weight for each edge, or null.</param>
    private sealed record Messages(Gather Gather, Tensor Table, Tensor Sources, Tensor Targets, Tensor Start, Tensor? Weights)
    {
        public static Messages? Of(Operation operation, Tensor[] operands, Dictionary<Tensor, int> users, CompilerOptions options)
        {
            if (operation.Primitive is not Scatter { Kind: ScatterKind.Add, Indexed: 1, BatchRank: 0 } || !operation.Output.ElementType.IsFloating()) return null;
            var updates = operation.Inputs[2];
            if (operands[1].Rank != 2 || updates.Count < options.WorthMessages || users[updates] != 1 || updates.IsEvaluated) return null;
            if (ScatterStep.Repeated(operation) is null) return null;
            var (old, sent) = (updates.Source, operands[2].Source);
            Tensor? weights = null;
            if (old is { Primitive: Elementwise } product && product.Primitive == Elementwise.Multiply && sent is not null)
            {
                var side = IsGathered(product.Inputs[0], users) ? 0 : IsGathered(product.Inputs[1], users) ? 1 : -1;
                if (side < 0 || Weight(sent.Inputs[1 - side]) is not { } found) return null;
                (old, sent, weights) = (product.Inputs[side].Source, sent.Inputs[side].Source, found);
            }
            else if (!IsGathered(updates, users))
            {
                return null;
            }
            if (old is null || sent is not { Primitive: Gather gather }) return null;
            var start = operands[0];
            while (start is { IsEvaluated: false, Source: { Primitive: Broadcast or Reshape } view }) start = view.Input;
            return start.Rank != 0 ? null : new(gather, sent.Inputs[0], sent.Inputs[1], operands[1], start, weights);
        }

        /// <summary>The sums as operations of the compiler.</summary>
        public Tensor[] Sum(Operation operation, Dictionary<(Tensor, int), Tensor[]> orders)
        {
            var key = (Targets, operation.Output.Shape[0]);
            if (!orders.TryGetValue(key, out var order))
                orders[key] = order = Tensor.Bind(new EdgeOrder((Scatter)operation.Primitive, operation.Output.Shape), Targets);
            Tensor[] inputs = [Table, Sources, .. order, Start];
            return Tensor.Bind(new MessageSum(Gather, operation.Output.Type), Weights is null ? inputs : [.. inputs, Weights]);
        }

        private static bool IsGathered(Tensor tensor, Dictionary<Tensor, int> users) =>
            tensor is { IsEvaluated: false, Source.Primitive: Gather { Indexed: 1, BatchRank: 0 } } && users[tensor] == 1 && tensor.Source.Inputs[1].Rank == 2;

        /// <summary>One number for each edge, where a factor of messages is such numbers repeated.</summary>
        private static Tensor? Weight(Tensor factor)
        {
            if (factor is not { IsEvaluated: false, Source: { Primitive: Broadcast broadcast } source }) return null;
            int[] axes = [.. Enumerable.Range(0, source.Input.Rank).Where(a => source.Input.Shape[a] != 1)];
            return axes is [var axis] && broadcast.Axes[axis] == 0 && source.Input.Count == factor.Shape[0] ? source.Input.ReshapeTo([source.Input.Count]) : null;
        }
    }
}
