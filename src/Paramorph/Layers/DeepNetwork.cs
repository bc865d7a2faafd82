namespace Paramorph.Layers;

/// <summary>Dense networks of many equal hidden layers, on which initialisations are studied.</summary>
public static class DeepNetwork
{
    /// <summary>A network whose square hidden weights have a law of their own; those of the first layer and of the readout are independent and normal, of variance 1 / inputs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="depth">Hidden layers.</param>
    /// <param name="width">Neurons of each.</param>
    /// <param name="outputs">Size of an output.</param>
    /// <param name="activation">Behind each hidden layer.</param>
    /// <param name="law">The weights [width, width].</param>
    /// <param name="bias">The biases of hidden layers; those of the readout are zero.</param>
    public static Sequential Create(Key key, int inputs, int depth, int width, int outputs, Func<Tensor, Tensor> activation, Initialiser law, Initialiser bias)
    {
        var independent = Initialiser.NormalOfGain(1);
        Linear Hidden(int i) => Linear.Create(key.Fold(i), i == 0 ? inputs : width, width, weight: i == 0 ? independent : law, bias: bias);
        return new(
        [
            .. Enumerable.Range(0, depth).SelectMany(i => (ILayer[])[Hidden(i), new Elementwise(activation)]),
            Linear.Create(key.Fold(depth), depth == 0 ? inputs : width, outputs, weight: independent),
        ]);
    }
}
