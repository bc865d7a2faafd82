using Paramorph.Boosting;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Papers.Benches;
using Paramorph.Problems;

namespace Paramorph.Papers.Conditional;

/// <summary>Networks whose neurons are added by boosting, against networks that are trained whole.</summary>
[Paper("gbnn")]
public static class Gbnn
{
    private const string Loss = "loss of half", Error = "RMSE";

    /// <summary>A network of the same form, all of whose neurons learn at once.</summary>
    private static NetworkMethod Joint { get; } = (NetworkMethod)Mlp.Method! with
    {
        Name = "joint",
        Meaning = "A network of one hidden layer with tanh that is trained whole, by AdamW.",
        Own = [Hyperparameter.Whole("width", "neurons of the hidden layer", 100, 40, 400)],
        Create = (key, signature, choice) => Mlp.Create(key, [signature.Inputs, choice.Whole("width"), signature.Outputs], Activation.Tanh),
    };

    /// <summary>The tables that are made here, within a part of their bench's budget.</summary>
    private static Bench Tables { get; } = new()
    {
        Id = "gbnn",
        Meaning = "Do networks of one hidden layer that grow by boosting predict numbers in made tables as well as such that are trained whole?",
        Tasks = [.. TableRegressionBench.Bench.Tasks.Where(task => task.File is null)],
        Standing = [new(Joint), new(BoostedTrees.Method, ArmRole.Reference)],
        Metrics = [TableRegression.ErrorMetric],
        Budget = Budget.OfPlannedSeconds(5),
        Seeds = 4,
    };

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(Tables, [new(BoostedNetwork.Method, ArmRole.Method), .. Tables.Standing])
    {
        Id = "gbnn",
        Question = "Is a network whose neurons are added by boosting as accurate as one of its form that is trained whole, and can half of its neurons be left out?",
        Original = "Twelve and more data sets of UCI, up to hundreds of neurons, against networks by Adam, L-BFGS and SGD and deep ones: competitive accuracy, best mean rank with deep ones; without the last neurons hardly less.",
        Difference = "Five made tables for numbers, one hidden layer; parts, neurons, rates and rows are searched as width, rate and decay of the other are, within one counted budget. Parts are trained by Adam on all their rows, not by L-BFGS. The loss is by how many times the error rises, less one, when the later half of the neurons go: of the network that was trained whole any half is as good a choice; it is measured on Friedman's first function alone.",
        Claims =
        [
            Claim.NoHigherTimes("boosted-network", "joint", Error, 1.05),
            Claim.That("the error of boosted-network rises by less than a fifth of that of joint when half of the neurons go", seed => seed["joint", Loss] / 5 - seed["boosted-network", Loss], unit: "times, less one"),
            Claim.NoHigherTimes("boosted-network", "boosted-trees", Error, 1.05).From("ours").AsSide(),
        ],
        Why = "Both networks are as accurate as four seeds can tell; the one that is trained whole is better on three of the five functions under every seed, most of all under one, which makes the interval wide, and worse on the two others under most. The half of the neurons that came last adds next to nothing to the boosted one, and is a half of the other.",
        Fitted = (task, result, run) =>
        {
            if (task != Tables.Tasks[0] || result.Model.Layer is not Mlp network) return;
            var problem = task.Problem(run.Job.Seed, null);
            var half = BoostedNetwork.First(network, Math.Max(1, network.Layers[0].Weight.Shape[1] / 2));
            run.Measure(Loss, problem.Test(half)[Error] / problem.Test(network)[Error] - 1);
        },
    };
}
