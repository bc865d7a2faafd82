namespace Paramorph.Layers;

/// <summary>
/// The long short-term memory: i, f and o the sigmoids, g the hyperbolic tangent of x W + h U + b, c' = f c + i g, h' = o tanh(c'). (Hochreiter and
/// Schmidhuber, 1997; the forget gate of Gers et al., 2000.)
/// </summary>
/// <param name="Weight">W, [inputs, 4 hidden], in the order i, f, g, o, as in PyTorch.</param>
/// <param name="Recurrent">U, [hidden, 4 hidden].</param>
/// <param name="Bias">b, [4 hidden].</param>
[Tree]
public sealed partial record LstmCell(Tensor Weight, Tensor Recurrent, Tensor Bias) : IRecurrentCell<LstmState>, ILayer
{
    /// <summary>
    /// A cell with Glorot weights, orthogonal recurrent matrices and biases of zero, but of 1 for the forget gate, so that it remembers at first
    /// (Jozefowicz et al., 2015).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="hidden">Size of the state.</param>
    /// <param name="type">f32 or f64.</param>
    public static LstmCell Create(Key key, int inputs, int hidden, ElementType type = ElementType.Float32) => Initialise.Of(key, key =>
    {
        var (weight, recurrent) = RecurrentCell.Gates(key, inputs, hidden, 4, type);
        var (zeros, ones) = (Tensor.Zeros([hidden], type), Tensor.Ones([hidden], type));
        return new LstmCell(weight, recurrent, Tensor.Concatenate([zeros, ones, zeros, zeros]));
    });

    /// <summary>The next state: [..., inputs] gives two tensors [..., hidden].</summary>
    public LstmState Call(LstmState state, Tensor x) => Next(state, Project(x));

    /// <summary>All outputs along a sequence from zeros on: [..., time, inputs] gives [..., time, hidden].</summary>
    Tensor ILayer.Call(Tensor x) => Layers.Recurrent.Run(this, x).Outputs;

    /// <inheritdoc/>
    public LstmState Start(Shape batch)
    {
        var zeros = Tensor.Zeros([.. batch, Recurrent.Shape[0]], Weight.ElementType);
        return new(zeros, zeros);
    }

    /// <inheritdoc/>
    public Tensor Project(Tensor x) => x.Dot(Weight) + Bias;

    /// <inheritdoc/>
    public LstmState Next(LstmState state, Tensor projected)
    {
        var gates = (projected + state.Hidden.Dot(Recurrent)).Split(4, -1);
        var cell = Tensor.Sigmoid(gates[1]) * state.Cell + Tensor.Sigmoid(gates[0]) * Tensor.Tanh(gates[2]);
        return new(Tensor.Sigmoid(gates[3]) * Tensor.Tanh(cell), cell);
    }

    /// <inheritdoc/>
    public Tensor Output(LstmState state) => state.Hidden;
}
