using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>A prior-fitted network that has seen the known rows of one table: it answers for others in one pass, by the mean of the predictive distribution of numbers, or by logits of classes.</summary>
/// <param name="Network">The network.</param>
/// <param name="Memories">What it remembers of the known rows, for each block: of numbers [outputs, known, features], of classes [known, features].</param>
[Tree]
public sealed partial record ConditionedNetwork(PriorFittedNetwork Network, TreeList<Tensor> Memories) : ILayer
{
    private static readonly Func<PriorFittedNetwork, Tensor, Tensor, TreeList<Tensor>> remembered = Compile.Of((PriorFittedNetwork network, Tensor inputs, Tensor values) => network.Remember(inputs, values));

    /// <summary>The network after it has seen some rows.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">[known, inputs].</param>
    /// <param name="targets">[known, outputs], each of which is a function of its own; or classes i32 [known].</param>
    public static ConditionedNetwork Of(PriorFittedNetwork network, Tensor inputs, Tensor targets) => network.Bars is null
        ? new(network, remembered(network, inputs, targets))
        : new(network, remembered(network, inputs.ExpandDims(0).BroadcastTo([targets.Shape[1], .. inputs.Shape]), targets.T));

    /// <summary>[n, inputs] gives [n, outputs], or [n, classes].</summary>
    public Tensor Call(Tensor x)
    {
        var logits = Network.Answer(Memories, x);
        return Network.Bars is { } bars ? bars.Mean(logits).T : logits;
    }
}
