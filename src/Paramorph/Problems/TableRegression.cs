using System.Text.Json;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>Numbers in some columns of a table from the other columns.</summary>
public sealed class TableRegression : ExamplesProblem
{
    private readonly RegressionPreparation preparation;
    private readonly double[] truth;

    private TableRegression(RegressionPreparation preparation, Examples all, double[] truth)
    {
        (this.preparation, this.truth) = (preparation, truth);
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("table-regression", "Numbers in one or more columns of a table, from the other columns.")
    {
        Suits = (content, options) => TableSource.Suits(content) ? 2 : 0,
        Options = ["target", "ignore", "category", "group", "time", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(TableJson.Default.RegressionPreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        ErrorMetric,
        new("MAE", "mean absolute error, in the same units"),
        new("R2", "share of the variance that is explained", Better.Higher),
    ];

    /// <summary>The error that chooses among models.</summary>
    public static Metric ErrorMetric { get; } = new("RMSE", "root of the mean squared error, in the units of the target; of several targets each in its standard deviations");

    /// <inheritdoc/>
    public override ModelSignature Signature => new([preparation.Features], [preparation.Targets.Count]) { Groups = preparation.Groups };

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override bool IsFoldable => true;

    /// <inheritdoc/>
    public override Uncertainty Uncertainty => Uncertainty.Intervals;

    /// <summary>Reads it from a table or a matrix.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static TableRegression Read(DataContent content, ProblemOptions options)
    {
        options.Require(OfKind);
        var source = TableSource.Of(content, options);
        if (source.Targets.FirstOrDefault(name => source.Column(name) is TableColumn.Text) is { } text)
            throw new ProblemException($"the column {text} of {content.Path} holds text, and numbers are predicted: take --problem table-classification, or another --target.");
        source.TakeRows();
        var truth = source.Table.Matrix(source.Targets);
        ConstantTarget.Refuse(content.Path, "row", source.Targets, truth.ToDoubles());
        var split = source.Split(null);
        var columns = source.Inputs(split);
        var raw = TablePreparation.Raw(columns, code => source.Column(code.Name), source.Table.RowCount, source.Notes);
        return Of(content.Name, columns, source, raw, truth, split);
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.MeanSquared(outputs, targets);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows)
    {
        var (predicted, places, targets) = (preparation.Decode(outputs).ToDoubles(), rows.ToArray<int>(), preparation.Targets.Count);
        var (squares, absolutes, deviations) = (0.0, 0.0, 0.0);
        for (var t = 0; t < targets; t++)
        {
            var (unit, column) = (targets == 1 ? 1 : preparation.Scales[t], t);
            var mean = places.Average(place => truth[place * targets + column]);
            for (var i = 0; i < places.Length; i++)
            {
                var value = truth[places[i] * targets + t];
                var error = (predicted[i * targets + t] - value) / unit;
                (squares, absolutes, deviations) = (squares + error * error, absolutes + Math.Abs(error), deviations + Math.Pow((value - mean) / unit, 2));
            }
        }
        var count = places.Length * targets;
        return new Dictionary<string, double> { [ErrorMetric.Name] = Math.Sqrt(squares / count), ["MAE"] = absolutes / count, ["R2"] = deviations > 0 ? 1 - squares / deviations : double.NaN };
    }

    /// <inheritdoc/>
    public override Tensor Truth(Tensor rows) => Tensor.From(truth, [truth.Length / preparation.Targets.Count, preparation.Targets.Count]).Take(rows).Evaluate();

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new TableRegression(preparation, All!, truth) { Name = Name, Split = split, Groups = Groups, FileRows = FileRows, IsInTime = IsInTime, Understood = Understood };

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers() =>
    [
        Answer("mean", rows => Tensor.Zeros([rows.Count, preparation.Targets.Count])),
        Answer("ridge", LinearRegression.Answers(this)),
        Answer("nearest neighbours", NearestNeighbours.Answers(this, Train, 5)),
    ];

    private static TableRegression Of(string name, IReadOnlyList<ColumnCode> columns, TableSource source, Tensor raw, Tensor truth, Split split)
    {
        var scale = Standardisation.Of(truth.Take(split.Train).Evaluate());
        var preparation = new RegressionPreparation(
            columns, source.Targets, source.HasNames, source.Table.Columns.Count, scale.Mean.ToDoubles(), scale.Scale.ToDoubles())
        {
            Layout = source.Layout(columns),
        };
        var encode = Compile.Of((Tensor raw, Tensor truth) => new Examples(preparation.Encode(raw), scale.Apply(truth).AsType(ElementType.Float32)));
        return new(preparation, encode(raw, truth), truth.ToDoubles())
        {
            Name = name,
            Split = split,
            Groups = source.Groups(),
            FileRows = source.FileRows,
            IsInTime = source.IsInTime,
            Understood = [.. source.Table.Understood, .. source.Notes],
        };
    }
}
