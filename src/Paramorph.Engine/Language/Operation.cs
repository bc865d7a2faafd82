namespace Paramorph;

/// <summary>A primitive applied to tensors: one node of a computation.</summary>
public sealed class Operation
{
    private readonly Tensor[] inputs;
    private readonly Tensor[] outputs;

    internal Operation(Primitive primitive, Tensor[] inputs, ReadOnlySpan<TensorType> types, TraceSet? traces)
    {
        Primitive = primitive;
        this.inputs = inputs;
        outputs = new Tensor[types.Length];
        for (var i = 0; i < types.Length; i++) outputs[i] = new Tensor(types[i], this, traces);
    }

    /// <summary>When it was built, on the clock of <see cref="Trace"/>.</summary>
    internal long Number { get; } = Trace.Tick();

    /// <summary>What is done, with its attributes.</summary>
    public Primitive Primitive { get; }

    /// <summary>To what it is done.</summary>
    public ReadOnlySpan<Tensor> Inputs => inputs;

    /// <summary>The results.</summary>
    public ReadOnlySpan<Tensor> Outputs => outputs;

    /// <summary>The first input.</summary>
    public Tensor Input => inputs[0];

    /// <summary>The first result.</summary>
    public Tensor Output => outputs[0];

    /// <summary>The same done to other tensors: what a rule of <see cref="Computation.Rewrite"/> does with operations that it leaves alone.</summary>
    /// <exception cref="TensorException">The tensors do not fit.</exception>
    public Tensor[] Apply(params Tensor[] operands) => Tensor.Bind(Primitive, operands);

    /// <summary>The types of the inputs.</summary>
    public TensorType[] InputTypes() => Array.ConvertAll(inputs, t => t.Type);

    /// <summary>The types of the results.</summary>
    public TensorType[] OutputTypes() => Array.ConvertAll(outputs, t => t.Type);

    /// <summary>What one run of it takes.</summary>
    public Cost Cost() => Primitive.Cost(InputTypes(), OutputTypes());

    /// <summary>The text form without result names.</summary>
    public override string ToString() => $"{Primitive} {string.Join(", ", inputs.Select(t => t.Type.ToString()))}";
}
