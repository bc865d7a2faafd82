namespace Paramorph.Data.Solvers;

/// <summary>What a step of <see cref="ExponentialRungeKutta"/> multiplies with, each c128 of the shape of a state.</summary>
/// <param name="Decay">exp(hL).</param>
/// <param name="HalfDecay">exp(hL / 2).</param>
/// <param name="Half">The weight of N in the stages at half a step.</param>
/// <param name="Start">The weight of N at the start of the step.</param>
/// <param name="Middle">The weight of N at each of the two stages in the middle.</param>
/// <param name="End">The weight of N at the end.</param>
[Tree]
internal sealed partial record Coefficients(Tensor Decay, Tensor HalfDecay, Tensor Half, Tensor Start, Tensor Middle, Tensor End);
