using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>
/// Operations that treat the examples of a batch one by one, run for some examples after the others: what they hand on among themselves stays in the cache,
/// and threads meet once for all of them. The compiler makes these (<see cref="BatchRegions"/>).
/// </summary>
/// <param name="Body">The operations for the examples of one part.</param>
/// <param name="Count">Number of parts.</param>
/// <param name="Shared">So many first inputs are the same for all parts; the others and all results are cut along their first axis.</param>
internal sealed record BatchParts(Computation Body, int Count, int Shared) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "batch_parts";

    /// <inheritdoc/>
    public override string Attributes => $"parts={Count}, shared={Shared}";

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Body];

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) =>
        [.. Body.Outputs.Select(t => t.Type with { Shape = t.Shape.With(0, t.Shape[0] * Count) })];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        throw new InvalidOperationException("Parts are made of what is batched.");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new(Body.Cost.Flops * Count, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        throw new InvalidOperationException("Parts are made for steps.");
}
