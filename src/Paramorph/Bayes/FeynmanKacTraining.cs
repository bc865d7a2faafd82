using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// Trains a partially Bayesian network by maximum marginal likelihood: particles of its random leaves stand for their posterior, and the other leaves go up the gradient that they estimate. (Zhao, Mair, Schön and Sjölund, "On
/// Feynman-Kac training of partial Bayesian neural networks", 2024.)
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
/// <typeparam name="TBatch">Some examples.</typeparam>
public sealed class FeynmanKacTraining<TModel, TBatch>
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    private readonly PartialNetwork<TModel, TBatch> network;
    private readonly SequentialMonteCarlo sampler;
    private readonly MarkovKernel kernel;
    private readonly IOptimiser optimiser;
    private readonly Func<FeynmanKacState<TModel>, TBatch, Tensor, Key, FeynmanKacState<TModel>> step;

    /// <summary>A training.</summary>
    /// <param name="network">The network.</param>
    /// <param name="sampler">How particles are weighed and resampled.</param>
    /// <param name="kernel">How they move.</param>
    /// <param name="optimiser">What makes steps of gradients.</param>
    /// <param name="isOpen">
    /// Whether particles go on from step to step, each batch a further potential (the open-horizon sampler); otherwise each step draws them anew from the prior, and leads them through its batch example by example (stochastic
    /// gradient sequential Monte Carlo), for which the kernel must leave a density as it is.
    /// </param>
    public FeynmanKacTraining(PartialNetwork<TModel, TBatch> network, SequentialMonteCarlo sampler, MarkovKernel kernel, IOptimiser optimiser, bool isOpen = true)
    {
        (this.network, this.sampler, this.kernel, this.optimiser) = (network, sampler, kernel, new Frozen(optimiser, network.Random));
        step = Compile.Of((FeynmanKacState<TModel> state, TBatch batch, Tensor scale, Key key) => Step(state, batch, scale, key, isOpen));
    }

    /// <summary>The state before the first step: particles of the prior.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Draws them.</param>
    /// <param name="particles">How many.</param>
    public FeynmanKacState<TModel> Start(TModel model, Key key, int particles) => new(model, optimiser.Start(model), sampler.Start(network.Prior(key, model, particles).Evaluate()));

    /// <summary>One step.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="batch">Some examples.</param>
    /// <param name="examples">How many there are in all.</param>
    /// <param name="key">The key of this step.</param>
    /// <returns>The state after: particles as they weighed before the model changed.</returns>
    public FeynmanKacState<TModel> Step(FeynmanKacState<TModel> state, TBatch batch, int examples, Key key) =>
        step(state, batch, Tensor.Scalar((double)examples / Rows(batch)).AsType(state.Sample.Particles.ElementType), key);

    /// <summary>Some steps.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="batches">What each step sees.</param>
    /// <param name="examples">How many examples there are in all.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="key">The key of all of them.</param>
    /// <param name="look">Told the number of steps taken and the state, after each; null for nobody.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArithmeticException">No particle has a finite density any more.</exception>
    public FeynmanKacState<TModel> Run(
        FeynmanKacState<TModel> state, IBatches<TBatch> batches, int examples, int steps, Key key, Action<int, FeynmanKacState<TModel>>? look = null, CancellationToken cancellation = default)
    {
        for (var i = 0; i < steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            state = Step(state, batches.At(i), examples, key.Fold(i));
            look?.Invoke(i + 1, state);
        }
        return double.IsFinite(state.Sample.LogEvidence.Item())
            ? state
            : throw new ArithmeticException("Feynman-Kac training: no particle has a finite density any more: take a lower learning rate, or a smaller variance of the moves.");
    }

    private FeynmanKacState<TModel> Step(FeynmanKacState<TModel> state, TBatch batch, Tensor scale, Key key, bool isOpen)
    {
        var model = state.Model;
        Tensor Likelihoods(Tensor particles) => network.LogLikelihoods(model, particles, batch);
        var sample = isOpen
            ? sampler.Step(
                key, state.Sample, (key, particles) => kernel(key, particles, x => network.LogPrior(x) + scale * Likelihoods(x).Sum(-1)), particles => Likelihoods(particles).Sum(-1))
            : sampler.Posterior(
                key.Fold(0), network.Prior(key.Fold(1), model, state.Sample.Particles.Shape[0]), kernel, network.LogPrior, Likelihoods, Rows(batch),
                (particles, row) => network.LogLikelihoods(model, particles, Tree.Map(batch, leaf => leaf.Take(row.ExpandDims(0))))[.., 0]);
        // The gradient a example, so that rates and bounds do not depend on how many there are.
        var gradient = network.MarginalGradient(model, sample, batch, Tensor.Full([], -1.0 / Rows(batch), scale.ElementType));
        var (next, remembered) = optimiser.Update(model, gradient, state.Optimiser);
        return new(next, remembered, sample);
    }

    private static int Rows(TBatch batch) => Tree.Leaves(batch)[0].Shape[0];
}
