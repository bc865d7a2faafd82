namespace Paramorph.Data;

/// <summary>
/// A damped oscillation that begins at an unknown time and is seen with noise: a small problem of inference with three parameters of which one, the onset, is a pose. Before the onset τ the signal is
/// zero, behind it exp(-ζ ω (t - τ)) sin(√(1 - ζ²) ω (t - τ)). Parameters are given as shares of their ranges, evenly drawn from 0 to 1: ω from 3 to 10 a second, ζ from 0.2 to 0.5, τ from 0 to
/// <see cref="LatestOnset"/>. (After the toy example of Dax, Green, Gair, Deistler, Schölkopf and Macke, "Group equivariant neural posterior estimation", 2022.)
/// </summary>
/// <param name="Times">Values of a signal, at even times from 0 on.</param>
/// <param name="Duration">Seconds that a signal lasts.</param>
/// <param name="LatestOnset">The latest onset in seconds.</param>
/// <param name="Noise">The standard deviation of the normal noise on each value.</param>
public sealed record DampedOscillator(int Times = 64, double Duration = 6, double LatestOnset = 3, double Noise = 0.15)
{
    /// <summary>Numbers that are not known: frequency, damping and onset, in this order.</summary>
    public const int Parameters = 3;

    /// <summary>Seconds from one value to the next.</summary>
    public double Interval => Duration / Times;

    /// <summary>Draws parameters and what is seen of them: [count, 3] as shares of their ranges, and signals with noise [count, times].</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    public (Tensor Shares, Tensor Signals) Draw(Key key, int count)
    {
        var shares = Sample.Uniform(key.Fold(0), [count, Parameters]);
        return (shares, Signal(shares) + Noise * Sample.Normal(key.Fold(1), [count, Times]));
    }

    /// <summary>Signals without noise: [..., 3] as shares of their ranges gives [..., times].</summary>
    public Tensor Signal(Tensor shares)
    {
        if (shares.Rank < 1 || shares.Shape[^1] != Parameters) throw new ShapeException($"damped oscillator: {shares.Type} is not [..., {Parameters}]: frequency, damping and onset as shares of their ranges.");
        Tensor Part(int i) => shares[TensorIndex.Ellipsis, i..(i + 1)];
        var (frequency, damping) = (3.0 + 7.0 * Part(0), 0.2 + 0.3 * Part(1));
        var since = Interval * Tensor.Arange(Times).AsType(shares.ElementType) - LatestOnset * Part(2);
        var swing = Tensor.Exp(-damping * frequency * Tensor.Maximum(since, 0.0)) * Tensor.Sin(Tensor.Sqrt(1.0 - Tensor.Square(damping)) * frequency * since);
        return Tensor.Where(since > 0.0, swing, 0.0);
    }

    /// <summary>The logarithm of the likelihood but for a constant: parameters [..., 3] as shares of their ranges, and a signal [times], give [...].</summary>
    public Tensor LogLikelihood(Tensor shares, Tensor signal) => Tensor.Square(Signal(shares) - signal).Sum(-1) * (-0.5 / (Noise * Noise));
}
