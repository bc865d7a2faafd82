using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Search;

/// <summary>A decay for each weight, learned by implicit differentiation, against the best of one for all.</summary>
[Paper("ift-neumann")]
public static class IftNeumann
{
    private const string Neumann = "cosine of 20 terms", Identity = "cosine of the identity", Cost = "gradients";
    private const int Side = 8, Hidden = 8, Inner = 10, Terms = 20, Weights = (Side * Side + 1) * Hidden + (Hidden + 1) * TuningTask.Classes;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<TuningTask>
    {
        Id = "ift-neumann",
        Question = "Are gradients in hyperparameters by twenty products with the Hessian nearer to the true ones than with the identity in its place, and do a decay for each weight that follows them do better than the best one for all?",
        Original = "Perceptrons, AlexNet and residual networks on MNIST and CIFAR-10, a decay for each weight, learned augmentation, distilled data; LSTMs with their dropout rates. Validation losses below those of searches, at a few times the work of one training.",
        Difference = $"A perceptron of {Hidden} hidden neurons and {Weights} weights, as many decays, on 100 drawn digits of 8 x 8 pixels in double precision, so that the exact gradient can be solved for. All arms have the gradients that the setting says, products with the Hessian counting two; the one decay for all is the best of a grid of eight. Rates are chosen among three for each arm. No augmentation is learned.",
        Budget = "equal gradients of the loss",
        Settings =
        [
            Setting.Whole("images", "digits to learn from", smoke: 20, full: 100, minimum: 10), Setting.Whole("gradients", "gradients of the training loss in all, thousands", smoke: 1, full: 12),
        ],
        Seeds = 6,
        TunedBy = TuningTask.Chosen,
        Task = context => TuningTask.Of(context, Side, ElementType.Float64),
        Arms =
        [
            new("neumann", "A decay for each weight; twenty terms.", ArmRole.Method, (task, run) => Learn(task, run, Terms)) { Candidates = Rates },
            new("identity", "A decay for each weight; the identity for the inverse Hessian.", ArmRole.Baseline, (task, run) => Learn(task, run, 0)) { Candidates = Rates },
            new("scalar", "One decay for all weights, the best of eight.", ArmRole.Baseline, Grid) { Candidates = Rates },
        ],
        Metrics =
        [
            .. TuningTask.Metrics, new(Neumann, "cosine of the exact gradient in the decays and that of twenty terms, where training with a decay of 0.01 has come to rest", Better.Higher),
            new(Identity, "the same of the identity in the place of the inverse Hessian", Better.Higher), new(Cost, "gradients of the training loss", Better.Neither),
        ],
        Claims =
        [
            Claim.That("the cosine of twenty terms is above that of the identity", seed => seed["neumann", Neumann] - seed["neumann", Identity], unit: "cosine").From("figure 3"),
            Claim.Below("neumann", "scalar", TuningTask.Chosen), Claim.NoHigherTimes("neumann", "scalar", TuningTask.Judged, 1).From("ours").AsSide(),
            Claim.Below("neumann", "identity", TuningTask.Chosen).From("ours").AsSide(), Claim.NoHigherTimes("neumann", "identity", TuningTask.Judged, 1).From("ours").AsSide(),
        ],
        Why = "A decay for each weight lowers the validation loss by a third and the test loss not at all: 610 of them learn 300 validation images by heart, so they want more validation images than there are hyperparameters. Twenty terms are a little nearer to the exact gradient than the identity, with cosines of 0.44 and 0.38, and lower the validation loss further for it; on test images the identity, which learns them less by heart, is better under every seed.",
        Earlier = [new("2026-11-30", Verdict.Held, "That the identity has lower test losses was said nowhere; it stands in a claim beside.")]
    };

    private static Choice[] Rates { get; } = Choice.Of("rate", 0.1, 0.3, 1);

    private static Tensor Logits(Tensor w, Tensor x)
    {
        const int First = Side * Side * Hidden, Second = First + Hidden, Third = Second + Hidden * TuningTask.Classes;
        var hidden = Tensor.Tanh(x.Dot(w[..First].Reshape(-1, Hidden)) + w[First..Second]);
        return hidden.Dot(w[Second..Third].Reshape(Hidden, -1)) + w[Third..];
    }

    private static Tensor Training(TuningTask task, Tensor w, Tensor decays) => Loss.CrossEntropy(Logits(w, task.Train.Inputs), task.Train.Labels) + 0.5 * (Tensor.Exp(decays) * Tensor.Square(w)).Sum();

    private static Tensor Validation(TuningTask task, Tensor w) => Loss.CrossEntropy(Logits(w, task.Validation.Inputs), task.Validation.Labels);

    /// <summary>Steps with momentum; both losses behind them.</summary>
    private static readonly Func<Tensor, Tensor, Tensor, TuningTask, Tensor, (Tensor, Tensor, Tensor)> steps = Compile.Of((Tensor w, Tensor velocity, Tensor decays, TuningTask task, Tensor rate) =>
    {
        (w, velocity) = Control.Repeat(
            Inner,
            (_, at) => Gradient.Of(at.Item1, w => Training(task, w, decays)) + 0.9 * at.Item2 is var next ? (at.Item1 - 0.1 * rate * next, next) : at,
            new TreePair<Tensor, Tensor>(w, velocity));
        return (w, velocity, Tensor.Stack([Validation(task, w), Loss.CrossEntropy(Logits(w, task.Test.Inputs), task.Test.Labels)]));
    });

    private static readonly Adam optimiser = new(0.1);

    /// <summary>A step of the decays, by the terms of the sum.</summary>
    private static readonly Dictionary<int, Func<Tensor, Tensor, OptimiserState<Tensor>, TuningTask, Tensor, (Tensor, OptimiserState<Tensor>)>> updates = ((int[])[0, Terms]).ToDictionary(terms => terms, terms =>
        Compile.Of((Tensor w, Tensor decays, OptimiserState<Tensor> state, TuningTask task, Tensor rate) => optimiser.Update(decays, Implicit(task, w, decays, terms, 0.1 * rate), state)));

    private static Tensor Implicit(TuningTask task, Tensor w, Tensor decays, int terms, Tensor rate) =>
        ImplicitGradient.Of(w, decays, (w, decays) => Training(task, w, decays), w => Validation(task, w), terms, rate);

    private static Tensor Start(ArmRun run) => (0.3 * Sample.Normal(run.Key, [Weights], ElementType.Float64)).Evaluate();

    private static Tensor Decays(double decay) => Tensor.Full([Weights], Math.Log(decay), ElementType.Float64).Evaluate();

    private static void Learn(TuningTask task, ArmRun run, int terms)
    {
        var (rate, budget, best) = (Tensor.Scalar(run.Choice["rate"]), 1000 * run.Settings.Whole("gradients"), new LowestLoss());
        // A gradient of the validation loss, products with the Hessian, and the mixed derivative.
        var each = Inner + 1 + 2 * terms + 2;
        var (w, decays) = (Start(run), Decays(1e-2));
        var (velocity, state) = (Tensor.ZerosLike(w).Evaluate(), optimiser.Start(decays));
        for (var used = 0; used + each <= budget; used += each)
        {
            (w, velocity, var losses) = steps(w, velocity, decays, task, rate);
            var loss = best.See(losses);
            run.Progress(used, budget, best.Chosen);
            if (used / each % 20 == 0) run.Point("validation loss by gradients", used, loss);
            (decays, state) = updates[terms](w, decays, state, task, rate);
        }
        End(task, run, best, isCompared: !run.Job.IsSearch && terms > 0);
    }

    private static void Grid(TuningTask task, ArmRun run)
    {
        var (budget, best, rate) = (1000 * run.Settings.Whole("gradients"), new LowestLoss(), Tensor.Scalar(run.Choice["rate"]));
        foreach (var power in Enumerable.Range(0, 8))
        {
            var (w, decays, own) = (Start(run), Decays(Math.Pow(10, -4 + 0.5 * power)), double.PositiveInfinity);
            var velocity = Tensor.ZerosLike(w).Evaluate();
            for (var used = 0; used + Inner <= budget / 8; used += Inner)
            {
                (w, velocity, var losses) = steps(w, velocity, decays, task, rate);
                own = Math.Min(own, best.See(losses));
                run.Progress(power, 8, best.Chosen);
            }
            run.Point("validation loss by decay", -4 + 0.5 * power, own);
        }
        End(task, run, best, isCompared: false);
    }

    /// <summary>Reports the losses and, where it is wanted, how near the gradients come to the exact one where training has come to rest.</summary>
    private static void End(TuningTask task, ArmRun run, LowestLoss best, bool isCompared)
    {
        best.Tell(run);
        run.Measure(Cost, 1000 * run.Settings.Whole("gradients"));
        run.Measure(Neumann, double.NaN);
        run.Measure(Identity, double.NaN);
        if (!isCompared) return;
        var decays = Decays(1e-2);
        var minimum = new Lbfgs(Stop: new(3000, Gradient: 1e-9)).Minimise(Start(run), w => Training(task, w, decays)).Model;
        var (exact, largest) = ImplicitGradient.Exact(minimum, decays, (w, decays) => Training(task, w, decays), w => Validation(task, w));
        double Cosine(int terms)
        {
            var near = Compile.Of((Tensor w) => Implicit(task, w, decays, terms, Tensor.Scalar(1 / largest)))(minimum);
            return ((near * exact).Sum() / Tensor.Sqrt(Tensor.Square(near).Sum() * Tensor.Square(exact).Sum())).Item();
        }
        foreach (var terms in (int[])[1, 5, 50, 200]) run.Point("cosine by terms", terms, Cosine(terms));
        run.Measure(Neumann, Cosine(Terms));
        run.Measure(Identity, Cosine(0));
    }
}
