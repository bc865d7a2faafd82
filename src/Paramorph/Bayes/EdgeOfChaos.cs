namespace Paramorph.Bayes;

/// <summary>
/// Where small differences between inputs neither grow nor shrink from layer to layer of a wide network, so that deep ones can be trained: the variance σ_w² of weights with σ_w² E
/// φ'(√K z)² = 1 at the variance
/// K = σ_b² + σ_w² E φ(√K z)² that layers keep. (Poole et al., "Exponential expressivity in deep neural networks through transient chaos", 2016; Schoenholz et al., "Deep information
/// propagation", 2017.)
/// </summary>
public static class EdgeOfChaos
{
    private const int Iterations = 200;

    /// <summary>The variance of weights, times inputs, at the edge. It is found from K = 0 upwards, which converges for activations that level off, as tanh does.</summary>
    /// <param name="activation">φ, elementwise.</param>
    /// <param name="slope">φ', elementwise.</param>
    /// <param name="biasVariance">σ_b².</param>
    public static double WeightVariance(Func<Tensor, Tensor> activation, Func<Tensor, Tensor> slope, double biasVariance)
    {
        double Slope(double kernel) => NormalMean.Of(z => Tensor.Square(slope(Math.Sqrt(kernel) * z))).Item();
        double Square(double kernel) => NormalMean.Of(z => Tensor.Square(activation(Math.Sqrt(kernel) * z))).Item();
        // With σ_w² = 1 / E φ'² the right side grows more slowly than K.
        var kernel = 0.0;
        for (var i = 0; i < Iterations; i++) kernel = biasVariance + Square(kernel) / Slope(kernel);
        return 1 / Slope(kernel);
    }
}
