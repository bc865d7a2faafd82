using MathNet.Numerics;

namespace Paramorph.Bayes;

/// <summary>
/// The posterior of a network whose hidden nodes have binary masks with a prior for few of them: Hamiltonian moves of the weights, birth and death of nodes, and the variance of the noise drawn from what is left, in turn.
/// With masks that stay on it is the Hamiltonian posterior of the dense network. (Kong, Yang, Lee, Ohn, Baek and Kim, "Masked Bayesian neural networks: theoretical guarantee and its posterior inference", 2023.)
/// </summary>
/// <param name="Sizes">Number of inputs, of nodes of each hidden layer, of outputs.</param>
/// <param name="Sparsity">λ: a layer of which s nodes are on has a probability that falls as exp(-(λ log n)⁵ s²), n examples.</param>
/// <param name="Scale">The scale of the prior of weights and biases, which is Cauchy's.</param>
public sealed record MaskedPosterior(IReadOnlyList<int> Sizes, double Sparsity = 0.1, double Scale = 0.3)
{
    /// <summary>Whether masks move; if not, all nodes stay on.</summary>
    public bool IsMasked { get; init; } = true;

    /// <summary>Whether the prior of weights is normal in the place of Cauchy's.</summary>
    public bool IsNormal { get; init; }

    /// <summary>Leapfrog steps of a move of the weights.</summary>
    public int Flight { get; init; } = 20;

    /// <summary>Moves of the masks behind each of the weights.</summary>
    public int Proposals { get; init; } = 10;

    /// <summary>The most nodes that such a move changes.</summary>
    public int Most { get; init; } = 3;

    /// <summary>Whether the derivatives in the masks lead the deaths.</summary>
    public bool IsInformed { get; init; } = true;

    /// <summary>The mean probability of acceptance that is sought.</summary>
    public double Acceptance { get; init; } = 0.8;

    /// <summary>The shape of the inverse gamma prior of the variance of the noise.</summary>
    public double NoiseShape { get; init; } = 1;

    /// <summary>The scale of that prior, in squares of the targets' unit.</summary>
    public double NoiseScale { get; init; } = 0.01;

    /// <summary>The step at which the search for it begins.</summary>
    public double FirstStep { get; init; } = 0.01;

    /// <summary>How often a round evaluates the density and its gradient.</summary>
    public int Evaluations => 1 + Flight + (IsMasked ? 1 + Proposals : 0);

    /// <summary>Number of hidden nodes.</summary>
    public int Nodes => Sizes.Skip(1).SkipLast(1).Sum();

    /// <summary>Networks with drawn weights, all nodes on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="chains">How many.</param>
    /// <param name="type">f32 or f64.</param>
    public MaskedState Start(Key key, int chains, ElementType type = ElementType.Float32) =>
        new(MaskedNetwork.Create(key, chains, Sizes, type), Tensor.Ones([chains, Nodes], type), Tensor.Ones([chains, Sizes[^1]], type), Tensor.Zeros([chains], type));

    /// <summary>The logarithm of the prior of masks [chains, nodes], up to a constant: [chains].</summary>
    /// <param name="masks">The masks.</param>
    /// <param name="examples">Number of examples.</param>
    public Tensor LogMaskPrior(Tensor masks, int examples)
    {
        var (sum, first) = (Tensor.Zeros([masks.Shape[0]], masks.ElementType), 0);
        var strength = Math.Pow(Sparsity * Math.Log(examples), 5);
        foreach (var width in Sizes.Skip(1).SkipLast(1))
        {
            // All masks of one number of nodes are equally probable.
            var table = Tensor.From([.. Enumerable.Range(0, width + 1).Select(on => -strength * on * on - SpecialFunctions.BinomialLn(width, on))]).AsType(masks.ElementType);
            sum += table.Take(masks[.., first..(first + width)].Sum(1).AsType(ElementType.Int32));
            first += width;
        }
        return sum;
    }

    /// <summary>The logarithm of the prior of the weights, up to a constant: [chains].</summary>
    /// <param name="network">The networks.</param>
    public Tensor LogWeightPrior(MaskedNetwork network) => Tree.Leaves(network)
        .Select(leaf => (IsNormal ? -0.5 * Tensor.Square(leaf / Scale) : -Tensor.Log(1.0 + Tensor.Square(leaf / Scale))).Flatten(1).Sum(1)).Aggregate((a, b) => a + b);

    /// <summary>One round: a move of the weights, moves of the masks, the variance of the noise.</summary>
    /// <param name="key">The key of this round.</param>
    /// <param name="inputs">[n, inputs].</param>
    /// <param name="targets">Numbers [n, outputs] in the type of the networks, or classes: i32 [n].</param>
    /// <param name="state">The state before.</param>
    /// <param name="step">The step of each chain: [chains].</param>
    /// <returns>The state after, and the probability with which the weights' move was to be accepted.</returns>
    public (MaskedState State, Tensor Acceptance) Round(Key key, Tensor inputs, Tensor targets, MaskedState state, Tensor step)
    {
        Tensor LogLikelihood(Tensor outputs) => targets.ElementType == ElementType.Int32
            ? (outputs.LogSoftmax() * Tensor.OneHot(targets, outputs.Shape[^1], outputs.ElementType)).Flatten(1).Sum(1)
            : -0.5 * (Tensor.Square(targets - outputs).Sum(1) / state.Variances + targets.Shape[0] * Tensor.Log(state.Variances)).Sum(1);
        var sampler = new HamiltonianSampler<MaskedNetwork>(network => LogWeightPrior(network) + LogLikelihood(network.Call(inputs, state.Masks)), Flight);
        var (weights, acceptance) = sampler.Move(key.Fold(0), sampler.Start(state.Network), step, Tree.Map(state.Network, Tensor.OnesLike));
        var network = weights.Positions;
        var (masks, born) = (state.Masks, state.Changes);
        if (IsMasked)
        {
            var moves = new NodeMaskMoves(masks => LogLikelihood(network.Call(inputs, masks)), masks => LogMaskPrior(masks, inputs.Shape[0]), Most, IsInformed);
            var moved = Control.Repeat(Proposals, (i, state) => moves.Move(key.Fold(1).Fold(i), state), moves.Start(masks));
            (masks, born) = (moved.Masks, born + moved.Accepted / (double)Proposals);
        }
        var variances = state.Variances;
        if (targets.ElementType != ElementType.Int32)
        {
            var shape = Tensor.ZerosLike(variances) + (NoiseShape + 0.5 * targets.Shape[0]);
            variances = (NoiseScale + 0.5 * Tensor.Square(targets - network.Call(inputs, masks)).Sum(1)) / Sample.Gamma(key.Fold(2), shape);
        }
        return (new(network, masks, variances, born), acceptance);
    }

    /// <summary>Rounds that do not count, in which the step is sought.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">[n, inputs].</param>
    /// <param name="targets">As for <see cref="Round"/>.</param>
    /// <param name="state">The state before.</param>
    /// <param name="search">The search before, such as that of <see cref="Search"/>.</param>
    /// <param name="rounds">How many.</param>
    public (MaskedState State, DualAveraging Search) WarmUp(Key key, Tensor inputs, Tensor targets, MaskedState state, DualAveraging search, int rounds)
    {
        var (reached, found) = Control.Repeat<TreePair<MaskedState, DualAveraging>>(
            rounds,
            (i, carry) => Round(key.Fold(i), inputs, targets, carry.Item1, carry.Item2.Step) is var (next, acceptance) ? (next, carry.Item2.Next(acceptance, Acceptance)) : default,
            (state, search));
        return (reached, found);
    }

    /// <summary>The search for a step of each chain before its first round.</summary>
    /// <param name="state">The state at which it begins.</param>
    public DualAveraging Search(MaskedState state) => DualAveraging.Start(Tensor.ZerosLike(state.Changes) + FirstStep);

    /// <summary>Rounds of which states are kept.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">[n, inputs].</param>
    /// <param name="targets">As for <see cref="Round"/>.</param>
    /// <param name="state">The state before.</param>
    /// <param name="step">The step of each chain: [chains].</param>
    /// <param name="kept">How many states are kept.</param>
    /// <param name="thinning">Rounds from one to the next.</param>
    /// <returns>The last state, those kept, whose leaves are [kept, chains, ...], and the mean probability of acceptance of each chain.</returns>
    public (MaskedState Last, MaskedState Draws, Tensor Acceptance) Draw(Key key, Tensor inputs, Tensor targets, MaskedState state, Tensor step, int kept, int thinning)
    {
        var (carry, draws) = Control.Scan<TreePair<MaskedState, Tensor>, Tensor, MaskedState>(
            (carry, time) =>
            {
                var next = Control.Repeat<TreePair<MaskedState, Tensor>>(
                    thinning,
                    (i, carry) => Round(key.Fold(time).Fold(i), inputs, targets, carry.Item1, step) is var (next, acceptance) ? (next, carry.Item2 + acceptance) : default,
                    carry);
                return (next, next.Item1);
            },
            (state with { Changes = Tensor.ZerosLike(state.Changes) }, Tensor.ZerosLike(step)),
            Tensor.Arange(kept));
        return (carry.Item1, draws, carry.Item2 / (kept * (double)thinning));
    }
}

/// <summary>Where chains of a <see cref="MaskedPosterior"/> are.</summary>
/// <param name="Network">The networks, one a chain.</param>
/// <param name="Masks">Zeros and ones of all hidden nodes: [chains, nodes].</param>
/// <param name="Variances">Of the noise: [chains, outputs]; ones where targets are classes.</param>
/// <param name="Changes">The sum over rounds of the share of moves of the masks that were accepted: [chains].</param>
[Tree]
public sealed partial record MaskedState(MaskedNetwork Network, Tensor Masks, Tensor Variances, Tensor Changes);
