using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Bayes;

/// <summary>Perceptrons side by side, drawn from a posterior: each is an answer, and their mean the prediction.</summary>
/// <param name="Networks">One perceptron whose weights are [draws, inputs, outputs] and whose biases are [draws, outputs].</param>
[Tree]
public sealed partial record NetworkDraws(Mlp Networks) : ILayer
{
    /// <summary>The answer of each: [n, inputs] gives [draws, n, outputs].</summary>
    public Tensor Answers(Tensor x) => Vmap.Of((Mlp network) => network.Call(x), Networks);

    /// <summary>The mean answer: [n, outputs].</summary>
    public Tensor Call(Tensor x) => Answers(x).Mean(0);

    /// <summary>
    /// Draws from the posterior of the weights, given targets with normal noise: Hamiltonian Monte Carlo in coordinates in which the prior is about standard normal. Chains start in draws of the prior, from which they
    /// may climb for a while, since far from the data moves are short. All examples enter each step. Compile what calls it.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="prior">The prior of the weights.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs.</param>
    /// <param name="activation">The function between the affine maps.</param>
    /// <param name="x">[n, inputs].</param>
    /// <param name="y">[n, outputs].</param>
    /// <param name="variance">The variance of the noise, a scalar.</param>
    /// <param name="sampling">How many chains, and how long.</param>
    /// <returns>The draws, chain after chain at each kept time: with four chains, networks 0, 4, 8 … are of the first; and the mean acceptance of each chain.</returns>
    public static (NetworkDraws Draws, Tensor Acceptance) Posterior(
        Key key, IWeightPrior prior, Sequence<int> sizes, Func<Tensor, Tensor> activation, Tensor x, Tensor y, Tensor variance, ChainLengths sampling)
    {
        Tensor LogDensity(Mlp standard)
        {
            var network = prior.Scaled(standard);
            return prior.LogDensity(network) - 0.5 * Tensor.Square(network.Call(x) - y).Sum() / variance;
        }
        var sampler = new HamiltonianSampler<Mlp>(chains => Vmap.Of(LogDensity, chains), sampling.Flight);
        var start = Vmap.Of((Key key) => NormalWeightPrior.StandardNormal(key, sizes, activation, prior.Layers, x.ElementType), key.Fold(0).SplitBatch(sampling.Chains));
        var optimiser = new Adam(Schedule.Cosine(sampling.ClimbRate, Math.Max(1, sampling.Climb)));
        var climbed = Control.Repeat(
            sampling.Climb,
            (_, state) =>
            {
                var (networks, next) = optimiser.Update(state.Item1, Gradient.Of(state.Item1, chains => -Vmap.Of(LogDensity, chains).Sum()), state.Item2);
                return new TreePair<Mlp, OptimiserState<Mlp>>(networks, next);
            },
            new TreePair<Mlp, OptimiserState<Mlp>>(start, optimiser.Start(start))).Item1;
        var run = sampler.Run(key.Fold(1), climbed, sampling.WarmUp, sampling.Kept, sampling.Thinning);
        var all = Tree.Map(run.Draws, leaf => leaf.Reshape([-1, .. leaf.Shape[2..]]));
        return (new(Vmap.Of(prior.Scaled, all)), run.Acceptance);
    }
}

/// <summary>How many chains run, and for how long.</summary>
/// <param name="Chains">Chains side by side.</param>
/// <param name="WarmUp">Moves of each that find its step and do not count.</param>
/// <param name="Kept">Draws that are kept of each.</param>
/// <param name="Thinning">Moves from one kept draw to the next.</param>
/// <param name="Flight">Gradients of a move.</param>
public sealed record ChainLengths(int Chains = 4, int WarmUp = 100, int Kept = 25, int Thinning = 2, int Flight = 20)
{
    /// <summary>Steps of Adam by which each chain climbs before it warms up. Of a hierarchical prior the summit lies where whole layers are zero, from where chains hardly come back, so none are taken there.</summary>
    public int Climb { get; init; }

    /// <summary>The rate of the climb, which falls to zero.</summary>
    public double ClimbRate { get; init; } = 0.05;

    /// <summary>Gradients of each chain.</summary>
    public int Gradients => Climb + Flight * (WarmUp + Kept * Thinning);
}
