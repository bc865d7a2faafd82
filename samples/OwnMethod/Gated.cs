using Paramorph;
using Paramorph.Layers;
using Paramorph.Methods;

namespace OwnMethod;

/// <summary>A network whose hidden neurons are products of a value and a gate: y = W3 (W1 x * sigmoid(W2 x)).</summary>
[Tree]
internal sealed partial record Gated(Linear Value, Linear Gate, Linear Output) : ILayer
{
    /// <summary>It as a method: all else, from the search to the intervals, is that of every method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("gated", "One hidden layer of gated neurons.", (key, signature, choice) => new Gated(
        Linear.Create(key.Fold(0), signature.Inputs, choice.Whole("width")),
        Linear.Create(key.Fold(1), signature.Inputs, choice.Whole("width")),
        Linear.Create(key.Fold(2), choice.Whole("width"), signature.Outputs)))
    {
        Kinds = ["table-regression", "table-classification"],
        Own = [Hyperparameter.Whole("width", "gated neurons", 64, 16, 256)],
    };

    public Tensor Call(Tensor x) => Output.Call(Value.Call(x) * Tensor.Sigmoid(Gate.Call(x)));
}
