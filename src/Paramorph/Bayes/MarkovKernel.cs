namespace Paramorph.Bayes;

/// <summary>Moves particles, each by itself.</summary>
/// <param name="key">The key of this move.</param>
/// <param name="particles">[particles, dimensions].</param>
/// <param name="logDensity">The logarithm of the density, up to a constant, that the move may leave as it is: [particles, dimensions] gives [particles].</param>
/// <returns>Where they are then: [particles, dimensions].</returns>
public delegate Tensor MarkovKernel(Key key, Tensor particles, Func<Tensor, Tensor> logDensity);
