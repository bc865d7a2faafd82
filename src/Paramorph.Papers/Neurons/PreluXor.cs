using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Neurons;

/// <summary>How often one neuron with a learned slope learns exclusive or, over learning rates.</summary>
[Paper("prelu-xor")]
public static class PreluXor
{
    private const string Certain = "certain", Success = "success";

    private static readonly double[] rates = [.. Enumerable.Range(-12, 17).Select(i => Math.Pow(10, i / 4.0))];

    private static readonly Tensor bits = Tensor.From(new[,] { { 0f, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }), signs = 2 * bits - 1, answers = Tensor.From(0f, 1, 1, 0);

    private static readonly (string Name, Tensor Inputs)[] codes = [("zero and one", bits), ("minus one and one", signs)];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<object>
    {
        Id = "prelu-xor",
        Question = "Does one neuron whose slope of the negative side is learned decide exclusive or, at all first weights, over a wider range of learning rates than an oscillating neuron and a network with a hidden layer?",
        Original = "100 runs at each of some learning rates: the neuron with two weights and a slope succeeds always over a wider range than the growing cosine unit and than a network of two hidden neurons.",
        Difference = "17 rates of Adam from 0.001 to 10, 100 networks at each, all as one program, for truth values that are 0 and 1 and that are -1 and 1. A network of eight hidden neurons stands beside.",
        Budget = "steps, rates, first values as usual (uniform within the inverse root of the inputs)",
        Settings =
        [
            Setting.Whole("steps", "steps of Adam on the four points", smoke: 50, full: 1000), Setting.Whole("networks", "networks at each rate", smoke: 5, full: 100),
        ],
        Task = _ => new(),
        Arms =
        [
            new("prelu", "One neuron of two weights and a slope, without bias.", ArmRole.Method, (_, run) => Learn(run, key => new([Drawn(key, 2, 1, hasBias: false), ActivationLayer.Create(ActivationFunction.Of("prelu"), [1])]))),
            new("gcu", "One neuron z cos z of two weights and a bias.", ArmRole.Baseline, (_, run) => Learn(run, key => new([Drawn(key, 2, 1), new Elementwise(static z => z * Tensor.Cos(z))]))),
            new("mlp", "Two hidden tanh neurons.", ArmRole.Baseline, (_, run) => Learn(run, key => new([Drawn(key.Fold(0), 2, 2), new Elementwise(Activation.Tanh), Drawn(key.Fold(1), 2, 1)]))),
            new("relu", "One neuron with a fixed slope of zero and a bias: what the slope is worth.", ArmRole.Ablation, (_, run) => Learn(run, key => new([Drawn(key, 2, 1), new Elementwise(Activation.Relu)]))),
            new("wide mlp", "Eight hidden tanh neurons.", ArmRole.Baseline, (_, run) => Learn(run, key => new([Drawn(key.Fold(0), 2, 8), new Elementwise(Activation.Tanh), Drawn(key.Fold(1), 8, 1)]))),
        ],
        Metrics =
        [
            new(Certain, "share of the rates at which all networks succeed, the mean over both codes of truth values", Better.Higher),
            new(Success, "share of networks that succeed, the mean over rates and codes", Better.Higher),
            .. codes.Select(code => new Metric($"{Certain}, {code.Name}", $"the share of the rates for {code.Name}", Better.Higher)),
        ],
        Claims =
        [
            Claim.Above("prelu", "gcu", Certain), Claim.Above("prelu", "mlp", Certain), Claim.Above("prelu", "gcu", Success).AsSide(), Claim.Above("prelu", "mlp", Success).AsSide(),
            Claim.Above("prelu", "relu", Success).From("ours").AsSide(), Claim.Above("prelu", "wide mlp", Certain).From("ours").AsSide(),
        ],
        Why = "Truth values that are -1 and 1 are learned at nearly all rates. Those that are 0 and 1 have a local minimum where both weights are positive, on whose side the slope gets no gradient, so that some of 100 starts fail at every rate. Eight hidden neurons, with eleven times the parameters, are surer than any single neuron on the mean of both codes; for -1 and 1 the one neuron is surer, and one of a growing cosine succeeds most often.",
    };

    private static Linear Drawn(Key key, int inputs, int outputs, bool hasBias = true) => Linear.Create(key, inputs, outputs, hasBias, Initialiser.InverseRoot, Initialiser.InverseRoot);

    private static void Learn(ArmRun run, Func<Key, Sequential> create)
    {
        var (steps, networks, shares) = (run.Settings.Whole("steps"), run.Settings.Whole("networks"), new List<double[]>());
        var start = Compile.Of((Key keys) => Vmap.Of(create, keys))(run.Key.SplitBatch(networks * rates.Length));
        var each = Tensor.From([.. rates.SelectMany(rate => Enumerable.Repeat(rate, networks))], [networks * rates.Length]);
        foreach (var (name, inputs) in codes)
        {
            run.Progress(shares.Count, codes.Length);
            var end = new PopulationTrainer<Sequential>(new Adam(1), (network, _, _) => Tensor.Square(network.Call(inputs).Squeeze(1) - answers).Mean()).Train(start, each, run.Key, steps);
            var isRight = Compile.Of((Sequential all) => Vmap.Of(network => Tensor.Equal(Tensor.Greater(network.Call(inputs).Squeeze(1), 0.5), Tensor.Greater(answers, 0.5)).All(), all))(end);
            double[] share = [.. isRight.AsType(ElementType.Float64).ToDoubles().Chunk(networks).Select(at => at.Average())];
            for (var i = 0; i < rates.Length; i++) run.Point($"{Success} by log10 rate, {name}", Math.Log10(rates[i]), share[i]);
            run.Measure($"{Certain}, {name}", share.Count(value => value == 1) / (double)rates.Length);
            shares.Add(share);
        }
        run.Measure(Certain, shares.Average(share => share.Count(value => value == 1) / (double)rates.Length));
        run.Measure(Success, shares.Average(share => share.Average()));
        run.Count(ParameterCount.Of(start) / (networks * rates.Length), steps, 0);
    }
}
