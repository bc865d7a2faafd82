namespace Paramorph.Transforms;

/// <summary>Reverse accumulation: cotangents walk from the outputs of an expression to its inputs.</summary>
internal static class ReverseMode
{
    /// <summary>
    /// The cotangents of the inputs of a trace for cotangents of outputs, where null is zero. For complex tensors cotangents are paired with
    /// tangents by the real part of the sum of products, without conjugation; the faces of the transforms conjugate.
    /// </summary>
    public static Tensor?[] Pull(ReadOnlySpan<Tensor?> outputs, ReadOnlySpan<Tensor?> cotangents, Trace trace, ReadOnlySpan<Tensor> inputs) =>
        Pull(Graph.Dependent(outputs, trace), outputs, cotangents, trace, inputs);

    /// <summary>The same with the operations between inputs and outputs given, each after those that it needs.</summary>
    public static Tensor?[] Pull(
        List<Operation> operations, ReadOnlySpan<Tensor?> outputs, ReadOnlySpan<Tensor?> cotangents, Trace trace, ReadOnlySpan<Tensor> inputs)
    {
        var sums = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < outputs.Length; i++)
            if (outputs[i] is { } output && cotangents[i] is { } cotangent && output.DependsOn(trace)) Add(output, cotangent);
        for (var k = operations.Count - 1; k >= 0; k--)
        {
            var operation = operations[k];
            var any = false;
            var arriving = new Tensor?[operation.Outputs.Length];
            for (var i = 0; i < arriving.Length; i++)
            {
                arriving[i] = sums.GetValueOrDefault(operation.Outputs[i]);
                any |= arriving[i] is not null;
            }
            if (!any) continue;
            var needed = Array.ConvertAll(operation.Inputs.ToArray(), t => t.ElementType.IsDifferentiable() && t.DependsOn(trace));
            if (!Array.Exists(needed, n => n)) continue;
            var leaving = operation.Primitive.Vjp(operation, arriving, needed);
            for (var i = 0; i < leaving.Length; i++)
                if (needed[i] && leaving[i] is { } cotangent) Add(operation.Inputs[i], cotangent);
        }
        return Array.ConvertAll(inputs.ToArray(), t => sums.GetValueOrDefault(t));

        void Add(Tensor to, Tensor cotangent)
        {
            if (cotangent.Type != to.Type) throw new InvalidOperationException($"the cotangent {cotangent.Type} does not fit {to.Type}.");
            sums[to] = sums.TryGetValue(to, out var sum) ? sum + cotangent : cotangent;
        }
    }

    /// <summary>The reverse rule of a primitive that states only its forward one: that is linear in the tangents, and its transpose is the answer.</summary>
    public static Tensor?[] TransposeJvp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        using var trace = new Trace(operation.Primitive.Name, isAbstract: true);
        var tangents = new Tensor?[needed.Length];
        for (var i = 0; i < needed.Length; i++)
            if (needed[i]) tangents[i] = trace.Placeholder(operation.Inputs[i].Type);
        var outputs = operation.Primitive.Jvp(operation, tangents);
        var present = tangents.OfType<Tensor>().ToArray();
        var pulled = Pull(outputs, cotangents, trace, present);
        var result = new Tensor?[needed.Length];
        for (int i = 0, k = 0; i < needed.Length; i++)
            if (needed[i]) result[i] = pulled[k++];
        return result;
    }
}
