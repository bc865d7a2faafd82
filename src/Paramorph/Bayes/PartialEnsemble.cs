using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Bayes;

/// <summary>Networks that share all leaves but some, and the weighted mean of what they say: of numbers themselves, of classes the logarithm of that of their probabilities.</summary>
/// <param name="Network">The network, from [n, input...] to [n, outputs]; what stands in the leaves that are not shared is not looked at.</param>
/// <param name="Particles">The leaves that are not shared, one behind the other, for each member: [members, dimensions].</param>
/// <param name="LogWeights">Logarithms of the weights of the members, which add to 1: [members].</param>
/// <param name="Random">Which leaves are not shared, as a pattern for <see cref="Leaves.Named"/>.</param>
/// <param name="LogNoise">Logarithms of the standard deviations of the noise of numbers: [outputs]; null where outputs are logits of classes.</param>
[Tree]
public sealed partial record PartialEnsemble(ILayer Network, Tensor Particles, Tensor LogWeights, string Random, Tensor? LogNoise) : ILayer
{
    /// <summary>The outputs of all members: [members, n, outputs].</summary>
    public Tensor Members(Tensor x) => new PartialNetwork<ILayer, Tensor>(Leaves.Named(Random), (_, _) => LogWeights).Over(Network, Particles, network => network.Call(x));

    /// <summary>The mean of the members: [n, outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var members = Members(x);
        return LogNoise is null ? (members.LogSoftmax() + LogWeights.Reshape(-1, 1, 1)).LogSumExp(0) : Tensor.Exp(LogWeights).Dot(members);
    }
}
