using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Bayes;

/// <summary>
/// Tunes a prior of weights until the functions that it makes look like those of a process: at places drawn anew each time a critic learns to tell draws of the two apart, and the prior goes against the
/// distance that it finds. What the weights mean need not be known, only what functions are expected. (Tran, Rossi, Milios and Filippone, "All you need is a good functional prior for Bayesian deep learning",
/// 2022, algorithm 1.)
/// </summary>
/// <param name="Iterations">Steps of the prior.</param>
/// <param name="CriticSteps">Steps of the critic, which begins anew before each of them.</param>
/// <param name="Draws">Functions of each kind in a step.</param>
public sealed record FunctionalPrior(int Iterations = 150, int CriticSteps = 40, int Draws = 128)
{
    /// <summary>The learning rate of the prior, by RMSprop; it falls to zero, so that the end is a mean over many draws.</summary>
    public double Rate { get; init; } = 0.3;

    /// <summary>The learning rate of the critic, by Adagrad.</summary>
    public double CriticRate { get; init; } = 0.05;

    /// <summary>Neurons of the critic's hidden layers.</summary>
    public int CriticWidth { get; init; } = 64;

    /// <summary>Places for <see cref="Match{TPrior}(Key, TPrior, Func{TPrior, Key, Tensor, Tensor}, Func{Key, Tensor, int, Tensor}, Func{Key, Tensor}, Action{int, double}, CancellationToken)"/>: some rows of given ones, and points of the box around them.</summary>
    /// <param name="rows">The inputs of examples: [n, inputs].</param>
    /// <param name="count">How many places.</param>
    /// <param name="share">The share of them that are rows; the paper takes 0 of one input, and 0.7 of many.</param>
    public static Func<Key, Tensor> Places(Tensor rows, int count, double share)
    {
        var (known, low, high) = ((int)Math.Round(share * count), rows.Min(0).Evaluate(), rows.Max(0).Evaluate());
        return key => Tensor.Concatenate(
            [rows.Take(Sample.Integers(key.Fold(0), [known], 0, rows.Shape[0])), low + (high - low) * Sample.Uniform(key.Fold(1), [count - known, rows.Shape[1]], type: rows.ElementType)], 0);
    }

    /// <summary>Tunes a prior.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="prior">The prior at the start.</param>
    /// <param name="function">Values [m] at places [m, inputs] of one function of the prior.</param>
    /// <param name="process">Values [draws, m] of so many functions of the process at places [m, inputs].</param>
    /// <param name="places">Draws places [m, inputs], always as many: wherever predictions will be asked for.</param>
    /// <param name="look">Is told after each step how many have been taken, and the critic's distance before it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The tuned prior.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TPrior Match<TPrior>(
        Key key, TPrior prior, Func<TPrior, Key, Tensor, Tensor> function, Func<Key, Tensor, int, Tensor> process, Func<Key, Tensor> places, Action<int, double>? look = null,
        CancellationToken cancellation = default)
        where TPrior : ITree<TPrior>
    {
        var optimiser = new RmsProp(Schedule.Cosine(Rate, Iterations));
        var step = Compile.Of((TreePair<TPrior, OptimiserState<TPrior>> state, Key key) =>
        {
            var points = places(key.Fold(0));
            Tensor Drawn(TPrior prior, Key key) => Vmap.Of((Key key) => function(prior, key, points), key.SplitBatch(Draws));
            Tensor Target(Key key) => process(key, points, Draws);
            // The critic is judged on other draws than it learned from.
            var critic = WassersteinCritic.Create(key.Fold(1), points.Shape[0], CriticWidth, points.ElementType)
                .Trained(key.Fold(2), Drawn(state.Item1, key.Fold(3)), Target(key.Fold(4)), CriticSteps, CriticRate);
            var (distance, gradient) = ValueAndGradient.Of(state.Item1, prior => critic.Difference(Drawn(prior, key.Fold(5)), Target(key.Fold(6))));
            var (next, remembered) = optimiser.Update(state.Item1, gradient, state.Item2);
            return (new TreePair<TPrior, OptimiserState<TPrior>>(next, remembered), distance);
        });
        var state = new TreePair<TPrior, OptimiserState<TPrior>>(prior, optimiser.Start(prior));
        for (var i = 0; i < Iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (state, var distance) = step(state, key.Fold(i));
            look?.Invoke(i + 1, distance.Item());
        }
        return state.Item1;
    }

    /// <summary>Tunes a prior of the weights of perceptrons with one output.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="prior">The prior at the start, such as <see cref="NormalWeightPrior.Even"/>.</param>
    /// <param name="sizes">Inputs, hidden widths and 1.</param>
    /// <param name="activation">The function between the affine maps.</param>
    /// <param name="process">As in <see cref="Match{TPrior}(Key, TPrior, Func{TPrior, Key, Tensor, Tensor}, Func{Key, Tensor, int, Tensor}, Func{Key, Tensor}, Action{int, double}, CancellationToken)"/>.</param>
    /// <param name="places">As there.</param>
    /// <param name="look">As there.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The tuned prior.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TPrior Match<TPrior>(
        Key key, TPrior prior, Sequence<int> sizes, Func<Tensor, Tensor> activation, Func<Key, Tensor, int, Tensor> process, Func<Key, Tensor> places, Action<int, double>? look = null,
        CancellationToken cancellation = default)
        where TPrior : ITree<TPrior>, IWeightPrior =>
        Match(key, prior, (prior, key, points) => prior.Draw(key, sizes, activation).Call(points)[.., 0], process, places, look, cancellation);
}
