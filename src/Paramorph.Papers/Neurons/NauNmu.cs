using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Papers.Neurons;

/// <summary>How often units for sums and products learn arithmetic that holds beyond the range of training, against older units.</summary>
[Paper("nau-nmu")]
public static class NauNmu
{
    private const double Strength = 10;

    private static readonly Operation[] operations = [Operation.Add, Operation.Subtract, Operation.Multiply];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<object>
    {
        Id = "nau-nmu",
        Question = "Do units whose weights are clamped and pushed to whole numbers learn sums, differences and products that hold beyond the range of training more often than accumulators and logic units?",
        Original = "100 inputs, 5 million steps, 100 seeds: products succeed in 98 % of NMUs, 31 % of multiplying accumulators and 0 % of logic units; sums and differences in 100 % of NAUs; success within fewer steps, sparser weights, ranges below zero, and up to ten hidden units.",
        Difference = "16 inputs and 16,000 steps at a rate that falls, all networks of an arm as one program; a perfect solution may be off by 1e-3 in each weight, where the paper has 1e-5, 300 times the steps and a rate of 0.001 for all units. The push to whole numbers sets in in the third quarter of the steps, later than in the paper, as trial runs of one seed had it.",
        Budget = "steps, batches of 64, hidden units, and Adam with a rate that falls from 0.01 to zero",
        Settings =
        [
            Setting.Whole("steps", "steps of Adam", smoke: 200, full: 16_000), Setting.Whole("networks", "networks of an arm under each seed", smoke: 4, full: 32),
            Setting.Whole("inputs", "numbers of an example, a multiple of eight", smoke: 16, full: 16, minimum: 8),
        ],
        Task = _ => new(),
        Arms =
        [
            new("nau-nmu", "Sums of the new kind, and sums or products of them.", ArmRole.Method, (_, run) => Learn(run, Units, Pushed, Clamped)),
            new("nac", "Accumulators, the second of which adds, or multiplies by logarithms.", ArmRole.Baseline, (_, run) =>
                Learn(run, (key, inputs, hidden, isProduct) => Arithmetic.Accumulators(key, inputs, hidden, isProduct))),
            new("nalu", "Logic units, which learn to add or multiply.", ArmRole.Baseline, (_, run) => Learn(run, (key, inputs, hidden, _) => Arithmetic.LogicUnits(key, inputs, hidden))),
            new("not pushed", "The new units, clamped, without the push to whole numbers.", ArmRole.Ablation, (_, run) => Learn(run, Units, null, Clamped)),
        ],
        Metrics =
        [
            new("success", "share of networks below the error of a solution that is off by 1e-3, the mean over the three operations", Better.Higher),
            new("success on products", "the same for products", Better.Higher), new("success on products below zero", "the same for inputs between -2 and -1, judged between -6 and -2", Better.Higher),
            new("success on products, eight hidden", "the same with eight hidden units, where two suffice", Better.Higher),
            new("sparsity error", "largest distance of a weight of a sum from a whole number, the median over networks that learn products"),
        ],
        Claims =
        [
            Claim.Above("nau-nmu", "nac", "success on products"), Claim.Above("nau-nmu", "nalu", "success on products"),
            Claim.That("nau-nmu succeeds in sums and differences at least as often as nac, less a twentieth", seed => Math.Min(Lead(seed, Operation.Add), Lead(seed, Operation.Subtract)), -0.05, "success"),
            Claim.Above("nau-nmu", "nac", "success on products below zero").AsSide(), Claim.Above("nau-nmu", "nac", "success on products, eight hidden").AsSide(),
            Claim.Below("nau-nmu", "nac", "sparsity error").AsSide(), Claim.Above("nau-nmu", "not pushed", "success on products").From("ours").AsSide(),
        ],
        Why = "The new units learn products that no older unit learns here. The push to whole numbers, made for 300 times the steps, sets in while many networks are still on their way, and holds many of them, differences among them, at weights that are not whole: with two hidden units three times as many succeed without it. With eight hidden units, of which six must be put out, none succeeds without it.",
    };

    private static double Lead(SeedMeasures seed, Operation operation) => seed["nau-nmu", Name(operation)] - seed["nac", Name(operation)];

    private static string Name(Operation operation) => operation switch { Operation.Add => "success on sums", Operation.Subtract => "success on differences", _ => "success on products" };

    private static void Learn(ArmRun run, Func<Key, int, int, bool, Sequential> create, Func<Sequential, Tensor, Tensor>? penalty = null, Func<Sequential, Sequential>? after = null)
    {
        var (inputs, rates) = (run.Settings.Whole("inputs"), new List<double>());
        Arithmetic.Outcome On(Operation operation, int hidden = 2, double sign = 1) =>
            new Arithmetic(operation, inputs, sign).Learn(run, key => create(key, inputs, hidden, operation == Operation.Multiply), penalty, after);
        foreach (var operation in operations)
        {
            var outcome = On(operation);
            rates.Add(outcome.Rate);
            run.Measure(Name(operation), outcome.Rate);
            if (outcome.Successes > 0) run.Measure($"median steps, {Name(operation)}", outcome.Reached.Where(double.IsFinite).Order().ElementAt(outcome.Successes / 2));
            if (operation == Operation.Multiply) run.Measure("sparsity error", SparsityError(outcome.Networks));
        }
        run.Measure("success on products below zero", On(Operation.Multiply, sign: -1).Rate);
        run.Measure("success on products, eight hidden", On(Operation.Multiply, hidden: 8).Rate);
        run.Measure("success", rates.Average());
    }

    private static Sequential Units(Key key, int inputs, int hidden, bool isProduct) => new(
    [
        NeuralAdditionUnit.Create(key.Fold(0), inputs, hidden), isProduct ? NeuralMultiplicationUnit.Create(key.Fold(1), hidden, 1) : NeuralAdditionUnit.Create(key.Fold(1), hidden, 1),
    ]);

    /// <summary>The push, which sets in when sums and products have been found.</summary>
    private static Tensor Pushed(Sequential network, Tensor share) => Strength * Tensor.Clamp(4.0 * share - 2.0, 0.0, 1.0) * network.Layers.Select(layer => layer switch
    {
        NeuralAdditionUnit unit => unit.Sparsity(),
        NeuralMultiplicationUnit unit => unit.Sparsity(),
        _ => throw new InvalidOperationException($"{layer.GetType().Name} is not pushed."),
    }).Aggregate((sum, next) => sum + next);

    private static Sequential Clamped(Sequential network) => new([.. network.Layers.Select(layer => layer switch
    {
        NeuralAdditionUnit unit => (ILayer)unit.Clamped(),
        NeuralMultiplicationUnit unit => unit.Clamped(),
        _ => layer,
    })]);

    private static double SparsityError(Sequential networks)
    {
        var weights = networks.Layers[0] switch
        {
            NeuralAdditionUnit unit => unit.Weight,
            NeuralAccumulator unit => unit.Weight,
            NeuralArithmeticLogicUnit unit => unit.Accumulator.Weight,
            var layer => throw new InvalidOperationException($"{layer.GetType().Name} has no sums."),
        };
        return Tensor.Abs(weights - Tensor.Round(weights)).Max(1, 2).Median().Item();
    }
}
