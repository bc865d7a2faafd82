using Paramorph.Experiments;
using Paramorph.Layers;

namespace Paramorph.Papers.Neurons;

/// <summary>How often units of arithmetic succeed, by a criterion of the problem, and what the error of one seed says of that.</summary>
[Paper("nalu-success-criterion")]
public static class NaluSuccessCriterion
{
    private static readonly Operation[] operations = [Operation.Add, Operation.Subtract, Operation.Multiply, Operation.Divide];

    private static readonly string[] units = ["nalu", "nac", "nac-product", "linear", "relu"];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<object>
    {
        Id = "nalu-success-criterion",
        Question = "Do logic units and accumulators learn arithmetic that holds beyond the range of training consistently, over first weights, and does the error of one network tell which unit is better?",
        Original = "4,800 experiments of 100 inputs and millions of steps: no unit learns any operation at all first weights, products are learned by a third of multiplying accumulators and by no logic unit, sums by most; errors of single networks are what papers compared.",
        Difference = "16 inputs and 16,000 steps at a rate that falls, 32 networks of a unit as one program; a perfect solution may be off by 1e-3 in each weight, where the paper has 1e-5 and many times the steps. Rates have Wilson's intervals. How far one error can mislead is the share of draws of one network of each unit whose order by error is not that of the median errors.",
        Budget = "steps, batches of 64, two hidden units, sixteen of the ReLU network, and Adam with a rate that falls from 0.01 to zero",
        Settings =
        [
            Setting.Whole("steps", "steps of Adam", smoke: 200, full: 16_000), Setting.Whole("networks", "networks of an arm under each seed", smoke: 4, full: 32),
            Setting.Whole("inputs", "numbers of an example, a multiple of eight", smoke: 16, full: 16, minimum: 8),
        ],
        Task = _ => new(),
        Arms =
        [
            new("nalu", "Two layers of logic units.", ArmRole.Method, (_, run) => Learn(run, Arithmetic.LogicUnits)),
            new("nac", "Two accumulators that add.", ArmRole.Baseline, (_, run) => Learn(run, (key, inputs, hidden) => Arithmetic.Accumulators(key, inputs, hidden, isProduct: false))),
            new("nac-product", "One that adds and one that multiplies.", ArmRole.Baseline, (_, run) => Learn(run, (key, inputs, hidden) => Arithmetic.Accumulators(key, inputs, hidden, isProduct: true))),
            new("linear", "Two linear layers.", ArmRole.Baseline, (_, run) => Learn(run, (key, inputs, hidden) =>
                new([Linear.Create(key.Fold(0), inputs, hidden), Linear.Create(key.Fold(1), hidden, 1)]))),
            new("relu", "A ReLU network of 16 hidden neurons.", ArmRole.Baseline, (_, run) => Learn(run, (key, inputs, _) =>
                new([Linear.Create(key.Fold(0), inputs, 16), new Elementwise(Activation.Relu), Linear.Create(key.Fold(1), 16, 1)]))),
        ],
        Metrics =
        [
            new("success", "share of networks below the error of a solution that is off by 1e-3, the mean over four operations", Better.Higher),
            .. operations.Select(operation => new Metric(Rate(operation), $"the share for {Plural(operation)}", Better.Higher)),
            new("upper end on products", "upper end of the 95 % interval of the share for products", Better.Neither),
        ],
        Claims =
        [
            Claim.AtMost("nalu", "upper end on products", 0.99), Claim.AtMost("nac-product", "upper end on products", 0.99),
            Claim.That("the best unit succeeds less often on products than on sums", seed => units.Max(unit => seed[unit, Rate(Operation.Add)]) - units.Max(unit => seed[unit, Rate(Operation.Multiply)]), 0, "success"),
            Claim.That(
                "in more than a quarter of draws of one network each, logic units and multiplying accumulators are not in the order of their median errors on products",
                seed => Disorder(seed, Operation.Multiply), 0.25, "share"),
            Claim.Above("nac-product", "nalu", Rate(Operation.Multiply)).From("figure 2").AsSide(), Claim.AtMost("nalu", "success", 0.5).From("ours").AsSide(),
            Claim.Above("nalu", "relu", "success").From("ours").AsSide(),
        ],
        Why = "In 16,000 steps no unit learns a product, and the multiplying accumulator learns half of all quotients. Errors of units that all fail are far apart or near one another as the draw has it: under some seeds logic units, which leave the range of numbers beyond that of training, are worse in seven to nine pairs of ten. Sums are linear, so linear networks and, with inputs above zero, ReLU networks pass where logic units do not.",
    };

    private static string Rate(Operation operation) => $"success on {Plural(operation)}";

    private static string Plural(Operation operation) => operation switch
    {
        Operation.Add => "sums",
        Operation.Subtract => "differences",
        Operation.Multiply => "products",
        _ => "quotients",
    };

    private static string Error(Operation operation, int network) => $"log10 error on {Plural(operation)}, network {network}";

    private static void Learn(ArmRun run, Func<Key, int, int, Sequential> create)
    {
        var (inputs, rates) = (run.Settings.Whole("inputs"), new List<double>());
        foreach (var operation in operations)
        {
            var outcome = new Arithmetic(operation, inputs).Learn(run, key => create(key, inputs, 2));
            rates.Add(outcome.Rate);
            run.Measure(Rate(operation), outcome.Rate);
            if (operation == Operation.Multiply)
            {
                run.Measure("upper end on products", BinomialInterval.Wilson(outcome.Successes, outcome.Errors.Length).High);
                for (var i = 0; i < Kept; i++) run.Measure(Error(operation, i), Math.Log10(Math.Min(1e9, outcome.Errors[i % outcome.Errors.Length])));
            }
        }
        run.Measure("success", rates.Average());
    }

    /// <summary>Networks whose errors are kept for the comparison of pairs.</summary>
    private const int Kept = 20;

    /// <summary>The share of pairs of networks, one of each of two units, in which the unit with the smaller median error has the larger error.</summary>
    private static double Disorder(SeedMeasures seed, Operation operation)
    {
        double[] Of(string unit) => [.. Enumerable.Range(0, Kept).Select(i => seed[unit, Error(operation, i)])];
        var (first, second) = (Of("nalu"), Of("nac-product"));
        double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
        var isFirst = Median(first) < Median(second);
        return first.SelectMany(a => second.Select(b => isFirst == a < b ? 0.0 : 1)).Average();
    }
}
