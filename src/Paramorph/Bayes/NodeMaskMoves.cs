namespace Paramorph.Bayes;

/// <summary>
/// Metropolis moves of binary masks, in which some nodes die or some are born at once. Who dies is chosen by the derivative of the log-density in the mask, so those without which little would change go first; who is born is
/// chosen alike, since of a node that is off little can be known. (Kong, Yang, Lee, Ohn, Baek and Kim, "Masked Bayesian neural networks: theoretical guarantee and its posterior inference", 2023, section 4.1.)
/// </summary>
/// <param name="LogDensity">Of masks [chains, nodes], which it also takes between 0 and 1, to [chains]: what the data say; its derivative leads the deaths.</param>
/// <param name="LogPrior">Of masks to [chains]: what is added, without a derivative.</param>
/// <param name="Most">The most nodes that one move changes.</param>
/// <param name="IsInformed">Whether derivatives lead the deaths; if not, all nodes are chosen alike.</param>
public sealed record NodeMaskMoves(Func<Tensor, Tensor> LogDensity, Func<Tensor, Tensor> LogPrior, int Most = 3, bool IsInformed = true)
{
    /// <summary>Weights of deaths differ by no more than e to this power, so that each is a number.</summary>
    private const double Widest = 30;

    /// <summary>The state before the first move.</summary>
    /// <param name="masks">Zeros and ones: [chains, nodes].</param>
    /// <exception cref="ShapeException">Masks are not [chains, nodes], or the log-density is not [chains].</exception>
    public NodeMaskState Start(Tensor masks)
    {
        if (masks.Rank != 2) throw new ShapeException($"node masks: {masks.Type} is not [chains, nodes].");
        var (_, gradient, values) = ValueAndGradient.Of<Tensor, Tensor>(masks, masks => LogDensity(masks) is var values ? (values.Sum(), values) : default);
        if (values.Rank != 1 || values.Shape[0] != masks.Shape[0]) throw new ShapeException($"node masks: the log-density of masks {masks.Type} is {values.Type} and not one number a chain.");
        return new(masks, values, gradient, Tensor.ZerosLike(values));
    }

    /// <summary>Every chain makes one move, for one evaluation of the log-density and its derivative.</summary>
    /// <param name="key">The key of this move.</param>
    /// <param name="state">The state before.</param>
    public NodeMaskState Move(Key key, NodeMaskState state)
    {
        var (chains, type) = (state.Masks.Shape[0], state.Masks.ElementType);
        var isDeath = Sample.Uniform(key.Fold(0), [chains], type: type) < 0.5;
        var count = Sample.Integers(key.Fold(1), [chains], 1, Most + 1);
        var weights = Weights(state, isDeath);
        // The largest of logarithms of weights with Gumbel noise are a draw without replacement.
        var scores = Tensor.Where(weights > 0.0, Tensor.Log(Tensor.Maximum(weights, 1e-30)) + Sample.Gumbel(key.Fold(2), weights.Shape, type), double.NegativeInfinity);
        var picks = new Tensor[Most];
        for (var pick = 0; pick < Most; pick++)
        {
            picks[pick] = Tensor.OneHot(scores.ArgMax(1), state.Masks.Shape[1], type);
            scores = Tensor.Where(picks[pick] > 0.5, double.NegativeInfinity, scores);
        }
        var chosen = picks.Select((pick, i) => Tensor.Where((count > i).ExpandDims(1), pick, 0.0)).Aggregate((a, b) => a + b);
        var isPossible = Tensor.Where(weights > 0.0, 1, 0).Sum(1) >= count;
        var masks = Tensor.Where(isPossible.ExpandDims(1), Tensor.Abs(state.Masks - Tensor.Minimum(chosen, 1.0)), state.Masks);
        var proposed = Start(masks);
        var change = proposed.LogDensities - state.LogDensities + LogPrior(masks) - LogPrior(state.Masks)
            + LogProbability(Weights(proposed, !isDeath), picks, count) - LogProbability(weights, picks, count);
        // A comparison with NaN is false.
        var isAccepted = isPossible & (Tensor.Log(Tensor.Maximum(Sample.Uniform(key.Fold(3), [chains], type: type), 1e-30)) < change);
        var next = Tree.Zip(proposed, state, (after, before) => Tensor.Where(after.Rank == 2 ? isAccepted.ExpandDims(1) : isAccepted, after, before));
        return next with { Accepted = state.Accepted + isAccepted.AsType(type) };
    }

    /// <summary>By which weights nodes are chosen, zero for those that cannot be: exp(-|derivative| / 2) of those that may die, the least derivative taken off, which changes no probability.</summary>
    private Tensor Weights(NodeMaskState state, Tensor isDeath)
    {
        var isOn = state.Masks > 0.5;
        var slopes = Tensor.Where(isOn, Tensor.Abs(state.Gradient), double.PositiveInfinity);
        var above = Tensor.Where(isOn, Tensor.Abs(state.Gradient), 0.0) - Tensor.Where(isOn.Any(1), slopes.Min(1), 0.0).ExpandDims(1);
        var deaths = IsInformed ? Tensor.Exp(-Tensor.Clamp(0.5 * above, 0.0, Widest)) : Tensor.OnesLike(state.Masks);
        return Tensor.Where(isDeath.ExpandDims(1), deaths * state.Masks, 1.0 - state.Masks);
    }

    /// <summary>The logarithm of the probability that the first so many picks are the chosen set: the sum over the orders in which they can come.</summary>
    private Tensor LogProbability(Tensor weights, Tensor[] picks, Tensor count)
    {
        var probability = Tensor.ZerosLike(weights[.., 0]);
        for (var size = 1; size <= Most; size++)
        {
            var sum = Orders(picks[..size]).Select(order =>
            {
                var (product, left) = (Tensor.OnesLike(probability), weights);
                foreach (var pick in order)
                {
                    product *= (left * pick).Sum(1) / Tensor.Maximum(left.Sum(1), 1e-30);
                    left *= 1.0 - pick;
                }
                return product;
            }).Aggregate((a, b) => a + b);
            probability = Tensor.Where(Tensor.Equal(count, size), sum, probability);
        }
        return Tensor.Log(probability);
    }

    private static IEnumerable<Tensor[]> Orders(Tensor[] picks) => picks.Length == 1
        ? [picks]
        : Enumerable.Range(0, picks.Length).SelectMany(first => Orders([.. picks[..first], .. picks[(first + 1)..]]).Select(rest => (Tensor[])[picks[first], .. rest]));
}

/// <summary>Where chains of <see cref="NodeMaskMoves"/> are.</summary>
/// <param name="Masks">Zeros and ones: [chains, nodes].</param>
/// <param name="LogDensities">What the data say: [chains].</param>
/// <param name="Gradient">Its derivative in the masks: [chains, nodes].</param>
/// <param name="Accepted">How many moves of each chain were accepted: [chains].</param>
[Tree]
public sealed partial record NodeMaskState(Tensor Masks, Tensor LogDensities, Tensor Gradient, Tensor Accepted);
