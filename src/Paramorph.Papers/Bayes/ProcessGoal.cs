using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>A regression with a hole, and the Gaussian process that is learned from its training part: what priors of networks are matched to, and what their bands are compared with.</summary>
/// <param name="Data">The regression.</param>
/// <param name="Process">The process, of one length scale and with the noise of the task.</param>
/// <param name="Places">Draws places in the box around the training inputs: of one input uniform ones, of many 0.7 of them training inputs.</param>
internal sealed record ProcessGoal(GapTask Data, GaussianProcess Process, Func<Key, Tensor> Places)
{
    /// <summary>What <see cref="Judge"/> measures, each also of a task, behind a comma.</summary>
    public const string Loss = "NLL", Band = "distance to the band of the process", Sliced = "sliced distance of priors", ByCritic = "critic's distance of priors";

    private const int Count = 32, CriticSteps = 150, Functions = 1000;

    private static readonly Func<Tensor, Tensor, Tensor> kernel = StationaryKernel.SquaredExponential;

    /// <summary>The goal of a task: its process has the highest marginal likelihood.</summary>
    public static ProcessGoal Of(GapTask task)
    {
        var inputs = task.Train.Inputs;
        return new(
            task, GaussianProcess.Learned(kernel, inputs, task.Train.Targets, task.Noise, isIsotropic: true), FunctionalPrior.Places(inputs.AsType(ElementType.Float32).Evaluate(), Count, inputs.Shape[1] > 1 ? 0.7 : 0));
    }

    /// <summary>The goals of all three tasks.</summary>
    public static ProcessGoal[] All(Key key, int rows, int tableRows, int judges) =>
        [Of(GapTask.Cubic(key.Fold(0), rows, judges)), Of(GapTask.Waves(key.Fold(1), rows, judges)), Of(GapTask.Table(key.Fold(2), tableRows, judges))];

    /// <summary>Judges answers, by means [members, n] and variances without noise at places, and functions of the prior [count, m] at places, if there is one; means over tasks are measured, too.</summary>
    public static void Judge(ProcessGoal[] goals, ArmRun run, Func<ProcessGoal, (Func<Tensor, TreePair<Tensor, Tensor>> Answer, Func<Key, Tensor, int, Tensor>? Prior)> learn)
    {
        var all = new List<(string Metric, double Value)>();
        foreach (var goal in goals)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (name, data, (answer, prior)) = (goal.Data.Name, run.Job.IsSearch ? goal.Data.Validation : goal.Data.Test, learn(goal));
            IndependentNormal Normal(Tensor x) => answer(x) is var (means, variances) ? new(means.Mean(0), Tensor.Sqrt(means.Variance(0) + variances.Mean(0))) : null!;
            var (means, variances) = answer(data.Inputs);
            var (loss, _, coverage) = GapTask.Judged(data, means, (variances + Math.Pow(goal.Data.Noise, 2)).BroadcastTo(means.Shape).Evaluate());
            List<(string Metric, double Value)> own = [(Loss, loss), (Band, goal.FromBand(Normal)), ("coverage of 95 %", coverage)];
            if (prior is not null && !run.Job.IsSearch && goal.Distances(run.Key.Fold(2), (key, x) => prior(key, x, Functions)) is var (sliced, critic)) own.AddRange([(Sliced, sliced), (ByCritic, critic)]);
            foreach (var (metric, value) in own) run.Measure($"{metric}, {name}", value);
            if (data.Inputs.Shape[1] == 1) run.Picture($"{name}: test examples over the band of 90 % of the function", () => goal.Show(Normal));
            all.AddRange(own);
        }
        foreach (var metric in all.GroupBy(pair => pair.Metric, pair => pair.Value)) run.Measure(metric.Key, metric.Average());
    }

    /// <summary>f32 values [draws, m] of functions of the process at places [m, inputs].</summary>
    public Tensor Draw(Key key, Tensor x, int draws) => Process.Draw(key, kernel, x.AsType(ElementType.Float64), draws).AsType(ElementType.Float32);

    /// <summary>The exact posterior of the function at places.</summary>
    public IndependentNormal Posterior(Tensor x) => Tree.Map(Process.Posterior(kernel, Data.Train.Inputs, Data.Train.Targets[.., 0], x), tensor => tensor.Evaluate());

    /// <summary>How far functions are from those of the process at fixed places: sorted along directions, and by a critic that is trained on other draws than it judges.</summary>
    /// <param name="key">Draws places and functions.</param>
    /// <param name="functions">1000 functions: values [draws, m] at places [m, inputs].</param>
    private (double Sliced, double Critic) Distances(Key key, Func<Key, Tensor, Tensor> functions)
    {
        var (sliced, critic) = Compile.Of((Key key) =>
        {
            var x = Places(key.Fold(0));
            var (own, other) = (functions(key.Fold(1), x), Draw(key.Fold(2), x, Functions));
            var critic = WassersteinCritic.Create(key.Fold(3), Count, 64).Trained(key.Fold(4), own, other, CriticSteps);
            return new TreePair<Tensor, Tensor>(SlicedWasserstein.Distance(key.Fold(5), own, other), critic.Difference(functions(key.Fold(6), x), Draw(key.Fold(7), x, Functions)));
        })(key);
        return (sliced.Item(), critic.Item());
    }

    /// <summary>In the hole, the root of the mean squared 2-Wasserstein distance of normal answers to those of the process.</summary>
    /// <param name="band">The mean and the deviation of the function at places.</param>
    private double FromBand(Func<Tensor, IndependentNormal> band)
    {
        var (own, exact) = (band(Data.Hole.Inputs), Posterior(Data.Hole.Inputs));
        return Math.Sqrt((Tensor.Square(own.Mean - exact.Mean) + Tensor.Square(own.Deviation - exact.Deviation)).Mean().Item());
    }

    /// <summary>Test examples of a function of one number over the band of 90 % of the function.</summary>
    private Picture Show(Func<Tensor, IndependentNormal> band)
    {
        var order = Data.Test.Inputs[.., 0].ArgSort();
        var normal = band(Data.Test.Inputs.Take(order).Evaluate());
        double[] Shares(Tensor values) => [.. values.ToDoubles().Select(value => Math.Clamp((value + 3) / 6, 0, 1))];
        double[][] quantiles = [.. ((double[])[-1.645, 0, 1.645]).Select(apart => Shares(normal.Mean + apart * normal.Deviation))];
        return ExtrapolationPicture.Of(Shares(Data.Test.Targets[.., 0].Take(order)), new bool[Data.Test.Inputs.Shape[0]], quantiles);
    }
}
