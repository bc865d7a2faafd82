namespace Paramorph.Sequences;

/// <summary>
/// What finite networks retrieve: chains that start at patterns follow a dynamics, and the magnetisation is what is left of the patterns. Patterns are of independent spins, and are known by
/// examples alone (<see cref="DenseHebbianNetwork.Average"/>). Long chains leave states that are not stable; short ones take slow decay for memory.
/// </summary>
/// <remarks>One simulation keeps one compiled function, of the size that was last asked for, with memory for all its patterns. It is not for several threads at a time.</remarks>
public sealed class RetrievalSimulation
{
    /// <summary>Fewer patterns than this share a compiled function.</summary>
    private const int FewPatterns = 256;

    private readonly int chains;
    private readonly Func<DenseHebbianNetwork, Tensor, Key, Tensor, Tensor> dynamics;
    private (int Neurons, int Examples, int Patterns) size;
    private Func<Key, Key, Tensor, Tensor, Tensor, Tensor>? simulate;
    private double flops;

    private RetrievalSimulation(int order, int chains, int sweeps, Func<DenseHebbianNetwork, Tensor, Key, Tensor, Tensor> dynamics) =>
        (Order, this.chains, Sweeps, this.dynamics) = (order, chains, sweeps, dynamics);

    /// <summary>P of the networks.</summary>
    public int Order { get; }

    /// <summary>Sweeps of a chain, or steps of its mean field.</summary>
    public int Sweeps { get; }

    /// <summary>Glauber's dynamics (<see cref="DenseHebbianNetwork.Sweep"/>), of whose sweeps the second half is averaged.</summary>
    /// <param name="order">P, 2 or more.</param>
    /// <param name="chains">Chains, each of another pattern as long as there are some left.</param>
    /// <param name="sweeps">Sweeps, 2 or more.</param>
    /// <param name="blocks">Blocks of neurons that turn one after another; divides the neurons.</param>
    public static RetrievalSimulation Glauber(int order, int chains, int sweeps, int blocks) => new(order, chains, sweeps, (network, temperature, key, start) =>
        Control.Repeat(
            sweeps,
            (sweep, state) =>
            {
                var spins = network.Sweep(key.Fold(sweep), state.Item1, temperature, blocks);
                return new(spins, state.Item2 + Tensor.Where(sweep >= sweeps / 2, 1.0 / (sweeps - sweeps / 2), 0.0).AsType(spins.ElementType) * spins);
            },
            new TreePair<Tensor, Tensor>(start, Tensor.ZerosLike(start))).Item2);

    /// <summary>Mean spins that follow Plefka's expansion to first order (<see cref="DenseHebbianNetwork.MeanFieldStep"/>), without sampling.</summary>
    /// <param name="order">P, 2 or more.</param>
    /// <param name="chains">Chains, each of another pattern as long as there are some left.</param>
    /// <param name="steps">Steps.</param>
    public static RetrievalSimulation MeanField(int order, int chains, int steps) => new(order, chains, steps, (network, temperature, _, start) =>
        Control.Repeat(steps, (_, means) => network.MeanFieldStep(means, temperature), start));

    /// <summary>The magnetisation that is kept, the mean over chains.</summary>
    /// <param name="conditions">The network, its data and its temperature.</param>
    /// <param name="key">Draws what the chains do.</param>
    /// <returns>It, and the floating-point operations of the fields.</returns>
    public (double Magnetisation, double Flops) Retrieve(RetrievalConditions conditions, Key key)
    {
        var wanted = (conditions.Neurons, conditions.Examples, Math.Max(conditions.Patterns, FewPatterns));
        if (simulate is null || size != wanted)
        {
            (size, simulate) = (wanted, null);
            (simulate, flops) = Compiled();
        }
        var kept = simulate(
            conditions.Data.Fold(conditions.Neurons).Fold(conditions.Patterns).Fold(conditions.Draw), key.Fold(conditions.Patterns).Fold(conditions.Draw),
            Tensor.Scalar(conditions.Patterns), Tensor.Scalar((float)conditions.Quality), Tensor.Scalar((float)conditions.Temperature));
        return (kept.Item(), Sweeps * flops);
    }

    private (Func<Key, Key, Tensor, Tensor, Tensor, Tensor> Simulate, double Flops) Compiled()
    {
        var (neurons, examples, columns) = size;
        var simulate = Compile.Of((Key drawing, Key key, Tensor count, Tensor quality, Tensor temperature) =>
        {
            var patterns = Sample.Rademacher(drawing.Fold(0), [neurons, columns]);
            var averages = DenseHebbianNetwork.Average(drawing.Fold(1), patterns, quality, examples);
            // Patterns of zeros, which change nothing, fill up few ones.
            var network = new DenseHebbianNetwork(Tensor.Where(Tensor.Arange(columns) < count, averages, 0.0), Order);
            var start = patterns.Take(Tensor.Arange(chains) % count, 1).T;
            return (dynamics(network, temperature, key, start) * start).Mean();
        });
        var field = Computation.Of(
            (DenseHebbianNetwork network, Tensor spins) => network.Field(spins), new DenseHebbianNetwork(Tensor.Zeros([neurons, columns]), Order), Tensor.Zeros([chains, neurons]));
        return (simulate, field.Cost.Flops);
    }
}
