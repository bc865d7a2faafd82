namespace Paramorph.Data;

/// <summary>Pairs of functions for the learning of an operator: what goes in and what comes out, on grids.</summary>
/// <param name="Inputs">f64 [n, grid...].</param>
/// <param name="Outputs">f64 [n, grid...].</param>
[Tree]
public sealed partial record OperatorData(Tensor Inputs, Tensor Outputs);
