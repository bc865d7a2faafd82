namespace Paramorph.Physics;

/// <summary>The points where a differential equation and what is known on its sides are asked for.</summary>
/// <param name="Inside">Of the equation: [n, axes].</param>
/// <param name="OnSides">Of each condition that is a part of the loss: [m, axes].</param>
[Tree]
public sealed partial record CollocationPoints(Tensor Inside, TreeList<Tensor> OnSides);
