using System.Globalization;
using System.Text.Json;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>Classes in one column of a table from the other columns.</summary>
public sealed class TableClassification : ExamplesProblem
{
    private readonly ClassPreparation preparation;

    private TableClassification(ClassPreparation preparation, Examples all)
    {
        this.preparation = preparation;
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("table-classification", "Classes in one column of a table, from the other columns.")
    {
        Suits = (content, options) => TableSource.Suits(content) && options.Targets.Count < 2 && TableSource.Of(content, options) is { Targets.Length: 1 } source && (options.Categories.Contains(source.Targets[0]) || TableSource.IsClasses(source.Column(source.Targets[0]))) ? 3 : 0,
        Options = ["target", "ignore", "category", "group", "time", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(TableJson.Default.ClassPreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => ClassMetrics.All;

    /// <inheritdoc/>
    public override ModelSignature Signature => new([preparation.Features], [preparation.Labels.Count]) { Groups = preparation.Groups };

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override bool IsFoldable => true;

    /// <inheritdoc/>
    public override Uncertainty Uncertainty => Uncertainty.Probabilities;

    /// <summary>Reads it from a table or a matrix.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static TableClassification Read(DataContent content, ProblemOptions options)
    {
        options.Require(OfKind);
        if (options.Targets.Count > 1) throw new ProblemException($"one column holds the classes, not {options.Targets.Count}: give one --target.");
        var source = TableSource.Of(content, options);
        if (source.Targets.Length > 1) throw new ProblemException($"one column holds the classes, and the target has {source.Targets.Length} ({string.Join(", ", source.Targets.Take(6))}): give one --target.");
        source.TakeRows();
        var (labels, codes) = Classes(source.Column(source.Targets[0]), content.Path);
        source.Notes.Add($"{labels.Length} classes: {string.Join(", ", labels.Take(12))}{(labels.Length > 12 ? ", ..." : "")}");
        var split = source.Split(codes);
        source.Notes.AddRange(ClassNotes.Of(labels, codes, split));
        var columns = source.Inputs(split);
        var preparation = new ClassPreparation(columns, source.Targets, source.HasNames, source.Table.Columns.Count, labels) { Layout = source.Layout(columns) };
        var raw = TablePreparation.Raw(columns, code => source.Column(code.Name), source.Table.RowCount, source.Notes);
        return new(preparation, new(Compile.Of<Tensor, Tensor>(preparation.Encode)(raw), codes))
        {
            Name = content.Name,
            Split = split,
            Groups = source.Groups(),
            FileRows = source.FileRows,
            IsInTime = source.IsInTime,
            Understood = [.. source.Table.Understood, .. source.Notes],
        };
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.CrossEntropy(outputs, targets);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows) => ClassMetrics.Judge(outputs, All!.Targets, rows);

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new TableClassification(preparation, All!) { Name = Name, Split = split, Groups = Groups, FileRows = FileRows, IsInTime = IsInTime, Understood = Understood };

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers() =>
    [
        Answer("most frequent class", ClassMetrics.Frequencies(this)),
        Answer("nearest neighbours", NearestNeighbours.Answers(this, Train, 5)),
    ];

    /// <summary>The names of the classes in order, and the class of each row: i32 [rows].</summary>
    internal static (string[] Labels, Tensor Codes) Classes(TableColumn column, string path)
    {
        if (column is TableColumn.Text text && text.ToClasses() is var (codes, names)) return Checked([.. names], codes, path);
        var values = ((TableColumn.Numeric)column).Values.ToDoubles();
        double[] known = [.. values.Distinct().Order()];
        return Checked(
            [.. known.Select(value => value.ToString("R", CultureInfo.InvariantCulture))], Tensor.From<int>([.. values.Select(value => Array.BinarySearch(known, value))]), path);
    }

    private static (string[] Labels, Tensor Codes) Checked(string[] labels, Tensor codes, string path)
    {
        if (labels.Length < 2) throw new ProblemException($"every row of {path} is of the class {labels[0]}: there is nothing to tell apart.");
        if (labels.Length > Math.Max(100, codes.Count / 10))
            throw new ProblemException($"{path} has {labels.Length} classes in {codes.Count} rows, which are values rather than classes: take --problem table-regression, or another --target.");
        return (labels, codes);
    }
}
