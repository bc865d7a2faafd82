namespace Paramorph.Data;

/// <summary>
/// Learning curves at epochs 1, 2, ..., length: weighted sums of <see cref="LearningCurveFamily"/>s that rise and stay in [0, 1], and the same with noise.
/// </summary>
/// <param name="Clean">f32 [n, length].</param>
/// <param name="Noisy">f32 [n, length].</param>
[Tree]
public sealed partial record LearningCurves(Tensor Clean, Tensor Noisy)
{
    private const double MeanLogNoise = -4;

    /// <summary>
    /// Curves of the prior of LC-PFN (Adriaensen et al., 2023): weights uniform in [0, 1], one for each family; sums are drawn again until they end above
    /// their beginning and lie in [0, 1]; normal noise whose standard deviation is exp of a normal number of mean -4 and variance 1.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="length">Number of epochs.</param>
    /// <param name="families">Pow3, Janoschek and Ilog2, as in the paper, when null.</param>
    /// <exception cref="ArgumentException">No sum of these families stays in [0, 1].</exception>
    public static LearningCurves Of(Key key, int count, int length, IReadOnlyList<LearningCurveFamily>? families = null)
    {
        families ??= [LearningCurveFamily.Pow3, LearningCurveFamily.Ilog2, LearningCurveFamily.Janoschek];
        var random = new KeyRandom(key);
        var (clean, noisy) = (new float[count * length], new float[count * length]);
        for (var n = 0; n < count; n++)
        {
            var curve = Draw(random.Split(), length, families);
            var deviation = Math.Exp(random.Normal(MeanLogNoise, 1));
            for (var t = 0; t < length; t++)
            {
                clean[n * length + t] = (float)curve[t];
                noisy[n * length + t] = (float)random.Normal(curve[t], deviation);
            }
        }
        return new(Tensor.From(clean, [count, length]), Tensor.From(noisy, [count, length]));
    }

    private static double[] Draw(KeyRandom random, int length, IReadOnlyList<LearningCurveFamily> families)
    {
        for (var attempt = 0; attempt < 100_000; attempt++)
        {
            var curve = new double[length];
            foreach (var family in families)
            {
                var (weight, f) = (random.Uniform(), family.Draw(random));
                for (var t = 0; t < length; t++) curve[t] += weight * f(t + 1);
            }
            // A comparison with NaN is false, so curves with one are refused, too.
            if (curve[^1] > curve[0] && curve.All(y => y is >= 0 and <= 1)) return curve;
        }
        throw new ArgumentException($"no sum of {string.Join(", ", families.Select(f => f.Name))} rises within [0, 1].", nameof(families));
    }
}
