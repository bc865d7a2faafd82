namespace Paramorph.Bayes;

/// <summary>The usual moves of particles. Those of Metropolis leave a density exactly as it is; Langevin's does so for small steps; the walk and the drift to a prior do not look at it.</summary>
public static class MarkovKernels
{
    /// <summary>Adds normal numbers: what keeps particles apart whose density moves on, as that of weights does while others are trained.</summary>
    /// <param name="variance">Their variance.</param>
    public static MarkovKernel RandomWalk(double variance) => (key, particles, _) => particles + Math.Sqrt(variance) * Noise(key, particles);

    /// <summary>A step of the process of Ornstein and Uhlenbeck, which leaves the normal distribution around 0 as it is, so that particles do not wander off where data say nothing.</summary>
    /// <param name="variance">The variance that is added in a step.</param>
    /// <param name="deviation">The standard deviation of the normal distribution, at least the root of the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is less than that.</exception>
    public static MarkovKernel OrnsteinUhlenbeck(double variance, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(variance, deviation * deviation);
        return (key, particles, _) => Math.Sqrt(1 - variance / (deviation * deviation)) * particles + Math.Sqrt(variance) * Noise(key, particles);
    }

    /// <summary>Random walks of which a step is taken or refused. (Metropolis et al., 1953.)</summary>
    /// <param name="variance">The variance of a step.</param>
    /// <param name="steps">How many steps a move is.</param>
    public static MarkovKernel Metropolis(double variance, int steps) => (key, particles, logDensity) =>
        Repeated(key, particles, logDensity(particles), steps, (key, now, density) =>
        {
            var proposed = now + Math.Sqrt(variance) * Noise(key.Fold(0), now);
            var there = logDensity(proposed);
            return Accepted(key.Fold(1), now, density, proposed, there, there - density);
        });

    /// <summary>Half a step up the density and normal noise, never refused: x + step / 2 gradient + sqrt(step) noise. (The unadjusted Langevin algorithm.)</summary>
    /// <param name="step">The variance of the noise.</param>
    /// <param name="steps">How many steps a move is.</param>
    public static MarkovKernel Langevin(double step, int steps) => (key, particles, logDensity) =>
        Control.Repeat(steps, (i, now) => Drift(now, logDensity, step) + Math.Sqrt(step) * Noise(key.Fold(i), now), particles);

    /// <summary>Langevin's steps, taken or refused. (Roberts and Tweedie, "Exponential convergence of Langevin distributions and their discrete approximations", 1996.)</summary>
    /// <inheritdoc cref="Langevin"/>
    public static MarkovKernel AdjustedLangevin(double step, int steps) => (key, particles, logDensity) =>
        Repeated(key, particles, logDensity(particles), steps, (key, now, density) =>
        {
            var from = Drift(now, logDensity, step);
            var proposed = from + Math.Sqrt(step) * Noise(key.Fold(0), now);
            var there = logDensity(proposed);
            var back = (Tensor.Square(proposed - from) - Tensor.Square(now - Drift(proposed, logDensity, step))).Sum(-1) / (2 * step);
            return Accepted(key.Fold(1), now, density, proposed, there, there - density + back);
        });

    private static Tensor Repeated(Key key, Tensor particles, Tensor density, int steps, Func<Key, Tensor, Tensor, TreePair<Tensor, Tensor>> step) =>
        Control.Repeat(steps, (i, state) => step(key.Fold(i), state.Item1, state.Item2), new TreePair<Tensor, Tensor>(particles, density)).Item1;

    private static Tensor Drift(Tensor particles, Func<Tensor, Tensor> logDensity, double step) => particles + 0.5 * step * Gradient.Of(particles, x => logDensity(x).Sum());

    private static TreePair<Tensor, Tensor> Accepted(Key key, Tensor now, Tensor density, Tensor proposed, Tensor there, Tensor logRatio)
    {
        // A comparison with NaN is false, so a place without a density is refused.
        var isTaken = Tensor.Log(1 - Sample.Uniform(key, density.Shape, type: density.ElementType)) <= logRatio;
        return new(Tensor.Where(isTaken.ExpandDims(-1), proposed, now), Tensor.Where(isTaken, there, density));
    }

    private static Tensor Noise(Key key, Tensor like) => Sample.Normal(key, like.Shape, like.ElementType);
}
