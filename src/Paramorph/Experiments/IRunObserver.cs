namespace Paramorph.Experiments;

/// <summary>Who watches an experiment. Calls come one at a time, from any thread.</summary>
public interface IRunObserver
{
    /// <summary>The work ahead changed: so many jobs are done of so many.</summary>
    void Planned(int done, int jobs);

    /// <summary>A job took some steps.</summary>
    /// <param name="job">The job.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="loss">The present loss, or NaN.</param>
    /// <param name="rate">The present learning rate, or NaN.</param>
    void Progressed(Job job, long step, long steps, double loss, double rate);

    /// <summary>A job ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="measures">What it measured.</param>
    void Finished(Job job, IReadOnlyDictionary<string, double> measures);
}
