using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Layers;

namespace Paramorph.Papers.Bayes;

/// <summary>Coverage of neuron states in training, against other scores of the same network.</summary>
[Paper("nac-coverage")]
public static class NacCoverage
{
    private const int Bins = 50;

    private static readonly double[] steepnesses = [10, 100, 1000, 10_000], shares = [0.001, 0.005, 0.02];

    private static readonly Func<ILayer, ILayer, Tensor, Tensor, Tensor> states =
        Compile.Of((ILayer before, ILayer behind, Tensor x, Tensor steepness) => ActivationCoverage.States(before.Call, behind.Call, x, steepness));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<UnlikeTask>
    {
        Id = "nac-coverage",
        Question = "Does it tell images unlike the training data best, whether the states of neurons were seen in training?",
        Original = "CIFAR-10, CIFAR-100 and ImageNet by the rules of OpenOOD, networks of 18 and more layers, four layers with steepness, bins and threshold of each chosen on validation images: the highest mean AUROC of 22 scores. Coverage also ranks models by how well they do under shift.",
        Difference = "A residual network of 25 thousand parameters that tells six drawn digits of 16 x 16 pixels; unlike are the other four, textures, noise, parts of larger digits and shapes. One steepness and threshold for the last features or for all three stages, chosen, as the settings of the others, on two known digits on top of one another. Models are not ranked under shift here.",
        Budget = "one trained network",
        Settings = UnlikeTask.Settings,
        Seeds = 5,
        Task = UnlikeTask.Of,
        Arms =
        [
            new("nac", "Coverage of the states of neurons, outputs times gradients.", ArmRole.Method, Cover),
            new("softmax", "The highest probability.", ArmRole.Baseline, (task, run) => task.Judge(run, x => NoveltyScores.MaximalSoftmax(UnlikeTask.Call(task.Network, x)).ToDoubles())),
            new("energy", "The logarithm of the sum of the exponentials of the logits, with a chosen temperature.", ArmRole.Baseline, (task, run) => task.Judge(run, [
                .. ((double[])[0.1, 1, 10, 100, 1000]).Select(temperature => ("AUROC while choosing", Math.Log10(temperature), (Func<Tensor, double[]>)(x => NoveltyScores.Energy(UnlikeTask.Call(task.Network, x), temperature).ToDoubles())))])),
            new("gradnorm", "The sum of absolute gradients in the last weights.", ArmRole.Baseline, (task, run) => task.Judge(run, x => NoveltyScores.GradientNorm(task.Features(x), UnlikeTask.Call(task.Network, x)).ToDoubles())),
            new("mahalanobis", "The distance of the last features from the nearest class, with a chosen ridge.", ArmRole.Baseline, (task, run) => task.Judge(run, [
                .. ((double[])[1e-4, 1e-3, 1e-2, 1e-1, 1]).Select(ridge => (Gaussians: ClassGaussians.Of(task.Features(task.Train.Inputs), task.Train.Labels, UnlikeTask.Classes, ridge), ridge))
                    .Select(pair => ("AUROC while choosing", Math.Log10(pair.ridge), (Func<Tensor, double[]>)(x => pair.Gaussians.Score(task.Features(x)).ToDoubles())))])),
        ],
        Metrics = UnlikeTask.Metrics,
        Claims =
        [
            Claim.Above("nac", "softmax", UnlikeTask.Area), Claim.Above("nac", "energy", UnlikeTask.Area), Claim.Above("nac", "gradnorm", UnlikeTask.Area),
            Claim.Above("nac", "mahalanobis", UnlikeTask.Area).From("ours"),
        ],
        Why = "Coverage tells more than the probabilities and far more than the norm of gradients, but the distance of the last features from the nearest class, which takes as much from the training images and is simpler, tells most under every seed. Its histograms need no covariance, so it is what is left for layers of more neurons than there are training images.",
    };

    private static void Cover(UnlikeTask task, ArmRun run)
    {
        var count = task.Network.Layers.Count;
        int[] stages = [.. task.Network.Layers.Index().Where(layer => layer.Item is Residual).Select(layer => layer.Index + 1)];
        Func<Tensor, double[]> Score(int[] places, double steepness, double share)
        {
            Tensor States(Tensor x) => Tensor.Concatenate([.. places.Select(place => states(UnlikeTask.Part(task.Network, 0, place), UnlikeTask.Part(task.Network, place, count), x, Tensor.Scalar((float)steepness)))], 1);
            var coverage = new ActivationCoverage(States(task.Train.Inputs), Bins, share * task.Train.Count);
            return x => coverage.Score(States(x));
        }
        task.Judge(run, [
            .. from places in (int[][])[[count - 1], stages]
               from share in shares
               from steepness in steepnesses
               select ($"AUROC while choosing, {places.Length} layers, {share} of the images", Math.Log10(steepness), Score(places, steepness, share))]);
    }
}
