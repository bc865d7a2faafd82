namespace Paramorph.Data;

/// <summary>Inputs and the numbers that belong to them.</summary>
/// <param name="Inputs">[n, inputs].</param>
/// <param name="Targets">[n, outputs].</param>
[Tree]
public sealed partial record RegressionData(Tensor Inputs, Tensor Targets);
