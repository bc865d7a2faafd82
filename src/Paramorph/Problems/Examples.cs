namespace Paramorph.Problems;

/// <summary>Prepared examples, as a model sees them.</summary>
/// <param name="Inputs">f32 [n, input...].</param>
/// <param name="Targets">f32 [n, output...], or classes i32 [n].</param>
[Tree]
public sealed partial record Examples(Tensor Inputs, Tensor Targets)
{
    /// <summary>Number of examples n.</summary>
    public int Count => Inputs.Shape[0];
}
