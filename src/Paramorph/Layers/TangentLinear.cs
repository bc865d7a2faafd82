namespace Paramorph.Layers;

/// <summary>
/// An affine map gain / sqrt(inputs) x W + bias gain b, whose parameters all start as standard normal numbers: the parametrisation under which the tangent kernel of a network has a limit as it becomes wider, at one
/// learning rate. (Jacot, Gabriel and Hongler, "Neural tangent kernel", 2018, section 2.)
/// </summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Gain">The factor of the weights: sqrt(2) keeps the second moment behind ReLUs, 1 behind the identity.</param>
/// <param name="BiasGain">β, the factor of the biases.</param>
[Tree]
public sealed partial record TangentLinear(Tensor Weight, Tensor Bias, double Gain = 1, double BiasGain = 0.1) : ILayer
{
    /// <summary>A layer with drawn weights and biases.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="gain">The factor of the weights.</param>
    /// <param name="biasGain">The factor of the biases.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static TangentLinear Create(Key key, int inputs, int outputs, double gain = 1, double biasGain = 0.1, ElementType type = ElementType.Float32)
    {
        var layer = Linear.Create(key, inputs, outputs, weight: Initialiser.Normal(1), bias: Initialiser.Normal(1), type: type);
        return new(layer.Weight, layer.Bias!, gain, biasGain);
    }

    /// <summary>A ReLU network of such layers, which keeps the second moments of what it is given: that of <c>DotProductKernel.NeuralTangent</c> with biases of the variance β².</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs.</param>
    /// <param name="biasGain">β.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">There are fewer than two sizes, or one is below 1.</exception>
    public static Sequential Relu(Key key, Sequence<int> sizes, double biasGain = 0.1, ElementType type = ElementType.Float32)
    {
        if (sizes.Count < 2) throw new ShapeException($"tangent linear: sizes {sizes} make no layer: give those of the input, of any hidden layers, and of the output.");
        return new(
        [
            .. Enumerable.Range(0, sizes.Count - 1).SelectMany(i => (ILayer[])
                [.. i > 0 ? [new Elementwise(Activation.Relu)] : (ILayer[])[], Create(key.Fold(i), sizes[i], sizes[i + 1], i == 0 ? 1 : Math.Sqrt(2), biasGain, type)]),
        ]);
    }

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Weight.Shape[0])
            throw new ShapeException($"tangent linear: {x.Type} does not enter a weight {Weight.Type}: its last axis must have {Weight.Shape[0]} elements.");
        return Gain / Math.Sqrt(Weight.Shape[0]) * x.Dot(Weight) + BiasGain * Bias;
    }
}
