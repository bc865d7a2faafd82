using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Neurons;

/// <summary>
/// Networks of Cauchy activations (λ₁ x + λ₂) / (x² + d²), each neuron with its own λ₁, λ₂ and d: a sum of them is Cauchy's integral formula on a contour in pieces, which comes near any analytic
/// function. (Li, Xia and Zhang, "Cauchy activation function and XNet", 2024.)
/// </summary>
public static class XNet
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("xnet", "A perceptron of Cauchy activations whose three parameters each neuron learns.", (key, signature, choice) =>
        Create(key, [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs]))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth functions of few variables",
        Paper = "Li, Xia and Zhang, Cauchy activation function and XNet, 2024",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("width", "neurons of a hidden layer", 96, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 1, 1, 3, HyperparameterScale.Linear)],
        Decay = NetworkMethod.UsualDecay.Within(0.05, 1e-3, 2),
    };

    /// <summary>A network with drawn weights and biases, so that neurons look at different places.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">There are fewer than two sizes, or one is below 1.</exception>
    public static Sequential Create(Key key, Sequence<int> sizes, ElementType type = ElementType.Float32)
    {
        if (sizes.Count < 2) throw new ShapeException($"xnet: sizes {sizes} make no layer: give those of the input, of any hidden layers, and of the output.");
        Linear Affine(int i, Initialiser bias) => Linear.Create(key.Fold(i), sizes[i], sizes[i + 1], weight: Initialiser.GlorotUniform, bias: bias, type: type);
        var cauchy = ActivationFunction.Of("cauchy");
        return new(
        [
            .. Enumerable.Range(0, sizes.Count - 2).SelectMany(i => (ILayer[])[Affine(i, Initialiser.Uniform(-1, 1)), ActivationLayer.Create(cauchy, [sizes[i + 1]], type)]),
            Affine(sizes.Count - 2, Initialiser.Zeros),
        ]);
    }
}
