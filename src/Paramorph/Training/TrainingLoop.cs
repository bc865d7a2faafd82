using System.Diagnostics;

namespace Paramorph.Training;

/// <summary>One run of a trainer.</summary>
/// <param name="trainer">What takes the steps.</param>
/// <param name="batches">What each step is trained on.</param>
/// <param name="options">How long, and whom to tell.</param>
/// <param name="history">What was seen before, which grows.</param>
internal sealed class TrainingLoop<TModel, TBatch>(
    Trainer<TModel, TBatch> trainer, IBatches<TBatch> batches, TrainingOptions options, TrainingHistory<TModel> history)
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    private readonly List<Tensor> unread = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private IReadOnlyDictionary<string, double> measures = new Dictionary<string, double>();

    // A copy of the state is good once its loss, which the next step computes, is known to be finite; only then is it a checkpoint.
    private TrainingState<TModel>? copied;
    private TrainingState<TModel>? good;

    public TrainingRun<TModel> Run(TrainingState<TModel> state)
    {
        var first = state.Step.Item<long>();
        good = trainer.Copy(state);
        if (history.IsExhausted(options.EarlyStopping)) return End(state, EndReason.StoppedEarly);
        for (var t = first; t < options.Steps;)
        {
            if (options.Cancellation.IsCancellationRequested) return End(state, EndReason.Cancelled);
            (state, var loss) = trainer.Step(state, batches.At(t));
            t++;
            unread.Add(loss);
            Confirm(loss);
            if (!options.IsReading(t) && !options.IsValidation(t) && !options.IsCheckpoint(t)) continue;
            if (Read(t) is { } diverged) return Diverged(diverged);
            var isPatient = !options.IsValidation(t) || Validate(state, t);
            Report(state, first, t);
            if (!isPatient) return End(state, EndReason.StoppedEarly);
            if (t < options.Steps) copied = trainer.Copy(state);
        }
        return End(state, EndReason.Finished);
    }

    /// <summary>Takes the loss of a copied state: the copy is the last good one, or forgotten.</summary>
    private void Confirm(Tensor loss)
    {
        if (copied is not { } state) return;
        copied = null;
        if (!double.IsFinite(loss.Item())) return;
        good = state;
        if (options.IsCheckpoint(state.Step.Item<long>())) options.Checkpoints!.Write(state, history);
    }

    /// <summary>Reads the losses of the last steps; returns the first of these steps whose loss is not finite.</summary>
    private long? Read(long taken)
    {
        var before = taken - unread.Count;
        long? diverged = null;
        foreach (var loss in unread)
        {
            history.Losses.Add(new(before, loss.Item()));
            if (!double.IsFinite(history.Losses[^1].Value))
            {
                diverged = before;
                break;
            }
            before++;
        }
        unread.Clear();
        return diverged;
    }

    /// <summary>Measures the model; returns whether to go on.</summary>
    /// <exception cref="ArgumentException">The watched measure is not among those returned.</exception>
    private bool Validate(TrainingState<TModel> state, long taken)
    {
        if (trainer.Measure(state.Model) is not { } measured) return true;
        measures = measured;
        history.Add(taken, measured);
        if (options.EarlyStopping is not { } rule) return true;
        if (!measured.TryGetValue(rule.Measure, out var value))
            throw new ArgumentException($"early stopping watches \"{rule.Measure}\", but the validation returns {string.Join(", ", measured.Keys.Select(name => $"\"{name}\""))}.");
        return !history.Judge(rule, taken, value, () => trainer.Copy(state).Model);
    }

    private void Report(TrainingState<TModel> state, long first, long taken)
    {
        if (options.Progress is null || !options.IsReading(taken)) return;
        var rate = trainer.Optimiser.Rate.At(state.Optimiser.Step).Item() * state.Optimiser.RateFactor.Item();
        options.Progress(new(taken, options.Steps, history.Losses[^1].Value, (taken - first) / watch.Elapsed.TotalSeconds) { Rate = rate, Measures = measures });
    }

    private TrainingRun<TModel> End(TrainingState<TModel> state, EndReason reason)
    {
        var step = state.Step.Item<long>();
        if (Read(step) is { } diverged) return Diverged(diverged);
        if (!trainer.IsFinite(state.Model)) return Diverged(step);
        options.Checkpoints?.Write(state, history);
        return Result(state, reason);
    }

    private TrainingRun<TModel> Diverged(long step) => Result(good!, EndReason.Diverged) with { DivergedAt = step };

    private TrainingRun<TModel> Result(TrainingState<TModel> state, EndReason reason) => new(state, history.Losses, reason)
    {
        Measures = history.Measures.ToDictionary(curve => curve.Key, IReadOnlyList<CurvePoint> (curve) => curve.Value, StringComparer.Ordinal),
        Best = history.Best,
    };
}
