using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Neurons;

/// <summary>
/// ReLU neurons r ReLU(u(θ)·x + λ) whose weights are given by the angles θ of their direction in hyperspherical coordinates, by the distance λ of the boundary between the two sides from the origin, and by the length r: what
/// moves the boundary is apart from what scales the answer. (Chen and Ge, "Neural characteristic activation analysis and geometric parameterization for ReLU networks", 2024, Eq. 9.)
/// </summary>
/// <param name="Angles">θ: [inputs - 1, outputs].</param>
/// <param name="Offset">λ: [outputs].</param>
/// <param name="Radius">r: [outputs].</param>
[Tree]
public sealed partial record GeometricLinear(Tensor Angles, Tensor Offset, Tensor Radius) : ILayer
{
    /// <summary>A perceptron of such neurons as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("geometric-mlp", "A multilayer perceptron of rectified neurons, given by angles, distances and lengths.", (key, signature, choice) =>
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth"))];
        return new Sequential([.. Enumerable.Range(1, sizes.Length - 1).Select(i => (ILayer)Create(key.Fold(i), sizes[i - 1], sizes[i])), Linear.Create(key.Fold(0), sizes[^1], signature.Outputs)]);
    })
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "borders and folds in two columns or more, at high learning rates",
        Paper = "Chen and Ge, Neural characteristic activation analysis and geometric parameterization for ReLU networks, 2024",
        IsAutomatic = false,
        Limits = problem => problem.Signature.Inputs < 2 ? "it takes two features or more" : null,
        Own = [Hyperparameter.Whole("width", "neurons of a hidden layer", 96, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 2, 1, 4, HyperparameterScale.Linear)],
    };

    /// <summary>Neurons with the directions and lengths of normal weights of He's variance, and boundaries through the origin.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input, 2 or more.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">There are fewer than two inputs, which have no angle.</exception>
    public static GeometricLinear Create(Key key, int inputs, int outputs, ElementType type = ElementType.Float32)
    {
        if (inputs < 2) throw new ShapeException("geometric linear: one input has no angle: there are two or more.");
        return Initialise.Of(key, key => Of(Initialiser.HeNormal.Draw(key, [inputs, outputs], new(inputs, outputs), type), Tensor.Zeros([outputs], type)));
    }

    /// <summary>The neurons ReLU(x W + b).</summary>
    /// <param name="weight">W: [inputs, outputs], no column of zeros.</param>
    /// <param name="bias">b: [outputs].</param>
    public static GeometricLinear Of(Tensor weight, Tensor bias)
    {
        // tan θ_i is the length of what lies behind coordinate i over that coordinate; the last angle has a sign.
        var behind = Tensor.Sqrt(Tensor.Square(weight).CumulativeSum(0, isReverse: true));
        var radius = behind[0];
        var angles = Tensor.Concatenate([Tensor.Atan2(behind[1..^1], weight[..^2]), Tensor.Atan2(weight[^1..], weight[^2..^1])]);
        return new(angles, bias / radius, radius);
    }

    /// <summary>The directions u(θ), of length one: [inputs, outputs].</summary>
    public Tensor Directions()
    {
        var ones = Tensor.OnesLike(Angles[..1]);
        return Tensor.Concatenate([ones, Tensor.Sin(Angles)]).CumulativeProduct(0) * Tensor.Concatenate([Tensor.Cos(Angles), ones]);
    }

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => Radius * Tensor.Relu(x.Dot(Directions()) + Offset);
}
