namespace Paramorph.Bayes;

/// <summary>
/// Draws numbers of particles in proportion to their weights, so that each is drawn n times its weight in the mean. (Douc, Cappé and Moulines, "Comparison of resampling schemes for particle filtering", 2005; Chopin and
/// Papaspiliopoulos, "An introduction to sequential Monte Carlo", 2020, chapter 9.)
/// </summary>
public static class Resampling
{
    /// <summary>One uniform number in each of n equal parts of [0, 1]: the numbers of a particle that are drawn differ by less than two from the expected one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="weights">Weights that add to 1: [n].</param>
    /// <returns>Numbers of particles i32 [n], in order.</returns>
    public static Tensor Stratified(Key key, Tensor weights) => Placed(weights, Sample.Uniform(key, weights.Shape, type: weights.ElementType));

    /// <summary>The same uniform number in each part: a particle is drawn as often as expected, rounded up or down.</summary>
    /// <inheritdoc cref="Stratified"/>
    public static Tensor Systematic(Key key, Tensor weights) => Placed(weights, Sample.Uniform(key, [1], type: weights.ElementType));

    /// <summary>Draws that know nothing of one another, the noisiest.</summary>
    /// <inheritdoc cref="Stratified"/>
    public static Tensor Multinomial(Key key, Tensor weights) => Found(weights, Sample.Uniform(key, weights.Shape, type: weights.ElementType).Sort());

    /// <summary>1 / sum of squared weights: as many particles of equal weight would say as much.</summary>
    /// <param name="logWeights">Logarithms of weights that add to 1: [n].</param>
    public static Tensor EffectiveSampleSize(Tensor logWeights) => Tensor.Exp(-(2.0 * logWeights).LogSumExp(-1));

    private static Tensor Placed(Tensor weights, Tensor uniform)
    {
        double count = weights.Shape[0];
        return Found(weights, (Tensor.Arange(weights.Shape[0]).AsType(weights.ElementType) + uniform) / count);
    }

    /// <summary>In whose share of [0, 1] places lie: the number of particles whose cumulative weight is not above it.</summary>
    /// <remarks>Rounding may leave the last cumulative weight below a place.</remarks>
    private static Tensor Found(Tensor weights, Tensor places) => Tensor.Minimum(Tensor.SearchSorted(weights.CumulativeSum(0), places, isRight: true), weights.Shape[0] - 1);
}
