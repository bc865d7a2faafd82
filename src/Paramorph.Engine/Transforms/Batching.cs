namespace Paramorph.Transforms;

/// <summary>Batching: a computation on one example becomes one on many, with the batch as the leading axis.</summary>
internal static class Batching
{
    /// <summary>
    /// The outputs of an expression when the inputs of a trace are replaced: those that are <paramref name="batched"/> carry a leading axis of the
    /// given size. Tells which outputs carry it.
    /// </summary>
    public static (Tensor[] Outputs, bool[] Batched) Apply(
        ReadOnlySpan<Tensor> outputs, Trace trace, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> replacements, ReadOnlySpan<bool> batched, int size)
    {
        var known = new Dictionary<Tensor, (Tensor Tensor, bool IsBatched)>();
        for (var i = 0; i < inputs.Length; i++) known[inputs[i]] = (replacements[i], batched[i]);
        foreach (var operation in Graph.Dependent(outputs!, trace))
        {
            var operands = new Tensor[operation.Inputs.Length];
            var isBatched = new bool[operands.Length];
            for (var i = 0; i < operands.Length; i++)
                (operands[i], isBatched[i]) = known.GetValueOrDefault(operation.Inputs[i], (operation.Inputs[i], false));
            var any = Array.Exists(isBatched, b => b);
            var results = any ? operation.Primitive.Batch(operation, operands, isBatched, size) : Tensor.Bind(operation.Primitive, operands);
            for (var i = 0; i < results.Length; i++) known[operation.Outputs[i]] = (results[i], any);
        }
        var found = Array.ConvertAll(outputs.ToArray(), t => known.GetValueOrDefault(t, (t, false)));
        return (Array.ConvertAll(found, f => f.Item1), Array.ConvertAll(found, f => f.Item2));
    }

    /// <summary>The results of a function on examples: inputs that are batched carry the leading axis, and so do all results.</summary>
    public static Tensor[] Of(string name, Func<Tensor[], Tensor[]> function, Tensor[] inputs, bool[] batched, int size)
    {
        using var trace = new Trace(name, isAbstract: true);
        var placeholders = new Tensor[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            placeholders[i] = trace.Placeholder(batched[i] ? inputs[i].Type with { Shape = inputs[i].Shape.Remove(0) } : inputs[i].Type);
        var outputs = function(placeholders);
        var (results, isBatched) = Apply(outputs, trace, placeholders, inputs, batched, size);
        return [.. results.Select((t, i) => isBatched[i] ? t : Tensor.AddBatchAxis(t, size))];
    }
}
