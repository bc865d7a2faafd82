namespace Paramorph.Layers;

/// <summary>
/// The gated recurrent unit, as PyTorch has it: r and z the sigmoids of x W + h U + b in the first two blocks, n = tanh(x W + b + r (h U + c)) in the
/// third, h' = (1 - z) n + z h. (Cho et al., 2014.)
/// </summary>
/// <param name="Weight">W, [inputs, 3 hidden], in the order r, z, n.</param>
/// <param name="Recurrent">U, [hidden, 3 hidden].</param>
/// <param name="Bias">b, [3 hidden].</param>
/// <param name="CandidateBias">c, [hidden].</param>
[Tree]
public sealed partial record GruCell(Tensor Weight, Tensor Recurrent, Tensor Bias, Tensor CandidateBias) : IRecurrentCell<Tensor>, ILayer
{
    /// <summary>A cell with Glorot weights, orthogonal recurrent matrices and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="hidden">Size of the state.</param>
    /// <param name="type">f32 or f64.</param>
    public static GruCell Create(Key key, int inputs, int hidden, ElementType type = ElementType.Float32) => Initialise.Of(key, key =>
    {
        var (weight, recurrent) = RecurrentCell.Gates(key, inputs, hidden, 3, type);
        return new GruCell(weight, recurrent, Tensor.Zeros([3 * hidden], type), Tensor.Zeros([hidden], type));
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
    public Tensor Next(Tensor state, Tensor projected)
    {
        var (input, hidden) = (projected.Split(3, -1), state.Dot(Recurrent).Split(3, -1));
        var (reset, keep) = (Tensor.Sigmoid(input[0] + hidden[0]), Tensor.Sigmoid(input[1] + hidden[1]));
        var candidate = Tensor.Tanh(input[2] + reset * (hidden[2] + CandidateBias));
        return candidate + keep * (state - candidate);
    }

    /// <inheritdoc/>
    public Tensor Output(Tensor state) => state;
}
