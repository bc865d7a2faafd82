using Paramorph.Methods;

namespace Paramorph.Fitting;

/// <summary>Models of one method within a fitted model.</summary>
/// <param name="Method">The method.</param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Members">How many models there are of it.</param>
/// <param name="Weight">What they count together, from 0 to 1.</param>
public sealed record ModelPart(Method Method, Configuration Configuration, int Members, double Weight);
