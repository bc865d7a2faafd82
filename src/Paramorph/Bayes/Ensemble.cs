using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>Several models of one thing, whose outputs are averaged: their errors differ, and the mean has less of them. (Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation using deep ensembles", 2017.)</summary>
/// <param name="Members">The models, each from [n, input...] to [n, output...].</param>
/// <param name="Weights">How much each counts; they add to 1: f32 [members].</param>
/// <param name="AreLogits">Whether outputs are logits of classes: then the probabilities are averaged, and their logarithms returned.</param>
[Tree]
public sealed partial record Ensemble(TreeList<ILayer> Members, Tensor Weights, bool AreLogits = false) : ILayer
{
    /// <summary>Models that count alike.</summary>
    public static Ensemble Of(IReadOnlyList<ILayer> members, bool areLogits = false) =>
        new([.. members], Tensor.Full([members.Count], 1.0 / members.Count).Evaluate(), areLogits);

    /// <summary>The weighted mean: [n, output...].</summary>
    public Tensor Call(Tensor x)
    {
        var outputs = Members.Select((member, i) => AreLogits ? member.Call(x).LogSoftmax() + Tensor.Log(Weights[i]) : member.Call(x) * Weights[i]).ToArray();
        return AreLogits ? Tensor.Stack(outputs).LogSumExp(0) : outputs.Aggregate((sum, output) => sum + output);
    }
}
