using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Dynamics;

/// <summary>
/// A network for two classes of which the hidden layer alone is learned: neurons take turns between the weights 1 / √width and -1 / √width in its logit, so that all that is learned shows
/// in what they answer. (As in Alleman et al., "Task structure and nonlinearity jointly determine learned representational geometry", 2024.)
/// </summary>
/// <param name="Activation">The neurons' activation.</param>
/// <param name="Width">How many neurons, an even number.</param>
public sealed record FixedReadoutNetwork(Func<Tensor, Tensor> Activation, int Width)
{
    private readonly Tensor readout = Tensor.Where(Tensor.Equal(Tensor.Arange(Width) % 2, 0), 1.0, -1.0).AsType(ElementType.Float32) / Math.Sqrt(Width);

    /// <summary>A hidden layer with drawn weights and biases.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Numbers in an input.</param>
    public Linear Create(Key key, int inputs) => Linear.Create(key, inputs, Width, weight: Initialiser.InverseRoot, bias: Initialiser.InverseRoot);

    /// <summary>What the neurons answer: [n, inputs] gives [n, width].</summary>
    public Tensor Answers(Linear hidden, Tensor inputs) => Activation(hidden.Call(inputs));

    /// <summary>The logit of the class 1: [n, inputs] gives [n].</summary>
    public Tensor Call(Linear hidden, Tensor inputs) => Answers(hidden, inputs).Dot(readout);

    /// <summary>Trains hidden layers by gradient descent on the binary cross-entropy of inputs [n, inputs] and labels f32 [n], 0 or 1.</summary>
    /// <param name="rate">The learning rate.</param>
    public Trainer<Linear, TreePair<Tensor, Tensor>> Trainer(double rate) => new(new Sgd(rate), (hidden, batch, _) => Loss.BinaryCrossEntropy(Call(hidden, batch.Item1), batch.Item2));
}
