using System.Diagnostics;

namespace Paramorph.Bayes;

/// <summary>Observations whose exact posteriors are known by draws, by which samplers are judged.</summary>
/// <param name="Observations">What is seen; all of one shape.</param>
/// <param name="Exact">Draws of the posterior of each [draws, dimensions], such as those of <see cref="GridPosterior"/>.</param>
public sealed record PosteriorComparison(IReadOnlyList<Tensor> Observations, IReadOnlyList<Tensor> Exact)
{
    /// <summary>Compares draws of a sampler with the exact ones.</summary>
    /// <param name="key">Folded by the number of the observation, the key of its draws.</param>
    /// <param name="draw">From an observation and a key to draws after each of some steps: [steps, draws, dimensions], as many as the exact ones.</param>
    /// <param name="progress">Told before each observation how many are done; may be null.</param>
    /// <returns>
    /// The accuracy with which a classifier tells the two apart (<see cref="TwoSampleTest"/>) after each step, its mean over observations; and the shortest time that the draws of an observation took in
    /// milliseconds, the first one, which compiles, left out: infinite of a single one.
    /// </returns>
    public (double[] Accuracies, double Milliseconds) Judge(Key key, Func<Tensor, Key, Tensor> draw, Action<int>? progress = null)
    {
        var (told, shortest) = (new List<double[]>(), double.PositiveInfinity);
        foreach (var (i, observation) in Observations.Index())
        {
            progress?.Invoke(i);
            var start = Stopwatch.GetTimestamp();
            var drawn = draw(observation, key.Fold(i)).Evaluate();
            if (i > 0) shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            told.Add([.. Enumerable.Range(0, drawn.Shape[0]).Select(step => TwoSampleTest.Accuracy(Exact[i], drawn[step]))]);
        }
        return ([.. Enumerable.Range(0, told[0].Length).Select(step => told.Average(own => own[step]))], shortest);
    }
}
