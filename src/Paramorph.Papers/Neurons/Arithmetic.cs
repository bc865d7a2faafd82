using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>What is done to two sums.</summary>
internal enum Operation
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>
/// Sums of two subsets of the inputs, overlapping by half, and one operation on the two: learned from numbers of one range, judged on a wider one, by a criterion that is a number of the problem and not of the contestants.
/// (Madsen and Johansen, "Measuring arithmetic extrapolation performance", 2019.)
/// </summary>
/// <param name="Operation">What is done to the sums.</param>
/// <param name="Inputs">Numbers of an example, of each four of which one is in a subset.</param>
/// <param name="Sign">1, or -1 for the same ranges below zero.</param>
internal sealed record Arithmetic(Operation Operation, int Inputs, double Sign = 1)
{
    /// <summary>How far each weight of the solution may be off.</summary>
    private const double Tolerance = 1e-3;

    private const int Batch = 64, Judged = 1024;

    /// <summary>Inputs of a kind with what is asked of them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">Examples.</param>
    /// <param name="low">The smallest input but for the sign.</param>
    /// <param name="high">The largest.</param>
    /// <param name="off">What each weight is off the solution.</param>
    public (Tensor Inputs, Tensor Answers) Draw(Key key, int count, double low, double high, double off = 0)
    {
        var x = Sign * Sample.Uniform(key, [count, Inputs], low, high);
        var size = Inputs / 4;
        Tensor Sum(int from, double off) => x[.., from..(from + size)].Sum(-1) + off * x.Sum(-1);
        // Deviations must not cancel.
        var (a, b) = (Sum(0, off), Sum(size / 2, Operation is Operation.Subtract or Operation.Divide ? -off : off));
        return (x, Operation switch { Operation.Add => a + b, Operation.Subtract => a - b, Operation.Multiply => a * b, _ => a / b });
    }

    /// <summary>Trains networks as one program.</summary>
    /// <param name="run">The run; it has the settings <c>steps</c> and <c>networks</c>.</param>
    /// <param name="create">Draws a network from [n, inputs] to [n, 1].</param>
    /// <param name="penalty">What is added to the loss, from a network and the share of the steps that is taken.</param>
    /// <param name="after">What is done to networks behind each step.</param>
    public Outcome Learn(ArmRun run, Func<Key, Sequential> create, Func<Sequential, Tensor, Tensor>? penalty = null, Func<Sequential, Sequential>? after = null)
    {
        const int Parts = 20;
        var (steps, networks, key) = (run.Steps(), run.Settings.Whole("networks"), run.Key.Fold((int)Operation));
        var trainer = new PopulationTrainer<Sequential>(
            new Adam(Schedule.Cosine(1e-2, steps)),
            (network, _, step) =>
            {
                // All networks see the same batches: what differs between them is where they start.
                var (x, y) = Draw(key.Fold(step), Batch, 1, 2);
                var error = Tensor.Square(network.Call(x).Squeeze(1) - y).Mean();
                return penalty is null ? error : error + penalty(network, step.AsType(ElementType.Float32) / (float)steps);
            },
            after);
        // The error of a solution whose weights are all a little off, on the range beyond that of training.
        var (beyond, answers) = Compile.Of<Key, Tensor, Tensor>(key => Draw(key, Judged, 2, 6))(key.Fold(-1));
        var limit = Tensor.Square(Draw(key.Fold(-1), Judged, 2, 6, Tolerance).Answers - answers).Mean().Item();
        var judge = Compile.Of((Sequential all) => Vmap.Of(network => Tensor.Square(network.Call(beyond).Squeeze(1) - answers).Mean(), all));
        var reached = new double[networks];
        Array.Fill(reached, double.PositiveInfinity);
        double[] errors = [];
        var end = trainer.Train(Compile.Of((Key keys) => Vmap.Of(create, keys))(key.SplitBatch(networks)), Tensor.Ones([networks], ElementType.Float64), key.Fold(-2), steps, Parts, (step, all) =>
        {
            run.Progress(step, steps);
            errors = judge(all).ToDoubles();
            for (var i = 0; i < networks; i++) reached[i] = errors[i] < limit ? Math.Min(reached[i], step) : double.PositiveInfinity;
            run.Point($"success rate, {Operation.ToString().ToLowerInvariant()}", step, reached.Count(double.IsFinite) / (double)networks);
        });
        run.Count(ParameterCount.Of(end) / networks, steps, 0);
        return new(errors, limit, reached, end);
    }

    /// <summary>What became of the networks.</summary>
    /// <param name="Errors">Mean squared error beyond the range of training, of each network.</param>
    /// <param name="Limit">The error below which a network succeeded.</param>
    /// <param name="Reached">The step from which on it stayed below, infinite where it does not end there.</param>
    /// <param name="Networks">The networks.</param>
    public sealed record Outcome(double[] Errors, double Limit, double[] Reached, Sequential Networks)
    {
        /// <summary>How many networks succeeded.</summary>
        public int Successes => Reached.Count(double.IsFinite);

        /// <summary>The share that succeeded.</summary>
        public double Rate => (double)Successes / Reached.Length;
    }

    /// <summary>Two layers of accumulators, the second of which multiplies or adds.</summary>
    public static Sequential Accumulators(Key key, int inputs, int hidden, bool isProduct) =>
        new([NeuralAccumulator.Create(key.Fold(0), inputs, hidden), NeuralAccumulator.Create(key.Fold(1), hidden, 1, isProduct)]);

    /// <summary>Two layers of arithmetic logic units.</summary>
    public static Sequential LogicUnits(Key key, int inputs, int hidden) => new([NeuralArithmeticLogicUnit.Create(key.Fold(0), inputs, hidden), NeuralArithmeticLogicUnit.Create(key.Fold(1), hidden, 1)]);
}
