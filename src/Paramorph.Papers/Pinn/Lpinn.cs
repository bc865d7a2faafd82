using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Physics;
using Paramorph.Training;

namespace Paramorph.Papers.Pinn;

/// <summary>Physics-informed networks that travel with the flow against those that watch it pass.</summary>
[Paper("lpinn")]
public static class Lpinn
{
    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<PeriodicFlow[]>
    {
        Id = "lpinn",
        Question = "Does a physics-informed network stay accurate as a flow gets faster when it learns paths and the state on them, where one that learns the state in place fails?",
        Original = "Convection of a sine with speeds up to 50 and Burgers' equation with a shock that forms while it moves, networks 50 wide on a grid of 256 by 100 points, up to a million steps of Adam and then L-BFGS on a GPU: networks in place fail as the speed grows, travelling ones do not, and the landscapes of their losses stay alike.",
        Difference = "The same equations and viscosity with a drift of 10, networks 24 wide, some thousand steps of Adam; points are drawn anew at each step, and displacements are learned, so that paths are periodic too, and deviations from the mean of the state.",
        Budget = "steps and points; parameters (the network in place has no fewer)",
        Equal = EqualBudget.Parameters,
        SharesTask = true,
        TunedBy = "relative L2",
        Settings =
        [
            Setting.Whole("steps", "training steps for each flow", smoke: 30, full: 3000), Setting.Whole("width", "width of hidden layers", smoke: 8, full: 24),
            Setting.Whole("points", "points of the residual, drawn anew at each step; half as many at the start", smoke: 64, full: 256),
            Setting.Number("speed", "the highest speed of convection; the others are 1 and two fifths of it", smoke: 50, full: 50, minimum: 1),
            Setting.Number("drift", "the mean of Burgers' solution, with which its shock travels", smoke: 10, full: 10, minimum: 0, maximum: 100),
            Setting.Number("viscosity", "nu of Burgers' equation", smoke: 0.05, full: 0.01, minimum: 0.001),
        ],
        Task = Flows,
        Arms =
        [
            new("lpinn", "Two tanh networks, one of the paths and one of the state on them.", ArmRole.Method, (flows, run) =>
                Learn(flows, run, FlowNetwork.Travelling(run.Settings.Whole("width")))) { Candidates = Candidates },
            new("pinn", "One tanh network of the state in place, with as many parameters and the same periodic inputs.", ArmRole.Baseline, (flows, run) =>
                Learn(flows, run, InPlace(run))) { Candidates = Candidates },
        ],
        Metrics =
        [
            new("relative L2", "|u - exact| / |exact| over place and time, where u is the deviation from the mean; the geometric mean over the flows"),
            new("relative L2 at top speed", "that of convection at the highest speed"), new("relative L2 at speed 1", "that of convection at speed 1"),
            new("relative L2 of burgers", "that of Burgers' equation against a spectral solution"),
            new("roughness at speed 1", "how much the slope of the loss varies along lines through the trained network, over the loss's range there; 4 for a parabola", Better.Neither),
            new("roughness at top speed", "the same at the highest speed", Better.Neither),
        ],
        Claims =
        [
            Claim.Below("lpinn", "pinn", "relative L2 at top speed", 10), Claim.AtMost("lpinn", "relative L2 at top speed", 0.05), Claim.Below("lpinn", "pinn", "relative L2 of burgers"),
            Claim.NoHigherTimes("lpinn", "pinn", "relative L2 at speed 1", 2).From("ours").AsSide(),
            Claim.That(
                "roughness of lpinn's loss changes by a smaller factor from speed 1 to the top speed than that of pinn's",
                seed => Change(seed, "pinn") - Change(seed, "lpinn"), unit: "logarithm of the factor").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "It rested on bounds of each network alone, of which those of the network in place say how shortly it was trained. The networks are compared with each other at every main claim now; whether the travelling one loses where nothing is fast, and the landscapes, stand beside."),
        ],
    };

    private static Choice[] Candidates => Choice.Of(("rate", [3e-3, 1e-2]), ("initial weight", [10, 1000]));

    private static double Change(SeedMeasures seed, string arm) => Math.Abs(Math.Log(seed[arm, "roughness at top speed"] / seed[arm, "roughness at speed 1"]));

    private static PeriodicFlow[] Flows(TaskContext context)
    {
        var settings = context.Settings;
        return
        [
            PeriodicFlow.OfConvection("speed 1", 1),
            PeriodicFlow.OfConvection("medium speed", 0.4 * settings.Number("speed")),
            PeriodicFlow.OfConvection("top speed", settings.Number("speed")),
            PeriodicFlow.OfBurgers("burgers", settings.Number("drift"), settings.Number("viscosity")),
        ];
    }

    private static FlowNetwork<Mlp> InPlace(ArmRun run) => FlowNetwork.InPlace(ParameterCount.Of(FlowNetwork.Travelling(run.Settings.Whole("width")).Create(run.Key)));

    private static void Learn<TModel>(PeriodicFlow[] flows, ArmRun run, FlowNetwork<TModel> network)
        where TModel : ITree<TModel>
    {
        // Flows of one viscosity differ in a number alone and share what is compiled.
        var errors = flows.GroupBy(flow => flow.Viscosity).SelectMany(alike => Learn(alike, run, network)).ToArray();
        run.Measure("relative L2", Math.Exp(errors.Average(Math.Log)));
    }

    private static List<double> Learn<TModel>(IGrouping<double, PeriodicFlow> flows, ArmRun run, FlowNetwork<TModel> network)
        where TModel : ITree<TModel>
    {
        var (steps, points, errors) = (run.Steps(), run.Settings.Whole("points"), new List<double>());
        Tensor Loss(TModel model, Tensor speed, Key key) => network.LossAtDrawn(model, speed, flows.Key, key, points, run.Choice["initial weight"]);
        var trainer = new Trainer<TModel, TreeList<Tensor>>(new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (model, speed, key) => Loss(model, speed[0], key));
        var landscape = new LossLandscape<TModel, Tensor>(Loss);
        foreach (var flow in flows)
        {
            var speed = Tensor.Scalar((float)flow.Speed);
            var model = run.Train(trainer, network.Create(run.Key), Batches.Whole<TreeList<Tensor>>([speed]), steps, name: flow.Name);
            var states = network.States(model, flow);
            errors.Add(flow.Error(states));
            run.Picture(flow.Name, () => flow.Draw(states));
            run.Measure(flow.Viscosity > 0 ? "relative L2 of burgers" : $"relative L2 at {flow.Name}", errors[^1]);
            if (flow.Viscosity > 0) continue;
            run.Point("relative L2 over speed", flow.Speed, errors[^1]);
            run.Measure($"roughness at {flow.Name}", landscape.Roughness(model, speed, run.Key, (at, loss) => run.Point($"loss along a line at {flow.Name}", at, loss)));
            run.Picture($"landscape at {flow.Name}", () => landscape.Draw(model, speed, run.Key));
        }
        return errors;
    }
}
