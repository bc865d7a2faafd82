using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;
using Paramorph.Papers.Benches;
using Paramorph.Problems;

namespace Paramorph.Papers.Molecules;

/// <summary>Kolmogorov-Arnold networks on descriptors of alloys of many elements, against perceptrons of as many parameters.</summary>
[Paper("kan-hea")]
public static class KanHea
{
    private const string F1 = "F1", R2 = "R2", Modulus = "R2 of the modulus", Strength = "R2 of the strength";

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<IReadOnlyDictionary<string, ExamplesProblem>>
    {
        Id = "kan-hea",
        Question = "Are Kolmogorov-Arnold networks as good as perceptrons of their size at telling which alloys of many elements form one phase, and how stiff and strong they are?",
        Original = "Three measured sets: phases of carbides, strengths of some hundred alloys by composition and treatment, and bulk moduli behind a classifier of alloys; KANs match or exceed perceptrons in F1, mean squared error and R².",
        Difference = "No measured alloy: compositions of three to five of fourteen elements are drawn, their descriptors follow from tables of the elements and Miedema's formula, and the answers from rules with noise: one phase by the difference of radii and the enthalpy of mixing, a modulus by the mean of the elements' and the misfit, a strength by solution, grains that grow in annealing, and rolling. Both kinds of network are searched alike within one counted budget, perceptrons of one hidden layer up to the same number of parameters.",
        Budget = "4 planned s for each network and set, search included, counted and not measured",
        Data = null,
        Seeds = 4,
        Settings =
        [
            Setting.Whole("alloys", "alloys of a set, of which half judge", smoke: 200, full: 1200, minimum: 100), Setting.Number("seconds", "planned seconds of a fit", smoke: 0.02, full: 4),
        ],
        Task = Draw,
        Arms =
        [
            new("kan", "A Kolmogorov-Arnold network.", ArmRole.Method, (problems, run) => Run(problems, run, KanLayer.Method)),
            new("mlp", "A perceptron of as many parameters.", ArmRole.Baseline, (problems, run) => Run(problems, run, Perceptron)),
        ],
        Metrics =
        [
            new(F1, "harmonic mean of precision and recall of one phase", Better.Higher), new(R2, "share of the variance that is explained, mean of modulus and strength", Better.Higher),
            new(Modulus, "share of the variance of the bulk modulus that is explained", Better.Higher), new(Strength, "share of the variance of the yield strength that is explained", Better.Higher),
        ],
        Claims =
        [
            Claim.NoLower("kan", "mlp", F1, 0.01), Claim.NoLower("kan", "mlp", R2, 0.01), Claim.Above("kan", "mlp", R2).From("ours").AsSide(),
        ],
        Why = "Modulus and strength are smooth in all descriptors together, where a perceptron of GELUs of the same size leaves half of the variance that functions of single descriptors leave. Phases are as well told by both as the noise of the rule allows. On the made rules functions of single descriptors are no advantage but that they can be drawn.",
    };

    /// <summary>A perceptron of one hidden layer that has the parameters of a network of functions of the given width.</summary>
    private static NetworkMethod Perceptron { get; } = (NetworkMethod)Mlp.Method! with
    {
        Own = [Hyperparameter.Whole("width", "width of a network of functions with as many parameters", 16, 6, 48)],
        Create = (key, signature, choice) =>
        {
            var (inputs, outputs) = (signature.Inputs, signature.Outputs);
            // Nine numbers an edge, against one and a bias.
            var parameters = 9 * choice.Whole("width") * (inputs + outputs);
            return Mlp.Create(key, [inputs, Math.Max(2, (parameters - outputs) / (inputs + outputs + 1)), outputs], Activation.Gelu, Initialiser.HeNormal);
        },
    };

    private static void Run(IReadOnlyDictionary<string, ExamplesProblem> problems, ArmRun run, Method method)
    {
        var scores = new Dictionary<string, double>();
        foreach (var (name, problem) in problems)
        {
            run.Progress(scores.Count, problems.Count);
            var result = Fit.Run(problem, new() { Methods = [method], Budget = Budget.OfPlannedSeconds(run.Settings.Number("seconds")), Seed = run.Job.Seed, Threads = 1, IsMixed = false }, cancellation: run.Cancellation);
            run.Count(result.Parameters, 1, result.Flops);
            run.Keep(name, result.Model.Layer);
            scores[name] = name == F1 ? Training.Metric.F1(problem.Outputs(result.Model.Layer, problem.Split.Test), problem.At(problem.Split.Test).Targets).Item() : result.Metrics.Test[R2];
            run.Measure(name, scores[name]);
        }
        run.Measure(R2, (scores[Modulus] + scores[Strength]) / 2);
    }

    private static Dictionary<string, ExamplesProblem> Draw(TaskContext context)
    {
        var (key, seed, count) = (context.Key, context.Seed, context.Settings.Whole("alloys"));
        ExamplesProblem Numbers(string name, RegressionData data) => MadeTables.OfNumbers(name, seed, data.Inputs, data.Targets.Flatten().Evaluate());
        return new()
        {
            [F1] = MadeTables.OfClasses("phases", seed, AlloyProperties.Phases(key.Fold(0), count)),
            [Modulus] = Numbers("moduli", AlloyProperties.BulkModuli(key.Fold(1), count)),
            [Strength] = Numbers("strengths", AlloyProperties.YieldStrengths(key.Fold(2), count)),
        };
    }
}
