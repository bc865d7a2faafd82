using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Neurons;

/// <summary>
/// A layer of quadratic neurons: (x W_r + b_r) * (x W_g + b_g) + (x * x) W_b + c, products of elements, before any activation. (Fan, Li, Wang, Lai and
/// Wang, "On Expressivity and Trainability of Quadratic Networks", 2023, Eq. 1.)
/// </summary>
/// <param name="Weight">W_r: [inputs, outputs].</param>
/// <param name="Bias">b_r: [outputs].</param>
/// <param name="GateWeight">W_g: [inputs, outputs].</param>
/// <param name="GateBias">b_g: [outputs].</param>
/// <param name="SquareWeight">W_b: [inputs, outputs].</param>
/// <param name="Offset">c: [outputs].</param>
[Tree]
public sealed partial record QuadraticLinear(Tensor Weight, Tensor Bias, Tensor GateWeight, Tensor GateBias, Tensor SquareWeight, Tensor Offset) : ILayer
{
    /// <summary>The leaves that make the neuron more than a linear one, whose learning the ReLinear strategy slows.</summary>
    public static LeafFilter QuadraticTerms { get; } = (path, _) =>
        path.EndsWith("gateWeight", StringComparison.Ordinal) || path.EndsWith("gateBias", StringComparison.Ordinal)
        || path.EndsWith("squareWeight", StringComparison.Ordinal) || path.EndsWith("offset", StringComparison.Ordinal);

    /// <summary>A layer that starts as a linear one, W_g = 0, b_g = 1, W_b = 0, c = 0: the initialisation of the ReLinear strategy.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="weight">How W_r is drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static QuadraticLinear CreateLinear(Key key, int inputs, int outputs, Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        var linear = Linear.Create(key, inputs, outputs, weight: weight, type: type);
        return new(
            linear.Weight, linear.Bias!, Tensor.Zeros([inputs, outputs], type).Evaluate(), Tensor.Ones([outputs], type).Evaluate(), Tensor.Zeros([inputs, outputs], type).Evaluate(),
            Tensor.Zeros([outputs], type).Evaluate());
    }

    /// <summary>A layer all of whose weights are drawn, with biases of zero.</summary>
    /// <inheritdoc cref="CreateLinear"/>
    public static QuadraticLinear Create(Key key, int inputs, int outputs, Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        Linear Drawn(int part) => Linear.Create(key.Fold(part), inputs, outputs, weight: weight, type: type);
        var (first, gate, square) = (Drawn(0), Drawn(1), Drawn(2));
        return new(first.Weight, first.Bias!, gate.Weight, gate.Bias!, square.Weight, square.Bias!);
    }

    /// <summary>The neurons' values: [..., inputs] gives [..., outputs].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Weight.Shape[0])
            throw new ShapeException($"quadratic linear: {x.Type} does not enter a weight {Weight.Type}: its last axis must have {Weight.Shape[0]} elements.");
        return (x.Dot(Weight) + Bias) * (x.Dot(GateWeight) + GateBias) + (x * x).Dot(SquareWeight) + Offset;
    }
}
