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
    private const int Most = 5;

    /// <summary>Radius in pm, electronegativity after Pauling, valence electrons, melting point in K, bulk modulus in GPa, and Miedema's work function in V and density at the cell's rim.</summary>
    private static readonly (string Name, double Radius, double Negativity, int Valence, double Melting, double Bulk, double Work, double Rim)[] elements =
    [
        ("Al", 143.2, 1.61, 3, 933, 76, 4.20, 1.39), ("Ti", 146.2, 1.54, 4, 1941, 110, 3.80, 1.52), ("V", 131.6, 1.63, 5, 2183, 160, 4.25, 1.64), ("Cr", 124.9, 1.66, 6, 2180, 160, 4.65, 1.73),
        ("Mn", 135.0, 1.55, 7, 1519, 120, 4.45, 1.61), ("Fe", 124.1, 1.83, 8, 1811, 170, 4.93, 1.77), ("Co", 125.1, 1.88, 9, 1768, 180, 5.10, 1.75), ("Ni", 124.6, 1.91, 10, 1728, 180, 5.20, 1.75),
        ("Cu", 127.8, 1.90, 11, 1358, 140, 4.45, 1.47), ("Zr", 160.3, 1.33, 4, 2128, 92, 3.45, 1.41), ("Nb", 142.9, 1.60, 5, 2750, 170, 4.05, 1.64), ("Mo", 136.3, 2.16, 6, 2896, 230, 4.65, 1.77),
        ("Ta", 143.0, 1.50, 5, 3290, 200, 4.05, 1.63), ("W", 136.7, 2.36, 6, 3695, 310, 4.80, 1.81),
    ];

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
            Setting.Whole("alloys", "alloys of a set, of which half judge", smoke: 200, full: 1200, minimum: 100),
            Setting.Number("seconds", "planned seconds of a fit", smoke: 0.02, full: 4),
        ],
        Task = context => new Dictionary<string, ExamplesProblem> { [F1] = Phases(context), [Modulus] = Moduli(context), [Strength] = Strengths(context) },
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
            Claim.NoLower("kan", "mlp", F1, 0.01),
            Claim.NoLower("kan", "mlp", R2, 0.01),
            Claim.Above("kan", "mlp", R2).From("ours").AsSide(),
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
            scores[name] = name == F1 ? Harmonic(problem, result.Model.Layer) : result.Metrics.Test[R2];
            run.Measure(name, scores[name]);
        }
        run.Measure(R2, (scores[Modulus] + scores[Strength]) / 2);
    }

    private static double Harmonic(ExamplesProblem problem, ILayer model)
    {
        var (told, known) = (problem.Outputs(model, problem.Split.Test).ArgMax(-1).ToArray<int>(), problem.At(problem.Split.Test).Targets.ToArray<int>());
        var right = told.Zip(known).Count(pair => pair is (1, 1));
        return 2.0 * right / Math.Max(1, told.Count(label => label == 1) + known.Count(label => label == 1));
    }

    private static TableClassification Phases(TaskContext context)
    {
        var (random, rows) = (new KeyRandom(context.Key.Fold(0)), context.Settings.Whole("alloys"));
        Alloy[] alloys = [.. Enumerable.Range(0, rows).Select(_ => Alloy.Draw(random))];
        // Solid solutions: radii that differ little and enthalpies near 0, with what the rule leaves out as noise. (Zhang et al., "Solid-solution phase formation rules", 2008.)
        int[] labels = [.. alloys.Select(alloy => alloy.Misfit + 0.4 * random.Normal() < 6.6 && alloy.Enthalpy + 1.5 * random.Normal() is > -15 and < 5 ? 1 : 0)];
        return MadeTables.OfClasses("phases", context.Seed, new(Tensor.From<float>([.. alloys.SelectMany(alloy => alloy.Descriptors).Select(value => (float)value)], [rows, alloys[0].Descriptors.Length]), Tensor.From(labels)));
    }

    private static TableRegression Moduli(TaskContext context) => Numbers(context, 1, "moduli", (random, alloy) =>
        (alloy.Descriptors, alloy.Mean(element => elements[element].Bulk) * (1 - 0.015 * alloy.Misfit - 0.004 * alloy.Enthalpy) + 4 * random.Normal()));

    private static TableRegression Strengths(TaskContext context) => Numbers(context, 2, "strengths", (random, alloy) =>
    {
        var (kelvin, hours, rolled) = (random.Uniform(800, 1500), Math.Exp(random.Uniform(Math.Log(0.2), Math.Log(50))), random.Uniform(0, 0.8));
        // Solution hardening by the misfit, grains in micrometres that grow by diffusion, and what rolling leaves after annealing.
        var (solution, grain) = (60 * Math.Pow(alloy.Misfit, 4.0 / 3), Math.Sqrt(4 + 2e6 * hours * Math.Exp(-16 * alloy.Mean(element => elements[element].Melting) / (1.9 * kelvin))));
        var left = Math.Exp(-Math.Pow(kelvin / 1150, 8) * Math.Pow(hours, 0.2));
        return ([.. alloy.Descriptors, kelvin, Math.Log(hours), rolled], 150 + solution + 500 / Math.Sqrt(grain) + 700 * Math.Sqrt(rolled) * left + 25 * random.Normal());
    });

    private static TableRegression Numbers(TaskContext context, int fold, string name, Func<KeyRandom, Alloy, (double[] Inputs, double Target)> answer)
    {
        var random = new KeyRandom(context.Key.Fold(fold));
        var rows = Enumerable.Range(0, context.Settings.Whole("alloys")).Select(_ => answer(random, Alloy.Draw(random))).ToArray();
        return MadeTables.OfNumbers(name, context.Seed, Tensor.From<double>([.. rows.SelectMany(row => row.Inputs)], [rows.Length, rows[0].Inputs.Length]), Tensor.From<double>([.. rows.Select(row => row.Target)]));
    }

    /// <summary>Shares of elements.</summary>
    private sealed class Alloy(Dictionary<int, double> shares)
    {
        /// <summary>The deviation of the radii in percent of their mean.</summary>
        public double Misfit => 100 * Deviation(element => elements[element].Radius) / Mean(element => elements[element].Radius);

        /// <summary>Of mixing, in kJ/mol: 4 c_a c_b of each pair times Miedema's difference of work functions and of densities.</summary>
        public double Enthalpy => shares.Sum(a => shares.Where(b => b.Key > a.Key).Sum(b => 4 * a.Value * b.Value * Pair(elements[a.Key], elements[b.Key])));

        public double[] Descriptors =>
        [
            Misfit, Enthalpy, Mean(element => elements[element].Valence), Mean(element => elements[element].Negativity), 100 * Deviation(element => elements[element].Negativity),
            Mean(element => elements[element].Melting), -8.314 * shares.Values.Sum(share => share * Math.Log(share)), Mean(element => elements[element].Bulk),
        ];

        public static Alloy Draw(KeyRandom random)
        {
            int[] chosen = [.. random.Permutation(elements.Length).Take(3 + (int)(random.Uniform() * (Most - 2)))];
            double[] parts = [.. chosen.Select(_ => random.Uniform(0.3, 1))];
            return new(chosen.Zip(parts).ToDictionary(pair => pair.First, pair => pair.Second / parts.Sum()));
        }

        public double Mean(Func<int, double> property) => shares.Sum(share => share.Value * property(share.Key));

        private static double Pair((string, double, double, int, double, double, double Work, double Rim) a, (string, double, double, int, double, double, double Work, double Rim) b) =>
            14.1 * (9.4 * (a.Rim - b.Rim) * (a.Rim - b.Rim) - (a.Work - b.Work) * (a.Work - b.Work));

        private double Deviation(Func<int, double> property) => Math.Sqrt(Mean(element => Math.Pow(property(element) - Mean(property), 2)));
    }
}
