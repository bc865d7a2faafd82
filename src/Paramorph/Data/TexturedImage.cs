namespace Paramorph.Data;

/// <summary>
/// A picture to fit a field to, with what photographs have on all scales: smooth light, edges that occlude one another, textures, gratings, and fine strokes like text. It
/// is defined at every point of the unit square, so it can be sampled at any resolution, trained on at one and judged at another.
/// </summary>
public sealed class TexturedImage
{
    private const int Octaves = 5;

    private readonly (SignedDistance Shape, Func<double, double, double> Paint)[] layers;
    private readonly Func<double, double, double> light;
    private readonly Stroke[] strokes;
    private readonly double contrast;

    /// <summary>A random picture.</summary>
    public TexturedImage(Key key)
    {
        var random = new KeyRandom(key);
        light = Noise(random.Split(), 1.5);
        contrast = random.Uniform(0.6, 1);
        layers = [.. Enumerable.Range(0, 7).Select(_ => Layer(random.Split()))];
        strokes = [.. Text(random.Split())];
    }

    /// <summary>Brightness at the centres of pixels, edges smoothed over one pixel: f32 [height, width] in [0, 1].</summary>
    public Tensor Render(int height, int width)
    {
        var (pixel, image) = (1.0 / Math.Max(height, width), new float[height * width]);
        for (var p = 0; p < image.Length; p++)
        {
            var (x, y) = ((p % width + 0.5) / width, (p / width + 0.5) / height);
            var value = 0.5 + 0.35 * light(x, y);
            foreach (var (shape, paint) in layers)
            {
                var covered = Math.Clamp(0.5 - shape.At(x, y) / pixel, 0, 1);
                if (covered > 0) value += covered * (paint(x, y) - value);
            }
            image[p] = (float)Math.Clamp(0.5 + contrast * (value - 0.5), 0, 1);
        }
        var ink = new float[image.Length];
        foreach (var stroke in strokes) stroke.Mapped(q => (q.X * width, q.Y * height)).Draw(ink, width, Math.Max(1, 0.006 / pixel));
        for (var p = 0; p < image.Length; p++) image[p] *= 1 - 0.85f * ink[p];
        return Tensor.From(image, [height, width]);
    }

    private static (SignedDistance Shape, Func<double, double, double> Paint) Layer(KeyRandom random)
    {
        var (size, slim) = (random.Uniform(0.08, 0.3), random.Uniform(0.3, 1));
        var shape = random.Integer(4) switch
        {
            0 => SignedDistance.Ball(2, size),
            1 => SignedDistance.Box(size, slim * size),
            2 => SignedDistance.Star(random.Integer(3, 8), size, slim * size),
            _ => SignedDistance.Ball(2, size).Difference(SignedDistance.Ball(2, size).Moved(slim * size, 0)),
        };
        return (shape.Turned(random.Uniform(0, 2 * Math.PI)).Moved(random.Uniform(), random.Uniform()), Paint(random));
    }

    private static Func<double, double, double> Paint(KeyRandom random)
    {
        var level = random.Uniform(0.1, 0.9);
        switch (random.Integer(3))
        {
            case 0:
                var (slopeX, slopeY) = (random.Normal(0, 0.6), random.Normal(0, 0.6));
                return (x, y) => level + slopeX * (x - 0.5) + slopeY * (y - 0.5);
            case 1:
                var texture = Noise(random, random.Uniform(10, 30));
                return (x, y) => level + 0.35 * texture(x, y);
            default:
                var (frequency, angle) = (2 * Math.PI * random.Uniform(8, 40), random.Uniform(0, Math.PI));
                var (sin, cos) = Math.SinCos(angle);
                return (x, y) => level + 0.25 * Math.Sin(frequency * (cos * x + sin * y));
        }
    }

    /// <summary>Noise of about unit size: octaves of random gradients on a lattice (Perlin, "An image synthesizer", 1985).</summary>
    private static Func<double, double, double> Noise(KeyRandom random, double frequency)
    {
        var gradients = Enumerable.Range(0, 256).Select(_ => Math.SinCos(random.Uniform(0, 2 * Math.PI))).ToArray();
        var order = random.Permutation(256);
        double Corner(int i, int j, double x, double y)
        {
            var (sin, cos) = gradients[order[(order[i & 255] + j) & 255]];
            return cos * (x - i) + sin * (y - j);
        }
        static double Smooth(double t) => t * t * t * (t * (6 * t - 15) + 10);
        double Octave(double x, double y)
        {
            var (i, j) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (u, v) = (Smooth(x - i), Smooth(y - j));
            var (top, bottom) = (
                Corner(i, j, x, y) + u * (Corner(i + 1, j, x, y) - Corner(i, j, x, y)),
                Corner(i, j + 1, x, y) + u * (Corner(i + 1, j + 1, x, y) - Corner(i, j + 1, x, y)));
            return top + v * (bottom - top);
        }
        return (x, y) => Enumerable.Range(0, Octaves).Sum(o => Octave(x * frequency * (1 << o) + 17 * o, y * frequency * (1 << o)) / (1 << o));
    }

    /// <summary>Lines of small digits.</summary>
    private static IEnumerable<Stroke> Text(KeyRandom random)
    {
        for (var line = 0; line < 2; line++)
        {
            var (left, top, height) = (random.Uniform(0.05, 0.3), random.Uniform(0.05, 0.9), random.Uniform(0.04, 0.07));
            for (var place = 0; place < 9; place++)
            {
                var forms = DigitGlyphs.Of(random.Integer(10));
                var x = left + 0.8 * height * place;
                foreach (var stroke in forms[random.Integer(forms.Count)]) yield return stroke.Mapped(p => (x + 0.7 * height * p.X, top + height * p.Y));
            }
        }
    }
}
