using System.Globalization;
using System.Text.Json;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Problems;

/// <summary>
/// A signal as a function of coordinates: a picture, signed distances, any samples. Of a picture or another grid the question is how well few numbers stand for it, so all points train and
/// judge; of samples anywhere some are held out.
/// </summary>
public sealed class FieldFit : ExamplesProblem
{
    private const int FewestParameters = 32, FewestOfSamples = 1000;

    private readonly FieldPreparation preparation;
    private readonly double[] truth;

    private FieldFit(FieldPreparation preparation, Examples all, double[] truth)
    {
        (this.preparation, this.truth) = (preparation, truth);
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("field-fit", "A signal as a function of coordinates: a picture, signed distances, any samples.")
    {
        Suits = (content, _) => content switch
        {
            DataContent.OfImage => 4,
            DataContent.OfTable { Table: var table } => FieldContent.AreDistances(table) ? 4 : 0,
            DataContent.OfArrays arrays => ImageContent.Find(arrays, FieldContent.CoordinateNames) is not null && ImageContent.Find(arrays, FieldContent.ValueNames) is not null ? 4 : 0,
            _ => 0,
        },
        Settings = ["parameters"],
        Options = ["target", "ignore", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(FieldJson.Default.FieldPreparation)!,
    };

    /// <summary>How many numbers a model may have; a byte is a quarter of one.</summary>
    public required int Parameters { get; init; }

    /// <summary>Points along each axis where samples fill a grid, the axis that changes slowest first; empty elsewhere.</summary>
    public IReadOnlyList<int> Grid => preparation.Grid;

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override int Count => All!.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => preparation.IsPicture ? [Peak, Root, Relative] : [Root, Relative];

    /// <inheritdoc/>
    public override ModelSignature Signature => new([preparation.Coordinates.Count], [preparation.Values.Count]);

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override Uncertainty Uncertainty => Grid.Count > 0 ? Uncertainty.None : Uncertainty.Intervals;

    /// <summary>The error of pictures.</summary>
    public static Metric Peak { get; } = new("PSNR", "ratio of the squared range, 1, to the mean squared error, in decibels", Better.Higher);

    /// <summary>The error of values.</summary>
    public static Metric Root { get; } = new("RMSE", "root of the mean squared error, in the units of the values");

    /// <summary>The error of values against their size.</summary>
    public static Metric Relative { get; } = new("relative L2", "root of the sum of squared errors over that of squared values");

    /// <summary>Reads it from a picture, a grid, or samples.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static FieldFit Read(DataContent content, ProblemOptions options)
    {
        options.Require(OfKind);
        var samples = FieldContent.Of(content, options);
        FiniteNumbers.Require(content.Path, "the place", "point", samples.Points);
        FiniteNumbers.Require(content.Path, "the signal", "point", samples.Samples);
        ConstantTarget.Refuse(content.Path, "point", samples.Values, samples.Samples.ToDoubles());
        var (count, isGrid) = (samples.Points.Shape[0], samples.Grid.Length > 0);
        var every = Tensor.Arange(count).Evaluate();
        var split = isGrid ? new Split(every, every, every) : options.Draw(count);
        var train = samples.Samples.Take(split.Train).Evaluate();
        var preparation = Prepared(samples, train);
        var parameters = options.Whole("parameters", Math.Max(isGrid ? FewestParameters : FewestOfSamples, train.Count / 10), FewestParameters);
        var encode = Compile.Of((Tensor points, Tensor values) => new Examples(preparation.Encode(points), preparation.EncodeValues(values)));
        return new(preparation, encode(samples.Points, samples.Samples), samples.Samples.ToDoubles())
        {
            Name = content.Name,
            Split = split,
            Parameters = parameters,
            Understood =
            [
                .. samples.Notes,
                $"{string.Join(", ", samples.Values)} as a function of {string.Join(", ", samples.Coordinates)}",
                isGrid ? $"all {count} points train and judge, since the question is how well few numbers stand for them{(options.TestShare is null ? "" : "; --test divides nothing")}" : $"{split.Test.Count} of {count} samples judge and {split.Validation.Count} choose, at random",
                string.Create(CultureInfo.InvariantCulture, $"a model may have {parameters:N0} numbers ({100.0 * parameters / samples.Samples.Count:F1} % of those of the data; --set parameters=N changes it)"),
            ],
        };
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.MeanSquared(outputs, targets);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows)
    {
        var (found, places, width) = (preparation.Decode(outputs).ToDoubles(), rows.ToArray<int>(), preparation.Values.Count);
        var (errors, squares) = (0.0, 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            var value = truth[places[i / width] * width + i % width];
            (errors, squares) = (errors + (found[i] - value) * (found[i] - value), squares + value * value);
        }
        var mean = errors / found.Length;
        var measures = new Dictionary<string, double> { ["RMSE"] = Math.Sqrt(mean), ["relative L2"] = Math.Sqrt(errors / squares) };
        if (preparation.IsPicture) measures["PSNR"] = -10 * Math.Log10(mean);
        return measures;
    }

    /// <inheritdoc/>
    public override Tensor Truth(Tensor rows) => Tensor.From(truth, [Count, preparation.Values.Count]).Take(rows).Evaluate();

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new FieldFit(preparation, All!, truth) { Name = Name, Split = split, Parameters = Parameters, Understood = Understood };

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers()
    {
        var mean = Answer("mean", rows => Tensor.Zeros([rows.Count, preparation.Values.Count]));
        if (Grid.Count == 0) return [mean, Answer("nearest sample", NearestNeighbours.Answers(this, Train, 1)), Answer("mean of 4 nearest samples", NearestNeighbours.Answers(this, Train, 4))];
        if (Grid.Count != 2) return [mean];
        var (enlarged, height, width) = BicubicAnswer.Of(All!.Targets.ToArray<float>(), Grid[0], Grid[1], Parameters);
        var whole = Tensor.From(enlarged, All!.Targets.Shape);
        return [mean, Answer($"bicubic enlargement of the best {width} x {height}", rows => whole.Take(rows).Evaluate())];
    }

    /// <inheritdoc/>
    public override IEnumerable<Illustration> Illustrations(Layers.ILayer model, IReadOnlyList<double> halfWidths)
    {
        if (Grid.Count != 2) yield break;
        // A grid of numbers is shown between its extremes.
        var (low, high) = preparation.IsPicture ? (0.0, 1.0) : (truth.Min(), truth.Max());
        Picture Shown(Tensor values) => Picture.Image(((values[.., ..ShownChannels] - low) / (high - low)).Reshape(Grid[0], Grid[1], ShownChannels).Evaluate());
        yield return new("field", "left the truth, right the answer") { Picture = Picture.Row(Shown(Truth(Split.Test)), Shown(preparation.Decode(Outputs(model, Split.Test)).Evaluate())) };
    }

    private int ShownChannels => preparation.Values.Count >= 3 ? 3 : 1;

    private static FieldPreparation Prepared(FieldContent samples, Tensor train)
    {
        var columns = samples.Points.Shape[1];
        double[] Extreme(Func<Tensor, Tensor> of) => [.. Enumerable.Range(0, columns).Select(axis => of(samples.Points[.., axis]).Item())];
        var (low, high) = (samples.Low ?? Extreme(x => x.Min()), samples.High ?? Extreme(x => x.Max()));
        for (var axis = 0; axis < columns; axis++)
            if (!(high[axis] > low[axis])) throw new ProblemException($"the coordinate {samples.Coordinates[axis]} is the same everywhere: leave it out with --ignore.");
        var scale = Standardisation.Of(train);
        var (means, scales) = (scale.Mean.ToDoubles(), scale.Scale.ToDoubles());
        // Channels of a picture are of one kind: an error counts the same in each.
        if (samples.IsPicture) Array.Fill(scales, Math.Sqrt(scales.Average(s => s * s)));
        return new(samples.Coordinates, samples.Values, samples.HasNames, low, high, means, scales, samples.Grid, samples.IsPicture) { Layout = samples.Layout };
    }
}
