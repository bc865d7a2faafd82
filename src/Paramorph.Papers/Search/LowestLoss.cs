using Paramorph.Experiments;

namespace Paramorph.Papers.Search;

/// <summary>The lowest validation loss of those seen, and the test loss beside it.</summary>
internal sealed class LowestLoss
{
    /// <summary>The lowest validation loss.</summary>
    public double Chosen { get; private set; } = double.PositiveInfinity;

    /// <summary>The test loss of the same look.</summary>
    public double Judged { get; private set; } = double.NaN;

    /// <summary>Looks at a validation and a test loss.</summary>
    /// <returns>The validation loss.</returns>
    public double See(Tensor losses)
    {
        var (validation, test) = losses.ToDoubles() is [var first, var second] ? (first, second) : throw new System.Diagnostics.UnreachableException();
        if (validation < Chosen) (Chosen, Judged) = (validation, test);
        return validation;
    }

    /// <summary>Reports both.</summary>
    public void Tell(ArmRun run)
    {
        run.Measure(TuningTask.Chosen, Chosen);
        run.Measure(TuningTask.Judged, Judged);
    }
}
