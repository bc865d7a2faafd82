using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Search;

/// <summary>Learning curves of all candidates of a search, so that searches by budgets are compared without training anything again.</summary>
/// <param name="Losses">For each candidate, the loss after each epoch; all have equally many.</param>
public sealed record CurveTable(IReadOnlyList<double[]> Losses)
{
    private const int Width = 24, Batch = 32;

    /// <summary>The loss of a candidate after some epochs: what <see cref="Hyperband"/> evaluates.</summary>
    /// <param name="candidate">Its place.</param>
    /// <param name="epochs">1 or more.</param>
    public double At(int candidate, int epochs) => Losses[candidate][epochs - 1];

    /// <summary>By how much the last loss of a candidate is above the lowest one of all.</summary>
    /// <param name="candidate">Its place.</param>
    public double Regret(int candidate) => Losses[candidate][^1] - Losses.Min(curve => curve[^1]);

    /// <summary>The rank of a candidate by its last loss, 1 being best.</summary>
    /// <param name="candidate">Its place.</param>
    public int Rank(int candidate) => 1 + Losses.Count(curve => curve[^1] < Losses[candidate][^1]);

    /// <summary>Candidates in random order, each once before any comes again.</summary>
    /// <param name="key">Draws the orders.</param>
    public Func<int> Draws(Key key)
    {
        var (random, order, next) = (new KeyRandom(key), Array.Empty<int>(), 0);
        return () =>
        {
            if (next % Losses.Count == 0) order = random.Permutation(Losses.Count);
            return order[next++ % Losses.Count];
        };
    }

    /// <summary>
    /// Shares of wrong validation answers of perceptrons of one hidden layer of 24 neurons, trained as one program by momentum on batches of 32. Their learning rates are drawn between 0.001
    /// and 2, penalties of squared weights between 1e-6 and 0.1, and factors of first weights between 0.1 and 3, evenly in the logarithm.
    /// </summary>
    /// <param name="key">Draws hyperparameters in its part 0, weights in 3 and batches in 4.</param>
    /// <param name="candidates">How many.</param>
    /// <param name="epochs">The length of curves.</param>
    /// <param name="train">Examples to learn, as rows.</param>
    /// <param name="validation">Others, which judge.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CurveTable OfPerceptrons(Key key, int candidates, int epochs, LabelledData train, LabelledData validation, int classes, CancellationToken cancellation = default)
    {
        var random = new KeyRandom(key.Fold(0));
        double Drawn(double low, double high) => Math.Exp(random.Uniform(Math.Log(low), Math.Log(high)));
        double[] rates = new double[candidates], decays = new double[candidates], scales = new double[candidates];
        for (var i = 0; i < candidates; i++) (rates[i], decays[i], scales[i]) = (Drawn(1e-3, 2), Drawn(1e-6, 0.1), Drawn(0.1, 3));
        Tensor Column(double[] values) => Tensor.From<float>([.. values.Select(value => (float)value)]);
        var networks = Vmap.Of(
            (Key key, Tensor scale) => Tree.Map(Mlp.Create(key, [train.Inputs.Shape[1], Width, classes], Activation.Relu), leaf => leaf * scale), key.Fold(3).SplitBatch(candidates), Column(scales));
        var trainer = new PopulationTrainer<TreePair<Mlp, Tensor>>(new ClippedByNorm(new Sgd(1.0, Momentum: 0.9), 1), (pair, key, _) =>
        {
            var (network, decay) = pair;
            var rows = Sample.Integers(key, [Batch], 0, train.Count);
            var weights = network.Layers.Select(layer => Tensor.Square(layer.Weight).Sum()).Aggregate((a, b) => a + b);
            return Loss.CrossEntropy(network.Call(train.Inputs.Take(rows)), train.Labels.Take(rows)) + Tensor.StopGradient(decay) * weights;
        });
        var curves = Enumerable.Range(0, candidates).Select(_ => new double[epochs]).ToArray();
        var wrong = Compile.Of((Mlp networks) => Vmap.Of((Mlp network) => 1 - Metric.Accuracy(network.Call(validation.Inputs), validation.Labels), networks));
        var each = Math.Max(1, train.Count / Batch);
        trainer.Train(new(networks, Column(decays)), Tensor.From(rates), key.Fold(4), epochs * each, epochs, (steps, pairs) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var values = wrong(pairs.Item1).ToDoubles();
            for (var i = 0; i < candidates; i++) curves[i][steps / each - 1] = double.IsNaN(values[i]) ? 1 : values[i];
        });
        return new(curves);
    }
}
