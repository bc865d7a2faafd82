using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>Several classifiers whose probabilities are averaged, as the predictive distribution of drawn models is. Where members disagree the mean is less sure than any of them.</summary>
/// <param name="Members">The classifiers, each from [n, input...] to logits [n, classes].</param>
[Tree]
public sealed partial record ProbabilityEnsemble(TreeList<ILayer> Members) : ILayer
{
    /// <summary>The logarithms of the mean probabilities: [n, classes].</summary>
    public Tensor Call(Tensor x) => Tensor.Stack([.. Members.Select(member => member.Call(x).LogSoftmax())]).LogSumExp(0) - Math.Log(Members.Count);
}
