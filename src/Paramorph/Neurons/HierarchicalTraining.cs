using Paramorph.Bayes;

namespace Paramorph.Neurons;

/// <summary>
/// Trains a <see cref="HierarchicalNetwork"/> layer by layer, each stage on samples of its own and with the weight decay that does best on other data. (Wang, Nichani and Lee, "Learning hierarchical
/// polynomials with three-layer neural networks", 2024, Algorithm 1, solved where gradient descent would end.)
/// </summary>
/// <param name="ridges">Weight decays to choose from, for each stage.</param>
/// <param name="share">Share of the samples for the first stage, above 0 and below 1.</param>
public sealed class HierarchicalTraining(IReadOnlyList<double> ridges, double share = 0.75)
{
    private readonly double share = share is > 0 and < 1 ? share : throw new ArgumentOutOfRangeException(nameof(share), share, "the share of the first stage lies between 0 and 1.");
    private readonly RidgeChoice<HierarchicalNetwork> features = FirstStage(ridges);
    private readonly RidgeChoice<HierarchicalNetwork> functions = new(static (network, x, y, ridge) => network.LearnFunction(x, y, ridge), static (network, x) => network.Call(x), ridges);

    /// <summary>The first stage alone, whose answer is the feature.</summary>
    /// <param name="ridges">Weight decays to choose from.</param>
    public static RidgeChoice<HierarchicalNetwork> FirstStage(IReadOnlyList<double> ridges) =>
        new(static (network, x, y, ridge) => network.LearnFeature(x, y, ridge), static (network, x) => network.Feature(x), ridges);

    /// <summary>Both stages, and the operations of all fits.</summary>
    /// <param name="network">As it is drawn.</param>
    /// <param name="train">Inputs [n, inputs] and targets [n]; the first of them are those of the first stage.</param>
    /// <param name="validation">Those by which weight decays are chosen.</param>
    /// <param name="first">The targets of the first stage in training and in validation, where they are others.</param>
    public (HierarchicalNetwork Network, double Flops) Learn(
        HierarchicalNetwork network, (Tensor Inputs, Tensor Targets) train, (Tensor Inputs, Tensor Targets) validation, (Tensor Train, Tensor Validation)? first = null)
    {
        var (inputs, targets) = train;
        var (aims, judges) = first ?? (targets, validation.Targets);
        var count = (int)(share * targets.Count);
        var (knowing, feature) = features.Best(network, (inputs[..count].Evaluate(), aims[..count].Evaluate()), (validation.Inputs, judges));
        var (learned, function) = functions.Best(knowing, (inputs[count..].Evaluate(), targets[count..].Evaluate()), validation);
        return (learned, feature + function);
    }

    /// <summary>What a network answers [n], and the number in its bottleneck [n].</summary>
    public (Tensor Output, Tensor Feature) Answer(HierarchicalNetwork network, Tensor x) => (functions.Answer(network, x), features.Answer(network, x));
}
