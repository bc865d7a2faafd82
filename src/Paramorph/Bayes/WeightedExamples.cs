using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>
/// Examples of classes with drawn weights, whose minimiser is one draw of a nonparametric posterior: weights are Dirichlet, with 1 for each example and a concentration for each pseudo-example, which has the
/// inputs of an example and the probabilities that were believed before. Models that are trained on several draws are averaged. (Fong, Lyddon and Holmes, "Scalable nonparametric sampling from multimodal
/// posteriors with the posterior bootstrap", 2019; Lee et al., "Enhancing transfer learning with flexible nonparametric posterior sampling", 2024, believe in a last map on features of a trained network.)
/// </summary>
/// <param name="Inputs">[n, ...].</param>
/// <param name="Labels">The classes: i32 [n].</param>
/// <param name="Believed">Probabilities [n, classes].</param>
/// <param name="Weights">Of the examples [n], of the type of the probabilities.</param>
/// <param name="BelievedWeights">Of the pseudo-examples [n]; all weights together have the sum n.</param>
[Tree]
public sealed partial record WeightedExamples(Tensor Inputs, Tensor Labels, Tensor Believed, Tensor Weights, Tensor BelievedWeights)
{
    /// <summary>Draws weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">The examples.</param>
    /// <param name="believed">Probabilities of the classes for each: [n, classes].</param>
    /// <param name="concentration">How much a pseudo-example counts beside an example, 0 or more; none are believed at 0, which is the Bayesian bootstrap.</param>
    public static WeightedExamples Draw(Key key, LabelledData data, Tensor believed, double concentration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(concentration);
        var own = Sample.Gamma(key.Fold(0), Tensor.Scalar(1.0), [data.Count]);
        var other = concentration == 0 ? Tensor.ZerosLike(own) : Sample.Gamma(key.Fold(1), Tensor.Scalar(concentration), [data.Count]);
        var scale = data.Count / (own.Sum() + other.Sum());
        return new(data.Inputs, data.Labels, believed, (own * scale).AsType(believed.ElementType).Evaluate(), (other * scale).AsType(believed.ElementType).Evaluate());
    }

    /// <summary>The same examples with a weight of 1 each, and no pseudo-examples.</summary>
    public WeightedExamples Even() => this with { Weights = Tensor.OnesLike(Weights), BelievedWeights = Tensor.ZerosLike(Weights) };

    /// <summary>The mean of the weighted negative logarithms of probabilities.</summary>
    /// <param name="logits">[n, classes].</param>
    public Tensor Loss(Tensor logits)
    {
        var logarithms = logits.LogSoftmax();
        var own = (Tensor.OneHot(Labels, logits.Shape[^1], logits.ElementType) * logarithms).Sum(-1);
        return -(Weights * own + BelievedWeights * (Believed * logarithms).Sum(-1)).Mean();
    }
}
