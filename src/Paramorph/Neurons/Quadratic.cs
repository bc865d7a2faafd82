using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// Quadratic neurons in the place of those of a linear layer, dense or convolutional: L(x) * G(x) + S(x * x), products of elements, before any activation, where
/// L, G and S are layers of one form. (Fan, Li, Wang, Lai and Wang, "On Expressivity and Trainability of Quadratic Networks", 2023, Eq. 1:
/// (w_r x + b_r)(w_g x + b_g) + w_b (x * x) + c.)
/// </summary>
/// <typeparam name="TLayer">An affine layer, such as <see cref="Linear"/> or <see cref="Convolution"/>.</typeparam>
/// <param name="Linear">L: w_r and b_r.</param>
/// <param name="Gate">G: w_g and b_g.</param>
/// <param name="Square">S: w_b and, as its bias, c.</param>
[Tree]
public sealed partial record Quadratic<TLayer>(TLayer Linear, TLayer Gate, TLayer Square) : ILayer
    where TLayer : ILayer, ITree<TLayer>
{
    /// <summary>What the layer makes of an input that <typeparamref name="TLayer"/> takes.</summary>
    public Tensor Call(Tensor x) => Linear.Call(x) * Gate.Call(x) + Square.Call(x * x);
}

/// <summary>Makes quadratic layers.</summary>
public static class Quadratic
{
    /// <summary>The leaves that make quadratic neurons more than linear ones; the ReLinear strategy slows their learning.</summary>
    public static LeafFilter Terms { get; } = (path, _) =>
        path.Split('.') is [.., "gate" or "square", _] or ["gate" or "square", ..];

    /// <summary>Perceptrons of quadratic neurons as a method: hidden layers start as linear ones, and their quadratic terms learn slowly.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("quadratic", "A multilayer perceptron of quadratic neurons, which start as linear ones.", Perceptron)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "products and squares of columns",
        Paper = "Fan, Li, Wang, Lai and Wang, On expressivity and trainability of quadratic networks, 2023",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("width", "neurons of a hidden layer", 48, 16, 192),
            Hyperparameter.Whole("depth", "hidden layers", 2, 1, 3, HyperparameterScale.Linear),
            Hyperparameter.Word("activation", "the function behind each layer", "gelu", "relu"),
            Hyperparameter.Number("slowness", "what the learning rate of quadratic terms is multiplied by", 0.1, 0.003, 1),
        ],
        Optimiser = (usual, choice) => new ScaledRate(usual, Terms, choice["slowness"]),
    };

    /// <summary>A layer that starts as a linear one, w_g = 0, b_g = 1, w_b = 0, c = 0: the first part of the ReLinear strategy.</summary>
    /// <param name="linear">The linear layer.</param>
    /// <exception cref="ArgumentException">It has no bias, which the gate needs.</exception>
    public static Quadratic<TLayer> StartingAs<TLayer>(TLayer linear)
        where TLayer : ILayer, ITree<TLayer>
    {
        if (!Tree.Names(linear).Contains("bias")) throw new ArgumentException("quadratic: the linear layer must have a bias, from which the gate's is made.", nameof(linear));
        return new(
            linear,
            Tree.Map(linear, (path, leaf) => (path == "bias" ? Tensor.OnesLike(leaf) : Tensor.ZerosLike(leaf)).Evaluate()),
            Tree.Map(linear, leaf => Tensor.ZerosLike(leaf).Evaluate()));
    }

    /// <summary>A layer all of whose parts are drawn alike.</summary>
    /// <param name="key">The key.</param>
    /// <param name="create">Draws a linear layer.</param>
    public static Quadratic<TLayer> Create<TLayer>(Key key, Func<Key, TLayer> create)
        where TLayer : ILayer, ITree<TLayer> => new(create(key.Fold(0)), create(key.Fold(1)), create(key.Fold(2)));

    private static Sequential Perceptron(Key key, ModelSignature signature, Configuration choice)
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth"))];
        Func<Tensor, Tensor> activation = choice.Word("activation") == "relu" ? Activation.Relu : Activation.Gelu;
        var hidden = Enumerable.Range(1, sizes.Length - 1).SelectMany(i => (ILayer[])
        [
            StartingAs(Linear.Create(key.Fold(i), sizes[i - 1], sizes[i], weight: Initialiser.HeNormal)), new Elementwise(activation),
        ]);
        return new([.. hidden, Linear.Create(key.Fold(0), sizes[^1], signature.Outputs)]);
    }
}
