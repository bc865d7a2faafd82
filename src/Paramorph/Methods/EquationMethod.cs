using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Physics;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Methods;

/// <summary>
/// A field in double precision that is trained until an equation leaves no residual: by Adam on points drawn anew at each step, then by a quasi-Newton method on points that are drawn, now and
/// then, where the residual is large. (Wu et al., "A comprehensive study of non-adaptive and residual-based adaptive sampling for physics-informed neural networks", 2023: RAD with k = c = 1.)
/// </summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Create">Makes the free part of the field with drawn weights, f64, from what a network sees of points to [n, components].</param>
public sealed record EquationMethod(string Name, string Meaning, Func<Key, ModelSignature, Configuration, ILayer> Create) : Method(Name, Meaning)
{
    private const int PoolSize = 10, SideShare = 8, Memory = 100;
    private const double EvaluationsPerIteration = 1.1, FlopsPerTurned = 10;

    /// <summary>Three times through a matrix that no cache holds, where a byte takes as long as some twenty that are fused.</summary>
    private const double BytesPerTurned = 3 * 8 * 20;

    /// <summary>However small an operation is, it takes a microsecond, which counts where a grid has thousands of them.</summary>
    private const double BytesPerOperation = 2.5e5;

    /// <summary>The part of the operations that is left when those that jets along several axes have in common are done once.</summary>
    private const double Shared = 0.4;

    private static readonly string[] minimisers = ["ssbroyden", "ssbfgs", "bfgs", "lbfgs"];

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => [.. Own, Steps, Rate, Iterations, Points, Every, Minimiser];

    /// <inheritdoc/>
    public override bool IsSearched => false;

    /// <summary>Steps of Adam.</summary>
    public Hyperparameter Steps { get; init; } = Hyperparameter.Whole("steps", "steps of Adam", 1000, 100, 20_000);

    /// <summary>Adam's highest learning rate.</summary>
    public Hyperparameter Rate { get; init; } = Hyperparameter.Number("rate", "learning rate of Adam, which falls along a cosine", 5e-3, 1e-3, 3e-2);

    /// <summary>Iterations of the quasi-Newton method.</summary>
    public Hyperparameter Iterations { get; init; } = Hyperparameter.Whole("iterations", "iterations of the quasi-Newton method", 12_000, 100, 50_000);

    /// <summary>Points of the quasi-Newton method.</summary>
    public Hyperparameter Points { get; init; } = Hyperparameter.Whole("points", "points in the box for the quasi-Newton method, a quarter of them for Adam", 4000, 500, 20_000);

    /// <summary>How often points are drawn.</summary>
    public Hyperparameter Every { get; init; } = Hyperparameter.Whole("every", "iterations after which points are drawn anew where the residual is large", 500, 50, 5000);

    /// <summary>The quasi-Newton method.</summary>
    public Hyperparameter Minimiser { get; init; } = Hyperparameter.Word("minimiser", "the quasi-Newton method", minimisers);

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration)
    {
        var (equation, network) = ((DifferentialEquation)problem, Create(Key.Of(0), problem.Signature, configuration));
        Effort Evaluations(int count, int points)
        {
            var once = Computation.Of((model, data) => ValueAndGradient.Of(model, m => equation.Loss(equation.Field(m), data)).Gradient, network, Drawn(equation, points));
            return new(count * Shared * once.Cost.Flops, count, 1, count * (once.Cost.Bytes + BytesPerOperation * once.Operations.Count));
        }
        var (points, iterations, parameters) = (configuration.Whole(Points.Name), configuration.Whole(Iterations.Name), (double)ParameterCount.Of(network));
        // Each iteration changes the inverse Hessian, or goes through the memory.
        var turned = parameters * (configuration.Word(Minimiser.Name) == "lbfgs" ? Memory : parameters);
        var turning = new Effort(iterations * FlopsPerTurned * turned, iterations, 1, iterations * BytesPerTurned * turned);
        return Evaluations(configuration.Whole(Steps.Name), points / 4) + Evaluations((int)(EvaluationsPerIteration * iterations), points) + turning;
    }

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run)
    {
        var (equation, choice) = ((DifferentialEquation)problem, run.Configuration);
        var (points, network) = (choice.Whole(Points.Name), Create(run.Key.Fold(0), problem.Signature, choice));
        int Part(Hyperparameter of) => Math.Max(2, (int)Math.Round(choice.Whole(of.Name) * run.Share));
        var (steps, iterations) = (Part(Steps), Part(Iterations));
        Tensor Loss(ILayer model, CollocationPoints data) => equation.Loss(equation.Field(model), data);
        var trainer = new Trainer<ILayer, CollocationPoints>(new Adam(Schedule.Cosine(choice[Rate.Name], steps)), (model, data, _) => Loss(model, data));
        var drawing = run.Key.Fold(1);
        network = run.Train(trainer, network, Batches.Drawn(step => equation.Draw(drawing.Fold(step), Math.Max(1, points / 4), Math.Max(1, points / (4 * SideShare)))), steps);
        var rule = new StoppingRule(iterations, Gradient: 0)
        {
            Cancellation = run.Cancellation,
            Progress = (iteration, loss) =>
            {
                if (iteration % 50 == 0) run.Progress?.Invoke(steps + iteration, steps + iterations, loss);
            },
        };
        var draw = Adaptive(equation, points, run.Key.Fold(2));
        var every = choice.Whole(Every.Name);
        var minimum = choice.Word(Minimiser.Name) switch
        {
            "lbfgs" => new Lbfgs(Memory, rule).Minimise(network, draw, every, Loss),
            var word => new QuasiNewton(Update(word), rule).Minimise(network, draw, every, Loss),
        };
        run.Cancellation.ThrowIfCancellationRequested();
        if (minimum.Reason != StopReason.IterationsAreUsedUp) run.Note?.Invoke($"the quasi-Newton method stopped after {minimum.Iterations} iterations: {minimum.Reason}");
        return minimum.Model;
    }

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) => Create(Key.Of(0), signature, configuration);

    private static QuasiNewtonUpdate Update(string word) => word switch
    {
        "bfgs" => QuasiNewtonUpdate.Bfgs,
        "ssbfgs" => QuasiNewtonUpdate.SelfScaledBfgs,
        _ => QuasiNewtonUpdate.SelfScaledBroyden,
    };

    private static CollocationPoints Drawn(DifferentialEquation equation, int points) => equation.Draw(Key.Of(0), points, Math.Max(1, points / SideShare));

    /// <summary>Points of which each is drawn with a probability that rises with the residual there: |r| / mean |r| + 1.</summary>
    private static Func<ILayer, int, CollocationPoints> Adaptive(DifferentialEquation equation, int points, Key key)
    {
        var size = Compile.Of((ILayer model, Tensor at) => Tensor.Sqrt(Tensor.Square(equation.Residuals(equation.Field(model), at)).Sum(-1)));
        return (model, iteration) =>
        {
            var own = key.Fold(iteration);
            var pool = equation.Inside(own.Fold(0), PoolSize * points);
            var sizes = size(model, pool).ToDoubles();
            var (mean, random) = (sizes.Average(), new Data.KeyRandom(own.Fold(1)));
            // The smallest of exponential numbers with rates w are a sample without replacement with weights w. (Efraimidis and Spirakis, 2006.)
            var chosen = sizes.Select((residual, i) => (Time: -Math.Log(1 - random.Uniform()) / (1 + (mean > 0 ? residual / mean : 0)), i)).OrderBy(pair => pair.Time).Take(points).Select(pair => pair.i).Order();
            return new(pool.Take(Tensor.From<int>([.. chosen])).Evaluate(), equation.OnSides(own.Fold(2), Math.Max(1, points / SideShare)));
        };
    }
}
