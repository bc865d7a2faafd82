namespace Paramorph.Reference;

/// <summary>
/// Evaluates computations primitive by primitive, naively and in double precision: the judge of every compiler. With <paramref name="round"/>
/// each result is rounded to its element type, as a machine with these types would.
/// </summary>
/// <param name="round">Whether results are rounded to their element type.</param>
/// <param name="checkNaN">Whether the first NaN throws and names its operation.</param>
/// <param name="cancellation">Stops between operations.</param>
internal sealed class ReferenceEvaluator(bool round, bool checkNaN = false, CancellationToken cancellation = default)
{
    /// <summary>Runs a computation on values of its inputs.</summary>
    public ReferenceArray[] Run(Computation computation, ReadOnlySpan<ReferenceArray> inputs)
    {
        var values = new Dictionary<Tensor, ReferenceArray>();
        for (var i = 0; i < inputs.Length; i++) values[computation.Inputs[i]] = inputs[i];
        foreach (var constant in computation.Constants) values[constant] = ReferenceArray.From(constant.Value(), constant.Shape);
        foreach (var operation in computation.Operations)
        {
            var operands = new ReferenceArray[operation.Inputs.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = values[operation.Inputs[i]];
            var results = Apply(operation, operands);
            for (var i = 0; i < results.Length; i++) values[operation.Outputs[i]] = results[i];
        }
        return [.. computation.Outputs.Select(t => values[t])];
    }

    /// <summary>Runs one operation.</summary>
    public ReferenceArray[] Apply(Operation operation, ReferenceArray[] inputs)
    {
        cancellation.ThrowIfCancellationRequested();
        var results = Evaluate(operation, inputs);
        foreach (var result in results)
        {
            result.Wrap(round);
            if (checkNaN && result.HasNaN() && !Array.Exists(inputs, x => x.HasNaN()))
            {
                throw new EvaluationException(
                    $"{operation.Primitive} of {string.Join(", ", operation.InputTypes())} is the first operation that produced NaN.");
            }
        }
        return results;
    }

    private ReferenceArray[] Evaluate(Operation operation, ReferenceArray[] inputs)
    {
        try
        {
            return operation.Primitive.Evaluate(this, operation, inputs);
        }
        catch (OutOfMemoryException) when (operation.Primitive is not Primitives.ForeignCall)
        {
            var (types, bytes) = (string.Join(", ", operation.OutputTypes()), operation.OutputTypes().Sum(t => (long)t.Shape.ElementCount * sizeof(double)));
            throw new EvaluationException($"{operation.Primitive}: there is no memory for {types}, whose evaluation by definition takes {bytes} bytes: compile the function.");
        }
    }
}
