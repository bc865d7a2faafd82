using Paramorph.Data.Solvers;
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
    private const double Period = 2 * Math.PI;
    private const int Places = 256, Times = 101;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Flow[]>
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
            Setting.Whole("steps", "training steps for each flow", smoke: 30, full: 3000),
            Setting.Whole("width", "width of hidden layers", smoke: 8, full: 24),
            Setting.Whole("points", "points of the residual, drawn anew at each step; half as many at the start", smoke: 64, full: 256),
            Setting.Number("speed", "the highest speed of convection; the others are 1 and two fifths of it", smoke: 50, full: 50, minimum: 1),
            Setting.Number("drift", "the mean of Burgers' solution, with which its shock travels", smoke: 10, full: 10, minimum: 0, maximum: 100),
            Setting.Number("viscosity", "nu of Burgers' equation", smoke: 0.05, full: 0.01, minimum: 0.001),
        ],
        Task = Flows,
        Arms =
        [
            new("lpinn", "Two tanh networks, one of the paths and one of the state on them.", ArmRole.Method, (flows, run) => Learn(flows, run, Travelling(run))) { Candidates = Candidates },
            new("pinn", "One tanh network of the state in place, with as many parameters and the same periodic inputs.", ArmRole.Baseline, (flows, run) => Learn(flows, run, InPlace(run))) { Candidates = Candidates },
        ],
        Metrics =
        [
            new("relative L2", "|u - exact| / |exact| over place and time, where u is the deviation from the mean; the geometric mean over the flows"),
            new("relative L2 at top speed", "that of convection at the highest speed"),
            new("relative L2 at speed 1", "that of convection at speed 1"),
            new("relative L2 of burgers", "that of Burgers' equation against a spectral solution"),
            new("roughness at speed 1", "how much the slope of the loss varies along lines through the trained network, over the loss's range there; 4 for a parabola", Better.Neither),
            new("roughness at top speed", "the same at the highest speed", Better.Neither),
        ],
        Claims =
        [
            Claim.Below("lpinn", "pinn", "relative L2 at top speed", 10),
            Claim.AtMost("lpinn", "relative L2 at top speed", 0.05),
            Claim.Below("lpinn", "pinn", "relative L2 of burgers"),
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

    private static Flow[] Flows(TaskContext context)
    {
        double[] places = [.. Enumerable.Range(0, Places).Select(i => i * Period / Places)];
        double[] times = [.. Enumerable.Range(0, Times).Select(i => i / (Times - 1.0))];
        var (top, drift, viscosity) = (context.Settings.Number("speed"), context.Settings.Number("drift"), context.Settings.Number("viscosity"));
        Flow Convected(string name, double speed) => new(name, speed, 0, places, times, new Convection(Math.Sin, speed).At(places, times).ToDoubles());
        // The grid is twice as fine as where the solution is looked at.
        var grid = new PeriodicGrid(2 * Places, Period);
        var burgers = new Burgers(grid, viscosity).Solve(grid.Sample(x => drift + Math.Sin(x)), times, 0.5 * grid.Spacing / (drift + 1))[.., TensorIndex.Every(2, ..)] - drift;
        return
        [
            Convected("speed 1", 1),
            Convected("medium speed", 0.4 * top),
            Convected("top speed", top),
            new("burgers", drift, viscosity, places, times, burgers.ToDoubles()),
        ];
    }

    private static Method<LagrangianNetwork> Travelling(ArmRun run) => new(
        key => LagrangianNetwork.Create(key, run.Settings.Whole("width"), pathLayers: 2, stateLayers: 4, Period),
        (network, equation, points, starts, weight) => network.Loss(equation.Velocity, equation.Viscosity, Tensor.Sin, points, starts, weight),
        (network, points) => network.Call(points),
        LagrangianNetwork.AtPlaces);

    private static Method<Mlp> InPlace(ArmRun run)
    {
        var travelling = ParameterCount.Of(LagrangianNetwork.Create(run.Key, run.Settings.Whole("width"), pathLayers: 2, stateLayers: 4, Period));
        Mlp Network(Key key, int width) => Mlp.Create(key, [3, width, width, width, width, 1], Activation.Tanh);
        var width = Enumerable.Range(1, int.MaxValue - 1).First(width => ParameterCount.Of(Network(run.Key, width)) >= travelling);
        Tensor Field(Mlp network, Tensor points) => network.Call(LagrangianNetwork.Encode(points, Period));
        return new(
            key => Network(key, width),
            (network, equation, points, starts, weight) =>
            {
                var jet = Jet.Of(p => Field(network, p), points);
                var residual = jet["t"] + equation.Velocity(jet.U) * jet["x"];
                if (equation.Viscosity > 0) residual -= equation.Viscosity * jet["x", "x"];
                return Tensor.Square(residual).Mean() + weight * Tensor.Square(Field(network, starts) - Tensor.Sin(starts[.., ..1])).Mean();
            },
            Field,
            (state, _, _) => state.ToDoubles());
    }

    private static void Learn<TModel>(Flow[] flows, ArmRun run, Method<TModel> method)
        where TModel : ITree<TModel>
    {
        var call = Compile.Of((TModel model, Tensor points) => method.Call(model, points));
        // Flows of one viscosity differ in a number alone and share what is compiled.
        var errors = flows.GroupBy(flow => flow.Viscosity).SelectMany(alike => Learn(alike, run, method, call)).ToArray();
        run.Measure("relative L2", Math.Exp(errors.Average(Math.Log)));
    }

    private static List<double> Learn<TModel>(IGrouping<double, Flow> flows, ArmRun run, Method<TModel> method, Func<TModel, Tensor, Tensor> call)
        where TModel : ITree<TModel>
    {
        var (steps, points, errors) = (run.Steps(), run.Settings.Whole("points"), new List<double>());
        Tensor Loss(TModel model, Tensor speed, Key key)
        {
            var starts = Sample.Uniform(key.Fold(1), [points / 2, 1]) * Period;
            return method.Loss(
                model, new Equation(speed, flows.Key), Sample.Uniform(key.Fold(0), [points, 2]) * Tensor.From((float)Period, 1f),
                Tensor.Concatenate([starts, Tensor.ZerosLike(starts)], 1), run.Choice["initial weight"]);
        }
        var trainer = new Trainer<TModel, TreeList<Tensor>>(new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (model, speed, key) => Loss(model, speed[0], key));
        var landscape = new LossLandscape<TModel, Tensor>(Loss);
        foreach (var flow in flows)
        {
            var speed = Tensor.Scalar((float)flow.Speed);
            var model = run.Train(trainer, method.Create(run.Key), Batches.Whole<TreeList<Tensor>>([speed]), steps, name: flow.Name);
            var states = flow.Points().Select(points => method.AtPlaces(call(model, points), flow.Places, Period)).ToArray();
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

    /// <summary>u_t + c u_x = 0 or, where there is viscosity, u_t + (c + u) u_x = nu u_xx, the equation of Burgers for c + u, with u(x, 0) = sin x.</summary>
    private sealed record Equation(Tensor Speed, double Viscosity)
    {
        public Tensor Velocity(Tensor u) => Viscosity > 0 ? Speed + u : Speed;
    }

    /// <summary>A way to learn a flow.</summary>
    /// <param name="Create">Makes the network.</param>
    /// <param name="Loss">Its loss at points and starts, whose errors count with a weight.</param>
    /// <param name="Call">What the network gives at points.</param>
    /// <param name="AtPlaces">The state at places from what the network gives at the points of one time; with the period.</param>
    private sealed record Method<TModel>(
        Func<Key, TModel> Create,
        Func<TModel, Equation, Tensor, Tensor, double, Tensor> Loss,
        Func<TModel, Tensor, Tensor> Call,
        Func<Tensor, IReadOnlyList<double>, double, double[]> AtPlaces);

    /// <summary>A flow with its exact solution.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Speed">The speed of convection, or the mean of Burgers' solution, from which u deviates.</param>
    /// <param name="Viscosity">nu of Burgers' equation; 0 for convection.</param>
    /// <param name="Places">Where the solution is known.</param>
    /// <param name="Times">When.</param>
    /// <param name="Exact">The solution, time by time.</param>
    public sealed record Flow(string Name, double Speed, double Viscosity, double[] Places, double[] Times, double[] Exact)
    {
        /// <summary>The places at each time, as rows (x, t): f32 [places, 2].</summary>
        public IEnumerable<Tensor> Points() => Times.Select(t => Tensor.From<float>([.. Places.SelectMany(x => (float[])[(float)x, (float)t])], [Places.Length, 2]));

        /// <summary>|u - exact| / |exact|.</summary>
        /// <param name="states">u at the places, time by time.</param>
        public double Error(double[][] states) => Math.Sqrt(states.SelectMany(u => u).Zip(Exact, (u, exact) => (u - exact) * (u - exact)).Sum() / Exact.Sum(exact => exact * exact));

        /// <summary>The exact solution above what was learned: time across, place upward.</summary>
        /// <param name="states">u at the places, time by time.</param>
        public Picture Draw(double[][] states)
        {
            const int Scale = 4;
            Picture Map(Func<int, int, double> value)
            {
                var map = new double[Places.Length, Times.Length * Scale];
                for (var i = 0; i < Places.Length; i++)
                    for (var t = 0; t < Times.Length * Scale; t++) map[Places.Length - 1 - i, t] = value(t / Scale, i);
                return Picture.HeatMap(map, Exact.Min(), Exact.Max());
            }
            return Picture.Column(Map((t, i) => Exact[t * Places.Length + i]), Map((t, i) => states[t][i]));
        }
    }
}
