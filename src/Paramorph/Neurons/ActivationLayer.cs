using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>A layer of any <see cref="ActivationFunction"/>; its learned parameters, where it has some, are leaves.</summary>
/// <param name="Function">The function.</param>
/// <param name="Learned">A value for each learned parameter: a scalar, or one for each neuron or channel, of a shape that broadcasts against the inputs.</param>
[Tree]
public sealed partial record ActivationLayer(ActivationFunction Function, TreeList<Tensor> Learned) : ILayer
{
    /// <summary>A layer whose learned parameters have their first values.</summary>
    /// <param name="function">The function.</param>
    /// <param name="shape">The shape of each parameter: a scalar by itself; [width] or [channels, 1, 1] for one a neuron or channel.</param>
    /// <param name="type">f32 or f64.</param>
    public static ActivationLayer Create(ActivationFunction function, Shape? shape = null, ElementType type = ElementType.Float32) =>
        new(function, [.. function.Parameters.Where(parameter => parameter.IsLearned).Select(parameter => Tensor.Full(shape ?? [], parameter.First, type).Evaluate())]);

    /// <summary>The function of the input, of its shape.</summary>
    public Tensor Call(Tensor x) => Function.Call(x, Learned);
}
