namespace Paramorph.Layers;

/// <summary>What an <see cref="LstmCell"/> hands from step to step.</summary>
/// <param name="Hidden">The output, [..., hidden].</param>
/// <param name="Cell">The memory, [..., hidden].</param>
[Tree]
public sealed partial record LstmState(Tensor Hidden, Tensor Cell);
