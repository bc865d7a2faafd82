using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Vision;

/// <summary>Drawn leaves with lesions of five diseases, the lesions told apart by their colours, and numbers that describe them.</summary>
internal static class DrawnLeaves
{
    /// <summary>Diseases, and numbers that describe a lesion.</summary>
    public const int Diseases = 5, Features = 13;

    private const int Side = 40, Levels = 8, Clusters = 3, Rounds = 8;

    private static readonly Disease[] diseases =
    [
        new([0.45, 0.30, 0.15], 0.06, 0.12, 6, 14, 0.05, 0), // spots
        new([0.62, 0.38, 0.14], 0.03, 0.07, 20, 40, 0.12, 0), // rust
        new([0.38, 0.27, 0.16], 0.18, 0.40, 1, 3, 0.05, 0.10), // blight, in rings
        new([0.66, 0.66, 0.56], 0.10, 0.25, 2, 6, 0.12, 0), // mildew
        new([0.60, 0.58, 0.20], 0.08, 0.22, 3, 8, 0.05, 0.08), // mosaic
    ];

    /// <summary>What a disease does to a leaf.</summary>
    private sealed record Disease(double[] Colour, double Smallest, double Largest, int Fewest, int Most, double Grain, double Rings);

    /// <summary>Features and diseases, the diseases in turn.</summary>
    /// <param name="key">Draws leaves.</param>
    /// <param name="count">n.</param>
    /// <returns>f64 [n, 13] and i32 [n].</returns>
    public static LabelledData Of(Key key, int count)
    {
        var random = new KeyRandom(key);
        double[][] rows = [.. Enumerable.Range(0, count).Select(i => Describe(Draw(random, diseases[i % Diseases])))];
        return new(Tensor.From<double>([.. rows.SelectMany(row => row)], [count, Features]), Tensor.From<int>([.. Enumerable.Range(0, count).Select(i => i % Diseases)]));
    }

    /// <summary>A leaf of each disease, and the pixels that are taken for its lesion.</summary>
    public static Picture Show(Key key)
    {
        var random = new KeyRandom(key);
        Picture Image(Func<int, int, double> value) => Picture.Image(Tensor.From<float>([.. Enumerable.Range(0, 3 * Side * Side).Select(i => (float)value(i % (Side * Side), i / (Side * Side)))], [3, Side, Side]), 2);
        return Picture.Row([.. diseases.Select(disease => Draw(random, disease)).Select(leaf => (Leaf: leaf, Lesion: Segment(leaf))).Select(pair =>
            Picture.Column(Image((pixel, channel) => pair.Leaf[pixel][channel]), Image((pixel, channel) => pair.Lesion[pixel] ? pair.Leaf[pixel][channel] : 1)))]);
    }

    /// <summary>Red, green and blue of each pixel.</summary>
    private static double[][] Draw(KeyRandom random, Disease disease)
    {
        double[] leaf = [0.22 + 0.06 * random.Normal(), 0.52 + 0.06 * random.Normal(), 0.18 + 0.04 * random.Normal()];
        double[] lesion = [.. disease.Colour.Select(colour => colour + 0.07 * random.Normal())];
        double width = random.Uniform(0.5, 0.75), opacity = random.Uniform(0.6, 1), light = random.Uniform(0.8, 1.15);
        (double X, double Y, double Radius)[] spots = [.. Enumerable.Range(0, random.Integer(disease.Fewest, disease.Most + 1)).Select(_ =>
            (random.Uniform(-0.8 * width, 0.8 * width), random.Uniform(-0.75, 0.75), random.Uniform(disease.Smallest, disease.Largest)))];
        return [.. Enumerable.Range(0, Side * Side).Select(pixel =>
        {
            double x = 2.0 * (pixel % Side + 0.5) / Side - 1, y = 2.0 * (pixel / Side + 0.5) / Side - 1;
            double[] Noisy(IEnumerable<double> colours, double grain) => random.Normal() is var common ? [.. colours.Select(colour => Math.Clamp(light * (colour + grain * common) + 0.02 * random.Normal(), 0, 1))] : [];
            if (x * x / (width * width) + y * y > 0.9) return Noisy([0.35, 0.45, 0.85], 0.02);
            var isVein = Math.Abs(x) < 0.04 || Math.Abs(Math.Abs(x) - Math.Abs(0.35 * (y * 5 - Math.Floor(y * 5)))) < 0.02;
            var depth = spots.Max(spot => 1 - Math.Sqrt((x - spot.X) * (x - spot.X) + (y - spot.Y) * (y - spot.Y)) / spot.Radius);
            if (depth <= 0) return Noisy(leaf.Select(colour => colour * (isVein ? 0.75 : 1)), 0.03);
            var share = opacity * Math.Min(1, 3 * depth);
            return Noisy(leaf.Zip(lesion, (green, sick) => (1 - share) * green + share * (sick + disease.Rings * Math.Sin(25 * depth))), disease.Grain);
        })];
    }

    /// <summary>Whether each pixel is of the least green of three clusters of the colours of the leaf, which is what is not blue.</summary>
    private static bool[] Segment(double[][] pixels)
    {
        int[] leaf = [.. Enumerable.Range(0, pixels.Length).Where(pixel => pixels[pixel][2] < Math.Max(pixels[pixel][0], pixels[pixel][1]) + 0.12)];
        double Apart(double[] a, double[] b) => a.Zip(b, (p, q) => (p - q) * (p - q)).Sum();
        static double Green(double[] colour) => colour[1] - Math.Max(colour[0], colour[2]);
        double[][] sorted = [.. leaf.Select(pixel => pixels[pixel]).OrderBy(Green)];
        double[][] centres = [.. Enumerable.Range(0, Clusters).Select(k => sorted[(sorted.Length - 1) * k / (Clusters - 1)])];
        int Nearest(double[] colour) => Enumerable.Range(0, Clusters).MinBy(k => Apart(colour, centres[k]));
        for (var round = 0; round < Rounds; round++)
        {
            var groups = sorted.ToLookup(Nearest);
            centres = [.. centres.Select((centre, k) => groups[k].Any() ? (double[])[.. Enumerable.Range(0, 3).Select(channel => groups[k].Average(colour => colour[channel]))] : centre)];
        }
        var sick = Enumerable.Range(0, Clusters).MinBy(k => Green(centres[k]));
        var lesion = new bool[pixels.Length];
        foreach (var pixel in leaf) lesion[pixel] = Nearest(pixels[pixel]) == sick;
        return lesion;
    }

    /// <summary>Of a lesion its share of the picture, means, deviations and skewness of its colours, and contrast, homogeneity, energy and correlation of grey levels of neighbours. (Haralick et al., 1973.)</summary>
    private static double[] Describe(double[][] pixels)
    {
        var lesion = Segment(pixels);
        double[][] colours = [.. pixels.Where((_, pixel) => lesion[pixel]).DefaultIfEmpty([0, 0, 0])];
        double Mean(int channel, int power, double from) => colours.Average(colour => Math.Pow(colour[channel] - from, power));
        double[] means = [.. Enumerable.Range(0, 3).Select(channel => Mean(channel, 1, 0))], deviations = [.. means.Select((mean, channel) => Math.Sqrt(Mean(channel, 2, mean) + 1e-9))];
        int[] grey = [.. pixels.Select(colour => Math.Min(Levels - 1, (int)(Levels * colour.Average())))];
        // Each pair of neighbours counts both ways.
        (int A, int B)[] pairs = [.. new[] { 1, Side, Side + 1, Side - 1 }.SelectMany(step => Enumerable.Range(0, pixels.Length - step)
            .Where(pixel => lesion[pixel] && lesion[pixel + step] && Math.Abs(pixel % Side - (pixel + step) % Side) <= 1).SelectMany(pixel => new[] { (grey[pixel], grey[pixel + step]), (grey[pixel + step], grey[pixel]) }))];
        if (pairs.Length == 0) pairs = [(0, 0)];
        double mean = pairs.Average(pair => (double)pair.A), variance = pairs.Average(pair => (pair.A - mean) * (pair.A - mean));
        return
        [
            colours.Length / (double)pixels.Length, .. means, .. deviations, .. means.Select((mean, channel) => Mean(channel, 3, mean) / Math.Pow(deviations[channel], 3)).Take(2),
            pairs.Average(pair => (double)(pair.A - pair.B) * (pair.A - pair.B)), pairs.Average(pair => 1 / (1.0 + Math.Abs(pair.A - pair.B))),
            pairs.CountBy(pair => pair).Sum(count => Math.Pow(count.Value / (double)pairs.Length, 2)), pairs.Average(pair => (pair.A - mean) * (pair.B - mean)) / (variance + 1e-9),
        ];
    }
}
