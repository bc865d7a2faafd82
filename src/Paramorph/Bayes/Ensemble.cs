using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// Several models of one thing, whose outputs are averaged: their errors differ, and the mean has less of them. (Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation
/// using deep ensembles", 2017.) Of logits that is the geometric mean of the probabilities, which is as sure as its members are, so that they can calibrate it.
/// </summary>
/// <param name="Members">The models, each from [n, input...] to [n, output...].</param>
/// <param name="Weights">How much each counts; they add to 1: f32 [members].</param>
[Tree]
public sealed partial record Ensemble(TreeList<ILayer> Members, Tensor Weights) : ILayer
{
    /// <summary>Models that count alike.</summary>
    public static Ensemble Of(params IReadOnlyList<ILayer> members) => new([.. members], Tensor.Full([members.Count], 1.0 / members.Count).Evaluate());

    /// <summary>The weighted mean: [n, output...].</summary>
    public Tensor Call(Tensor x) => Members.Select((member, i) => member.Call(x) * Weights[i]).Aggregate((sum, output) => sum + output);
}
