namespace Paramorph.Layers;

/// <summary>The plain recurrent cell h' = f(x W + h U + b). (Elman, 1990.)</summary>
/// <param name="Weight">W, [inputs, hidden].</param>
/// <param name="Recurrent">U, [hidden, hidden].</param>
/// <param name="Bias">[hidden].</param>
/// <param name="Activation">f, a hyperbolic tangent or ReLU.</param>
[Tree]
public sealed partial record RecurrentCell(Tensor Weight, Tensor Recurrent, Tensor Bias, Func<Tensor, Tensor> Activation) : IRecurrentCell<Tensor>, ILayer
{
    /// <summary>A cell with Glorot weights, an orthogonal recurrent matrix and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="hidden">Size of the state.</param>
    /// <param name="activation">The function; the hyperbolic tangent when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static RecurrentCell Create(
        Key key, int inputs, int hidden, Func<Tensor, Tensor>? activation = null, ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key =>
        {
            var (weight, recurrent) = Gates(key, inputs, hidden, 1, type);
            return new RecurrentCell(weight, recurrent, Tensor.Zeros([hidden], type), activation ?? Layers.Activation.Tanh);
        });

    /// <summary>The next state, which is also the output: [..., inputs] and [..., hidden] give [..., hidden].</summary>
    public Tensor Call(Tensor state, Tensor x) => Next(state, Project(x));

    /// <summary>All outputs along a sequence from zeros on: [..., time, inputs] gives [..., time, hidden].</summary>
    Tensor ILayer.Call(Tensor x) => Layers.Recurrent.Run(this, x).Outputs;

    /// <inheritdoc/>
    public Tensor Start(Shape batch) => Tensor.Zeros([.. batch, Recurrent.Shape[0]], Weight.ElementType);

    /// <inheritdoc/>
    public Tensor Project(Tensor x) => x.Dot(Weight) + Bias;

    /// <inheritdoc/>
    public Tensor Next(Tensor state, Tensor projected) => Activation(projected + state.Dot(Recurrent));

    /// <inheritdoc/>
    public Tensor Output(Tensor state) => state;

    /// <summary>First weights [inputs, gates * hidden] and [hidden, gates * hidden], each gate drawn as a matrix of its own.</summary>
    internal static (Tensor Weight, Tensor Recurrent) Gates(Key key, int inputs, int hidden, int gates, ElementType type)
    {
        if (inputs < 1 || hidden < 1) throw new ShapeException($"recurrent cell: {inputs} inputs and {hidden} hidden numbers make no cell: both are 1 or more.");
        Tensor Drawn(Initialiser initialiser, Key key, int rows) => Tensor.Concatenate(
            [.. Enumerable.Range(0, gates).Select(i => initialiser.Draw(key.Fold(i), [rows, hidden], new(rows, hidden), type))], -1);
        return (Drawn(Initialiser.GlorotUniform, key.Fold(0), inputs), Drawn(Initialiser.Orthogonal(), key.Fold(1), hidden));
    }
}
