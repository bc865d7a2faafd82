using System.Globalization;
using System.Text.RegularExpressions;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>Images within contents: as arrays, as pictures, or as rows of a table whose columns are pixels.</summary>
internal static partial class ImageContent
{
    private const int FewestPixels = 49, RowsLookedAt = 500;

    /// <summary>The difference of neighbours, as a part of that of any two pixels, below which rows are taken for images.</summary>
    private const double Resemblance = 0.8;

    /// <summary>Usual names of arrays of images, of their classes, and of the same for the test.</summary>
    public static readonly string[] Images = ["x_train", "train_x", "train_images", "x", "images", "data", "array"];

    /// <inheritdoc cref="Images"/>
    public static readonly string[] Labels = ["y_train", "train_y", "train_labels", "y", "labels", "label", "target", "targets"];

    /// <inheritdoc cref="Images"/>
    public static readonly string[] TestImages = ["x_test", "test_x", "test_images"];

    /// <inheritdoc cref="Images"/>
    public static readonly string[] TestLabels = ["y_test", "test_y", "test_labels"];

    /// <summary>Where images to predict for are looked for: those of a test first.</summary>
    public static readonly string[] NewImages = [.. TestImages, .. Images];

    /// <summary>The array of one of some names, in any case; null if there is none.</summary>
    public static Tensor? Find(DataContent.OfArrays content, IEnumerable<string> names) => names
        .Select(name => content.Arrays.FirstOrDefault(array => array.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(array => array is not null);

    /// <inheritdoc cref="Find"/>
    /// <exception cref="ProblemException">There is none.</exception>
    public static Tensor Found(DataContent.OfArrays content, IReadOnlyList<string> names) => Find(content, names)
        ?? (content.Arrays.Count == 1 ? content.Arrays.Values.First() : throw new ProblemException($"{content.Path} has none of the arrays {string.Join(", ", names)}: it holds {content.Description}."));

    /// <summary>An array as [n, channels, height, width]: channels may stand first or last, and rows may be flat where they are square.</summary>
    /// <param name="array">The array.</param>
    /// <param name="path">Its file.</param>
    /// <param name="known">The sizes, where they are known.</param>
    /// <exception cref="ProblemException">These are no images.</exception>
    public static Tensor Planes(Tensor array, string path, (int Channels, int Height, int Width)? known = null)
    {
        if (array.Rank == 2 && known is { } size && array.Shape[1] == size.Channels * size.Height * size.Width) return array.Reshape(array.Shape[0], size.Channels, size.Height, size.Width).Evaluate();
        if (array.Rank == 2 && Side(array.Shape[1]) is { } side) return array.Reshape(array.Shape[0], 1, side, side).Evaluate();
        if (array.Rank == 3) return array.ExpandDims(1).Evaluate();
        if (array.Rank == 4 && array.Shape[1] is >= 1 and <= 4) return array;
        if (array.Rank == 4 && array.Shape[3] is >= 1 and <= 4) return array.MoveAxis(3, 1).Evaluate();
        throw new ProblemException($"{path} holds {array.Type}, which are no images: they are [n, height, width], or have 1 to 4 channels behind n or at the end.");
    }

    /// <summary>A picture as the only one of [1, channels, height, width]; what makes it transparent is left out.</summary>
    public static Tensor OfPicture(DataContent.OfImage picture, int channels)
    {
        var pixels = picture.Pixels.Rank == 2 ? picture.Pixels.ExpandDims(2) : picture.Pixels;
        var kept = pixels.Shape[2] == channels + 1 ? pixels[.., .., ..channels] : pixels;
        return kept.MoveAxis(2, 0).ExpandDims(0).Evaluate();
    }

    /// <summary>Columns of a table as f32 [n, channels, height, width].</summary>
    public static Tensor OfColumns(Table table, string[] columns, int channels, int height, int width)
    {
        if (columns.FirstOrDefault(name => table[name] is TableColumn.Text) is { } text) throw new ProblemException($"the column {text} holds text, where there must be the brightness of a pixel.");
        return table.Matrix(columns).AsType(ElementType.Float32).Reshape(table.RowCount, channels, height, width).Evaluate();
    }

    /// <summary>The sizes of the images that rows of a table are, or null: a square number of columns without other names than those of pixels, whose values span one range and resemble their neighbours.</summary>
    public static (int Height, int Width)? Sizes(Table table, string[] columns)
    {
        if (Side(columns.Length) is not { } side || !columns.All(name => PixelName().IsMatch(name)) || columns.Any(name => table[name] is not TableColumn.Numeric)) return null;
        var rows = Math.Min(table.RowCount, RowsLookedAt);
        var values = columns.Select(name => ((TableColumn.Numeric)table[name]).Values.AsSpan<double>()[..rows].ToArray()).ToArray();
        if (values.Any(column => column.Any(value => !double.IsFinite(value)))) return null;
        return IsOneRange(values) && AreAlike(values, side) ? (side, side) : null;
    }

    /// <summary>The sizes that a person gave as WxH, or null.</summary>
    /// <exception cref="ProblemException">It is none, or not as large as there are pixels.</exception>
    public static (int Height, int Width)? Given(ProblemOptions options, int pixels)
    {
        if (!options.Settings.TryGetValue("size", out var text)) return null;
        var sides = text.Split('x');
        return sides.Length == 2 && int.TryParse(sides[0], CultureInfo.InvariantCulture, out var width) && int.TryParse(sides[1], CultureInfo.InvariantCulture, out var height) && width * height == pixels
            ? (height, width)
            : throw new ProblemException($"size is the width and the height of the images, such as 28x28, and their product the {pixels} pixels of a row, not \"{text}\".");
    }

    /// <summary>The root of a square number.</summary>
    public static int? Side(int pixels) => pixels >= FewestPixels && (int)Math.Round(Math.Sqrt(pixels)) is var side && side * side == pixels ? side : null;

    /// <summary>Whether most columns reach into the upper half of the range of all.</summary>
    private static bool IsOneRange(double[][] values)
    {
        var (low, high) = (values.Min(column => column.Min()), values.Max(column => column.Max()));
        return high > low && values.Count(column => column.Max() >= (low + high) / 2) > values.Length / 2;
    }

    /// <summary>Whether pixels beside and below one another differ less than any two of a row.</summary>
    private static bool AreAlike(double[][] values, int side)
    {
        var (near, pairs, any) = (0.0, 0, 0.0);
        for (var row = 0; row < values[0].Length; row++)
        {
            var mean = values.Average(column => column[row]);
            any += values.Average(column => (column[row] - mean) * (column[row] - mean));
            for (var p = 0; p < values.Length; p++)
            {
                if (p % side > 0) (near, pairs) = (near + Square(values[p][row] - values[p - 1][row]), pairs + 1);
                if (p >= side) (near, pairs) = (near + Square(values[p][row] - values[p - side][row]), pairs + 1);
            }
        }
        // Two independent pixels differ by twice the variance in the mean of squares.
        return near / pairs < Resemblance * 2 * any / values[0].Length;
    }

    private static double Square(double x) => x * x;

    [GeneratedRegex(@"^(\d+|pix(el)?[ _-]?\d+|\d+x\d+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PixelName();
}
