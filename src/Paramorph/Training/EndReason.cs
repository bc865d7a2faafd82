namespace Paramorph.Training;

/// <summary>Why a training run ended.</summary>
public enum EndReason
{
    /// <summary>All steps were taken.</summary>
    Finished,

    /// <summary>It was cancelled between two steps.</summary>
    Cancelled,

    /// <summary>The loss, or the model, was no longer finite.</summary>
    Diverged,

    /// <summary>The watched measure had not improved for as long as <see cref="EarlyStopping"/> allows.</summary>
    StoppedEarly,
}
