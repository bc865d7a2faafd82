using Paramorph.Experiments;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>Who watches a fit. Calls come one at a time, from any thread.</summary>
public interface IFitObserver
{
    /// <summary>The simple answers are known.</summary>
    void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple);

    /// <summary>A stage begins.</summary>
    /// <param name="stage">What is done, in a few words.</param>
    /// <param name="jobs">How many models it trains.</param>
    void Entered(string stage, int jobs);

    /// <summary>A model is being trained.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="loss">The present loss, or NaN.</param>
    void Progressed(string job, long step, long steps, double loss);

    /// <summary>A model is trained.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="objective">What chooses among models.</param>
    /// <param name="value">What it reached on validation examples.</param>
    /// <param name="best">The best so far.</param>
    void Finished(string job, Metric objective, double value, double best);

    /// <summary>Something that the person should know.</summary>
    void Noted(string note);
}
