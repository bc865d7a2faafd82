namespace Paramorph.Transforms;

/// <summary>Forward accumulation: tangents walk from the inputs of an expression to its outputs.</summary>
internal static class ForwardMode
{
    /// <summary>The tangents of outputs for tangents of the inputs of a trace, where null is zero.</summary>
    public static Tensor?[] Push(ReadOnlySpan<Tensor> outputs, Trace trace, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> tangents)
    {
        var known = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < inputs.Length; i++)
            if (tangents[i] is { } tangent) known[inputs[i]] = tangent;
        foreach (var operation in Graph.Dependent(outputs!, trace))
        {
            var arriving = Array.ConvertAll(operation.Inputs.ToArray(), t => known.GetValueOrDefault(t));
            if (Array.TrueForAll(arriving, t => t is null)) continue;
            var leaving = operation.Primitive.Jvp(operation, arriving);
            for (var i = 0; i < leaving.Length; i++)
                if (leaving[i] is { } tangent) known[operation.Outputs[i]] = tangent;
        }
        return Array.ConvertAll(outputs.ToArray(), t => known.GetValueOrDefault(t));
    }

    /// <summary>The results of a function and their tangents, where null is zero.</summary>
    public static (Tensor[] Outputs, Tensor?[] Tangents) Of(Func<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor?[] tangents)
    {
        using var trace = new Trace("Jvp", isAbstract: false);
        var aliases = Array.ConvertAll(inputs, trace.Alias);
        var outputs = function(aliases);
        return (outputs, Push(outputs, trace, aliases, tangents));
    }
}
