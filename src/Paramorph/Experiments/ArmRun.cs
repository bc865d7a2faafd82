using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Experiments;

/// <summary>One run of an arm under one seed: what it is given, and what it reports.</summary>
public sealed class ArmRun
{
    private readonly double fraction;
    private readonly IArmReports reports;
    private readonly Dictionary<string, double> measures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ChartPoint>> curves = new(StringComparer.Ordinal);
    private readonly List<string> hashes = [];
    private int trained;

    internal ArmRun(Job job, Key key, SettingValues settings, double fraction, IArmReports reports, CancellationToken cancellation)
    {
        Job = job;
        Key = key;
        Settings = settings;
        Cancellation = cancellation;
        this.fraction = fraction;
        this.reports = reports;
    }

    /// <summary>Which run this is.</summary>
    public Job Job { get; }

    /// <summary>The randomness of this run; the same for all arms under one seed.</summary>
    public Key Key { get; }

    /// <summary>The settings.</summary>
    public SettingValues Settings { get; }

    /// <summary>The hyperparameters that the search chose, or the candidate that it tries.</summary>
    public Choice Choice => Job.Choice;

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; }

    internal long Parameters { get; private set; }

    internal long StepsTaken { get; private set; }

    internal double Flops { get; private set; }

    /// <summary>A fingerprint of all models that were kept, in their order; null where none was.</summary>
    internal string? ParameterHash => hashes.Count < 2 ? hashes.SingleOrDefault() : Paramorph.Parameters.ParameterHash.Of(hashes);

    internal IReadOnlyDictionary<string, double> Measures => measures;

    internal IReadOnlyDictionary<string, List<ChartPoint>> Curves => curves;

    /// <summary>The number of steps to take: that of the setting, or a part of it while hyperparameters are searched.</summary>
    /// <param name="setting">The name of a whole-number setting.</param>
    public int Steps(string setting = "steps") => Math.Max(1, (int)Math.Round(Settings.Whole(setting) * fraction));

    /// <summary>Reports a metric.</summary>
    public void Measure(string metric, double value) => measures[metric] = value;

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="curve">Its name, for example <c>loss</c>.</param>
    /// <param name="step">The step, or whatever runs along the axis.</param>
    /// <param name="value">The value.</param>
    public void Point(string curve, double step, double value)
    {
        if (!curves.TryGetValue(curve, out var points)) curves[curve] = points = [];
        points.Add(new(step, value));
    }

    /// <summary>Reports what the arm cost; several calls add up, but parameters are those of the last.</summary>
    /// <param name="parameters">Trained numbers.</param>
    /// <param name="steps">Steps taken.</param>
    /// <param name="flops">Floating-point operations of all of them, counted from the computation.</param>
    public void Count(long parameters, long steps, double flops)
    {
        Parameters = parameters;
        StepsTaken += steps;
        Flops += flops;
    }

    /// <summary>
    /// Trains a model as most arms do: with progress, a loss curve, its cost counted, its parameters kept, and checkpoints from which an interrupted run goes on.
    /// </summary>
    /// <param name="trainer">The optimiser with the loss.</param>
    /// <param name="model">The model before the first step.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="rate">A factor on the optimiser's learning rate.</param>
    /// <param name="name">What is learned, where an arm trains several models; or null.</param>
    /// <returns>
    /// The trained model; of training that diverged, the last model that had a finite loss when losses were read, and the metric "diverged at step" tells of it.
    /// </returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TModel Train<TModel, TBatch>(Trainer<TModel, TBatch> trainer, TModel model, IBatches<TBatch> batches, int steps, double rate = 1, string? name = null)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var start = trainer.Start(model, Key);
        start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        var flops = trainer.Cost(start, batches.At(0)).Flops;
        var every = Math.Max(1, steps / 200);
        var options = new TrainingOptions(steps)
        {
            ReadEvery = every,
            Progress = progress => reports.Progress(Job, progress.Step, progress.Steps, progress.Loss, double.NaN),
            Cancellation = Cancellation,
            Checkpoints = reports.Checkpoints(Job, trained++) is { } folder ? new(folder, Math.Max(1, steps / 10)) : null,
        };
        var run = options.Checkpoints is null ? trainer.Run(start, batches, options) : trainer.Resume(start, batches, options);
        Cancellation.ThrowIfCancellationRequested();
        var curve = name is null ? "loss" : $"loss on {name}";
        for (var i = 0; i < run.Loss.Count; i += every) Point(curve, run.Loss[i].Step, run.Loss[i].Value);
        if (run.DivergedAt is { } at) Measure(name is null ? "diverged at step" : $"diverged at step, {name}", at);
        Count(ParameterCount.Of(model), steps, (double)flops * steps);
        Keep(name, run.State.Model);
        return run.State.Model;
    }

    /// <summary>Lowers a loss without noise by L-BFGS, with progress, a curve, its cost counted, and the parameters kept.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="loss">From a model to one real number.</param>
    /// <param name="iterations">How many iterations; each takes one evaluation of the loss with its gradient, and now and then more.</param>
    /// <param name="name">What is learned, where an arm trains several models; or null.</param>
    /// <returns>The model with the lowest loss found.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TModel Minimise<TModel>(TModel model, Func<TModel, Tensor> loss, int iterations, string? name = null)
        where TModel : ITree<TModel>
    {
        var every = Math.Max(1, iterations / 200);
        var rule = new StoppingRule(iterations)
        {
            Cancellation = Cancellation,
            Progress = (step, value) =>
            {
                if (step % every == 0) reports.Progress(Job, step, iterations, value, double.NaN);
            },
        };
        var minimum = new Lbfgs(Stop: rule).Minimise(model, loss);
        Cancellation.ThrowIfCancellationRequested();
        var curve = name is null ? "loss by L-BFGS" : $"loss on {name} by L-BFGS";
        for (var i = 0; i < minimum.Losses.Count; i += every) Point(curve, i, minimum.Losses[i]);
        var cost = Computation.Of(model => ValueAndGradient.Of(model, loss).Gradient, model).Cost;
        Count(ParameterCount.Of(model), minimum.Iterations, (double)cost.Flops * minimum.Evaluations);
        Keep(name, minimum.Model);
        return minimum.Model;
    }

    /// <summary>Tells how far the work is.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="loss">The present loss, or NaN.</param>
    /// <param name="rate">The present learning rate, or NaN.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Progress(long step, long steps, double loss = double.NaN, double rate = double.NaN)
    {
        Cancellation.ThrowIfCancellationRequested();
        reports.Progress(Job, step, steps, loss, rate);
    }

    /// <summary>Draws a picture, once an experiment: under the first seed.</summary>
    /// <param name="name">What it shows; becomes part of the file's name.</param>
    /// <param name="draw">Draws it; called if it is wanted.</param>
    public void Picture(string name, Func<Picture> draw) => reports.Picture(Job, name, draw);

    /// <summary>Keeps a trained model as a safetensors file.</summary>
    /// <param name="name">What it learned, where an arm trains several; or null.</param>
    /// <param name="model">The model.</param>
    public void Keep<TModel>(string? name, TModel model)
        where TModel : ITree<TModel>
    {
        hashes.Add(Paramorph.Parameters.ParameterHash.Of(model));
        reports.Keep(Job, name, path => Formats.SafeTensors.Save(path, model));
    }
}
