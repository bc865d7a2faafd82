using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>Scores of inputs of a trained classifier that are the higher, the more an input is like those that it was trained on. The network stays as it is.</summary>
public static class NoveltyScores
{
    /// <summary>The highest probability: [n, classes] gives [n]. (Hendrycks and Gimpel, "A baseline for detecting misclassified and out-of-distribution examples in neural networks", 2017.)</summary>
    /// <param name="logits">[n, classes].</param>
    public static Tensor MaximalSoftmax(Tensor logits) => logits.Softmax().Max(-1);

    /// <summary>T log Σ exp(z / T), the logarithm of a density up to a number: [n, classes] gives [n]. (Liu et al., "Energy-based out-of-distribution detection", 2020, Eq. 4, with its sign turned.)</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="temperature">T.</param>
    public static Tensor Energy(Tensor logits, Tensor temperature) => temperature * (logits / temperature).LogSumExp(-1);

    /// <summary>
    /// The highest probability at a temperature, behind a step of the input along the sign of the gradient that raises it: x' = x - ε sign(-∇ log max softmax(z / T)). Inputs like the training data gain more by the step.
    /// (Liang, Li and Srikant, "Enhancing the reliability of out-of-distribution image detection in neural networks", 2018, Eq. 1 and 2.)
    /// </summary>
    /// <param name="network">From [n, input...] to logits [n, classes], each example by itself.</param>
    /// <param name="x">[n, input...].</param>
    /// <param name="temperature">T, a number.</param>
    /// <param name="step">ε, in the units of the input.</param>
    /// <returns>The logarithm of that probability, in the type of the input: where T is large all probabilities are nearly alike, and their logarithms less so. [n].</returns>
    public static Tensor Odin(ILayer network, Tensor x, Tensor temperature, Tensor step)
    {
        Tensor Highest(Tensor x) => (network.Call(x) / temperature).LogSoftmax().Max(-1);
        var direction = Gradient.Of(x, x => Highest(x).Sum());
        return Highest(x + step * Tensor.Sign(direction));
    }

    /// <summary>
    /// The sum of the absolute gradients of KL(uniform, softmax) in the weights of the last affine map, which is that of its features times that of the gradients of the logits. (Huang, Geng and Li,
    /// "On the importance of gradients for detecting distributional shifts in the wild", 2021, Eq. 11.)
    /// </summary>
    /// <param name="features">[n, features], the input of the last map.</param>
    /// <param name="logits">[n, classes].</param>
    public static Tensor GradientNorm(Tensor features, Tensor logits) => Tensor.Abs(features).Sum(-1) * Tensor.Abs(logits.Softmax() - 1.0 / logits.Shape[^1]).Sum(-1);
}
