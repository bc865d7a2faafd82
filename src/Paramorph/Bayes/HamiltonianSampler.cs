namespace Paramorph.Bayes;

/// <summary>
/// Hamiltonian Monte Carlo: a draw is thrown with a random velocity, flies some steps along the gradient of the log-density, and stays where it comes down if the energy says so. Many chains side by side, each with a
/// step size of its own, that is sought while the chains warm up. (Duane, Kennedy, Pendleton and Roweth, "Hybrid Monte Carlo", 1987; Neal, "MCMC using Hamiltonian dynamics", 2011.)
/// </summary>
/// <typeparam name="T">What is drawn, a tensor or a tree; every leaf has the axes of the chains first.</typeparam>
/// <param name="LogDensity">The logarithm of the density up to a constant, a number for each chain: [chains...], of which each depends on its own chain alone; minus infinity or NaN where it is zero.</param>
/// <param name="Flight">Leapfrog steps of a move.</param>
/// <param name="Acceptance">The mean probability of acceptance that is sought.</param>
/// <param name="Jitter">A move's step is drawn within this share about the chain's own, so that no flight comes back to where it began each time.</param>
/// <param name="IsScaled">Whether warming up also estimates the standard deviation of each number, over all chains, by which velocities are scaled (a diagonal mass).</param>
public sealed record HamiltonianSampler<T>(Func<T, Tensor> LogDensity, int Flight = 10, double Acceptance = 0.8, double Jitter = 0.2, bool IsScaled = false)
    where T : ITree<T>
{
    /// <summary>The state before the first move.</summary>
    /// <param name="positions">Where chains start: each leaf [chains..., own axes...].</param>
    /// <exception cref="ShapeException">The log-density is not one number a chain.</exception>
    public HamiltonianState<T> Start(T positions)
    {
        var (values, gradient) = Density(positions);
        return new(positions, values, gradient);
    }

    /// <summary>A flight without friction: half a step of the velocity, whole steps of both, half a step of the velocity. It preserves volume, and with the velocity reversed it comes back.</summary>
    /// <param name="state">Where it begins.</param>
    /// <param name="velocities">Standard normal numbers, as the positions.</param>
    /// <param name="step">The step of each chain: [chains...].</param>
    /// <param name="scale">The scale of each number, broadcast to the positions.</param>
    /// <returns>Where it ends, and the velocity there.</returns>
    public (HamiltonianState<T> State, T Velocities) Leapfrog(HamiltonianState<T> state, T velocities, Tensor step, T scale)
    {
        T Added(T to, T what, double share) => Tree.Zip(to, what, scale, (x, v, s) => x + share * Spread(step, v) * s * v);
        var pushed = Added(velocities, state.Gradient, 0.5);
        var end = Control.Repeat<TreePair<HamiltonianState<T>, T>>(
            Flight - 1,
            (_, flying) =>
            {
                var next = Start(Added(flying.Item1.Positions, flying.Item2, 1));
                return (next, Added(flying.Item2, next.Gradient, 1));
            },
            (state, pushed));
        var last = Start(Added(end.Item1.Positions, end.Item2, 1));
        return (last, Added(end.Item2, last.Gradient, 0.5));
    }

    /// <summary>Every chain makes one move.</summary>
    /// <param name="key">The key of this move.</param>
    /// <param name="state">The state before.</param>
    /// <param name="step">The step of each chain: [chains...].</param>
    /// <param name="scale">The scale of each number, broadcast to the positions.</param>
    /// <returns>The state after it, and the probability with which each chain's move was to be accepted.</returns>
    public (HamiltonianState<T> State, Tensor Acceptance) Move(Key key, HamiltonianState<T> state, Tensor step, T scale)
    {
        var shaken = step * Sample.Uniform(key.Fold(0), step.Shape, 1 - Jitter, 1 + Jitter, step.ElementType);
        var velocities = Drawn(key.Fold(1), state.Positions);
        var (proposed, end) = Leapfrog(state, velocities, shaken, scale);
        var probability = Probability(state, velocities, proposed, end);
        var isAccepted = Sample.Uniform(key.Fold(2), step.Shape, type: step.ElementType) < probability;
        return (Tree.Zip(proposed, state, (after, before) => Tensor.Where(Spread(isAccepted, after), after, before)), probability);
    }

    /// <summary>Warms the chains up and keeps positions.</summary>
    /// <param name="key">The key.</param>
    /// <param name="positions">Where chains start.</param>
    /// <param name="warmUp">Moves in which the step is sought, the scale too if it is; they do not count.</param>
    /// <param name="kept">How many times positions are kept.</param>
    /// <param name="thinning">Moves from one kept time to the next.</param>
    /// <param name="step">The step at which the search begins.</param>
    public HamiltonianRun<T> Run(Key key, T positions, int warmUp, int kept, int thinning = 1, double step = 0.1)
    {
        var start = Start(positions);
        var scale = Tree.Map(positions, Tensor.OnesLike);
        var (first, tries) = FirstStep(key.Fold(0), start, Tensor.ZerosLike(start.LogDensities) + step, scale);
        if (IsScaled)
        {
            // A quarter of the moves comes to where the density is, the next one sees how wide it is there.
            (start, first, _) = Warmed(key.Fold(1), start, first, scale, warmUp / 4);
            (start, first, scale) = Warmed(key.Fold(2), start, first, scale, warmUp / 4);
            (first, var more) = FirstStep(key.Fold(3), start, first, scale);
            tries += more;
        }
        var rest = IsScaled ? warmUp - 2 * (warmUp / 4) : warmUp;
        (start, first, _) = Warmed(key.Fold(4), start, first, scale, rest);
        var moves = Control.Scan<TreePair<HamiltonianState<T>, Tensor>, Tensor, T>(
            (carry, time) =>
            {
                var next = Control.Repeat<TreePair<HamiltonianState<T>, Tensor>>(
                    thinning,
                    (i, carry) =>
                    {
                        var (state, acceptance) = Move(key.Fold(5).Fold(time).Fold(i), carry.Item1, first, scale);
                        return (state, carry.Item2 + acceptance);
                    },
                    carry);
                return (next, next.Item1.Positions);
            },
            (start, Tensor.ZerosLike(first)),
            Tensor.Arange(kept));
        return new(moves.Results, moves.Carry.Item2 / (kept * (double)thinning), first, 1 + Flight * (warmUp + kept * thinning) + tries);
    }

    /// <summary>
    /// A step at which a move of one leapfrog step is accepted by half: doubled or halved until its probability crosses one half. (Hoffman and Gelman, algorithm 4.)
    /// </summary>
    private (Tensor Step, Tensor Evaluations) FirstStep(Key key, HamiltonianState<T> state, Tensor step, T scale)
    {
        const int most = 40;
        var velocities = Drawn(key, state.Positions);
        var single = this with { Flight = 1 };
        Tensor Accepted(Tensor step) => single.Leapfrog(state, velocities, step, scale) is var (proposed, end) ? Probability(state, velocities, proposed, end) : null!;
        var isUp = Accepted(step) > 0.5;
        var factor = Tensor.Where(isUp, 2.0, 0.5).AsType(step.ElementType);
        var found = Control.While<TreeTriple<Tensor, Tensor, Tensor>>(
            carry => carry.Item2.Any() & (carry.Item3 < most),
            carry =>
            {
                var next = Tensor.Where(carry.Item2, carry.Item1 * factor, carry.Item1);
                return (next, carry.Item2 & Tensor.Equal(isUp, Accepted(next) > 0.5), carry.Item3 + 1);
            },
            (step, Tensor.OnesLike(step) > 0.0, Tensor.Scalar(1)));
        return (found.Item1, found.Item3);
    }

    /// <summary>Moves in which the step is sought, and the standard deviation of each number over moves and chains.</summary>
    private (HamiltonianState<T> State, Tensor Step, T Scale) Warmed(Key key, HamiltonianState<T> state, Tensor step, T scale, int moves)
    {
        T Zeros() => Tree.Map(state.Positions, Tensor.ZerosLike);
        var (reached, search, sums, squares) = Control.Repeat<TreeQuad<HamiltonianState<T>, DualAveraging, T, T>>(
            moves,
            (i, carry) =>
            {
                var (next, acceptance) = Move(key.Fold(i), carry.Item1, carry.Item2.Step, scale);
                // Numbers are counted from where they were at first, so that their squares do not cancel.
                var apart = Tree.Zip(next.Positions, state.Positions, (x, from) => x - Over(from));
                return (next, carry.Item2.Next(acceptance, Acceptance), Tree.Zip(carry.Item3, apart, (sum, x) => sum + x), Tree.Zip(carry.Item4, apart, (sum, x) => sum + Tensor.Square(x)));
            },
            (state, DualAveraging.Start(step), Zeros(), Zeros()));
        var count = Math.Max(1, moves);
        // Drawn a little towards a small variance, as Stan does, for windows that are too short.
        var seen = count * step.Count;
        var deviations = Tree.Zip(sums, squares, (sum, square) => Tensor.Sqrt(
            Tensor.Maximum(Over(square) / count - Tensor.Square(Over(sum) / count), 0.0) * (seen / (seen + 5.0)) + 1e-3 * (5.0 / (seen + 5.0))));
        return (reached, moves == 0 ? step : search.Average, deviations);

        Tensor Over(Tensor x) => x.Reshape([-1, .. x.Shape[step.Rank..]]).Mean(0);
    }

    private (Tensor Values, T Gradient) Density(T positions)
    {
        var (_, gradient, values) = ValueAndGradient.Of<T, Tensor>(positions, x => LogDensity(x) is var values ? (values.Sum(), values) : default);
        foreach (var leaf in Tree.Leaves(positions))
            if (leaf.Rank < values.Rank || !leaf.Shape[..values.Rank].SequenceEqual(values.Shape))
                throw new ShapeException($"hamiltonian sampler: the log-density is {values.Type} but must be one number a chain, and the positions {leaf.Type} do not begin with its axes.");
        return (values, gradient);
    }

    private static Tensor Probability(HamiltonianState<T> before, T thrown, HamiltonianState<T> after, T end)
    {
        var rank = before.LogDensities.Rank;
        Tensor Energy(HamiltonianState<T> state, T velocities) => Tree.Leaves(velocities).Select(v => 0.5 * Tensor.Square(v).Reshape([.. v.Shape[..rank], -1]).Sum(-1)).Aggregate((a, b) => a + b) - state.LogDensities;
        var change = Energy(before, thrown) - Energy(after, end);
        // Comparisons with NaN are false: a flight that left the numbers is not accepted.
        return Tensor.Where(change > -1e30, Tensor.Exp(Tensor.Minimum(change, 0.0)), 0.0);
    }

    private static T Drawn(Key key, T like)
    {
        var leaf = 0;
        return Tree.Map(like, x => Sample.Normal(key.Fold(leaf++), x.Shape, x.ElementType));
    }

    /// <summary>A number of each chain beside numbers of its own axes.</summary>
    private static Tensor Spread(Tensor chains, Tensor like) => chains.Reshape([.. chains.Shape, .. Enumerable.Repeat(1, like.Rank - chains.Rank)]);
}

/// <summary>Where the chains of a <see cref="HamiltonianSampler{T}"/> are.</summary>
/// <param name="Positions">Each leaf [chains..., own axes...].</param>
/// <param name="LogDensities">[chains...].</param>
/// <param name="Gradient">Of the log-densities, as the positions.</param>
[Tree]
public sealed partial record HamiltonianState<T>(T Positions, Tensor LogDensities, T Gradient)
    where T : ITree<T>;

/// <summary>What chains of a <see cref="HamiltonianSampler{T}"/> gave.</summary>
/// <param name="Draws">Kept positions: each leaf [kept, chains..., own axes...].</param>
/// <param name="Acceptance">The mean probability of acceptance of each chain's moves after warming up: [chains...].</param>
/// <param name="Steps">The step of each chain: [chains...].</param>
/// <param name="Evaluations">How often each chain evaluated the log-density and its gradient: i32 scalar, warming up included.</param>
[Tree]
public sealed partial record HamiltonianRun<T>(T Draws, Tensor Acceptance, Tensor Steps, Tensor Evaluations)
    where T : ITree<T>;
