namespace Paramorph.Optimisers;

/// <summary>Where a minimiser ended.</summary>
/// <param name="Model">The model with the lowest loss found.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="GradientNorm">The largest absolute component of the gradient there.</param>
/// <param name="Losses">The loss at the start and after each iteration.</param>
/// <param name="Evaluations">How often the loss was computed.</param>
/// <param name="Reason">Why it stopped.</param>
public sealed record Minimum<TModel>(TModel Model, double Loss, double GradientNorm, IReadOnlyList<double> Losses, int Evaluations, StopReason Reason)
    where TModel : ITree<TModel>
{
    /// <summary>How many iterations were taken.</summary>
    public int Iterations => Losses.Count - 1;
}
