using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Sequences;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Papers.Shrink;

/// <summary>Recurrent networks that are pruned and trained on, and recurrent networks with the connections of random graphs.</summary>
[Paper("sparse-rnn")]
public static class SparseRnn
{
    private const string Accuracy = "accuracy";

    /// <summary>The part of the weights that is gone where networks are compared, and how far below the dense one a network may be and count as recovered. Networks of graphs are small and learn faster.</summary>
    private const double Moderate = 0.6, Tolerance = 0.01, Rate = 3e-3, GraphRate = 1e-2;

    private static readonly double[] fractions = [0.2, 0.4, Moderate, 0.8, 0.9];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Grammar>
    {
        Id = "sparse-rnn",
        Question = "Do recurrent networks regain their accuracy within a few epochs after most of their weights were pruned, and do properties of a random graph tell how well the recurrent network learns that has its connections?",
        Original = "A thesis: 25,000 Reber sequences, valid and not, three recurrent layers of 50, tanh, ReLU, LSTM and GRU; pruned by 60 to 80 % they keep their accuracy and regain it mostly after one epoch; of 200 random graphs each, regressions on their properties predict accuracy, best for GRU.",
        Difference = "Three thousand sequences with a single wrong symbol in those that are not valid, two layers of 32, 50 graphs of at most 20 nodes in 5 layers; connections that skip layers enter the layer itself; R² is of predictions for graphs left out.",
        Budget = "steps: all pruned networks and the dense one are trained on for as many epochs; all graphs for as many steps",
        Settings =
        [
            Setting.Whole("words", "training sequences, half of them valid, and half as many to judge by", smoke: 64, full: 3000, minimum: 40), Setting.Whole("longest", "symbols of the longest sequence", smoke: 8, full: 14, minimum: 7),
            Setting.Whole("width", "hidden numbers of a layer", smoke: 4, full: 32), Setting.Whole("epochs", "epochs of training before pruning", smoke: 1, full: 15), Setting.Whole("retraining", "epochs after pruning", smoke: 1, full: 4),
            Setting.Whole("graphs", "random graphs, half by Watts and Strogatz, half by Barabási and Albert", smoke: 12, full: 50, minimum: 12),
            Setting.Whole("nodes", "nodes of the largest graph; the smallest has ten", smoke: 12, full: 20, minimum: 11), Setting.Whole("layers", "layers of the deepest graph; deeper ones are drawn again", smoke: 4, full: 5, minimum: 3),
            Setting.Whole("graph-steps", "training steps of networks of graphs", smoke: 2, full: 150),
        ],
        Task = Draw,
        Arms =
        [
            new("pruned", "The smallest input and recurrent weights go, 60 %.", ArmRole.Method, (grammar, run) => Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, WordReader.RecurrentLayers))),
            new("input", "Only the smallest input weights go.", ArmRole.Ablation, (grammar, run) => Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, WordReader.InputWeights))),
            new("recurrent", "Only the smallest recurrent weights go.", ArmRole.Ablation, (grammar, run) => Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, WordReader.RecurrentWeights))),
            new("random", "As many input and recurrent weights go at random.", ArmRole.Baseline, (grammar, run) => Retrain(grammar, run, (model, key, fraction) => Pruning.AtRandom(key, model, fraction, WordReader.RecurrentLayers))),
            new("dense", "Nothing goes.", ArmRole.Baseline, (grammar, run) => Retrain(grammar, run, (model, _, _) => Pruning.ByMagnitude(model, 0, WordReader.RecurrentLayers), [Moderate])),
            new("graphs", "Networks with the connections of random graphs, the mean over all.", ArmRole.Method, (grammar, run) => LearnGraphs(grammar.Words, run)),
        ],
        Metrics = [new(Accuracy, "share of test sequences that are rightly told valid or not, after training on, the mean over the four kinds of cells", Better.Higher)],
        Claims =
        [
            Claim.NoLower("pruned", "dense", Accuracy, Tolerance), Claim.Above("pruned", "random", Accuracy).From("ours"),
            Claim.That("properties of a graph predict the accuracy of its network, for graphs left out, the mean of R² over the four kinds of cells", seed => WordReader.Cells.Average(cell => seed["graphs", $"R² of {cell.Name}"]), unit: "R²"),
            Claim.AtMost("pruned", "epochs to regain", 1).AsSide(), Claim.Above("random", "pruned", "epochs to regain").From("ours").AsSide(),
            Claim.NoLower("input", "recurrent", Accuracy, 0).From("ours").AsSide(),
        ],
        Why = "Pruning by magnitude leads by 0.7 points of accuracy over pruning at random, which three seeds do not tell from nothing: networks of this size regain within some five epochs what random pruning takes.",
        Earlier = [new("2026-11-22", Verdict.Held, "That pruning by magnitude wins over pruning at random was claimed of the epochs to regain alone and not of the accuracy at the end, and up to three of four epochs counted as soon. The comparison of accuracies is a main claim now, and the paper's single epoch stands beside.")],
    };

    private static Grammar Draw(TaskContext context)
    {
        var (keys, settings) = (context.Key.Split(4), context.Settings);
        var words = WordTask.Draw(keys[0], keys[1], new ReberGrammar(), settings.Whole("words"), settings.Whole("longest"));
        return new(words, words.LearnAll(settings.Whole("width"), Rate, settings.Whole("epochs"), keys[2], context.Cancellation));
    }

    /// <summary>Prunes and trains on the dense network of each kind, with all fractions or some, side by side.</summary>
    private static void Retrain(Grammar grammar, ArmRun run, Func<WordReader, Key, double, WordReader> prune, double[]? some = null)
    {
        var (gone, epochs, sum, slowest) = (some ?? fractions, run.Steps("retraining"), 0.0, 0);
        foreach (var (kind, (name, dense, accuracy)) in grammar.Dense.Index())
        {
            var pruned = Population.Stack([.. gone.Select((fraction, i) => Mask.Of(dense, prune(dense, run.Key.Fold(i), fraction), WordReader.RecurrentLayers))]);
            var recovery = Recovery.Of(
                WordTask.Trainer(Rate), pruned, grammar.Words.Batches(run.Key.Fold(kind)), grammar.Words.StepsPerEpoch, epochs, run.Key, grammar.Words.Accuracies,
                done => run.Progress(kind * epochs + done, grammar.Dense.Length * epochs), run.Cancellation);
            run.Count(ParameterCount.Of(dense), recovery.Steps, recovery.Flops);
            foreach (var (i, fraction) in gone.Index())
            {
                var (before, after, regained) = (recovery.Scores[0][i], recovery.Scores[^1][i], recovery.EpochsTo(i, accuracy - Tolerance));
                foreach (var (what, value) in new (string, double)[] { ($"accuracy of {name}, pruned", before), ($"accuracy of {name}, trained on", after), ($"epochs of {name} to regain", regained) })
                {
                    run.Point(what, 100 * fraction, value);
                    if (fraction == Moderate) run.Measure(what, value);
                }
                if (fraction == Moderate) (sum, slowest) = (sum + after, Math.Max(slowest, regained));
            }
        }
        run.Measure(Accuracy, sum / grammar.Dense.Length);
        run.Measure("epochs to regain", slowest);
    }

    /// <summary>Trains networks of random graphs side by side, and predicts the accuracy of each from the properties of its graph.</summary>
    private static void LearnGraphs(WordTask words, ArmRun run)
    {
        var graphs = LayeredGraph.Draw(run.Key, run.Settings.Whole("graphs"), run.Settings.Whole("nodes"), run.Settings.Whole("layers"));
        var properties = graphs.Select(GraphProperties.Summary).ToArray();
        var (sum, scatters, steps) = (0.0, new List<Picture>(), run.Steps("graph-steps"));
        foreach (var (name, create) in WordReader.Cells)
        {
            var readers = Population.Stack(WordReader.OfGraphs(run.Key, words.Language.Alphabet.Length, run.Settings.Whole("width"), graphs, create));
            var accuracies = words.Accuracies(run.Train(WordTask.Trainer(Schedule.Cosine(GraphRate, steps, GraphRate / 10)), readers, words.Batches(run.Key), steps, name: name));
            var regression = PropertyRegression.Of(properties, accuracies);
            run.Measure($"R² of {name}", regression.RSquared);
            run.Measure($"accuracy of {name}", accuracies.Average());
            foreach (var (layers, accuracy) in properties.Select(of => of[0].Value).Zip(accuracies).OrderBy(pair => pair.First)) run.Point($"accuracy of {name} over layers", layers, accuracy);
            foreach (var (property, correlation) in regression.Correlations) run.Measure($"correlation of {property} with accuracy of {name}", correlation);
            scatters.Add(Picture.Scatter(accuracies, regression.Predictions, 0.4, 1));
            sum += accuracies.Average();
        }
        run.Measure(Accuracy, sum / WordReader.Cells.Count);
        run.Picture("accuracy to the right and its prediction upward", () => Picture.Row([.. scatters]));
    }

    /// <summary>Words, and the trained network of each kind of cells with its accuracy.</summary>
    private sealed record Grammar(WordTask Words, (string Name, WordReader Reader, double Accuracy)[] Dense);
}
