namespace Paramorph.Training;

/// <summary>Why a training run ended.</summary>
public enum EndReason
{
    /// <summary>All steps were taken.</summary>
    Finished,

    /// <summary>It was cancelled between two steps.</summary>
    Cancelled,

    /// <summary>The loss was no longer finite.</summary>
    Diverged,
}
