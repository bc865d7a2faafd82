using Paramorph.Reference;

namespace Paramorph;

/// <summary>In which way a primitive is linear, from which both modes of its derivative follow.</summary>
public enum Linearity
{
    /// <summary>Not linear: the primitive states its derivative.</summary>
    None,

    /// <summary>Linear in all differentiable inputs together: f(x + s, y + t) = f(x, y) + f(s, t).</summary>
    Joint,

    /// <summary>Linear in each differentiable input while the others are fixed: a product.</summary>
    Multi,
}

/// <summary>
/// One of the primitives of the tensor language, with its attributes: equal attributes make equal primitives. Everything that is known of a
/// primitive stands in its own file: shape rule, derivative, batching rule, reference evaluation and cost. The set is closed.
/// </summary>
public abstract record Primitive
{
    /// <summary>The name in the text form and in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The attributes in the text form, for example <c>axes=[0, 1]</c>; empty when there are none.</summary>
    public virtual string Attributes => "";

    /// <summary>Attributes that tell apart what <see cref="Attributes"/> does not: C# functions that the primitive holds.</summary>
    internal virtual string HiddenAttributes => "";

    /// <summary>In which way the primitive is linear.</summary>
    public virtual Linearity Linearity => Linearity.None;

    /// <summary>The computations that the primitive runs: bodies of loops, branches, custom derivatives.</summary>
    public virtual IReadOnlyList<Computation> Bodies => [];

    /// <summary>The shape rule: types of the results for types of the inputs.</summary>
    /// <exception cref="TensorException">The inputs do not fit: one sentence that names the operation, the shapes and the rule.</exception>
    public abstract TensorType[] Infer(ReadOnlySpan<TensorType> inputs);

    /// <summary>Forward derivative: the tangents of the results for tangents of the inputs, where null is zero.</summary>
    public virtual Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        switch (Linearity)
        {
            case Linearity.Joint:
                return Tensor.Bind(this, [.. operation.Inputs.ToArray().Select((x, i) =>
                    x.ElementType.IsDifferentiable() ? tangents[i] ?? Tensor.ZerosLike(x) : x)]);
            case Linearity.Multi:
                Tensor? sum = null;
                for (var i = 0; i < tangents.Length; i++)
                {
                    if (tangents[i] is not { } tangent) continue;
                    Tensor[] inputs = [.. operation.Inputs];
                    inputs[i] = tangent;
                    sum = Tensor.Sum(sum, Tensor.Bind(this, inputs)[0]);
                }
                return [sum];
            default:
                throw new TransformException($"{Name} has no derivative.");
        }
    }

    /// <summary>
    /// Reverse derivative: the cotangents of the inputs for cotangents of the results, where null is zero. Only inputs that are
    /// <paramref name="needed"/> are asked for. Linear primitives state it through <see cref="TransposeRule"/>; for the others it is the
    /// transpose of <see cref="Jvp"/>, which is linear in the tangents.
    /// </summary>
    public virtual Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        if (Linearity == Linearity.None) return Transforms.ReverseMode.TransposeJvp(operation, cotangents, needed);
        var result = new Tensor?[operation.Inputs.Length];
        if (cotangents[0] is not { } cotangent) return result;
        for (var i = 0; i < result.Length; i++)
            if (needed[i]) result[i] = TransposeRule(operation, i, cotangent);
        return result;
    }

    /// <summary>The transpose of a linear primitive: the cotangent of one input for the cotangent of the result.</summary>
    protected virtual Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) =>
        throw new InvalidOperationException($"{Name} is not linear.");

    /// <summary>
    /// Batching rule: the results for inputs of which those that are <paramref name="batched"/> carry a leading axis of the given size. Each
    /// result carries that axis first. At least one input is batched.
    /// </summary>
    public abstract Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size);

    /// <summary>The definition of the values, in double precision and without regard to speed.</summary>
    internal abstract ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs);

    /// <summary>What one run takes. By default one flop an element of the results.</summary>
    public virtual Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(Elements(outputs), Bytes(inputs) + Bytes(outputs));

    /// <summary>The text form: name and attributes.</summary>
    public sealed override string ToString() => Attributes.Length == 0 ? Name : $"{Name}[{Attributes}]";

    internal static long Elements(ReadOnlySpan<TensorType> types)
    {
        long sum = 0;
        foreach (var type in types) sum += type.Shape.ElementCount;
        return sum;
    }

    internal static long Bytes(ReadOnlySpan<TensorType> types)
    {
        long sum = 0;
        foreach (var type in types) sum += type.Bytes;
        return sum;
    }

    /// <summary>Inputs that lack the batch axis get it by repetition.</summary>
    private protected static Tensor[] BatchAll(Tensor[] inputs, bool[] batched, int size) =>
        [.. inputs.Select((x, i) => batched[i] ? x : Tensor.AddBatchAxis(x, size))];
}
