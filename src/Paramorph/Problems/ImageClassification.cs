using System.Text.Json;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Problems;

/// <summary>Classes of images: from IDX and NPZ files, CIFAR batches, or tables whose columns are pixels.</summary>
public sealed class ImageClassification : ExamplesProblem
{
    /// <summary>Training images that simple answers look at.</summary>
    private const int MostRemembered = 5000;

    private readonly ImagePreparation preparation;

    private ImageClassification(ImagePreparation preparation, Examples all)
    {
        this.preparation = preparation;
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("image-classification", "Classes of images.")
    {
        Suits = Suits,
        Settings = ["size", "labels"],
        Options = ["target", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(ImageJson.Default.ImagePreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => ClassMetrics.All;

    /// <inheritdoc/>
    public override ModelSignature Signature => new([preparation.Channels, preparation.Height, preparation.Width], [preparation.Labels.Count]);

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override bool IsFoldable => true;

    /// <inheritdoc/>
    public override Uncertainty Uncertainty => Uncertainty.Probabilities;

    /// <summary>Reads it from arrays, or from a table whose rows are images.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static ImageClassification Read(DataContent content, ProblemOptions options)
    {
        options.Require(OfKind);
        return content switch
        {
            DataContent.OfArrays arrays => OfArrays(arrays, options),
            DataContent.OfTable => OfTable(content, options),
            _ => throw new ProblemException($"{content.Path} holds {content.Description}, of which no classes of images are made: give arrays of images and labels, or a table whose columns are pixels."),
        };
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.CrossEntropy(outputs, targets);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows) => ClassMetrics.Judge(outputs, All!.Targets, rows);

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new ImageClassification(preparation, All!) { Name = Name, Split = split, Understood = Understood };

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers()
    {
        var remembered = At(Split.Train[TensorIndex.Every((Split.Train.Count + MostRemembered - 1) / MostRemembered, ..)].Evaluate());
        return
        [
            Answer("most frequent class", ClassMetrics.Frequencies(this)),
            Answer("nearest neighbours", NearestNeighbours.Answers(this, remembered, 5)),
            Answer("softmax regression", SoftmaxRegression(remembered)),
        ];
    }

    private Func<Tensor, Tensor> SoftmaxRegression(Examples train)
    {
        const double Decay = 1e-2;
        const int Iterations = 60;
        var x = train.Inputs.Reshape(train.Count, -1).Evaluate();
        var start = new Linear(Tensor.Zeros([x.Shape[1], Signature.Outputs]).Evaluate(), Tensor.Zeros([Signature.Outputs]).Evaluate());
        var found = new Lbfgs(Stop: new(Iterations, Loss: 1e-5)).Minimise(start, model => Loss(model.Call(x), train.Targets) + Decay * Tensor.Square(model.Weight).Sum());
        var model = new Sequential([new Flattening(), found.Model]);
        return rows => Outputs(model, rows);
    }

    private static int Suits(DataContent content, ProblemOptions options) => content switch
    {
        DataContent.OfArrays arrays => HasImages(arrays, options) ? 4 : 0,
        DataContent.OfTable { Table.Columns.Count: > 49 } when options.Targets.Count < 2 && options.Ignored.Count == 0 && options.Categories.Count == 0 && options.Group is null && options.Time is null =>
            TableSource.Of(content, options) is var source && TableSource.IsClasses(source.Column(source.Targets[0])) && ImageContent.Sizes(source.Table, Pixels(source)) is not null ? 4 : 0,
        _ => 0,
    };

    private static string[] Pixels(TableSource source) => [.. source.Table.Names.Where(name => name != source.Targets[0])];

    private static bool HasImages(DataContent.OfArrays content, ProblemOptions options)
    {
        // Rows without a second axis may be anything: those are images when somebody says so.
        if (ImageContent.Find(content, ImageContent.Images) is not { Rank: 3 or 4 } images || images.ElementType.IsComplex()) return false;
        if (ImageContent.Find(content, LabelNames(options)) is { } labels) return labels.Count == images.Shape[0] && AreWhole(labels);
        return content.Arrays.Count == 1 && LabelFile(content, options) is not null;
    }

    private static bool AreWhole(Tensor labels) => labels.ToDoubles().All(label => label == Math.Round(label)) && labels.ToDoubles().Distinct().Take(101).Count() is > 1 and < 101;

    private static IReadOnlyList<string> LabelNames(ProblemOptions options) => options.Targets.Count > 0 ? options.Targets : ImageContent.Labels;

    /// <summary>The file of labels of a file that holds one array: the one that was given, or the one of the same name with "labels" for "images".</summary>
    private static string? LabelFile(DataContent content, ProblemOptions options)
    {
        if (options.Settings.TryGetValue("labels", out var given)) return File.Exists(given) ? given : throw new ProblemException($"there is no file {given}, which is to hold the labels.");
        var (folder, name) = (System.IO.Path.GetDirectoryName(content.Path) ?? "", content.Name);
        string[] guesses =
        [
            name.Replace("images", "labels", StringComparison.Ordinal),
            name.Replace("images-idx3", "labels-idx1", StringComparison.Ordinal), name.Replace("images.idx3", "labels.idx1", StringComparison.Ordinal),
            name.Replace("x_", "y_", StringComparison.Ordinal), name.Replace("X_", "y_", StringComparison.Ordinal),
        ];
        return guesses.Where(guess => guess != name).Select(guess => System.IO.Path.Combine(folder, guess)).FirstOrDefault(File.Exists);
    }

    private static ImageClassification OfTable(DataContent content, ProblemOptions options)
    {
        var source = TableSource.Of(content, options);
        source.TakeRows();
        var names = Pixels(source);
        var size = ImageContent.Given(options, names.Length) ?? ImageContent.Sizes(source.Table, names)
            ?? (ImageContent.Side(names.Length) is { } side ? (side, side) : throw new ProblemException($"{content.Path} has {names.Length} columns beside the classes, which are no square: say --set size=WxH."));
        source.Notes.Add($"rows are taken for images of {size.Width} x {size.Height} pixels, row by row; --problem table-classification takes them for a table");
        var (labels, codes) = TableClassification.Classes(source.Column(source.Targets[0]), content.Path);
        var images = ImageContent.OfColumns(source.Table, names, 1, size.Height, size.Width);
        return Of(content, images, labels, codes, source.Split(codes), source.Targets[0], source.HasNames, [.. source.Table.Understood, .. source.Notes]);
    }

    private static ImageClassification OfArrays(DataContent.OfArrays content, ProblemOptions options)
    {
        var images = ImageContent.Planes(ImageContent.Found(content, ImageContent.Images), content.Path);
        var notes = new List<string>();
        var known = Labels(content, options, notes);
        if (known.Count != images.Shape[0]) throw new ProblemException($"{content.Path} has {images.Shape[0]} images and {known.Count} labels: there must be one for each.");
        var train = images.Shape[0];
        var hasTest = ImageContent.Find(content, ImageContent.TestImages) is { } && ImageContent.Find(content, ImageContent.TestLabels) is { };
        if (hasTest)
        {
            images = Tensor.Concatenate([images, ImageContent.Planes(ImageContent.Found(content, ImageContent.TestImages), content.Path)], 0).Evaluate();
            known = Tensor.Concatenate([known, ImageContent.Found(content, ImageContent.TestLabels).Reshape(-1).AsType(ElementType.Float64)], 0).Evaluate();
        }
        var (labels, codes) = TableClassification.Classes(new TableColumn.Numeric("label", known), content.Path);
        notes.Add($"images of {images.Shape[3]} x {images.Shape[2]} pixels with {Counted.Of(images.Shape[1], "channel", "channels")}");
        if (hasTest) notes.Add($"the {images.Shape[0] - train} images of the test judge; {Share(options.ValidationShare)} of the others choose among models, at random{(options.TestShare is null ? "" : "; --test divides nothing")}");
        var split = hasTest
            ? new Split(Rows(0, train), Rows(0, 0), Rows(train, images.Shape[0])).WithValidation(options.Key, options.ValidationShare)
            : options.Draw(codes, notes, "images");
        return Of(content, images, labels, codes, split, "label", false, notes);
    }

    private static Tensor Labels(DataContent.OfArrays content, ProblemOptions options, List<string> notes)
    {
        if (ImageContent.Find(content, LabelNames(options)) is { } named) return named.Reshape(-1).AsType(ElementType.Float64).Evaluate();
        var file = LabelFile(content, options) ?? throw new ProblemException($"{content.Path} holds {content.Description} and no labels, and no file beside it is named as theirs: say --set labels=FILE.");
        notes.Add($"labels are those of {System.IO.Path.GetFileName(file)}");
        return DataContent.Read(file) switch
        {
            DataContent.OfArrays { Arrays: { Count: 1 } arrays } => arrays.Values.First().Reshape(-1).AsType(ElementType.Float64).Evaluate(),
            DataContent.OfTable { Table: { Columns: [TableColumn.Numeric { Values: var values }] } } => values,
            var other => throw new ProblemException($"{file} holds {other.Description}, where one label for each image must be."),
        };
    }

    private static ImageClassification Of(
        DataContent content, Tensor images, string[] labels, Tensor codes, Split split, string target, bool hasNames, IReadOnlyList<string> understood)
    {
        FiniteNumbers.Require(content.Path, "what is seen", "image", images);
        var train = Compile.Of((Tensor images, Tensor rows) => images.Take(rows).AsType(ElementType.Float32))(images, split.Train);
        var scale = Standardisation.OfChannels(train);
        var preparation = new ImagePreparation(images.Shape[1], images.Shape[2], images.Shape[3], scale.Mean.ToDoubles(), scale.Scale.ToDoubles(), labels, target, hasNames) { Layout = (content as DataContent.OfTable)?.Table.Layout };
        return new(preparation, new(Compile.Of<Tensor, Tensor>(preparation.Encode)(images), codes))
        {
            Name = content.Name,
            Split = split,
            Understood = [.. understood, $"{labels.Length} classes: {string.Join(", ", labels.Take(12))}{(labels.Length > 12 ? ", ..." : "")}", .. ClassNotes.Of(labels, codes, split)],
        };
    }

    private static Tensor Rows(int from, int to) => Tensor.From<int>([.. Enumerable.Range(from, to - from)]);

    private static string Share(double share) => $"{Math.Round(100 * share)} %";
}
