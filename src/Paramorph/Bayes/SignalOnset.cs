namespace Paramorph.Bayes;

/// <summary>
/// When a signal began, as a pose for <see cref="PoseGibbs"/>: an onset that is known up to a normal blur is rounded to the signal's intervals, and the signal is moved back by it, so that a network sees
/// signals that begin at nearly the same place. Onsets are given as shares of their range, from 0 to 1.
/// </summary>
/// <param name="Times">Values of a signal.</param>
/// <param name="Interval">Time from one value to the next.</param>
/// <param name="Latest">The latest onset; the earliest is the time of the first value.</param>
/// <param name="Blur">The standard deviation of the blur, in units of time.</param>
/// <param name="Start">At which value signals begin once they are moved.</param>
public sealed record SignalOnset(int Times, double Interval, double Latest, double Blur, int Start)
{
    /// <summary>Draws blurred onsets around each, in whole intervals: [n, 1] gives the same shape.</summary>
    public Tensor Blurred(Key key, Tensor onsets) => Tensor.Round((Latest * onsets + Blur * Sample.Normal(key, onsets.Shape)) / Interval);

    /// <summary>Signals moved back by blurred onsets, with how far they were moved, over four times the number of values, as a second channel.</summary>
    /// <param name="signals">[n, times].</param>
    /// <param name="blurred">[n, 1] in intervals. What leaves at the front comes in behind, since noise has no place.</param>
    /// <returns>[n, 2, times].</returns>
    /// <exception cref="ShapeException">They are not of these shapes.</exception>
    public Tensor Moved(Tensor signals, Tensor blurred)
    {
        if (signals.Rank != 2 || signals.Shape[1] != Times || blurred.Shape != [signals.Shape[0], 1])
            throw new ShapeException($"signal onset: signals {signals.Type} and onsets {blurred.Type} are not [n, {Times}] and [n, 1].");
        // Twice around the circle, so that a blur before the first value counts from the end.
        var places = (Tensor.Arange(Times) + blurred.AsType(ElementType.Int32) + (2 * Times - Start)) % Times;
        return Tensor.Stack([signals.TakeAlong(places, 1), (blurred / (4.0 * Times)).BroadcastTo(signals.Shape)], 1);
    }

    /// <summary>How far onsets lie behind blurred ones, in units of the blur: what a density estimator learns in the place of onsets.</summary>
    public Tensor Relative(Tensor onsets, Tensor blurred) => (Latest * onsets - Interval * blurred) / Blur;

    /// <summary>Onsets as shares of their range, of how far they lie behind blurred ones: the inverse of <see cref="Relative"/>.</summary>
    public Tensor Absolute(Tensor relative, Tensor blurred) => (Interval * blurred + Blur * relative) / Latest;
}
