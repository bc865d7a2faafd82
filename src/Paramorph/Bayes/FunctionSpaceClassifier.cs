using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>A network as a process whose outputs are logits of classes: what is not known of a logit makes the answer less sure.</summary>
/// <param name="Process">The process of the logits.</param>
[Tree]
public sealed partial record FunctionSpaceClassifier(FunctionSpaceLayer Process) : ILayer
{
    /// <summary>Logarithms of the probabilities of the classes: [m, classes], in the type of the input.</summary>
    /// <param name="x">[m, input...].</param>
    public Tensor Call(Tensor x) => LogProbabilities(Process.Predict(x)).AsType(x.ElementType);

    /// <summary>
    /// Logarithms of the mean probabilities of classes whose logits are normal, softmax(m / sqrt(1 + π s² / 8)). (MacKay, "The evidence framework applied to classification networks", 1992, for two classes;
    /// Gibbs, "Bayesian Gaussian processes for regression and classification", 1997, for several.)
    /// </summary>
    /// <param name="logits">[m, classes].</param>
    public static Tensor LogProbabilities(IndependentNormal logits) => (logits.Mean / Tensor.Sqrt(1 + Math.PI / 8 * Tensor.Square(logits.Deviation))).LogSoftmax();
}
