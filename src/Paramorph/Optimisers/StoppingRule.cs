namespace Paramorph.Optimisers;

/// <summary>When a minimiser stops.</summary>
/// <param name="Iterations">After so many iterations.</param>
/// <param name="Gradient">When no component of the gradient is larger.</param>
/// <param name="Loss">When an iteration lowers the loss by less than this share of it.</param>
public sealed record StoppingRule(int Iterations = 500, double Gradient = 1e-8, double Loss = 0)
{
    /// <summary>Looked at between two iterations.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called after each iteration with its number, from 1, and its loss.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Tells of an iteration that ended well, and whether it was the last.</summary>
    /// <param name="losses">The loss at the start and after each iteration.</param>
    /// <param name="gradientNorm">The largest absolute component of the gradient now.</param>
    internal StopReason? After(List<double> losses, double gradientNorm)
    {
        if (losses.Count > 1) Progress?.Invoke(losses.Count - 1, losses[^1]);
        if (gradientNorm <= Gradient) return StopReason.GradientIsSmall;
        if (losses.Count > 1 && losses[^2] - losses[^1] <= Loss * Math.Abs(losses[^2])) return StopReason.LossIsSteady;
        if (losses.Count > Iterations) return StopReason.IterationsAreUsedUp;
        return Cancellation.IsCancellationRequested ? StopReason.Cancelled : null;
    }
}
