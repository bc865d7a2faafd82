using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between samples of a signal and a model of it: coordinates lie in [-1, 1], values have mean 0 and deviation 1.</summary>
/// <param name="Coordinates">The names of the coordinates.</param>
/// <param name="Values">The names of the values.</param>
/// <param name="HasNames">Whether columns of a table have names; else coordinates are known by their places.</param>
/// <param name="Low">The least of each coordinate.</param>
/// <param name="High">The largest of each.</param>
/// <param name="Means">The mean of each value over training samples.</param>
/// <param name="Scales">What each is divided by: its deviation, or that of all together where they are of one kind.</param>
/// <param name="Grid">The points along each axis, the first of which changes slowest, of a picture or another grid; empty of samples anywhere.</param>
/// <param name="IsPicture">Whether values are brightness from 0 to 1.</param>
public sealed record FieldPreparation(
    IReadOnlyList<string> Coordinates, IReadOnlyList<string> Values, bool HasNames, IReadOnlyList<double> Low, IReadOnlyList<double> High, IReadOnlyList<double> Means,
    IReadOnlyList<double> Scales, IReadOnlyList<int> Grid, bool IsPicture) : Preparation, IPicturePreparation
{
    /// <summary>Points of a picture that are drawn at once, each of which takes some hundred bytes on the way.</summary>
    private const int MostPoints = 8192 * 8192;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape RawInput => [Coordinates.Count];

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => [Values.Count];

    /// <inheritdoc/>
    [JsonIgnore]
    public bool HasPicture => IsPicture;

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw)
    {
        var (low, high) = (Tensor.From<double>([.. Low]), Tensor.From<double>([.. High]));
        return (2.0 * (raw - low) / (high - low) - 1.0).AsType(ElementType.Float32);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs)
    {
        var values = outputs.AsType(ElementType.Float64) * Tensor.From<double>([.. Scales]) + Tensor.From<double>([.. Means]);
        return IsPicture ? Tensor.Clamp(values, 0.0, 1.0) : values;
    }

    /// <summary>Values in their units as a model gives them: f32 [n, values].</summary>
    public Tensor EncodeValues(Tensor values) => ((values - Tensor.From<double>([.. Means])) / Tensor.From<double>([.. Scales])).AsType(ElementType.Float32);

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => [.. Coordinates.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name}: a coordinate from {Low[i]} to {High[i]}"))];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => Values;

    /// <inheritdoc/>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        switch (content)
        {
            case DataContent.OfImage { Pixels: var pixels } when IsPicture:
                return FieldContent.Centres([pixels.Shape[0], pixels.Shape[1]], Low, High);
            case DataContent.OfArrays arrays when ImageContent.Find(arrays, FieldContent.CoordinateNames) is { } given:
                return Checked(content, given.AsType(ElementType.Float64).Evaluate());
            case DataContent.OfArrays arrays when arrays.Arrays.Count == 1:
                return Checked(content, arrays.Arrays.Values.First().AsType(ElementType.Float64).Evaluate());
            default:
                var table = TableSource.Tabular(content);
                string[] names = HasNames || table.Columns.Count > Coordinates.Count && Coordinates.All(name => table.Names.Contains(name, StringComparer.Ordinal)) ? [.. Coordinates] : [.. table.Names.Take(Coordinates.Count)];
                if (names.FirstOrDefault(name => !table.Names.Contains(name, StringComparer.Ordinal)) is { } missing || names.Length < Coordinates.Count)
                    throw new ProblemException($"{content.Path} lacks coordinates: the model needs {string.Join(", ", Coordinates)}, and it has {string.Join(", ", table.Names.Take(20))}.");
                return Checked(content, TableSource.Numbers(content.Path, table, names));
        }
    }

    /// <inheritdoc/>
    public Tensor PictureInputs((int Height, int Width)? size = null)
    {
        if (size is (var height, var width) && (height < 1 || width < 1 || (long)height * width > MostPoints))
            throw new ProblemException(FormattableString.Invariant($"a picture of {width} x {height} points cannot be drawn at once: give sides of 1 and more whose product is at most {MostPoints:N0}, such as 8192x8192."));
        return FieldContent.Centres(size is { } own ? [own.Height, own.Width] : [.. Grid], Low, High);
    }

    /// <inheritdoc/>
    public Tensor Picture(Tensor answers, (int Height, int Width)? size = null)
    {
        var (count, height, width) = (answers.Shape[0], (double)Grid[0], (double)Grid[1]);
        var rows = size?.Height ?? (int)Math.Round(Math.Sqrt(count * height / width));
        if (!IsPicture || rows < 1 || count % rows != 0)
            throw new ProblemException($"{count} answers make no picture whose sides are as {Grid[1].ToString(CultureInfo.InvariantCulture)} to {Grid[0].ToString(CultureInfo.InvariantCulture)}: write them to a file .csv or .npz.");
        return Tensor.Round(255.0 * Tensor.Clamp(answers, 0.0, 1.0)).AsType(ElementType.UInt8).Reshape(rows, count / rows, Values.Count).Evaluate();
    }

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high)
    {
        TableColumn Column(string name, Tensor values, int place) => new TableColumn.Numeric(name, values[.., place].Evaluate());
        return new([.. Values.Index().SelectMany(value => low is null || high is null
            ? (TableColumn[])[Column(value.Item, answers, value.Index)]
            : [Column(value.Item, answers, value.Index), Column($"{value.Item} low", low, value.Index), Column($"{value.Item} high", high, value.Index)])]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, FieldJson.Default.FieldPreparation);

    private Tensor Checked(DataContent content, Tensor coordinates)
    {
        if (coordinates.Rank != 2 || coordinates.Shape[1] != Coordinates.Count) throw new ProblemException($"{content.Path} holds {content.Description}; coordinates must be [n, {Coordinates.Count}].");
        FiniteNumbers.Require(content.Path, "the place", "point", coordinates);
        return coordinates;
    }
}
