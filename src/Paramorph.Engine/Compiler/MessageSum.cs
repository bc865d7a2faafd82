using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>
/// Sums of messages: of targets [edges, 1] the numbers of the edges in the order of their targets come from <see cref="EdgeOrder"/>. Inputs are the rows of
/// the sources, the source of each edge [edges, 1], where the edges of each target begin, the edges in order, the number that sums start from, and perhaps a weight
/// for each edge.
/// </summary>
/// <param name="Gather">How rows are taken at the sources.</param>
/// <param name="Result">Type of the sums.</param>
internal sealed record MessageSum(Gather Gather, TensorType Result) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "message_sum";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [Result];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        throw new InvalidOperationException("Sums of messages are made of what is batched.");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new((inputs.Length > 5 ? 2L : 1) * inputs[1].Shape.ElementCount * Result.Shape[1..].ElementCount, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        throw new InvalidOperationException("Sums of messages are made for steps.");
}
