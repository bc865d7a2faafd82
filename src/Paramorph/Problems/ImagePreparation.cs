using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between images and a model that tells their classes: each channel is standardised; answers are probabilities.</summary>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Means">The mean of each channel over training images.</param>
/// <param name="Scales">The standard deviation of each, and 1 of a constant.</param>
/// <param name="Labels">The names of the classes.</param>
/// <param name="Target">The column of a table, or the array, that holds the classes.</param>
/// <param name="HasNames">Whether columns of the table have names.</param>
public sealed record ImagePreparation(
    int Channels, int Height, int Width, IReadOnlyList<double> Means, IReadOnlyList<double> Scales, IReadOnlyList<string> Labels, string Target, bool HasNames) : Preparation, ILabelled
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape RawInput => [Channels, Height, Width];

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => [Labels.Count];

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw)
    {
        Tensor OfChannel(IReadOnlyList<double> values) => Tensor.From<float>([.. values.Select(value => (float)value)], [Channels, 1, 1]);
        return (raw.AsType(ElementType.Float32) - OfChannel(Means)) / OfChannel(Scales);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) => outputs.AsType(ElementType.Float64).Softmax();

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => ["pixels as in the file: channels, rows from the top, columns from the left"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => [.. Labels.Select(label => $"probability of {label}")];

    /// <inheritdoc/>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        var images = content switch
        {
            DataContent.OfTable { Table: var table } => ImageContent.OfColumns(table, Columns(content.Path, table), Channels, Height, Width),
            DataContent.OfImage picture => ImageContent.OfPicture(picture, Channels),
            DataContent.OfArrays arrays => ImageContent.Planes(ImageContent.Found(arrays, ImageContent.NewImages), content.Path, (Channels, Height, Width)),
            _ => throw new ProblemException($"{content.Path} holds {content.Description}, which are no images."),
        };
        FiniteNumbers.Require(content.Path, "what is seen", "image", images);
        return images.Shape[1..] == RawInput
            ? images.AsType(ElementType.Float64).Evaluate()
            : throw new ProblemException($"the images of {content.Path} are of {images.Shape[3]} x {images.Shape[2]} pixels with {images.Shape[1]} channels; the model was trained on {Width} x {Height} with {Channels}.");
    }

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high) => ClassPreparation.OfProbabilities(answers, Labels, HasNames ? Target : "prediction");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, ImageJson.Default.ImagePreparation);

    /// <summary>The columns that hold pixels, in a table with or without that of the classes.</summary>
    private string[] Columns(string path, Table table)
    {
        var pixels = Channels * Height * Width;
        string[] names = [.. table.Names];
        if (names.Length == pixels) return names;
        if (names.Length == pixels + 1 && names.Contains(Target, StringComparer.Ordinal)) return [.. names.Where(name => name != Target)];
        throw new ProblemException($"{path} has {names.Length} columns; the model needs the {pixels} pixels that it was trained on, in their order, with or without the column of the classes.");
    }
}
