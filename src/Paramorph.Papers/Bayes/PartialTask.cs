using System.Collections.Concurrent;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Something to learn by a network some leaves of which are random, and the ways to learn it that are compared, each of which looks at as many gradients of the likelihood of an example.</summary>
/// <param name="Name">signs, waves or moons.</param>
/// <param name="Create">A network with drawn weights.</param>
/// <param name="Network">Which leaves are random, and the likelihood.</param>
/// <param name="Train">Examples that train.</param>
/// <param name="Validation">Such that choose.</param>
/// <param name="Test">Such that judge.</param>
internal sealed record PartialTask(string Name, Func<Key, ILayer> Create, PartialNetwork<ILayer, NoisyExamples> Network, NoisyExamples Train, NoisyExamples Validation, NoisyExamples Test)
{
    public const string Signs = "signs", Waves = "waves", Moons = "moons";

    private const int Batch = 20, FewRows = 10, Walks = 2, Draws = 10, Chains = 10, Flight = 20, Places = 50, Between = 10, Looks = 20;
    private const ElementType Type = ElementType.Float32;

    private static readonly PartialNetwork<ILayer, NoisyExamples> slope = new(Leaves.Named("slope"), LogNormal, 2), middle = new(Leaves.Named("layers[1]*"), LogNormal), narrow = new(Leaves.Named("layers[2]*"), LogClass);
    private static readonly ConcurrentDictionary<(string Task, double Variance, int Steps, int Examples), FeynmanKacTraining<ILayer, NoisyExamples>> open = new(), closed = new();
    private static readonly ConcurrentDictionary<(string Task, int Steps, int Examples), Trainer<ILayer, NoisyExamples>> restarts = new();
    private static readonly ConcurrentDictionary<(string Task, int Steps, int Examples), Trainer<TreePair<ILayer, MeanField>, NoisyExamples>> fields = new();
    private static readonly ConcurrentDictionary<(string Task, int Dimensions, int Moves), Func<ILayer, NoisyExamples, Tensor, Key, Tensor>> flights = new();
    private static readonly ConcurrentDictionary<(string Task, int Dimensions, int Examples), Func<ILayer, NoisyExamples, Tensor>> likings = new();
    private static readonly ConcurrentDictionary<(string Task, int Dimensions, int Examples), Func<ILayer, Tensor, Tensor, NoisyExamples, Tensor>> losses = new();

    private PartialNetwork<ILayer, NoisyExamples> OfAll => Network with { Random = Leaves.All, Deviation = 1 };

    private Tensor Scale => Tensor.Scalar((float)Train.Count / Batch);

    /// <summary>A line whose slope counts without its sign by the first input, and with it by the second, which is 0 in training; the sign of test examples is either.</summary>
    public static PartialTask OfSigns(Key key, int train, int test)
    {
        var size = (Sample.Uniform(key.Fold(9), [], 1.0, 2.0, Type)).Evaluate();
        NoisyExamples Drawn(int part, int count, bool isSeen)
        {
            var inputs = Sample.Uniform(key.Fold(part), [count, 2], -2, 2, Type) * (isSeen ? Tensor.From(1f, 0f) : Tensor.From(1f, 1f));
            var sign = 1.0 - 2.0 * (Tensor.Arange(count) % 2).AsType(Type);
            var targets = size * (inputs[.., 0] + sign * inputs[.., 1]) + 0.5 + 0.3 * Sample.Normal(key.Fold(part).Fold(1), [count], Type);
            return NoisyExamples.Of(inputs, targets.ExpandDims(1), 0.3);
        }
        return new(Signs, key => new SignedLine(2.0 * Sample.Normal(key, [1], Type), Tensor.Zeros([1], Type)), slope, Drawn(0, train, true), Drawn(1, test, true), Drawn(2, test, false));
    }

    /// <summary>x sin(x tanh x) of x in [-6, 6] with noise of the variance 1, in thirds, as in the paper; the middle layer is random.</summary>
    public static PartialTask OfWaves(Key key, int train, int test)
    {
        NoisyExamples Drawn(int part, int count)
        {
            var x = Sample.Uniform(key.Fold(part), [count, 1], -6, 6, Type);
            return NoisyExamples.Of(x / 3.0, (x * Tensor.Sin(x * Tensor.Tanh(x)) + Sample.Normal(key.Fold(part).Fold(1), [count, 1], Type)) / 3.0, 1 / 3.0);
        }
        return new(Waves, key => Mlp.Create(key, [1, 20, 10, 1], Tensor.Gelu, type: Type), middle, Drawn(0, train), Drawn(1, test), Drawn(2, test));
    }

    /// <summary>Two moons that overlap, and a narrow layer random.</summary>
    public static PartialTask OfMoons(Key key, int train, int test)
    {
        NoisyExamples Drawn(int part, int count)
        {
            var data = PlanarClasses.Moons(key.Fold(part), count, 0.2);
            return NoisyExamples.Of(data.Inputs.AsType(Type), Tensor.OneHot(data.Labels, 2, Type), 1);
        }
        return new(Moons, key => Mlp.Create(key, [2, 20, 20, 5, 2], Tensor.Gelu, type: Type), narrow, Drawn(0, train), Drawn(1, test), Drawn(2, test));
    }

    /// <summary>Minus the mean logarithm of the density of the examples that choose, in a search, or judge.</summary>
    public double Loss(PartlyLearned learned, bool isSearch) => Loss(learned, isSearch ? Validation : Test);

    /// <summary>Particles that go on from batch to batch.</summary>
    public PartlyLearned Open(ArmRun run, Key key, double variance, double rate)
    {
        var training = open.GetOrAdd((Name, variance, run.Steps(), Train.Count), of => new(
            Network, new(Resampling.Stratified), MarkovKernels.OrnsteinUhlenbeck(variance * Network.Deviation * Network.Deviation, Network.Deviation), new Adam(Schedule.Cosine(1, of.Steps))));
        return Run(run, training, key, run.Settings.Whole("particles"), Batch, run.Steps(), rate);
    }

    /// <summary>Particles that come from the prior at each step; in the end Hamiltonian chains, which begin where some of them are.</summary>
    public PartlyLearned FromPrior(ArmRun run, Key key, double variance, double rate)
    {
        // A move of a row looks at all rows, and a gradient is as much work as three likelihoods.
        var particles = run.Settings.Whole("particles") / 4;
        var steps = Math.Max(2, Gradients(run) / 2 / (particles * (FewRows * FewRows * (Walks + 1) + 4 * FewRows) / 3));
        var training = closed.GetOrAdd((Name, variance, steps, Train.Count), of => new(
            Network, new(Resampling.Stratified), MarkovKernels.Metropolis(variance * Network.Deviation * Network.Deviation, Walks), new Adam(Schedule.Cosine(1, of.Steps)), isOpen: false));
        var end = Run(run, training, key, particles, FewRows, steps, rate);
        return Flown(run, Network, end.Model, end.Particles.Take(Resampling.Systematic(key.Fold(4), Tensor.Exp(end.LogWeights)).Take(Tensor.Arange(Chains) * (particles / Chains))), Gradients(run) / 2, key.Fold(5));
    }

    /// <summary>Networks of the highest joint density from several starts: each is a particle of all weights.</summary>
    public PartlyLearned Restarts(ArmRun run, Key key, double rate) => Restarted(run, key, rate, 1, models => new(
        OfAll, Population.Member(models, 0), Vmap.Of((ILayer model) => OfAll.Values(model), models).Evaluate(), Even(run.Settings.Whole("particles"))));

    /// <summary>That of the restarts which the validation examples like best.</summary>
    public PartlyLearned Best(ArmRun run, Key key, double rate, double part = 1) => Restarted(run, key, rate, part, models =>
    {
        var best = Population.Member(models, likings.GetOrAdd((Name, 0, Train.Count), _ => Compile.Of((ILayer models, NoisyExamples data) => Vmap.Of(
            (ILayer model) => Network.LogLikelihood(model, data).Mean(), models)))(models, Validation).ArgMax(0).Item<int>());
        return new(Network, best, Network.Values(best).ExpandDims(0).Evaluate(), Even(1));
    });

    /// <summary>Hamiltonian chains around the best of fewer restarts.</summary>
    public PartlyLearned BestFlown(ArmRun run, Key key, double rate)
    {
        var best = Best(run, key, rate, 0.5);
        var start = best.Particles + 0.01 * Sample.Normal(key.Fold(3), [Chains, best.Particles.Shape[1]], Type);
        return Flown(run, Network, best.Model, start, Gradients(run) / 2, key.Fold(5));
    }

    /// <summary>A normal distribution of the places that further training from the best restart comes through.</summary>
    public PartlyLearned Averaged(ArmRun run, Key key, double rate, double further)
    {
        var (best, found) = (Best(run, key, rate), new List<Tensor>());
        var trainer = restarts.GetOrAdd((Name, 0, Train.Count), _ => new(new Adam(1), (model, batch, _) => -Network.LogJoint(model, batch, Scale) / Train.Count));
        var (state, batches) = (trainer.Start(best.Model, key.Fold(3)), Batches.Shuffled(Train, Batch, key.Fold(4)));
        state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(further) } };
        for (var step = 0; step < Places * Between; step++)
        {
            (state, _) = trainer.Step(state, batches.At(step));
            // The next step takes the state over, so the values are copied.
            if ((step + 1) % Between == 0) found.Add(Tensor.From(Network.Values(state.Model).ToArray<float>()));
        }
        var count = run.Settings.Whole("particles");
        return new(Network, best.Model, TrajectoryNormal.Of(Tensor.Stack([.. found]), Places / 2).Draw(key.Fold(5), count).Evaluate(), Even(count));
    }

    /// <summary>Independent normal numbers that have the highest bound of the evidence.</summary>
    public PartlyLearned MeanField(ArmRun run, Key key, double rate)
    {
        var (count, steps) = (run.Settings.Whole("particles"), Gradients(run) / (Draws * Batch));
        var trainer = fields.GetOrAdd((Name, steps, Train.Count), of => new(new Adam(Schedule.Cosine(1, of.Steps)), (pair, batch, key) => -Network.EvidenceBound(pair.Item1, pair.Item2, batch, Scale, key, Draws) / Train.Count));
        var model = Initialise.Of(key.Fold(0), Create);
        var mean = Network.Values(model).Evaluate();
        var (state, batches) = (trainer.Start(new(model, new(mean, Tensor.Full(mean.Shape, -2, Type).Evaluate())), key.Fold(1)), Batches.Shuffled(Train, Batch, key.Fold(2)));
        state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        return Kept(run, steps, until =>
        {
            state = trainer.Run(state, batches, new(until) { Cancellation = run.Cancellation }).State;
            return new(Network, Tree.Map(state.Model.Item1, Copy), state.Model.Item2.Draw(key.Fold(3), count).Evaluate(), Even(count));
        });
    }

    /// <summary>Hamiltonian chains of all weights, which all have a prior.</summary>
    public PartlyLearned AllFlown(ArmRun run, Key key)
    {
        var model = Initialise.Of(key.Fold(0), Create);
        return Flown(run, OfAll, model, OfAll.Prior(key.Fold(1), model, Chains), run.Settings.Whole("longer") * Gradients(run), key.Fold(2));
    }

    private PartlyLearned Run(ArmRun run, FeynmanKacTraining<ILayer, NoisyExamples> training, Key key, int particles, int batch, int steps, double rate)
    {
        var (state, batches, step) = (training.Start(Initialise.Of(key.Fold(0), Create), key.Fold(1), particles), Batches.Shuffled(Train, batch, key.Fold(2)), 0);
        state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        return Kept(run, steps, until =>
        {
            for (; step < until; step++) state = training.Step(state, batches.At(step), Train.Count, key.Fold(3).Fold(step));
            return new(Network, state.Model, state.Sample.Particles, state.Sample.LogWeights);
        });
    }

    private PartlyLearned Restarted(ArmRun run, Key key, double rate, double part, Func<ILayer, PartlyLearned> learned)
    {
        var trainer = restarts.GetOrAdd((Name, run.Steps(), Train.Count), of => Population.Trainer<ILayer, NoisyExamples>(new Adam(Schedule.Cosine(1, of.Steps)), (model, batch) => -Network.LogJoint(model, batch, Scale) / Train.Count));
        var models = Compile.Of((Key keys) => Vmap.Of(Create, keys))(key.Fold(0).SplitBatch((int)(run.Settings.Whole("particles") * part)));
        var (state, batches) = (trainer.Start(models, key.Fold(1)), Batches.Shuffled(Train, Batch, key.Fold(2)));
        state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        return Kept(run, run.Steps(), until => learned((state = trainer.Run(state, batches, new(until) { Cancellation = run.Cancellation }).State).Model));
    }

    /// <summary>That of some states along a training which the validation examples like best, as all ways are stopped.</summary>
    private PartlyLearned Kept(ArmRun run, int steps, Func<int, PartlyLearned> train)
    {
        var (least, best) = (double.PositiveInfinity, default(PartlyLearned));
        for (var look = 1; look <= Looks; look++)
        {
            var until = Math.Max(1, steps * look / Looks);
            run.Progress(until, steps);
            var learned = train(until);
            if (Loss(learned, Validation) is var loss && !(loss < least) && best is not null) continue;
            (least, best) = (loss, learned);
        }
        return best!;
    }

    private double Loss(PartlyLearned learned, NoisyExamples data) => losses.GetOrAdd((Name, learned.Particles.Shape[1], Train.Count), _ =>
    {
        var network = learned.Network;
        return Compile.Of((ILayer model, Tensor particles, Tensor logWeights, NoisyExamples data) => -(network.LogLikelihoods(model, particles, data) + logWeights.ExpandDims(1)).LogSumExp(0).Mean());
    })(learned.Model, learned.Particles, learned.LogWeights, data).Item();

    private static Tensor Copy(Tensor leaf) => Tensor.From(leaf.ToArray<float>(), leaf.Shape);

    private PartlyLearned Flown(ArmRun run, PartialNetwork<ILayer, NoisyExamples> network, ILayer model, Tensor start, int gradients, Key key)
    {
        var moves = Math.Max(4, gradients / (Chains * Flight * Train.Count));
        var fly = flights.GetOrAdd((Name, start.Shape[1], moves), _ => Compile.Of((ILayer model, NoisyExamples data, Tensor start, Key key) => new HamiltonianSampler<Tensor>(
            x => network.LogPrior(x) + network.LogLikelihoods(model, x, data).Sum(-1), Flight).Run(key, start, moves / 2, Math.Min(10, moves / 2), Math.Max(1, moves / 20), 1e-2).Draws.Reshape(-1, start.Shape[1])));
        var particles = fly(model, Train, start.Evaluate(), key);
        return new(network, model, particles, Even(particles.Shape[0]));
    }

    /// <summary>Gradients of the likelihood of an example under a particle that each way may look at.</summary>
    private static int Gradients(ArmRun run) => run.Settings.Whole("particles") * run.Steps() * Batch;

    private static Tensor Even(int count) => Tensor.Full([count], -Math.Log(count), Type).Evaluate();

    private static Tensor LogNormal(ILayer network, NoisyExamples batch) =>
        (-0.5 * Tensor.Square((batch.Targets - network.Call(batch.Inputs)) / batch.Deviations) - Tensor.Log(batch.Deviations) - 0.5 * Math.Log(2 * Math.PI))[.., 0];

    private static Tensor LogClass(ILayer network, NoisyExamples batch) => (network.Call(batch.Inputs).LogSoftmax() * batch.Targets).Sum(1);
}

/// <summary>Weighted networks that share what is not random.</summary>
/// <param name="Network">Which leaves differ.</param>
/// <param name="Model">What they share.</param>
/// <param name="Particles">What they do not: [particles, dimensions].</param>
/// <param name="LogWeights">Logarithms of weights that add to 1.</param>
internal sealed record PartlyLearned(PartialNetwork<ILayer, NoisyExamples> Network, ILayer Model, Tensor Particles, Tensor LogWeights)
{
    /// <summary>The weight of particles whose first number has the rarer sign.</summary>
    public double Rarer
    {
        get
        {
            var share = Tensor.Exp(LogWeights).Dot(Tensor.Where(Particles[.., 0] > 0.0, 1.0, 0.0).AsType(LogWeights.ElementType)).Item();
            return Math.Max(0, Math.Min(share, 1 - share));
        }
    }
}

/// <summary>Examples of which the noise is known.</summary>
/// <param name="Inputs">[n, inputs].</param>
/// <param name="Targets">[n, 1], or indicators of classes.</param>
/// <param name="Deviations">Standard deviations of the noise: [n, 1].</param>
[Tree]
internal sealed partial record NoisyExamples(Tensor Inputs, Tensor Targets, Tensor Deviations)
{
    /// <summary>Number of examples.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>Examples of equal noise.</summary>
    public static NoisyExamples Of(Tensor inputs, Tensor targets, double deviation) =>
        new(inputs.Evaluate(), targets.Evaluate(), Tensor.Full([inputs.Shape[0], 1], deviation, inputs.ElementType).Evaluate());
}

/// <summary>|slope| times the first input plus slope times the second plus an offset.</summary>
/// <param name="Slope">[1].</param>
/// <param name="Offset">[1].</param>
[Tree]
internal sealed partial record SignedLine(Tensor Slope, Tensor Offset) : ILayer
{
    /// <summary>[n, 2] gives [n, 1].</summary>
    public Tensor Call(Tensor x) => (Tensor.Abs(Slope) * x[.., 0] + Slope * x[.., 1] + Offset).ExpandDims(1);
}
