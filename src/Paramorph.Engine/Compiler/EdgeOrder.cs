using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>The edges of a graph in the order of their targets, those of one target in their own order: where the edges of each target begin, i32[targets + 1], and i32[edges].</summary>
/// <param name="Scatter">The operation that adds at the targets.</param>
/// <param name="Targets">The shape of what it adds to.</param>
internal sealed record EdgeOrder(Scatter Scatter, Shape Targets) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "edge_order";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) =>
        [new(ElementType.Int32, [Targets[0] + 1]), new(ElementType.Int32, [inputs[0].Shape.ElementCount])];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        throw new InvalidOperationException("Edges are put in order once they are batched.");

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        throw new InvalidOperationException("Edges are put in order for steps.");
}
