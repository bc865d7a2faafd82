using Paramorph.Layers;

namespace Paramorph.Weights;

/// <summary>
/// An affine map whose weights and biases answer to hyperparameters: ŵ(λ) = W + diag(V λ) H, b̂(λ) = b + (C λ) ⊙ h. A hidden unit is thus that of a plain map and a second one that the hyperparameters gate; each example may have
/// hyperparameters of its own. (MacKay, Vicol, Lorraine, Duvenaud and Grosse, "Self-tuning networks: bilevel optimization of hyperparameters using structured best-response functions", 2019, Eq. 10.)
/// </summary>
/// <param name="Elementary">W and b.</param>
/// <param name="Response">H and h, of the same shapes.</param>
/// <param name="Gates">V: [hyperparameters, outputs].</param>
/// <param name="BiasGates">C: [hyperparameters, outputs].</param>
[Tree]
public sealed partial record BestResponseLinear(Linear Elementary, Linear Response, Tensor Gates, Tensor BiasGates)
{
    /// <summary>A map with drawn weights whose gates are zero, so that at first it does not answer to its hyperparameters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="hyperparameters">How many there are.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static BestResponseLinear Create(Key key, int inputs, int outputs, int hyperparameters, Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        if (hyperparameters < 1) throw new ShapeException($"best response: there are {hyperparameters} hyperparameters to answer to: 1 or more are needed.");
        var gates = Tensor.Zeros([hyperparameters, outputs], type).Evaluate();
        return new(
            Linear.Create(key.Fold(0), inputs, outputs, weight: weight, type: type),
            // Biases of the response must differ from zero, or neither they nor their gates would learn.
            Linear.Create(key.Fold(1), inputs, outputs, weight: weight, bias: Initialiser.Normal(0.1), type: type), gates, gates);
    }

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="hyperparameters">λ: [hyperparameters], or [..., hyperparameters] with one for each example.</param>
    public Tensor Call(Tensor x, Tensor hyperparameters) =>
        Elementary.Call(x) + hyperparameters.Dot(Gates) * x.Dot(Response.Weight) + hyperparameters.Dot(BiasGates) * Response.Bias!;

    /// <summary>The plain map for some hyperparameters.</summary>
    /// <param name="hyperparameters">λ: [hyperparameters].</param>
    public Linear At(Tensor hyperparameters) => new(
        Elementary.Weight + hyperparameters.Dot(Gates) * Response.Weight, Elementary.Bias! + hyperparameters.Dot(BiasGates) * Response.Bias!);
}
