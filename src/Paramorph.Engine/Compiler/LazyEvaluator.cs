using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>
/// Gives values to expressions outside compiled functions: operation by operation, each result kept by the tensor that stands for it. Small operations are
/// run by their definitions, large ones by the compiler's kernels.
/// </summary>
internal static class LazyEvaluator
{
    /// <summary>Computes the values of tensors and of all on which they depend.</summary>
    public static void Evaluate(ReadOnlySpan<Tensor> tensors, CancellationToken cancellation)
    {
        var operations = Graph.Sort(tensors, static t => t.IsEvaluated);
        var evaluator = new ReferenceEvaluator(round: true, Debugging.CheckNaN, cancellation);
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            // A tensor that nobody holds any more is collected while the rest still runs.
            operations[i] = null!;
            var results = Run(operation, evaluator, cancellation);
            for (var k = 0; k < results.Length; k++) operation.Outputs[k].Become(results[k]);
        }
    }

    private static Storage[] Run(Operation operation, ReferenceEvaluator evaluator, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (CompiledOperations.Find(operation) is not { } executable)
        {
            var inputs = Array.ConvertAll(operation.Inputs.ToArray(), t => ReferenceArray.From(t.Value(), t.Shape));
            return Array.ConvertAll(evaluator.Apply(operation, inputs), r => r.ToStorage());
        }
        var results = new Storage[operation.Outputs.Length];
        executable.Run(Array.ConvertAll(operation.Inputs.ToArray(), t => t.Value()), results, cancellation);
        return results;
    }
}
