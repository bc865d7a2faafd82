namespace Paramorph.Neurons;

public sealed partial record SymbolicNetwork
{
    /// <summary>The functions that stand in a layer, by their names in the library, each as often as it stands there.</summary>
    /// <param name="layer">The place of the layer.</param>
    public IReadOnlyList<string> Functions(int layer) =>
        [.. SymbolicFunction.Library.Zip(Layers[layer].Terms).SelectMany(pair => Enumerable.Repeat(pair.First.Name, pair.Second.Inputs.Count))];
}
