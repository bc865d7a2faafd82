using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>The same value under another identity.</summary>
public sealed record Identity : Primitive
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [inputs[0]];

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => cotangent;

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => inputs;

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => default;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) => inputs;
}

/// <summary>The same value, whose derivative is zero.</summary>
public sealed record StopGradient : Primitive
{
    /// <inheritdoc/>
    public override string Name => "stop_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [inputs[0]];

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) => [null];

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) => [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => default;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) => inputs;
}

/// <summary>
/// Elements converted to another type: real to integer truncates towards zero and saturates (NaN becomes 0), integers wrap, anything to bool is
/// "not zero".
/// </summary>
public sealed record Cast(ElementType To) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "cast";

    /// <inheritdoc/>
    public override string Attributes => $"to={To.ShortName()}";

    /// <inheritdoc/>
    public override Linearity Linearity => To.IsDifferentiable() ? Linearity.Joint : Linearity.None;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0].ElementType.IsComplex() && !To.IsComplex() && To != ElementType.Bool)
            throw new ElementTypeException($"cast: {inputs[0]} does not become {To.ShortName()}: take its Real part, its Imaginary part or its Abs.");
        return [inputs[0] with { ElementType = To }];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) =>
        [To.IsDifferentiable() && tangents[0] is { } tangent ? tangent.AsType(To) : null];

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var from = operation.Input.ElementType;
        return (from.IsComplex() ? cotangent : Tensor.Real(cotangent)).AsType(from);
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) =>
        To.IsDifferentiable() ? base.Vjp(operation, cotangents, needed) : [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, result) = (inputs[0], new ReferenceArray(operation.Output.Type));
        for (var i = 0; i < result.Count; i++)
        {
            if (result.IsReal) result.Reals[i] = x.IsReal ? x.Reals[i] : x.Integers[i];
            else if (result.IsComplex) result.Complexes[i] = x.IsComplex ? x.Complexes[i] : x.IsReal ? x.Reals[i] : x.Integers[i];
            else if (To == ElementType.Bool) result.Integers[i] = (x.IsReal ? x.Reals[i] != 0 : x.IsComplex ? x.Complexes[i] != 0 : x.Integers[i] != 0) ? 1 : 0;
            else result.Integers[i] = x.IsReal ? Saturate(x.Reals[i]) : x.Integers[i];
        }
        return [result];
    }

    private long Saturate(double x) => To switch
    {
        ElementType.UInt8 => byte.CreateSaturating(x),
        ElementType.Int8 => sbyte.CreateSaturating(x),
        ElementType.Int32 => int.CreateSaturating(x),
        _ => long.CreateSaturating(x),
    };
}

/// <summary>The same bits as another type of the same size.</summary>
public sealed record BitCast(ElementType To) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "bit_cast";

    /// <inheritdoc/>
    public override string Attributes => $"to={To.ShortName()}";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0].ElementType.Size() != To.Size() || To == ElementType.Bool || inputs[0].ElementType == ElementType.Bool)
            throw new ElementTypeException($"bit_cast: {inputs[0]} does not become {To.ShortName()}: both must have the same size, and neither be bool.");
        return [inputs[0] with { ElementType = To }];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) => [null];

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) => [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var from = inputs[0].ToStorage();
        var to = new Storage(To, from.Count);
        from.Bytes.CopyTo(to.Bytes);
        return [ReferenceArray.From(to, operation.Output.Shape)];
    }
}

/// <summary>The real part of complex elements.</summary>
public sealed record RealPart : Primitive
{
    /// <inheritdoc/>
    public override string Name => "real";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [inputs[0] with { ElementType = inputs[0].ElementType.RealType() }];

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => Tensor.Complex(cotangent, Tensor.ZerosLike(cotangent));

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        [ReferenceArray.Of(operation.Output.Type, i => inputs[0].Complexes[i].Real)];
}

/// <summary>The imaginary part of complex elements.</summary>
public sealed record ImaginaryPart : Primitive
{
    /// <inheritdoc/>
    public override string Name => "imaginary";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [inputs[0] with { ElementType = inputs[0].ElementType.RealType() }];

    /// <inheritdoc/>
    /// <remarks>Im t = Re(-i t), so under the pairing Re(sum of c t) the cotangent is -i c.</remarks>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => Tensor.Complex(Tensor.ZerosLike(cotangent), -cotangent);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        [ReferenceArray.Of(operation.Output.Type, i => inputs[0].Complexes[i].Imaginary)];
}

/// <summary>A complex number of a real and an imaginary part.</summary>
public sealed record MakeComplex : Primitive
{
    /// <inheritdoc/>
    public override string Name => "complex";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0] != inputs[1] || !inputs[0].ElementType.IsFloating())
            throw new ElementTypeException($"complex: {inputs[0]} and {inputs[1]} are not a real and an imaginary part: both must be f32 or both f64.");
        return [inputs[0] with { ElementType = inputs[0].ElementType.ComplexType() }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => input == 0 ? Tensor.Real(cotangent) : -Tensor.Imaginary(cotangent);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, BatchAll(inputs, batched, size));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        for (var i = 0; i < result.Count; i++) result.Complexes[i] = new(inputs[0].Reals[i], inputs[1].Reals[i]);
        return [result];
    }
}

/// <summary>Elements of the second input where the first, a bool, holds; of the third elsewhere.</summary>
public sealed record Select : Primitive
{
    /// <inheritdoc/>
    public override string Name => "select";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0].ElementType != ElementType.Bool)
            throw new ElementTypeException($"select: the condition {inputs[0]} must be bool: compare it, for example with NotEqual(x, 0).");
        if (inputs[1] != inputs[2] || inputs[0].Shape != inputs[1].Shape)
            throw new ShapeException($"select: {inputs[0]}, {inputs[1]} and {inputs[2]} must have one shape, and the last two one type.");
        return [inputs[1]];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var zero = Tensor.ZerosLike(cotangent);
        return input == 1 ? Tensor.Where(operation.Input, cotangent, zero) : Tensor.Where(operation.Input, zero, cotangent);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, BatchAll(inputs, batched, size));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        for (var i = 0; i < result.Count; i++) result.CopyElement(i, inputs[inputs[0].Integers[i] != 0 ? 1 : 2], i);
        return [result];
    }
}
