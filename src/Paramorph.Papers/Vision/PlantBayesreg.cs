using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Vision;

/// <summary>Diseases of leaves by one small perceptron, trained in ten ways, of which one chooses its weight decay by evidence.</summary>
[Paper("plant-bayesreg")]
public static class PlantBayesreg
{
    private const string Accuracy = "accuracy", Gap = "gap";
    private const int Hidden = 12;

    private static readonly string[] others = ["sgd", "momentum", "adagrad", "rmsprop", "adam", "lion", "l-bfgs", "bfgs", "levenberg-marquardt"];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Leaves>
    {
        Id = "plant-bayesreg",
        Question = "Does Levenberg-Marquardt whose weight decay follows from the evidence tell diseases of leaves by features of their lesions better than nine other ways to train the same perceptron, and with less between training and test?",
        Original = "Photographs of leaves, lesions by automatic clustering, features of colour and texture; ten training functions of MATLAB, of which Bayesian regularisation has 98.3 % on leaves in general and 100 % on those of one plant.",
        Difference = "Leaves are drawn, with five diseases whose colours, sizes and textures overlap. The ten ways are those of the library: no conjugate gradients and no Rprop. All minimise squared errors of indicators on the same images. The nine others choose their rate or number of iterations among three, so where to stop, by images that the Bayesian one does not see. An eleventh has a weight decay that is chosen in this way: what evidence is to take the place of.",
        Budget = "one perceptron of 12 hidden neurons, the same images; steps as each way needs them",
        Settings =
        [
            Setting.Whole("images", "leaves to learn from", smoke: 50, full: 120, minimum: 50),
            Setting.Whole("judges", "leaves that choose, and three times as many that judge", smoke: 50, full: 300, minimum: 50),
            Setting.Whole("steps", "steps of methods of first order, each on all leaves", smoke: 20, full: 1500),
            Setting.Whole("most", "most steps of the Bayesian method, and of that with a chosen decay", smoke: 5, full: 100),
        ],
        Seeds = 10,
        TunedBy = Accuracy,
        Task = context =>
        {
            var (train, count) = (DrawnLeaves.Of(context.Key.Fold(0), context.Settings.Whole("images")), context.Settings.Whole("judges"));
            var scale = Standardisation.Of(train.Inputs);
            LabelledData Standard(LabelledData data) => data with { Inputs = scale.Apply(data.Inputs).Evaluate() };
            return new(Standard(train), Standard(DrawnLeaves.Of(context.Key.Fold(1), count)), Standard(DrawnLeaves.Of(context.Key.Fold(2), 3 * count)));
        },
        Arms =
        [
            new("bayesian", "Levenberg-Marquardt with a decay of the highest evidence; it has nothing to choose.", ArmRole.Method, Bayesian),
            Of("sgd", "Gradient descent.", rate => new Sgd(rate), 0.1, 0.3, 1), Of("momentum", "With momentum.", rate => new Sgd(rate, 0.9), 0.03, 0.1, 0.3), Of("adagrad", "Adagrad.", rate => new Adagrad(rate), 0.03, 0.1, 0.3),
            Of("rmsprop", "RMSprop.", rate => new RmsProp(rate), 3e-4, 1e-3, 3e-3), Of("adam", "Adam.", rate => new Adam(rate), 1e-3, 3e-3, 1e-2), Of("lion", "Lion.", rate => new Lion(rate), 1e-4, 3e-4, 1e-3),
            new("l-bfgs", "L-BFGS.", ArmRole.Baseline, (task, run) => Stopped(task, run, (start, stop) => new Lbfgs(Stop: stop).Minimise(start, task.Loss).Model)) { Candidates = Choice.Of("iterations", 10, 30, 90) },
            new("bfgs", "BFGS.", ArmRole.Baseline, (task, run) => Stopped(task, run, (start, stop) => new QuasiNewton(QuasiNewtonUpdate.Bfgs, stop).Minimise(start, task.Loss).Model)) { Candidates = Choice.Of("iterations", 10, 30, 90) },
            new("levenberg-marquardt", "Levenberg-Marquardt.", ArmRole.Baseline, (task, run) => Stopped(task, run, (start, stop) => new LevenbergMarquardt(Stop: stop).Minimise(start, task.Residuals).Model)) { Candidates = Choice.Of("iterations", 3, 9, 27) },
            new("chosen decay", "Levenberg-Marquardt with a weight decay that other images choose.", ArmRole.Baseline, (task, run) => Judge(task, run, new LevenbergMarquardt(Stop: new(run.Steps("most"))).Minimise(task.Start(run.Key), network =>
                Tensor.Concatenate([task.Residuals(network).Flatten(), .. Tree.Leaves(network).Select(leaf => Math.Sqrt(run.Choice["decay"]) * leaf.Flatten())])).Model)) { Candidates = Choice.Of("decay", 0.01, 0.1, 1) },
        ],
        Metrics =
        [
            new(Accuracy, "share of right answers on leaves that nothing was learned from", Better.Higher), new(Gap, "share of right answers on the leaves to learn from, less accuracy"),
        ],
        Claims =
        [
            .. others.Select(other => Claim.Above("bayesian", other, Accuracy)),
            Claim.That("the gap of bayesian is below that of levenberg-marquardt", seed => seed["levenberg-marquardt", Gap] - seed["bayesian", Gap], unit: "share"),
            .. others.SkipLast(1).Select(other => Claim.That($"the gap of bayesian is below that of {other}", seed => seed[other, Gap] - seed["bayesian", Gap], unit: "share").AsSide()),
            Claim.NoLower("bayesian", "chosen decay", Accuracy, 0.01).From("ours").AsSide(),
        ],
        Why = "Indicators of classes have no noise, and 233 weights fit 600 of them exactly: the evidence then rises without end as the noise is taken for none, and the decay vanishes with it. The same decay, chosen by other images, gives the best answers of all, much stronger than the evidence wants it, and stopping early is next. With five times the images, tried beside, evidence finds noise, and is as good as Levenberg-Marquardt that is stopped early, but no better than a chosen decay. Use it where residuals are noise and many more than weights.",
    };

    private static Arm<Leaves> Of(string name, string meaning, Func<double, IOptimiser> optimiser, params double[] rates) => new(name, meaning, ArmRole.Baseline, (task, run) =>
    {
        var trainer = new Trainer<Mlp, LabelledData>(optimiser(run.Choice["rate"]), (network, batch, _) => task.Loss(network));
        Judge(task, run, run.Train(trainer, task.Start(run.Key), Batches.Whole(task.Train), run.Steps()));
    })
    { Candidates = Choice.Of("rate", rates) };

    private static void Stopped(Leaves task, ArmRun run, Func<Mlp, StoppingRule, Mlp> minimise) => Judge(task, run, minimise(task.Start(run.Key), new((int)run.Choice["iterations"])));

    private static void Bayesian(Leaves task, ArmRun run)
    {
        if (!run.Job.IsSearch) run.Picture("leaves and what is taken for their lesions", () => DrawnLeaves.Show(run.Key));
        var found = new BayesianLevenbergMarquardt(Stop: new(run.Steps("most"), Loss: 1e-4)).Minimise(task.Start(run.Key), task.Residuals);
        run.Measure("effective parameters", found.Effective);
        run.Measure("steps taken", found.Iterations);
        Judge(task, run, found.Model);
    }

    private static void Judge(Leaves task, ArmRun run, Mlp network)
    {
        double Share(LabelledData data) => Training.Metric.Accuracy(network.Call(data.Inputs), data.Labels).Item();
        var accuracy = Share(run.Job.IsSearch ? task.Validation : task.Test);
        run.Measure(Accuracy, accuracy);
        run.Measure(Gap, Share(task.Train) - accuracy);
    }

    private sealed record Leaves(LabelledData Train, LabelledData Validation, LabelledData Test)
    {
        public Mlp Start(Key key) => Mlp.Create(key, [DrawnLeaves.Features, Hidden, DrawnLeaves.Diseases], Activation.Tanh, type: ElementType.Float64);

        /// <summary>What an answer lacks to 1 of the right disease and 0 of others: [n, diseases].</summary>
        public Tensor Residuals(Mlp network) => network.Call(Train.Inputs) - Tensor.OneHot(Train.Labels, DrawnLeaves.Diseases, ElementType.Float64);

        public Tensor Loss(Mlp network) => Tensor.Square(Residuals(network)).Mean();
    }
}
