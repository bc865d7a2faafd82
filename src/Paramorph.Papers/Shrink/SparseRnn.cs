using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Papers.Shrink;

/// <summary>Recurrent networks that are pruned and trained on, and recurrent networks with the connections of random graphs.</summary>
[Paper("sparse-rnn")]
public static class SparseRnn
{
    private const string Accuracy = "accuracy";
    private const double Moderate = 0.6;

    /// <summary>How far below the dense network a pruned one may be and count as recovered.</summary>
    private const double Tolerance = 0.01;

    /// <summary>The parts of the weights that go, side by side.</summary>
    private static readonly double[] Fractions = [0.2, 0.4, Moderate, 0.8, 0.9];

    private static readonly (string Name, Func<Key, int, int, ILayer> Create)[] Cells =
    [
        ("rnn-tanh", static (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden)),
        ("rnn-relu", static (key, inputs, hidden) => RecurrentCell.Create(key, inputs, hidden, Activation.Relu)),
        ("gru", static (key, inputs, hidden) => GruCell.Create(key, inputs, hidden)),
        ("lstm", static (key, inputs, hidden) => LstmCell.Create(key, inputs, hidden)),
    ];

    private static readonly LeafFilter Input = Leaves.Named("body.layers*.weight");
    private static readonly LeafFilter Recurrent = Leaves.Named("body.layers*.recurrent");
    private static readonly LeafFilter Both = (path, leaf) => Input(path, leaf) || Recurrent(path, leaf);

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
            Setting.Whole("words", "training sequences, half of them valid, and half as many to judge by", smoke: 64, full: 3000, minimum: 40),
            Setting.Whole("longest", "symbols of the longest sequence", smoke: 8, full: 14, minimum: 7),
            Setting.Whole("width", "hidden numbers of a layer", smoke: 4, full: 32),
            Setting.Whole("epochs", "epochs of training before pruning", smoke: 1, full: 15),
            Setting.Whole("retraining", "epochs after pruning", smoke: 1, full: 4),
            Setting.Whole("graphs", "random graphs, half by Watts and Strogatz, half by Barabási and Albert", smoke: 12, full: 50, minimum: 12),
            Setting.Whole("nodes", "nodes of the largest graph; the smallest has ten", smoke: 12, full: 20, minimum: 11),
            Setting.Whole("layers", "layers of the deepest graph; deeper ones are drawn again", smoke: 4, full: 5, minimum: 3),
            Setting.Whole("graph-steps", "training steps of networks of graphs", smoke: 2, full: 150),
        ],
        Task = Grammar.Of,
        Arms =
        [
            new("pruned", "The smallest input and recurrent weights go, 60 %.", ArmRole.Method, (grammar, run) =>
                Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, Both))),
            new("input", "Only the smallest input weights go.", ArmRole.Ablation, (grammar, run) =>
                Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, Input))),
            new("recurrent", "Only the smallest recurrent weights go.", ArmRole.Ablation, (grammar, run) =>
                Retrain(grammar, run, (model, _, fraction) => Pruning.ByMagnitude(model, fraction, Recurrent))),
            new("random", "As many input and recurrent weights go at random.", ArmRole.Baseline, (grammar, run) =>
                Retrain(grammar, run, (model, key, fraction) => Pruning.AtRandom(key, model, fraction, Both))),
            new("dense", "Nothing goes.", ArmRole.Baseline, (grammar, run) => Retrain(grammar, run, (model, _, _) => Pruning.ByMagnitude(model, 0, Both), [Moderate])),
            new("graphs", "Networks with the connections of random graphs, the mean over all.", ArmRole.Method, LearnGraphs),
        ],
        Metrics = [new(Accuracy, "share of test sequences that are rightly told valid or not, after training on, the mean over the four kinds of cells", Better.Higher)],
        Claims =
        [
            Claim.NoLower("pruned", "dense", Accuracy, Tolerance),
            Claim.Above("pruned", "random", Accuracy).From("ours"),
            Claim.That(
                "properties of a graph predict the accuracy of its network, for graphs left out, the mean of R² over the four kinds of cells",
                seed => Cells.Average(cell => seed["graphs", $"R² of {cell.Name}"]), unit: "R²"),
            Claim.AtMost("pruned", "epochs to regain", 1).AsSide(),
            Claim.Above("random", "pruned", "epochs to regain").From("ours").AsSide(),
            Claim.NoLower("input", "recurrent", Accuracy, 0).From("ours").AsSide(),
        ],
        Why = "Pruning by magnitude leads by 0.7 points of accuracy over pruning at random, which three seeds do not tell from nothing: networks of this size regain within some five epochs what random pruning takes.",
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "That pruning by magnitude wins over pruning at random was claimed of the epochs to regain alone and not of the accuracy at the end, and up to three of four epochs counted as soon. The comparison of accuracies is a main claim now, and the paper's single epoch stands beside."),
        ],
    };

    private static IBatches<Sequences> Batches(Grammar grammar, Key key) => Training.Batches.Shuffled(grammar.Train, grammar.BatchSize, key);

    /// <summary>Prunes and trains on the dense network of each kind, with all fractions or some, side by side.</summary>
    private static void Retrain(Grammar grammar, ArmRun run, Func<Reader, Key, double, Reader> prune, double[]? some = null)
    {
        var fractions = some ?? Fractions;
        var (sum, slowest, epochs) = (0.0, 0, run.Steps("retraining"));
        for (var kind = 0; kind < Cells.Length; kind++)
        {
            var (name, dense) = (Cells[kind].Name, grammar.Dense[kind]);
            var pruned = Stacked([.. fractions.Select((fraction, i) => Mask.Of(dense, prune(dense, run.Key.Fold(i), fraction), Both))]);
            var accuracies = new List<double[]> { grammar.Judge(pruned) };
            var state = grammar.Retraining.Start(pruned, run.Key);
            var batches = Batches(grammar, run.Key.Fold(kind));
            var flops = (double)grammar.Retraining.Cost(state, batches.At(0)).Flops;
            for (var epoch = 1; epoch <= epochs; epoch++)
            {
                state = grammar.Retraining.Run(state, batches, new(epoch * grammar.StepsPerEpoch) { Cancellation = run.Cancellation }).State;
                run.Cancellation.ThrowIfCancellationRequested();
                accuracies.Add(grammar.Judge(state.Model));
                run.Progress(kind * epochs + epoch, Cells.Length * epochs);
            }
            run.Count(ParameterCount.Of(dense), epochs * grammar.StepsPerEpoch, flops * epochs * grammar.StepsPerEpoch);
            for (var i = 0; i < fractions.Length; i++)
            {
                run.Point($"accuracy of {name}, pruned", 100 * fractions[i], accuracies[0][i]);
                run.Point($"accuracy of {name}, trained on", 100 * fractions[i], accuracies[^1][i]);
                run.Point($"epochs of {name} to regain", 100 * fractions[i], Regained(i));
            }
            var moderate = Array.IndexOf(fractions, Moderate);
            run.Measure($"accuracy of {name}, pruned", accuracies[0][moderate]);
            run.Measure($"accuracy of {name}, trained on", accuracies[^1][moderate]);
            run.Measure($"epochs of {name} to regain", Regained(moderate));
            sum += accuracies[^1][moderate];
            slowest = Math.Max(slowest, Regained(moderate));

            // One more than there were for those that do not.
            int Regained(int fraction) => accuracies.FindIndex(after => after[fraction] >= grammar.DenseAccuracy[kind] - Tolerance) is >= 0 and var epoch ? epoch : epochs + 1;
        }
        run.Measure(Accuracy, sum / Cells.Length);
        run.Measure("epochs to regain", slowest);
    }

    /// <summary>Trains networks of random graphs side by side, and predicts the accuracy of each from the properties of its graph.</summary>
    private static void LearnGraphs(Grammar grammar, ArmRun run)
    {
        var graphs = Graphs(run.Key, run.Settings);
        int[] widths = [.. Enumerable.Range(0, graphs.Max(graph => graph.Layers.Count)).Select(layer => graphs.Max(graph => layer < graph.Layers.Count ? graph.Layers[layer].Length : 0))];
        var properties = graphs.Select(GraphProperties.Summary).ToArray();
        var (sum, scatters, steps) = (0.0, new List<Picture>(), run.Steps("graph-steps"));
        foreach (var (name, create) in Cells)
        {
            var networks = graphs.Select((graph, i) => OfGraph(graph, GraphRecurrent.Create(run.Key.Fold(i), grammar.Width, widths, create), grammar, run.Key.Fold(i))).ToArray();
            var trained = run.Train(
                Grammar.OfGraphs(steps), Stacked(networks), Batches(grammar, run.Key), steps, name: name);
            var accuracies = grammar.Judge(trained);
            var predictions = RidgeRegression.LeftOut(
                Tensor.From([.. properties.SelectMany(of => of.Select(property => property.Value))], [graphs.Length, properties[0].Count]), Tensor.From(accuracies), ridge: 0.1, folds: 10).ToArray<double>();
            var rSquared = Paramorph.Training.Metric.RSquared(Tensor.From(predictions), Tensor.From(accuracies)).Item();
            run.Measure($"R² of {name}", rSquared);
            run.Measure($"accuracy of {name}", accuracies.Average());
            foreach (var (accuracy, i) in accuracies.Select((accuracy, i) => (accuracy, i)).OrderBy(pair => properties[pair.i][0].Value))
                run.Point($"accuracy of {name} over layers", properties[i][0].Value, accuracy);
            for (var p = 0; p < properties[0].Count; p++) run.Measure($"correlation of {properties[0][p].Name} with accuracy of {name}", Trend.Correlation([.. properties.Select(of => of[p].Value)], accuracies));
            scatters.Add(Picture.Scatter(accuracies, predictions, 0.4, 1));
            sum += accuracies.Average();
        }
        run.Measure(Accuracy, sum / Cells.Length);
        run.Picture("accuracy to the right and its prediction upward", () => Picture.Row([.. scatters]));
    }

    /// <summary>Connected graphs of ten or more nodes, as many edges a node as in the original.</summary>
    private static LayeredGraph[] Graphs(Key key, SettingValues settings)
    {
        var (largest, deepest) = (settings.Whole("nodes"), settings.Whole("layers"));
        LayeredGraph One(int index)
        {
            for (var attempt = 0; ; attempt++)
            {
                var keys = key.Fold(index).Fold(attempt).Split();
                var nodes = 10 + new KeyRandom(keys.First).Integer(largest - 9);
                var graph = index % 2 == 0
                    ? RandomGraphs.WattsStrogatz(keys.Second, nodes, Math.Max(2, nodes / 5 / 2 * 2), rewiring: 1)
                    : RandomGraphs.BarabasiAlbert(keys.Second, nodes, nodes / 10);
                var layered = new LayeredGraph(graph);
                if (graph.Components().Count == 1 && layered.Layers.Count <= deepest) return layered;
            }
        }
        return [.. Enumerable.Range(0, settings.Whole("graphs")).Select(One)];
    }

    private static Parametrised<Reader> OfGraph(LayeredGraph graph, GraphRecurrent body, Grammar grammar, Key key)
    {
        var reader = grammar.Read(key, body, body.Sinks(graph).Count);
        var kept = body.Kept(graph);
        var sinks = body.Sinks(graph).ExpandDims(1).BroadcastTo(reader.Output.Weight.Shape).Evaluate();
        var masks = Tree.Map(reader, leaf => Tensor.OnesLike(leaf).AsType(ElementType.Bool)) with { Body = kept };
        masks = masks with { Output = masks.Output with { Weight = sinks } };
        return Mask.Of(reader, masks, (path, leaf) => Both(path, leaf) || path == "output.weight");
    }

    /// <summary>Trees side by side: each leaf gets a first axis.</summary>
    private static T Stacked<T>(IReadOnlyList<T> trees)
        where T : ITree<T>
    {
        var leaves = trees.Select(Tree.Leaves).ToArray();
        return Tree.Rebuild(trees[0], [.. Enumerable.Range(0, leaves[0].Length).Select(i => Tensor.Stack([.. leaves.Select(of => of[i])]).Evaluate())]);
    }

    /// <summary>Sequences of the Reber grammar, valid and not, and dense networks that have learned to tell them apart.</summary>
    private sealed class Grammar
    {
        private const double Rate = 3e-3;

        /// <summary>Networks of graphs are small.</summary>
        private const double GraphRate = 1e-2;

        /// <summary>So many sequences are judged at once, which bounds the memory.</summary>
        private const int Judged = 100;

        private static readonly ReberGrammar Language = new();
        private readonly Func<Parametrised<Reader>, Sequences, Tensor> judge = Compile.Of((Parametrised<Reader> readers, Sequences test) =>
            Vmap.Of((Parametrised<Reader> raw) => Paramorph.Training.Metric.Accuracy(raw.Materialise().Call(test), test.Labels), readers));

        private Grammar(TaskContext context)
        {
            var keys = context.Key.Split(4);
            var (words, longest) = (context.Settings.Whole("words"), context.Settings.Whole("longest"));
            Train = Sequences.Of(keys[0], Language, words, longest);
            var tests = Math.Max(40, words / 2);
            Tests = [.. Enumerable.Range(0, (tests + Judged - 1) / Judged).Select(i => Sequences.Of(keys[1].Fold(i), Language, Math.Min(Judged, tests), longest))];
            Width = context.Settings.Whole("width");
            BatchSize = Math.Min(32, words);
            StepsPerEpoch = words / BatchSize;
            var steps = context.Settings.Whole("epochs") * StepsPerEpoch;
            var learning = Trainer(Falling(Rate, steps));
            Retraining = Trainer(Rate);
            Dense = [.. Cells.Select((cell, kind) =>
            {
                var key = keys[2].Fold(kind);
                var reader = Read(key, new Sequential([cell.Create(key.Fold(0), Width, Width), cell.Create(key.Fold(1), Width, Width)]), Width);
                var alone = Stacked([Mask.Of(reader, Pruning.ByMagnitude(reader, 0, Both), Both)]);
                var run = learning.Run(learning.Start(alone, key), Batches(this, key), new(steps) { Cancellation = context.Cancellation });
                context.Cancellation.ThrowIfCancellationRequested();
                var leaves = Tree.Leaves(run.State.Model);
                return Parametrised.Merge(Tree.Rebuild(run.State.Model, [.. leaves.Select(leaf => leaf[0].Evaluate())]));
            })];
            DenseAccuracy = [.. Dense.Select(reader => Judge(Stacked([Mask.Of(reader, Pruning.ByMagnitude(reader, 0, Both), Both)]))[0])];
        }

        public Sequences Train { get; }

        /// <summary>Sequences to judge by, in parts of one size.</summary>
        public Sequences[] Tests { get; }

        public int Width { get; }

        public int BatchSize { get; }

        public int StepsPerEpoch { get; }

        /// <summary>The trained network of each kind of cells.</summary>
        public Reader[] Dense { get; }

        public double[] DenseAccuracy { get; }

        /// <summary>Trains pruned networks on.</summary>
        public Trainer<Parametrised<Reader>, Sequences> Retraining { get; }

        public static Grammar Of(TaskContext context) => new(context);

        /// <summary>Trains networks of graphs from the start.</summary>
        public static Trainer<Parametrised<Reader>, Sequences> OfGraphs(int steps) => Trainer(Falling(GraphRate, steps));

        public Reader Read(Key key, ILayer body, int outputs) =>
            new(Linear.Create(key.Fold(10), Language.Alphabet.Length, Width, hasBias: false, weight: Initialiser.Normal(1)), body, Linear.Create(key.Fold(11), outputs, 2));

        /// <summary>Test accuracies of networks side by side.</summary>
        public double[] Judge(Parametrised<Reader> readers) =>
            Tensor.Stack([.. Tests.Select(test => judge(readers, test))]).AsType(ElementType.Float64).Mean(0).ToArray<double>();

        private static Schedule Falling(double rate, int steps) => Schedule.Cosine(rate, steps, rate / 10);

        /// <summary>The loss is a sum over networks, so that each is trained as it would be alone.</summary>
        private static Trainer<Parametrised<Reader>, Sequences> Trainer(Schedule rate) => new(
            new Adam(rate),
            (readers, batch, _) => Vmap.Of((Parametrised<Reader> raw) => Loss.CrossEntropy(raw.Materialise().Call(batch), batch.Labels), readers).Sum());
    }
}

/// <summary>Sequences of symbols that belong to a language or do not.</summary>
/// <param name="Symbols">A one at each symbol, zeros behind the end: f32 [n, length, symbols].</param>
/// <param name="Last">A one at the last place of each: f32 [n, length].</param>
/// <param name="Labels">1 for those that belong to the language: i32 [n].</param>
[Tree]
internal sealed partial record Sequences(Tensor Symbols, Tensor Last, Tensor Labels)
{
    /// <summary>Half of them words, half of them words with a wrong symbol.</summary>
    public static Sequences Of(Key key, ILanguage language, int count, int longest)
    {
        var (valid, invalid) = (Words.Draw(key.Fold(0), language, count / 2, longest), new List<string>());
        for (var draw = 1; invalid.Count < count - count / 2; draw++) invalid.AddRange(Words.Invalid(key.Fold(draw), language, count).Where(text => text.Length <= longest));
        string[] texts = [.. valid, .. invalid.Take(count - count / 2)];
        var (symbols, last) = (new float[count * longest * language.Alphabet.Length], new float[count * longest]);
        for (var n = 0; n < count; n++)
        {
            for (var t = 0; t < texts[n].Length; t++) symbols[(n * longest + t) * language.Alphabet.Length + language.Alphabet.IndexOf(texts[n][t])] = 1;
            last[n * longest + texts[n].Length - 1] = 1;
        }
        return new(
            Tensor.From(symbols, [count, longest, language.Alphabet.Length]), Tensor.From(last, [count, longest]),
            Tensor.From([.. Enumerable.Range(0, count).Select(n => n < valid.Length ? 1 : 0)]));
    }
}

/// <summary>Reads sequences: vectors for symbols, recurrent layers, and two logits from the last outputs.</summary>
[Tree]
internal sealed partial record Reader(Linear Symbols, ILayer Body, Linear Output)
{
    public Tensor Call(Sequences sequences) => Output.Call((Body.Call(Symbols.Call(sequences.Symbols)) * sequences.Last.ExpandDims(-1)).Sum(-2));
}
