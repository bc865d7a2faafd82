namespace Paramorph.Optimisers;

/// <summary>Why a minimiser stopped.</summary>
public enum StopReason
{
    /// <summary>No component of the gradient exceeds the tolerance.</summary>
    GradientIsSmall,

    /// <summary>The loss fell by less than the tolerance, relative to itself.</summary>
    LossIsSteady,

    /// <summary>No lower loss was found along the last direction: rounding hides it, or the gradient is not that of the loss.</summary>
    NoProgress,

    /// <summary>All iterations were taken.</summary>
    IterationsAreUsedUp,

    /// <summary>The loss or the gradient at the start is not finite.</summary>
    NotFinite,

    /// <summary>It was cancelled between two iterations.</summary>
    Cancelled,
}
