namespace Paramorph.Shrink;

/// <summary>
/// Chooses bits for each layer by how much the loss suffers from them. (Gholami et al., "A Survey of Quantization Methods for Efficient Neural Network
/// Inference", 2021, section IV.B, with measured losses in the place of Hessians.)
/// </summary>
public static class MixedPrecision
{
    /// <summary>
    /// The bits of each layer: from the most bits on, the layer goes one step lower whose loss grows least for each bit of memory that is saved, until the budget holds.
    /// </summary>
    /// <param name="layers">Path and number of weights of each layer.</param>
    /// <param name="bits">The choices of bits.</param>
    /// <param name="budget">Bits of memory for all weights.</param>
    /// <param name="loss">The loss when a layer alone has so many bits; called once for each pair.</param>
    /// <exception cref="ArgumentException">The fewest bits are over the budget.</exception>
    public static IReadOnlyDictionary<string, int> Allocate(
        IReadOnlyList<(string Path, long Weights)> layers, IReadOnlyList<int> bits, long budget, Func<string, int, double> loss)
    {
        int[] choices = [.. bits.OrderDescending()];
        if (choices.Length == 0 || layers.Sum(layer => layer.Weights) * choices[^1] > budget)
            throw new ArgumentException($"{layers.Sum(layer => layer.Weights)} weights do not fit into {budget} bits with {string.Join(", ", choices)} bits each.", nameof(budget));
        var losses = layers.Select(layer => Array.ConvertAll(choices, choice => loss(layer.Path, choice))).ToArray();
        var chosen = new int[layers.Count];
        while (layers.Select((layer, i) => layer.Weights * choices[chosen[i]]).Sum() > budget)
        {
            // No layer is hurt by more bits: where a measured loss says so it is noise.
            double Price(int i) => Math.Max(0, losses[i][chosen[i] + 1] - losses[i][chosen[i]]) / (layers[i].Weights * (double)(choices[chosen[i]] - choices[chosen[i] + 1]));
            chosen[Enumerable.Range(0, layers.Count).Where(i => chosen[i] + 1 < choices.Length).MinBy(Price)]++;
        }
        return layers.Select((layer, i) => (layer.Path, Bits: choices[chosen[i]])).ToDictionary(layer => layer.Path, layer => layer.Bits, StringComparer.Ordinal);
    }
}
