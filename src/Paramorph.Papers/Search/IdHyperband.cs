using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Search;
using Paramorph.Training;

namespace Paramorph.Papers.Search;

/// <summary>Hyperband whose largest budget is raised later, against beginning again.</summary>
[Paper("id-hyperband")]
public static class IdHyperband
{
    private const string Epochs = "epochs", Loss = "regret", Rank = "rank";
    private const int Size = 12, Width = 24, Batch = 32, Factor = 2, Early = 32, Late = 64;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<double[][]>
    {
        Id = "id-hyperband",
        Question = "Where the largest budget of Hyperband was too small, does going on with what was evaluated find as good a candidate as beginning again, in fewer epochs?",
        Original = "Learning curves of LCBench and NAS-Bench-301, classifiers with parts of their data, budgets that rise by 2 or 3 once; the variants that go on save what was evaluated before and find candidates as good.",
        Difference = "Curves of 200 perceptrons that learn drawn digits here for 64 epochs, with their own rate, decay and scale of first weights; one table for all seeds, which differ in the order of candidates. Budgets rise by 2 from rung to rung, and the largest one from 32 to 64 epochs. Each evaluation costs its whole budget, as in the paper: nothing is trained on from where it stopped.",
        Budget = "as Hyperband's largest budgets say; epochs are counted",
        Settings =
        [
            Setting.Whole("configurations", "perceptrons of the table", smoke: 150, full: 200, minimum: 150), Setting.Whole("images", "images that they learn from", smoke: 32, full: 500, minimum: 32),
        ],
        Seeds = 30,
        SharesTask = true,
        Task = Table,
        Arms =
        [
            new("efficient", "Earlier promotions stand.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Efficient)),
            new("preserving", "All that were evaluated compete anew.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Preserving)),
            new("discarding", "Candidates that fall behind are left out, though they were evaluated.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Discarding)),
            new("restart", "Hyperband begins again with the larger budget.", ArmRole.Baseline, (curves, run) =>
            {
                var draw = Draws(curves, run);
                Make(curves, draw, Early).Run();
                var search = Make(curves, draw, Late);
                Measure(curves, run, search.Run().Candidate, search.Spent);
            }),
            new("right", "Hyperband that knew the largest budget from the start.", ArmRole.Reference, (curves, run) =>
            {
                var search = Make(curves, Draws(curves, run), Late);
                Measure(curves, run, search.Run().Candidate, search.Spent);
            }),
        ],
        Metrics =
        [
            new(Epochs, "epochs of all evaluations behind the raise; of one that knew the budget, of all"), new(Loss, "by how much the share of wrong answers after 64 epochs is above that of the best of the table"),
            new(Rank, "place of the candidate in the table, 1 being best"),
        ],
        Claims =
        [
            Claim.Below("efficient", "restart", Epochs, 1 / 0.7), Claim.Below("preserving", "restart", Epochs, 1 / 0.7),
            Claim.That("the regret of efficient is no more than 0.005 above that of restart", seed => seed["restart", Loss] - seed["efficient", Loss], -0.005, "share"),
            Claim.That("the regret of preserving is no more than 0.005 above that of restart", seed => seed["restart", Loss] - seed["preserving", Loss], -0.005, "share"),
            Claim.Below("discarding", "restart", Epochs, 1 / 0.7).AsSide(),
        ],
        Why = "Going on costs exactly what evaluations before the raise had cost less, and finds candidates as good: where the longest training is not known, begin short and raise. Whether earlier promotions stand or compete anew makes no difference that thirty orders of candidates show.",
    };

    private static Hyperband Make(double[][] curves, Func<int> draw, int largest, PromotionRule rule = PromotionRule.Efficient) =>
        new(draw, (candidate, budget) => curves[candidate][budget - 1], largest, Factor, rule);

    private static void GoOn(double[][] curves, ArmRun run, PromotionRule rule)
    {
        var search = Make(curves, Draws(curves, run), Early, rule);
        search.Run();
        var before = search.Spent;
        search.Raise();
        Measure(curves, run, search.Run().Candidate, search.Spent - before);
    }

    private static void Measure(double[][] curves, ArmRun run, int candidate, long spent)
    {
        run.Measure(Epochs, spent);
        run.Measure(Loss, curves[candidate][^1] - curves.Min(curve => curve[^1]));
        run.Measure(Rank, 1 + curves.Count(curve => curve[^1] < curves[candidate][^1]));
    }

    /// <summary>Candidates in random order, each once before any comes again.</summary>
    private static Func<int> Draws(double[][] curves, ArmRun run)
    {
        var (random, order, next) = (new KeyRandom(run.Key), Array.Empty<int>(), 0);
        return () =>
        {
            if (next % curves.Length == 0) order = random.Permutation(curves.Length);
            return order[next++ % curves.Length];
        };
    }

    /// <summary>Shares of wrong validation answers after each epoch, of all configurations as one program.</summary>
    private static double[][] Table(TaskContext context)
    {
        var (count, images, random) = (context.Settings.Whole("configurations"), context.Settings.Whole("images"), new KeyRandom(context.Key.Fold(0)));
        LabelledData Flat(int part, int images) => Digits.Of(context.Key.Fold(part), images, Size) is var data ? new(data.Inputs.Reshape(images, -1).Evaluate(), data.Labels) : null!;
        var (train, validation) = (Flat(1, images), Flat(2, 1000));
        double[] rates = new double[count], decays = new double[count], scales = new double[count];
        for (var i = 0; i < count; i++)
            (rates[i], decays[i], scales[i]) = (Math.Exp(random.Uniform(Math.Log(1e-3), Math.Log(2))), Math.Exp(random.Uniform(Math.Log(1e-6), Math.Log(0.1))), Math.Exp(random.Uniform(Math.Log(0.1), Math.Log(3))));
        Tensor Column(double[] values) => Tensor.From<float>([.. values.Select(value => (float)value)]);
        var networks = Vmap.Of(
            (Key key, Tensor scale) => Tree.Map(Mlp.Create(key, [Size * Size, Width, 10], Activation.Relu), leaf => leaf * scale), context.Key.Fold(3).SplitBatch(count), Column(scales));
        var trainer = new PopulationTrainer<TreePair<Mlp, Tensor>>(new ClippedByNorm(new Sgd(1.0, Momentum: 0.9), 1), (pair, key, _) =>
        {
            var (network, decay) = pair;
            var rows = Sample.Integers(key, [Batch], 0, train.Count);
            var weights = network.Layers.Select(layer => Tensor.Square(layer.Weight).Sum()).Aggregate((a, b) => a + b);
            return Training.Loss.CrossEntropy(network.Call(train.Inputs.Take(rows)), train.Labels.Take(rows)) + Tensor.StopGradient(decay) * weights;
        });
        var curves = Enumerable.Range(0, count).Select(_ => new double[Late]).ToArray();
        var wrong = Compile.Of((Mlp networks) => Vmap.Of((Mlp network) => 1 - Training.Metric.Accuracy(network.Call(validation.Inputs), validation.Labels), networks));
        var each = Math.Max(1, images / Batch);
        trainer.Train(new(networks, Column(decays)), Tensor.From(rates), context.Key.Fold(4), Late * each, Late, (steps, pairs) =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var values = wrong(pairs.Item1).ToDoubles();
            for (var i = 0; i < count; i++) curves[i][steps / each - 1] = double.IsNaN(values[i]) ? 1 : values[i];
        });
        return curves;
    }
}
