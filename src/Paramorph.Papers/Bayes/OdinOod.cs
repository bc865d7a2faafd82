using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Layers;

namespace Paramorph.Papers.Bayes;

/// <summary>A temperature and a small step of the input, against the highest probability of the same network and other scores of it.</summary>
[Paper("odin-ood")]
public static class OdinOod
{
    private static readonly double[] temperatures = [1, 10, 100, 1000], steps = [0, 0.002, 0.005, 0.01, 0.02, 0.05], ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    private static readonly Func<ILayer, Tensor, Tensor, Tensor, Tensor> odin = Compile.Of((ILayer network, Tensor x, Tensor temperature, Tensor step) => NoveltyScores.Odin(network, x, temperature, step));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<UnlikeTask>
    {
        Id = "odin-ood",
        Question = "Do a temperature and a small step of the input tell images unlike the training data better than the highest probability of the same network?",
        Original = "DenseNets and wide residual networks on CIFAR-10 and CIFAR-100, unlike images from other photographs and noise: the false positive rate at 95 % falls from 34.7 % to 4.3 %. Temperature and step are chosen on one set of unlike images.",
        Difference = "A residual network of 25 thousand parameters that tells six drawn digits of 16 x 16 pixels; unlike are the other four, textures, noise, parts of larger digits and shapes. Settings of all scores are chosen on two known digits on top of one another, which judge nothing. The energy and the Mahalanobis distance came after the paper.",
        Budget = "one trained network",
        Settings = UnlikeTask.Settings,
        Seeds = 5,
        Task = UnlikeTask.Of,
        Arms =
        [
            new("odin", "Temperature and step.", ArmRole.Method, (task, run) => Judge(task, run, temperatures, steps)),
            new("softmax", "The highest probability.", ArmRole.Baseline, (task, run) => Judge(task, run, [1], [0])),
            new("energy", "The logarithm of the sum of the exponentials of the logits, with a chosen temperature.", ArmRole.Baseline, (task, run) => task.Judge(run, [
                .. temperatures.Append(0.1).Select(temperature => ("AUROC while choosing", Math.Log10(temperature), (Func<Tensor, double[]>)(x => NoveltyScores.Energy(UnlikeTask.Call(task.Network, x), temperature).ToDoubles())))])),
            new("mahalanobis", "The distance of the last features from the nearest class, with a chosen ridge.", ArmRole.Baseline, (task, run) => task.Judge(run, [
                .. ridges.Select(ridge => (Gaussians: ClassGaussians.Of(task.Features(task.Train.Inputs), task.Train.Labels, UnlikeTask.Classes, ridge), ridge))
                    .Select(pair => ("AUROC while choosing", Math.Log10(pair.ridge), (Func<Tensor, double[]>)(x => pair.Gaussians.Score(task.Features(x)).ToDoubles())))])),
            new("temperature", "The temperature alone.", ArmRole.Ablation, (task, run) => Judge(task, run, temperatures, [0])),
            new("step", "The step alone.", ArmRole.Ablation, (task, run) => Judge(task, run, [1], steps)),
        ],
        Metrics = UnlikeTask.Metrics,
        Claims =
        [
            Claim.Above("odin", "softmax", UnlikeTask.Area), Claim.Below("odin", "softmax", UnlikeTask.False), Claim.Above("odin", "energy", UnlikeTask.Area).From("ours").AsSide(),
            Claim.Above("odin", "mahalanobis", UnlikeTask.Area).From("ours").AsSide(), Claim.Above("odin", "temperature", UnlikeTask.Area).From("figure 5").AsSide(),
        ],
        Why = "The temperature brings the whole gain, and a step of the input none: the images that choose settings choose none under every seed. Where the training images are at hand, the Mahalanobis distance of the last features tells more than either; where they are not, a temperature costs nothing and is better than the highest probability.",
        Earlier =
        [
            new("2026-11-30", Verdict.Inconclusive, "The network told four coloured shapes, and badly: no score of it told unlike images from known ones much better than chance. It tells six digits now."),
        ],
    };

    private static void Judge(UnlikeTask task, ArmRun run, double[] temperatures, double[] steps) => task.Judge(run, [
        .. from step in steps
           from temperature in temperatures
           select ($"AUROC while choosing, step {step}", Math.Log10(temperature), (Func<Tensor, double[]>)(x => odin(task.Network, x, Tensor.Scalar((float)temperature), Tensor.Scalar((float)step)).ToDoubles()))]);
}
