namespace Paramorph.Bayes;

/// <summary>
/// A Feynman-Kac model by particles: distributions that follow one another, each the one before, moved by a Markov kernel and multiplied by a potential. Particles of little weight give way to copies of others as soon as
/// the weights say no more than a share of them would. (Del Moral, Doucet and Jasra, "Sequential Monte Carlo samplers", 2006.)
/// </summary>
/// <param name="Resample">From a key and weights [n] to numbers of particles, as those of <see cref="Resampling"/>.</param>
/// <param name="Threshold">Particles are resampled where the effective sample size is at most this share of their number: 0 never, 1 at each step.</param>
public sealed record SequentialMonteCarlo(Func<Key, Tensor, Tensor> Resample, double Threshold = 0.5)
{
    /// <summary>The state before the first potential.</summary>
    /// <param name="particles">Draws of the first distribution: [particles, dimensions].</param>
    /// <exception cref="ShapeException">They are not.</exception>
    public ParticleState Start(Tensor particles)
    {
        if (particles.Rank != 2 || particles.Shape[0] < 1) throw new ShapeException($"sequential Monte Carlo: {particles.Type} is not [particles, dimensions] with one particle or more.");
        return new(particles, Even(particles), Tensor.Zeros([], particles.ElementType));
    }

    /// <summary>Resamples where that is due, moves, and weighs.</summary>
    /// <param name="key">The key of this step.</param>
    /// <param name="state">The state before.</param>
    /// <param name="move">From a key and particles to where they are then, [particles, dimensions].</param>
    /// <param name="logPotential">The logarithm of the potential of each particle: [particles, dimensions] gives [particles]; NaN counts as a potential of zero.</param>
    public ParticleState Step(Key key, ParticleState state, Func<Key, Tensor, Tensor> move, Func<Tensor, Tensor> logPotential)
    {
        var count = state.Particles.Shape[0];
        var isDue = Resampling.EffectiveSampleSize(state.LogWeights) <= Threshold * count;
        var kept = state.Particles.Take(Tensor.Where(isDue, Resample(key.Fold(0), state.Weights), Tensor.Arange(count)));
        var before = Tensor.Where(isDue, Even(state.Particles), state.LogWeights);
        var moved = move(key.Fold(1), kept);
        var potential = logPotential(moved);
        var after = before + Tensor.Where(Tensor.IsNaN(potential), Tensor.Full([], double.NegativeInfinity, potential.ElementType), potential);
        var mean = after.LogSumExp(-1);
        return new(moved, after - mean, state.LogEvidence + mean);
    }

    /// <summary>The posterior of parameters by data that come in parts, each of which is a potential: before each, particles are moved by a kernel that leaves the posterior of the parts before as it is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="prior">Draws of the prior: [particles, dimensions].</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="logPrior">The logarithm of the prior's density: [particles, dimensions] gives [particles].</param>
    /// <param name="logLikelihood">That of the likelihood of each part: [particles, dimensions] gives [particles, parts].</param>
    /// <param name="parts">How many parts.</param>
    /// <param name="ofPart">The likelihood of a part alone, from particles and its number, where that is less work; null to take it from all.</param>
    /// <returns>Particles of the posterior, and the logarithm of the marginal likelihood.</returns>
    public ParticleState Posterior(
        Key key, Tensor prior, MarkovKernel kernel, Func<Tensor, Tensor> logPrior, Func<Tensor, Tensor> logLikelihood, int parts, Func<Tensor, Tensor, Tensor>? ofPart = null) =>
        Control.Repeat(
            parts,
            (part, state) =>
            {
                // The mask leaves parts out that are to come; one product of all keeps the shapes of steps alike.
                var isPast = Tensor.Where(Tensor.Arange(parts) < part, 1.0, 0.0).AsType(prior.ElementType);
                var isNow = Tensor.Where(Tensor.Equal(Tensor.Arange(parts), part), 1.0, 0.0).AsType(prior.ElementType);
                return Step(
                    key.Fold(part), state,
                    (key, particles) => kernel(key, particles, x => logPrior(x) + logLikelihood(x).Dot(isPast)),
                    particles => ofPart is null ? logLikelihood(particles).Dot(isNow) : ofPart(particles, part));
            },
            Start(prior));

    private static Tensor Even(Tensor particles) => Tensor.Full([particles.Shape[0]], -Math.Log(particles.Shape[0]), particles.ElementType);
}
