using System.Diagnostics;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Accuracies of trainings, epoch by epoch: those of a file, or of small perceptrons that learn digits here.</summary>
internal static class RealCurves
{
    private const int Trainings = 30, Epochs = 40, Size = 12, Examples = 600, BatchSize = 30;

    /// <summary>Curves of a file: a training a row, an epoch a column, values from 0 to 1.</summary>
    /// <exception cref="UnreadableFileException">It does not hold that.</exception>
    public static double[][] Read(string file)
    {
        const int Fewest = 5, Most = 200;
        var table = DelimitedText.Read(file);
        if (table.Columns.FirstOrDefault(column => column is not TableColumn.Numeric) is { } text)
            throw new UnreadableFileException(file, $"column {text.Name}", "holds text; each column has the values of an epoch");
        if (table.Columns.Count is < Fewest or > Most)
            throw new UnreadableFileException(file, "", $"the curves have {table.Columns.Count} epochs; there must be from {Fewest} to {Most} columns, one for each");
        double[][] curves = [.. table.Matrix().ToDoubles().Chunk(table.Columns.Count)];
        for (var row = 0; row < curves.Length; row++)
            if (Array.FindIndex(curves[row], value => value is not (>= 0 and <= 1)) is >= 0 and var epoch)
                throw new UnreadableFileException(file, $"row {row + 1}, column {table.Columns[epoch].Name}", $"is {curves[row][epoch]}; values of learning curves lie from 0 to 1");
        return curves;
    }

    /// <summary>Validation accuracies [epochs] of perceptrons of two widths and many learning rates.</summary>
    /// <param name="context">The key, and when to stop.</param>
    /// <param name="steps">Steps of an epoch.</param>
    public static double[][] Train(TaskContext context, int steps)
    {
        int[] widths = [8, 48];
        LabelledData Flat(LabelledData data) => new(data.Inputs.Reshape(-1, Size * Size).Evaluate(), data.Labels);
        var (train, validation) = (Flat(Digits.Of(context.Key.Fold(2), Examples, Size)), Flat(Digits.Of(context.Key.Fold(3), Examples, Size)));
        var trainers = widths.Select(width => new Trainer<Mlp, LabelledData>(new Adam(1.0), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels))
        {
            Validation = model => new TreeDictionary<Tensor>([new("accuracy", Training.Metric.Accuracy(model.Call(validation.Inputs), validation.Labels))]),
        }).ToArray();
        var random = new KeyRandom(context.Key.Fold(4));
        return
        [
            .. Enumerable.Range(0, Trainings).Select(index =>
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var (which, rate, key) = (random.Integer(widths.Length), Math.Exp(random.Uniform(Math.Log(1e-4), Math.Log(0.1))), context.Key.Fold(5).Fold(index));
                var start = trainers[which].Start(Mlp.Create(key.Fold(0), [Size * Size, widths[which], 10], Activation.Relu), key.Fold(1));
                start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
                var run = trainers[which].Run(start, Batches.Shuffled(train, BatchSize, key.Fold(2)), new(Epochs * steps) { ReadEvery = steps });
                // A training that diverges keeps its last accuracy.
                double[] accuracies = [.. run.Measures["accuracy"].Select(point => point.Value)];
                return Enumerable.Range(0, Epochs).Select(epoch => accuracies[Math.Min(epoch, accuracies.Length - 1)]).ToArray();
            }),
        ];
    }

    /// <summary>
    /// Runs trainings in random orders, and ends each after so many epochs as a rule says of its number and the best accuracy before it: epochs of all over those that were run, and by how much the
    /// best that was found lies below the best of all.
    /// </summary>
    public static (double Saving, double Regret) Stopped(double[][] curves, Key key, int orders, Func<int, double, int> end)
    {
        var (random, epochs, used, regret, most) = (new KeyRandom(key), curves[0].Length, 0, 0.0, curves.Max(curve => curve.Max()));
        for (var order = 0; order < orders; order++)
        {
            var best = double.NegativeInfinity;
            foreach (var index in random.Permutation(curves.Length))
            {
                var taken = double.IsFinite(best) ? end(index, best) : epochs;
                used += taken;
                best = Math.Max(best, curves[index][..taken].Max());
            }
            regret += (most - best) / orders;
        }
        return (orders * curves.Length * (double)epochs / used, regret);
    }

    /// <summary>Ends a training when some epochs brought nothing better.</summary>
    public static Func<int, double, int> Patience(double[][] curves, int patience) => (index, _) =>
    {
        var (curve, best) = (curves[index], 0);
        for (var epoch = 1; epoch < curve.Length; epoch++)
        {
            if (curve[epoch] > curve[best]) best = epoch;
            else if (epoch - best >= patience) return epoch + 1;
        }
        return curve.Length;
    };

    /// <summary>The mean over curves of the mean over the epochs that are not known.</summary>
    public static double Unknown(Tensor values, Tensor known) =>
        values.ToDoubles().Chunk(values.Shape[1]).Zip(known.ToArray<bool>().Chunk(values.Shape[1]), (row, mask) => row.Where((_, epoch) => !mask[epoch]).Average()).Average();

    /// <summary>How long something takes.</summary>
    public static double Milliseconds(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
