using Paramorph.Data;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Sequences;

/// <summary>Words of a language and texts that are none, for <see cref="WordReader"/>s that are trained and judged side by side.</summary>
/// <param name="Language">The language.</param>
/// <param name="Train">Texts to learn from.</param>
/// <param name="Tests">Texts to be judged by, in parts of one size.</param>
public sealed record WordTask(ILanguage Language, LabelledWords Train, IReadOnlyList<LabelledWords> Tests)
{
    private const int LargestBatch = 32, FewestTests = 40;

    private static readonly Func<Parametrised<WordReader>, IReadOnlyList<LabelledWords>, double[]> judge =
        Population.Judge((Parametrised<WordReader> raw, LabelledWords words) => Metric.Accuracy(raw.Materialise().Call(words), words.Labels));

    /// <summary>Texts of a batch.</summary>
    public int BatchSize => Math.Min(LargestBatch, Train.Count);

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => Train.Count / BatchSize;

    /// <summary>Draws a task.</summary>
    /// <param name="train">The key of what is learned from.</param>
    /// <param name="test">The key of what judges.</param>
    /// <param name="language">The language.</param>
    /// <param name="words">Texts to learn from; half as many judge, but no fewer than 40.</param>
    /// <param name="longest">Symbols of the longest text.</param>
    public static WordTask Draw(Key train, Key test, ILanguage language, int words, int longest) =>
        new(language, LabelledWords.Draw(train, language, words, longest), LabelledWords.Parts(test, language, Math.Max(FewestTests, words / 2), longest));

    /// <summary>Trains readers side by side with Adam.</summary>
    /// <param name="rate">The rate.</param>
    public static Trainer<Parametrised<WordReader>, LabelledWords> Trainer(Schedule rate) =>
        Population.Trainer(new Adam(rate), (Parametrised<WordReader> raw, LabelledWords batch) => Loss.CrossEntropy(raw.Materialise().Call(batch), batch.Labels));

    /// <summary>Batches in an order that a key draws.</summary>
    public IBatches<LabelledWords> Batches(Key key) => Training.Batches.Shuffled(Train, BatchSize, key);

    /// <summary>The share of the tests that each of several readers side by side tells right.</summary>
    public double[] Accuracies(Parametrised<WordReader> readers) => judge(readers, Tests);

    /// <summary>The share of the tests that a reader tells right.</summary>
    public double Accuracy(WordReader reader) => Accuracies(Alone(reader))[0];

    /// <summary>Trains one reader.</summary>
    /// <param name="reader">The reader before it.</param>
    /// <param name="rate">The rate.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="key">The key of the order of batches.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public WordReader Learn(WordReader reader, Schedule rate, int steps, Key key, CancellationToken cancellation = default)
    {
        var trainer = Trainer(rate);
        var run = trainer.Run(trainer.Start(Alone(reader), key), Batches(key), new(steps) { Cancellation = cancellation });
        cancellation.ThrowIfCancellationRequested();
        return Parametrised.Merge(Population.Member(run.State.Model, 0));
    }

    /// <summary>Trains a reader with each kind of <see cref="WordReader.Cells"/> and tells its accuracy.</summary>
    /// <param name="width">Hidden numbers of a layer.</param>
    /// <param name="rate">The rate, which falls to a tenth along a cosine.</param>
    /// <param name="epochs">Epochs.</param>
    /// <param name="key">Folded by the number of the kind, the key of its reader and the order of its batches.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (string Name, WordReader Reader, double Accuracy)[] LearnAll(int width, double rate, int epochs, Key key, CancellationToken cancellation = default)
    {
        var steps = epochs * StepsPerEpoch;
        return [.. WordReader.Cells.Select((cell, kind) =>
        {
            var start = WordReader.Create(key.Fold(kind), Language.Alphabet.Length, width, cell.Create);
            var reader = Learn(start, Schedule.Cosine(rate, steps, rate / 10), steps, key.Fold(kind), cancellation);
            return (cell.Name, reader, Accuracy(reader));
        })];
    }

    /// <summary>A reader as a population of one, under masks that keep all, so that it is trained and judged by the program of masked ones.</summary>
    private static Parametrised<WordReader> Alone(WordReader reader) => Population.Stack([Mask.Of(reader, Pruning.ByMagnitude(reader, 0, WordReader.RecurrentLayers), WordReader.RecurrentLayers)]);
}
