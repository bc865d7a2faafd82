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

    /// <summary>That of a training.</summary>
    /// <param name="losses">A validation and a test loss, each time that is looked.</param>
    public static LowestLoss Of(IEnumerable<Tensor> losses)
    {
        var lowest = new LowestLoss();
        foreach (var look in losses) lowest.See(look);
        return lowest;
    }

    /// <summary>That of some trainings, one after the other.</summary>
    /// <param name="run">Is told of each.</param>
    /// <param name="trials">How many.</param>
    /// <param name="learn">From the number of a training, from 0, to its lowest loss.</param>
    public static LowestLoss OfTrials(ArmRun run, int trials, Func<int, LowestLoss> learn)
    {
        var lowest = new LowestLoss();
        for (var trial = 0; trial < trials; trial++)
        {
            run.Progress(trial, trials, lowest.Chosen);
            var own = learn(trial);
            if (own.Chosen < lowest.Chosen) lowest = own;
        }
        return lowest;
    }

    /// <summary>Reports both.</summary>
    public void Tell(ArmRun run)
    {
        run.Measure(TuningTask.Chosen, Chosen);
        run.Measure(TuningTask.Judged, Judged);
    }
}
