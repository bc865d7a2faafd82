using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;

namespace Paramorph.Weights;

/// <summary>
/// A network that predicts the parameters of a model from a few numbers, θ(γ) = θ0 + h(E(γ)): any tree can be the model, and what is predicted for γ is a
/// model again. <see cref="Hypernetwork.Of"/> makes one.
/// </summary>
/// <remarks>
/// Without an encoding h is homogeneous while its biases are zero, so the predicted weights grow with γ and vanish where it does, and their gradients vary
/// as much. Magnitude invariant parametrisation removes that with an encoding E of constant norm and with a start in θ0 instead of zero. (Ortiz, Guttag
/// and Dalca, "Magnitude Invariant Parametrizations Improve Hypernetwork Learning", 2024.)
/// </remarks>
/// <param name="Network">h: [inputs] or, encoded, [2 inputs] gives all predicted numbers in the order of the leaves. Its last map has no bias: that is θ0.</param>
/// <param name="Base">θ0, which does not depend on γ and is learned, too. Leaves that are not predicted are these.</param>
/// <param name="IsPredicted">For each leaf of the model whether h adds to it.</param>
/// <param name="EncodesInput">Whether inputs are encoded with constant norm.</param>
/// <typeparam name="TModel">The model whose parameters are predicted.</typeparam>
[Tree]
public sealed partial record Hypernetwork<TModel>(Mlp Network, TModel Base, Sequence<bool> IsPredicted, bool EncodesInput)
    where TModel : ITree<TModel>
{
    /// <summary>How many numbers γ has.</summary>
    public int Inputs => Network.Layers[0].Weight.Shape[0] / (EncodesInput ? 2 : 1);

    /// <summary>The model for one input. For a batch of them <see cref="Vmap"/> makes a batch of models.</summary>
    /// <param name="input">γ [inputs], or a scalar if there is but one; with an encoding it lies in [0, 1].</param>
    /// <exception cref="ShapeException">The input has not that shape.</exception>
    public TModel Predict(Tensor input)
    {
        if (input.Rank == 0) input = input.ExpandDims(0);
        if (input.Shape != [Inputs]) throw new ShapeException($"hypernetwork: {input.Type} does not enter: it takes one input of {Inputs} numbers; Vmap takes a batch.");
        var predicted = Network.Call(EncodesInput ? Hypernetwork.Encode(input) : input);
        var (leaves, start) = (Tree.Leaves(Base), 0);
        for (var i = 0; i < leaves.Length; i++)
        {
            if (!IsPredicted[i]) continue;
            var end = start + leaves[i].Count;
            leaves[i] += predicted[start..end].ReshapeTo(leaves[i].Shape).AsType(leaves[i].ElementType);
            start = end;
        }
        return Tree.Rebuild(Base, leaves);
    }

    /// <summary>The Euclidean norms of all parameters that are predicted for some inputs: [n] or [n, inputs] gives [n].</summary>
    public Tensor Norms(Tensor inputs) => Vmap.Of((Tensor input) => ClippedByNorm.Norm(Predict(input)), inputs);
}

/// <summary>Makes hypernetworks of models.</summary>
public static class Hypernetwork
{
    /// <summary>
    /// A hypernetwork for a model, with magnitude invariant parametrisation unless a part of it is switched off; with both off it is the usual one, of the same
    /// architecture.
    /// </summary>
    /// <example><code>
    /// var hyper = Hypernetwork.Of(key, Mlp.Create(key.Fold(1), [49, 32, 1], Activation.Relu), inputs: 1);
    /// var gradient = Gradient.Of(hyper, h => Loss.MeanSquared(h.Predict(0.3f).Call(x), y));
    /// Mlp denoiser = hyper.Predict(0.7f);
    /// </code></example>
    /// <param name="key">Draws the weights of the hypernetwork.</param>
    /// <param name="model">The model, whose values are the start of θ0, or give the scales of predicted weights.</param>
    /// <param name="inputs">How many numbers the parameters are predicted from.</param>
    /// <param name="hidden">Hidden widths of the hypernetwork; 16 and 128 when empty, as in the paper.</param>
    /// <param name="encodesInput">Whether inputs, then of [0, 1], are encoded with constant norm (<see cref="Encode"/>).</param>
    /// <param name="isResidual">
    /// Whether θ0 starts as the model, and what is added to it small: with a norm of about 1 over all leaves. Otherwise θ0 starts at zero where leaves are
    /// predicted, and the last map is drawn so that predicted weights have the scales of the model's, where the input has a mean square of 1 or is encoded
    /// (Chang et al., "Principled Weight Initialization for Hypernetworks", 2020).
    /// </param>
    /// <param name="activation">The function between the hypernetwork's maps; <see cref="Activation.LeakyRelu"/> when null.</param>
    /// <param name="where">Which leaves are predicted, all of them real; all real ones when null. The others are learned directly.</param>
    /// <exception cref="ArgumentException">No leaf is meant, or one that is not real.</exception>
    /// <exception cref="ShapeException">The inputs or a hidden width are below 1.</exception>
    public static Hypernetwork<TModel> Of<TModel>(
        Key key, TModel model, int inputs, Sequence<int> hidden = default, bool encodesInput = true, bool isResidual = true,
        Func<Tensor, Tensor>? activation = null, LeafFilter? where = null)
        where TModel : ITree<TModel>
    {
        if (inputs < 1) throw new ShapeException($"hypernetwork: parameters are predicted from 1 number or more, not from {inputs}.");
        if (hidden.Count == 0) hidden = [16, 128];
        var isPredicted = Predicted(model, where);
        Sequence<int> sizes = [encodesInput ? 2 * inputs : inputs, .. hidden];
        return Initialise.Of(key, key =>
        {
            var predicted = Tree.Leaves(model).Where((_, i) => isPredicted[i]).ToArray();
            var type = predicted[0].ElementType;
            // Drawn by their outputs, the hidden maps keep the norm of the input, which is the root of the inputs when these are encoded.
            var maps = Enumerable.Range(0, hidden.Count).Select(i =>
                Linear.Create(key.Fold(i), sizes[i], sizes[i + 1], weight: Initialiser.Normal(Math.Sqrt(2.0 / sizes[i + 1])), type: type));
            var count = predicted.Sum(leaf => leaf.Count);
            var scale = (isResidual ? Tensor.Scalar(1 / Math.Sqrt(count)) : Scales(predicted)) / Math.Sqrt(inputs);
            var last = Sample.Normal(key.Fold(hidden.Count), [hidden[^1], count], type) * scale.AsType(type);
            var leaves = Tree.Leaves(model).Select((leaf, i) => isResidual || !isPredicted[i] ? leaf : Tensor.ZerosLike(leaf));
            return new Hypernetwork<TModel>(
                new([.. maps, new Linear(last, null)], activation ?? Activation.LeakyRelu), Tree.Rebuild(model, [.. leaves]), isPredicted, encodesInput);
        });
    }

    /// <summary>
    /// Each number γ of [0, 1] on a quarter of the unit circle: cos(π γ / 2) and sin(π γ / 2), so that all inputs have the same norm. (Ortiz et al., 2024.)
    /// </summary>
    /// <param name="input">γ [..., inputs].</param>
    /// <returns>[..., 2 inputs]: the cosines, then the sines; its norm is the root of the inputs.</returns>
    public static Tensor Encode(Tensor input)
    {
        var angle = (Math.PI / 2) * input;
        return Tensor.Concatenate([Tensor.Cos(angle), Tensor.Sin(angle)], -1);
    }

    private static Sequence<bool> Predicted<TModel>(TModel model, LeafFilter? where)
        where TModel : ITree<TModel>
    {
        static bool IsReal(Tensor leaf) => leaf.ElementType.IsDifferentiable() && !leaf.ElementType.IsComplex();
        where ??= (_, leaf) => IsReal(leaf);
        var (paths, leaves) = (Tree.Names(model), Tree.Leaves(model));
        bool[] isPredicted = [.. paths.Zip(leaves, (path, leaf) => where(path, leaf))];
        if (!isPredicted.Contains(true)) throw new ArgumentException($"hypernetwork: no leaf is meant; there are {string.Join(", ", paths)}.", nameof(where));
        for (var i = 0; i < leaves.Length; i++)
            if (isPredicted[i] && !IsReal(leaves[i])) throw new ArgumentException($"hypernetwork: {paths[i]} is {leaves[i].Type}; only real leaves are predicted.", nameof(where));
        return [.. isPredicted];
    }

    /// <summary>For each predicted number the root mean square of its leaf.</summary>
    private static Tensor Scales(Tensor[] leaves) =>
        Tensor.Concatenate([.. leaves.Select(leaf => Tensor.Sqrt(Tensor.Square(leaf.AsType(ElementType.Float64)).Mean()).BroadcastTo([leaf.Count]))], 0);
}
