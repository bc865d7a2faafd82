using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Sequences;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Tests.Shrink;

public sealed class WordTaskTests
{
    private static readonly ILanguage language = new ReberGrammar();

    private static readonly WordTask task = WordTask.Draw(Key.Of(1), Key.Of(2), language, words: 120, longest: 9);

    [Fact]
    public void Half_of_the_texts_are_words()
    {
        var words = LabelledWords.Draw(Key.Of(3), language, 21, longest: 9);
        var (symbols, last, labels) = (words.Symbols.ToDoubles().Chunk(9 * language.Alphabet.Length).ToArray(), words.Last.ToDoubles().Chunk(9).ToArray(), words.Labels.ToArray<int>());
        Assert.Equal(10, labels.Sum());
        for (var n = 0; n < 21; n++)
        {
            var length = Array.IndexOf(last[n], 1) + 1;
            var text = string.Concat(symbols[n].Chunk(language.Alphabet.Length).Take(length).Select(one => language.Alphabet[Array.IndexOf(one, 1)]));
            Assert.Equal(labels[n] == 1, language.Contains(text));
            Assert.Equal(length, symbols[n].Sum());
            Assert.Equal(1, last[n].Sum());
        }
    }

    [Fact]
    public void Tests_come_in_parts_of_one_size()
    {
        Assert.Equal([100, 100, 100], LabelledWords.Parts(Key.Of(4), language, 250, longest: 8).Select(part => part.Count));
        Assert.Equal([60], task.Tests.Select(part => part.Count));
        Assert.Equal((32, 3), (task.BatchSize, task.StepsPerEpoch));
    }

    [Fact]
    public void A_reader_learns_to_tell_words()
    {
        var reader = WordReader.Create(Key.Of(5), language.Alphabet.Length, 16, WordReader.Cells[2].Create);
        var learned = task.Learn(reader, 1e-2, 300, Key.Of(6));
        Assert.True(task.Accuracy(learned) > task.Accuracy(reader) + 0.15);
        // Right answers counted by hand.
        var (logits, labels) = (learned.Call(task.Tests[0]).ToDoubles(), task.Tests[0].Labels.ToArray<int>());
        Assert.Equal(labels.Index().Average(label => (logits[2 * label.Index + 1] > logits[2 * label.Index]) == (label.Item == 1) ? 1.0 : 0), task.Accuracy(learned), 1e-6);
    }

    [Fact]
    public void Networks_side_by_side_learn_as_they_do_alone()
    {
        Parametrised<WordReader>[] readers = [.. Enumerable.Range(0, 3).Select(i => Parametrised.Of(WordReader.Create(Key.Of(7 + i), language.Alphabet.Length, 4, WordReader.Cells[0].Create)))];
        var trainer = WordTask.Trainer(1e-2);
        Parametrised<WordReader> Trained(Parametrised<WordReader> population) => trainer.Run(trainer.Start(population, Key.Of(10)), task.Batches(Key.Of(11)), new(5)).State.Model;
        var (together, alone) = (Population.Member(Trained(Population.Stack(readers)), 1), Population.Member(Trained(Population.Stack(readers[1..2])), 0));
        foreach (var (a, b) in Tree.Leaves(together).Zip(Tree.Leaves(alone))) Numbers.Close(b.ToDoubles(), a.ToDoubles(), 1e-4);
    }

    [Fact]
    public void Readers_of_graphs_have_weights_on_edges_alone()
    {
        var graphs = LayeredGraph.Draw(Key.Of(12), 6, largest: 12, deepest: 4);
        Assert.All(graphs, graph => Assert.InRange(graph.Layers.Count, 2, 4));
        Assert.All(graphs, graph => Assert.InRange(graph.Graph.Count, 10, 12));
        Assert.All(graphs, graph => Assert.Single(graph.Graph.Components()));
        var readers = WordReader.OfGraphs(Key.Of(13), language.Alphabet.Length, 5, graphs, WordReader.Cells[0].Create);
        foreach (var (graph, reader) in graphs.Zip(readers.Select(raw => Parametrised.Merge(raw))))
        {
            var layers = ((GraphRecurrent)reader.Body).Layers.Cast<RecurrentCell>().ToArray();
            // Inputs of layers behind the first: as many weights as edges.
            Assert.Equal(graph.Graph.Edges.Count, layers[1..].Sum(layer => layer.Weight.ToDoubles().Count(weight => weight != 0)));
            Assert.Equal(2 * Enumerable.Range(0, graph.Graph.Count).Count(graph.IsSink), reader.Output.Weight.ToDoubles().Count(weight => weight != 0));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => LayeredGraph.Draw(Key.Of(12), 1, largest: 9, deepest: 4));
    }

    [Fact]
    public void Recovery_tells_the_epoch_at_which_each_network_is_good_enough()
    {
        // Two numbers go to 1 by tenths of the way and by halves; their score is how near they are.
        var trainer = Population.Trainer<Tensor, Tensor>(new Sgd(1), (w, _) => 0.25 * Tensor.Square(w - 1.0));
        var recovery = Recovery.Of(trainer, Tensor.From(0.0, 0.9), Batches.Whole(Tensor.Scalar(0.0)), stepsPerEpoch: 2, epochs: 3, Key.Of(14), models => models.ToDoubles());
        // Each step halves the distance to 1.
        Assert.Equal([0, 0.75, 0.9375, 0.984375], recovery.Scores.Select(scores => Math.Round(scores[0], 9)));
        Assert.Equal((2, 0, 4), (recovery.EpochsTo(0, 0.9), recovery.EpochsTo(1, 0.9), recovery.EpochsTo(0, 0.99)));
        Assert.Equal(6, recovery.Steps);
        Assert.True(recovery.Flops > 0);
    }

    [Fact]
    public void Properties_predict_what_depends_on_them()
    {
        var random = new KeyRandom(Key.Of(15));
        (string, double)[][] properties = [.. Enumerable.Range(0, 200).Select(_ => ((string, double)[])[("a", random.Normal()), ("b", random.Normal())])];
        double[] scores = [.. properties.Select(of => 3 * of[0].Item2 + 1 + 0.1 * random.Normal())];
        var regression = PropertyRegression.Of(properties, scores, ridge: 1e-3);
        Assert.InRange(regression.RSquared, 0.99, 1);
        Assert.Equal(["a", "b"], regression.Correlations.Select(property => property.Name));
        Assert.Equal(MathNet.Numerics.Statistics.Correlation.Pearson(properties.Select(of => of[1].Item2), scores), regression.Correlations[1].Correlation, 1e-9);
        Assert.InRange(PropertyRegression.Of(properties, [.. scores.Select(_ => random.Normal())]).RSquared, -1, 0.2);
    }
}
