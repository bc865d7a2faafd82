namespace Paramorph.Bayes;

/// <summary>
/// What a likelihood says of the outputs of a network at examples: the slope and the curvature of the logarithm of the density of each target, by which every example is replaced by a normal one.
/// (Adam, Chang, Khan and Solin, "Dual parameterization of sparse variational Gaussian processes", 2021; Scannell et al., "Function-space parameterization of neural networks for sequential learning", 2024, Eq. 11.)
/// </summary>
/// <param name="Outputs">The outputs at which they are taken, [n, outputs].</param>
/// <param name="Slopes">α, the gradient of the logarithm of the density in the outputs: [n, outputs].</param>
/// <param name="Curvatures">β, minus its second derivatives: [n, outputs, outputs].</param>
[Tree]
public sealed partial record DualParameters(Tensor Outputs, Tensor Slopes, Tensor Curvatures)
{
    /// <summary>Of normal noise.</summary>
    /// <param name="outputs">[n, outputs].</param>
    /// <param name="targets">The same.</param>
    /// <param name="variance">The variance of the noise, a positive scalar.</param>
    /// <exception cref="ShapeException">Outputs and targets differ in shape.</exception>
    public static DualParameters Normal(Tensor outputs, Tensor targets, Tensor variance)
    {
        if (outputs.Rank != 2 || targets.Shape != outputs.Shape) throw new ShapeException($"dual parameters: outputs {outputs.Type} and targets {targets.Type} are not both [n, outputs].");
        var (count, width) = (outputs.Shape[0], outputs.Shape[1]);
        return new(outputs, (targets - outputs) / variance, (Tensor.Eye(width, outputs.ElementType) / variance).BroadcastTo([count, width, width]));
    }

    /// <summary>Of classes whose logits the outputs are.</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">Classes from 0 on: i32 [n].</param>
    /// <param name="least">How near probabilities come to 0 and 1 in curvatures, from 0 to less than 1 / 2: without it an example of which the network is sure has none.</param>
    /// <exception cref="ShapeException">Logits and labels are not equally many.</exception>
    public static DualParameters Classes(Tensor logits, Tensor labels, double least = 0)
    {
        if (logits.Rank != 2 || labels.Rank != 1 || labels.Shape[0] != logits.Shape[0]) throw new ShapeException($"dual parameters: logits {logits.Type} and labels {labels.Type} are not [n, classes] and [n].");
        var (classes, type) = (logits.Shape[1], logits.ElementType);
        var probabilities = logits.Softmax();
        var apart = Tensor.Minimum(Tensor.Maximum(probabilities, least), 1 - least);
        return new(logits, Tensor.OneHot(labels, classes, type) - probabilities, apart.ExpandDims(2) * (Tensor.Eye(classes, type) - apart.ExpandDims(1)));
    }
}
