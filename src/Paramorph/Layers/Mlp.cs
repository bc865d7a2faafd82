using Paramorph.Methods;
using Paramorph.Neurons;

namespace Paramorph.Layers;

/// <summary>A multilayer perceptron: affine maps of the last axis with an elementwise function between them.</summary>
/// <param name="Layers">The affine maps, the output of each as large as the input of the next.</param>
/// <param name="Activation">The function between them; not applied behind the last.</param>
[Tree]
public sealed partial record Mlp(TreeList<Linear> Layers, Func<Tensor, Tensor> Activation) : ILayer
{
    private const string Usual = "gelu";

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("mlp", "A multilayer perceptron: affine maps with an activation between them.", (key, signature, choice) =>
    {
        Sequence<int> sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs];
        ILayer mlp = choice.Word("activation") is not Usual and var name ? Create(key, sizes, ActivationFunction.Of(name), Initialiser.HeNormal) : Create(key, sizes, Tensor.Gelu, Initialiser.HeNormal);
        return signature.Input.Count == 1 ? mlp : new Sequential([new Flattening(), mlp]);
    })
    {
        Kinds = ["table-regression", "table-classification", "image-classification"],
        GoodAt = "smooth dependence on all columns together, with a thousand rows or more",
        Own =
        [
            Hyperparameter.Whole("width", "neurons of a hidden layer", 96, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 2, 1, 4, HyperparameterScale.Linear),
            Hyperparameter.Named("activation", "the function between the affine maps, with learned parameters of each map where it has some", Usual, [.. ActivationFunction.All.Select(function => function.Name)], "paramorph activations"),
        ],
        Decay = NetworkMethod.UsualDecay.Within(0.05, 1e-3, 2),
    };

    /// <summary>A network with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs: <c>[2, 64, 64, 1]</c>.</param>
    /// <param name="activation">The function between the affine maps, such as <see cref="Layers.Activation.Tanh"/>.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <param name="hasBias">Whether the affine maps have biases.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">There are fewer than two sizes, or one is below 1.</exception>
    public static Mlp Create(
        Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation, Initialiser? weight = null, bool hasBias = true, ElementType type = ElementType.Float32)
    {
        if (sizes.Count < 2) throw new ShapeException($"mlp: sizes {sizes} make no layer: give those of the input, of any hidden layers, and of the output.");
        return Initialise.Of(key, key => new Mlp(
            [.. Enumerable.Range(0, sizes.Count - 1).Select(i => Linear.Create(key.Fold(i), sizes[i], sizes[i + 1], hasBias, weight, type: type))],
            activation));
    }

    /// <summary>The same with a function that may have parameters, which are learned for each map.</summary>
    /// <inheritdoc cref="Create(Key, Sequence{int}, Func{Tensor, Tensor}, Initialiser?, bool, ElementType)"/>
    public static Sequential Create(
        Key key, Sequence<int> sizes, ActivationFunction activation, Initialiser? weight = null, bool hasBias = true, ElementType type = ElementType.Float32)
    {
        var layers = Create(key, sizes, static x => x, weight, hasBias, type).Layers;
        return new([.. layers.SkipLast(1).SelectMany(layer => (ILayer[])[layer, ActivationLayer.Create(activation, type: type)]), layers[^1]]);
    }

    /// <summary>The output of the last map: [..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        for (var i = 0; i < Layers.Count - 1; i++) x = Activation(Layers[i].Call(x));
        return Layers[^1].Call(x);
    }
}
