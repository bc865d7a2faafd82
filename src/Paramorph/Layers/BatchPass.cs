namespace Paramorph.Layers;

/// <summary>
/// One pass of a batch through a network with batch norms: it hands each its running statistics, in the order of their calls, and collects the new ones.
/// Make one for each call of the network, and return its <see cref="Statistics"/> beside the loss.
/// </summary>
/// <example><code>
/// var step = ValueAndGradient.Of(network, n =>
/// {
///     var pass = BatchPass.Training(statistics);
///     return (Loss(n.Call(x, pass)), pass.Statistics);
/// });
/// </code></example>
public sealed class BatchPass
{
    private readonly TreeList<BatchStatistics> before;
    private readonly List<BatchStatistics> after = [];
    private int next;

    private BatchPass(TreeList<BatchStatistics> before, bool isTraining) => (this.before, IsTraining) = (before, isTraining);

    /// <summary>Whether the statistics of the batch are used and recorded.</summary>
    public bool IsTraining { get; }

    /// <summary>The statistics from now on: the recorded ones after training, the given ones after evaluation.</summary>
    /// <exception cref="InvalidOperationException">In training, not as many batch norms have been called as there are statistics.</exception>
    public TreeList<BatchStatistics> Statistics => !IsTraining ? before : after.Count == before.Count
        ? [.. after]
        : throw new InvalidOperationException(
            $"batch pass: {after.Count} batch norms have been called, but there are statistics of {before.Count}: call the whole network first.");

    /// <summary>A pass that uses the statistics of the batch and records the running ones.</summary>
    /// <param name="statistics">The running statistics so far; those of a network are its <c>InitialStatistics</c> at first.</param>
    public static BatchPass Training(TreeList<BatchStatistics> statistics) => new(statistics, isTraining: true);

    /// <summary>A pass that uses the running statistics.</summary>
    /// <param name="statistics">The running statistics.</param>
    public static BatchPass Evaluation(TreeList<BatchStatistics> statistics) => new(statistics, isTraining: false);

    internal BatchStatistics Next() => next < before.Count
        ? before[next++]
        : throw new InvalidOperationException(
            $"batch pass: more batch norms are called than the {before.Count} that there are statistics of: start from the network's InitialStatistics.");

    internal void Record(BatchStatistics statistics) => after.Add(statistics);
}
