namespace Paramorph.Bayes;

/// <summary>
/// Hamiltonian Monte Carlo whose gradients come from batches: friction takes out the heat that their noise brings in, and nothing is rejected, so draws are those of the posterior for small steps alone; scales that
/// few gradients tell of leave it somewhat too wide.
/// (Chen, Fox and Guestrin, "Stochastic gradient Hamiltonian Monte Carlo", 2014; the scale of each parameter from its gradients while the chain warms up, Springenberg, Klein, Falkner and Hutter, "Bayesian
/// optimization with robust Bayesian neural networks", 2016, Eq. 7 to 10.)
/// </summary>
/// <param name="Step">The step ε; without scales a position moves by about ε² times the gradient.</param>
/// <param name="Friction">The share of the velocity that a step takes, between 0 and 1.</param>
/// <param name="NoiseShare">
/// Which share of the mean square of the gradient is noise of the batches, for which less noise is added; 0 takes nothing off (the simplest choice of Chen et al.), 1 all of it (Springenberg et al., for gradients that are
/// little else than noise).
/// </param>
public sealed record StochasticGradientHamiltonian(double Step, double Friction = 0.05, double NoiseShare = 0)
{
    /// <summary>The state before the first step, at rest.</summary>
    /// <param name="positions">Where the chain starts; many chains are leading axes of the leaves.</param>
    public static StochasticGradientState<T> Start<T>(T positions)
        where T : ITree<T>
    {
        var (zeros, ones) = (Tree.Map(positions, Tensor.ZerosLike), Tree.Map(positions, Tensor.OnesLike));
        return new(positions, zeros, zeros, ones, ones);
    }

    /// <summary>One step.</summary>
    /// <param name="key">The key of this step.</param>
    /// <param name="state">The state before.</param>
    /// <param name="gradient">An estimate of the gradient of minus the log-density of all data, as the positions.</param>
    /// <param name="isAdapting">Whether the scale of each parameter is estimated further, as it is while warming up.</param>
    public StochasticGradientState<T> Next<T>(Key key, StochasticGradientState<T> state, T gradient, bool isAdapting)
        where T : ITree<T>
    {
        var (times, means, squares, leaf) = (state.Times, state.Means, state.Squares, 0);
        if (isAdapting)
        {
            // Means over a time that grows where the gradient is mostly noise, and shrinks where it moves.
            var share = Tree.Map(state.Times, time => 1.0 / time);
            times = Tree.Zip(state.Times, Tree.Zip(state.Means, state.Squares, (mean, square) => Tensor.Square(mean) / square), (time, signal) => Tensor.Maximum(time * (1.0 - signal) + 1.0, 1.0));
            means = Tree.Zip(share, state.Means, gradient, (share, mean, g) => mean + share * (g - mean));
            squares = Tree.Zip(share, state.Squares, gradient, (share, square, g) => Tensor.Maximum(square + share * (Tensor.Square(g) - square), 1e-16));
        }
        var velocities = Tree.Zip(state.Velocities, gradient, squares, (velocity, g, square) =>
        {
            var scale = 1.0 / Tensor.Sqrt(square);
            // The scale makes the mean square of the gradient 1, so its noise has the variance ε⁴ times the share by itself.
            var variance = Tensor.Maximum(2 * Friction * Step * Step * scale - NoiseShare * Math.Pow(Step, 4), 0.0);
            return (1 - Friction) * velocity - Step * Step * scale * g + Tensor.Sqrt(variance) * Sample.Normal(key.Fold(leaf++), g.Shape, g.ElementType);
        });
        return new(Tree.Zip(state.Positions, velocities, (position, velocity) => position + velocity), velocities, means, squares, times);
    }

    /// <summary>Runs a chain, or many side by side, and keeps positions.</summary>
    /// <param name="key">The key.</param>
    /// <param name="positions">Where it starts.</param>
    /// <param name="loss">Minus the log-density of all data, estimated from a batch that the key draws, of many chains their sum.</param>
    /// <param name="warmUp">Steps in which scales are estimated; they do not count.</param>
    /// <param name="kept">How many times positions are kept.</param>
    /// <param name="thinning">Steps from one kept time to the next.</param>
    /// <returns>Kept positions: each leaf [kept, ...]; the chain takes one gradient a step.</returns>
    public T Run<T>(Key key, T positions, Func<Key, T, Tensor> loss, int warmUp, int kept, int thinning = 1)
        where T : ITree<T>
    {
        StochasticGradientState<T> Steps(Key key, StochasticGradientState<T> state, int count, bool isAdapting) => Control.Repeat(
            count,
            (i, state) => Next(key.Fold(i).Fold(0), state, Gradient.Of(state.Positions, x => loss(key.Fold(i).Fold(1), x)), isAdapting),
            state);
        return Control.Scan<StochasticGradientState<T>, Tensor, T>(
            (state, time) => Steps(key.Fold(1).Fold(time), state, thinning, false) is var next ? (next, next.Positions) : default,
            Steps(key.Fold(0), Start(positions), warmUp, true),
            Tensor.Arange(kept)).Results;
    }
}

/// <summary>Where a chain of <see cref="StochasticGradientHamiltonian"/> is; all trees are as the positions.</summary>
/// <param name="Positions">The parameters.</param>
/// <param name="Velocities">By how much they moved.</param>
/// <param name="Means">Running means of gradients.</param>
/// <param name="Squares">Running means of their squares, whose inverse roots scale the steps.</param>
/// <param name="Times">Over how many steps the means run.</param>
[Tree]
public sealed partial record StochasticGradientState<T>(T Positions, T Velocities, T Means, T Squares, T Times)
    where T : ITree<T>;
