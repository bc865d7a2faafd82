using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>A computation made ready to run on values.</summary>
internal sealed class Executable(Computation computation)
{
    public Computation Computation { get; } = computation;

    /// <summary>The values of the outputs for values of the inputs.</summary>
    public Storage[] Run(ReadOnlySpan<Storage> inputs)
    {
        var operands = new ReferenceArray[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = ReferenceArray.From(inputs[i], Computation.Inputs[i].Shape);
        var results = new ReferenceEvaluator(round: true, Debugging.CheckNaN).Run(Computation, operands);
        return Array.ConvertAll(results, r => r.ToStorage());
    }
}
