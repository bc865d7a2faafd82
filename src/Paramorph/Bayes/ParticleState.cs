namespace Paramorph.Bayes;

/// <summary>Weighted particles, and what a <see cref="SequentialMonteCarlo"/> knows of the evidence.</summary>
/// <param name="Particles">[particles, dimensions].</param>
/// <param name="LogWeights">Logarithms of weights that add to 1: [particles].</param>
/// <param name="LogEvidence">The logarithm of an estimate without bias of the mean of the product of all potentials so far, a scalar.</param>
[Tree]
public sealed partial record ParticleState(Tensor Particles, Tensor LogWeights, Tensor LogEvidence)
{
    /// <summary>Weights that add to 1: [particles].</summary>
    public Tensor Weights => Tensor.Exp(LogWeights);

    /// <summary>The weighted mean of something of each particle: [particles, ...] gives [...].</summary>
    public Tensor Mean(Tensor values) => Weights.Dot(values);
}
