namespace Paramorph.Bayes;

/// <summary>
/// A Markov chain of many walkers that knows no step size: a walker moves along the line to another one, so the chain is the same after any affine map of the space.
/// (Goodman and Weare, "Ensemble samplers with affine invariance", 2010; in two halves, so that one half moves at once, Foreman-Mackey et al., "emcee: the MCMC hammer",
/// 2013.)
/// </summary>
/// <param name="LogDensity">The logarithm of the density up to a constant: [..., walkers, dimensions] gives [..., walkers]; minus infinity or NaN where it is zero.</param>
/// <param name="Stretch">The largest stretch a of a move; moves are between 1 / a and a times the distance.</param>
public sealed record EnsembleSampler(Func<Tensor, Tensor> LogDensity, double Stretch = 2)
{
    /// <summary>A chain of numbers that lie between 0 and 1, such as shares of ranges: the density is zero where one does not.</summary>
    /// <param name="logDensity">As <see cref="LogDensity"/>; what it gives outside does not count.</param>
    public static EnsembleSampler OfShares(Func<Tensor, Tensor> logDensity) =>
        new(shares => Tensor.Where(((shares > 0.0) & (shares < 1.0)).All(-1), logDensity(shares), double.NegativeInfinity));

    /// <summary>The state before the first step.</summary>
    /// <param name="positions">[..., walkers, dimensions]: an even number of walkers, more than dimensions, that do not lie in a hyperplane, at which the density is not zero.</param>
    /// <exception cref="ShapeException">The number of walkers is odd or too small.</exception>
    public EnsembleState Start(Tensor positions)
    {
        if (positions.Rank < 2 || positions.Shape[^2] % 2 != 0 || positions.Shape[^2] <= positions.Shape[^1])
            throw new ShapeException($"ensemble sampler: {positions.Type} is not [..., walkers, dimensions] with an even number of walkers above that of dimensions.");
        return new(positions, LogDensity(positions), Tensor.Zeros([], positions.ElementType));
    }

    /// <summary>Each walker has one chance to move.</summary>
    /// <param name="key">The key of this step.</param>
    /// <param name="state">The state before.</param>
    public EnsembleState Step(Key key, EnsembleState state)
    {
        var (positions, densities) = (state.Positions.Split(2, -2), state.LogDensities.Split(2, -1));
        var accepted = state.Accepted;
        for (var half = 0; half < 2; half++)
        {
            var (moved, density, moves) = Move(key.Fold(half), positions[half], densities[half], positions[1 - half]);
            (positions[half], densities[half], accepted) = (moved, density, accepted + moves / 2);
        }
        return new(Tensor.Concatenate(positions, -2), Tensor.Concatenate(densities, -1), accepted);
    }

    /// <summary>Runs the chain and keeps positions.</summary>
    /// <param name="key">The key.</param>
    /// <param name="positions">Where walkers start, as for <see cref="Start"/>.</param>
    /// <param name="burnIn">Steps before the first that counts.</param>
    /// <param name="kept">How many times positions are kept.</param>
    /// <param name="thinning">Steps from one kept time to the next.</param>
    /// <returns>The positions [kept, ..., walkers, dimensions], and which part of the moves was accepted.</returns>
    public (Tensor Positions, Tensor Acceptance) Run(Key key, Tensor positions, int burnIn, int kept, int thinning)
    {
        EnsembleState Steps(Key key, EnsembleState state, int count) => Control.Repeat(count, (step, state) => Step(key.Fold(step), state), state);
        var start = Steps(key.Fold(0), Start(positions), burnIn) with { Accepted = Tensor.Zeros([], positions.ElementType) };
        var (end, results) = Control.Scan<EnsembleState, Tensor, Tensor>(
            (state, time) =>
            {
                var next = Steps(key.Fold(1).Fold(time), state, thinning);
                return (next, next.Positions);
            },
            start,
            Tensor.Arange(kept));
        return (results, end.Accepted / (kept * (double)thinning));
    }

    /// <summary>Walkers move along the lines to walkers of the other half.</summary>
    private (Tensor Positions, Tensor Densities, Tensor Moves) Move(Key key, Tensor positions, Tensor densities, Tensor others)
    {
        var (type, walkers, dimensions) = (positions.ElementType, positions.Shape[^2], positions.Shape[^1]);
        var ensembles = positions.Count / (walkers * dimensions);
        // The stretch z has the density 1 / sqrt(z) between 1 / a and a.
        var root = 1 / Math.Sqrt(Stretch) + (Math.Sqrt(Stretch) - 1 / Math.Sqrt(Stretch)) * Sample.Uniform(key.Fold(0), densities.Shape, type: type);
        var stretch = root * root;
        var partners = Sample.Integers(key.Fold(1), [ensembles, walkers], 0, walkers) + walkers * Tensor.Arange(ensembles).ExpandDims(1);
        var chosen = others.Reshape(ensembles * walkers, dimensions).Take(partners.Flatten()).ReshapeTo(positions.Shape);
        var proposed = chosen + stretch.ExpandDims(-1) * (positions - chosen);
        var density = LogDensity(proposed);
        var threshold = Tensor.Log(Tensor.Maximum(Sample.Uniform(key.Fold(2), densities.Shape, type: type), 1e-30));
        // A comparison with NaN is false.
        var accepted = (dimensions - 1.0) * Tensor.Log(stretch) + density - densities > threshold;
        return (Tensor.Where(accepted.ExpandDims(-1), proposed, positions), Tensor.Where(accepted, density, densities), Tensor.Where(accepted, 1.0, 0.0).AsType(type).Mean());
    }
}

/// <summary>Where the walkers of an <see cref="EnsembleSampler"/> are.</summary>
/// <param name="Positions">[..., walkers, dimensions].</param>
/// <param name="LogDensities">[..., walkers].</param>
/// <param name="Accepted">The sum over steps of the part of the moves that was accepted.</param>
[Tree]
public sealed partial record EnsembleState(Tensor Positions, Tensor LogDensities, Tensor Accepted);
