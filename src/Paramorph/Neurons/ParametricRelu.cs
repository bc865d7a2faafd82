using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Neurons;

/// <summary>
/// x where it is positive, slope times x elsewhere, with a learned slope. With a negative slope it is not monotone, and one neuron of two inputs decides exclusive or. (He, Zhang, Ren and Sun, "Delving deep into
/// rectifiers", 2015, Eq. 1; Pinto and Tavares, "PReLU: yet another single-layer solution to the XOR problem", 2024.)
/// </summary>
/// <param name="Slope">[features] for a slope each, or [1] for one that all share.</param>
[Tree]
public sealed partial record ParametricRelu(Tensor Slope) : ILayer
{
    /// <summary>A perceptron whose neurons learn their slopes, as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("prelu", "A multilayer perceptron whose rectifiers learn the slope of their negative side.", (key, signature, choice) =>
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth"))];
        var hidden = Enumerable.Range(1, sizes.Length - 1).SelectMany(i => (ILayer[])[Linear.Create(key.Fold(i), sizes[i - 1], sizes[i], weight: Initialiser.HeNormal), Create(sizes[i])]);
        return new Sequential([.. hidden, Linear.Create(key.Fold(0), sizes[^1], signature.Outputs)]);
    })
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "borders and folds, where some columns count by how far they are apart",
        Paper = "He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("width", "neurons of a hidden layer", 96, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 2, 1, 4, HyperparameterScale.Linear)],
    };

    /// <summary>A layer whose slopes start alike.</summary>
    /// <param name="features">Size of the last axis, or 1 for a slope that all share.</param>
    /// <param name="slope">The first slope.</param>
    /// <param name="type">f32 or f64.</param>
    public static ParametricRelu Create(int features, double slope = 0.25, ElementType type = ElementType.Float32) => new(Tensor.Full([features], slope, type));

    /// <summary>[..., features] gives the same.</summary>
    public Tensor Call(Tensor x) => Tensor.Maximum(x, 0.0) + Slope * Tensor.Minimum(x, 0.0);
}
