namespace Paramorph.Layers;

/// <summary>The running mean and variance of the channels that a <see cref="BatchNorm"/> has seen: a state, not parameters.</summary>
/// <param name="Mean">[channels].</param>
/// <param name="Variance">[channels].</param>
[Tree]
public sealed partial record BatchStatistics(Tensor Mean, Tensor Variance);
