using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>A multilayer perceptron of quadratic neurons.</summary>
/// <param name="Layers">The layers, the output of each as large as the input of the next.</param>
/// <param name="Activation">The function between them; not applied behind the last.</param>
[Tree]
public sealed partial record QuadraticMlp(TreeList<QuadraticLinear> Layers, Func<Tensor, Tensor> Activation) : ILayer
{
    /// <summary>A network.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs.</param>
    /// <param name="activation">The function between the layers.</param>
    /// <param name="startsLinear">Whether it starts as a network of linear neurons (ReLinear) or with all weights drawn.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <exception cref="ShapeException">There are fewer than two sizes, or one is below 1.</exception>
    public static QuadraticMlp Create(Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation, bool startsLinear, Initialiser? weight = null)
    {
        if (sizes.Count < 2) throw new ShapeException($"quadratic mlp: sizes {sizes} make no layer: give those of the input, of any hidden layers, and of the output.");
        QuadraticLinear Layer(int i) => startsLinear
            ? QuadraticLinear.CreateLinear(key.Fold(i), sizes[i], sizes[i + 1], weight)
            : QuadraticLinear.Create(key.Fold(i), sizes[i], sizes[i + 1], weight);
        return new([.. Enumerable.Range(0, sizes.Count - 1).Select(Layer)], activation);
    }

    /// <summary>The output of the last layer: [..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        for (var i = 0; i < Layers.Count - 1; i++) x = Activation(Layers[i].Call(x));
        return Layers[^1].Call(x);
    }
}
