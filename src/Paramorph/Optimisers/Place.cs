namespace Paramorph.Optimisers;

/// <summary>A point with the gradient of the loss there.</summary>
/// <param name="Point">f64[n].</param>
/// <param name="Gradient">f64[n].</param>
[Tree]
internal sealed partial record Place(Tensor Point, Tensor Gradient);
