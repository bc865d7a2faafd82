using Paramorph.Layers;

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
    /// Draws from the posterior of the weights, given targets with normal noise: Hamiltonian Monte Carlo in coordinates in which the prior is about standard normal, from chains that start in draws of the prior. All
    /// examples enter each step. Compile what calls it.
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
        var run = sampler.Run(key.Fold(1), start, sampling.WarmUp, sampling.Kept, sampling.Thinning);
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
    /// <summary>Gradients of each chain.</summary>
    public int Gradients => Flight * (WarmUp + Kept * Thinning);
}
