namespace Paramorph.Data;

/// <summary>
/// Images of the digits 0 to 9, drawn with strokes as a hand would: forms, slant, size, place and pressure vary, so that it takes a network and not a
/// template to read them. They stand in for a file of handwriting in experiments on classifiers of images.
/// </summary>
public static class Digits
{
    /// <summary>Images, the ten classes in turn.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="size">Pixels along a side, at least 8.</param>
    /// <param name="style">How much they vary; <see cref="DigitStyle.Varied"/> when null.</param>
    /// <returns>Brightness in [0, 1], strokes bright: f32 [n, 1, size, size]. The class is the digit.</returns>
    public static LabelledData Of(Key key, int count, int size = 28, DigitStyle? style = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        var random = new KeyRandom(key);
        return LabelledData.Filled(count, [1, size, size], (example, image) =>
        {
            var digit = example % 10;
            Draw(random.Split(), digit, image, size, style ?? DigitStyle.Varied);
            return digit;
        });
    }

    private static void Draw(KeyRandom random, int digit, Span<float> image, int size, DigitStyle style)
    {
        var forms = DigitGlyphs.Of(digit);
        var place = Placement(random, size, style);
        var thickness = size * random.Uniform(style.Thickness.Thin, style.Thickness.Thick);
        foreach (var stroke in Wobbled(random, forms[random.Integer(forms.Count)], style.Wobble))
            stroke.Mapped(place).Draw(image, size, thickness, random.Uniform(0.7, 1));
        for (var n = style.Clutter == 0 ? 0 : random.Integer(style.Clutter + 1); n > 0; n--) Scratch(random, image, size, thickness);
        foreach (ref var pixel in image) pixel = (float)Math.Clamp(pixel + style.Noise * random.Normal(), 0, 1);
    }

    /// <summary>From the unit square to the image: size, slant, rotation, shift.</summary>
    private static Func<(double X, double Y), (double X, double Y)> Placement(KeyRandom random, int size, DigitStyle style)
    {
        double Side() => size * 0.8 * (1 - random.Uniform(0, style.Shrinkage));
        var (width, height) = (Side() * 0.85, Side());
        var (sin, cos) = Math.SinCos(random.Uniform(-style.Rotation, style.Rotation));
        var shear = random.Uniform(-style.Shear, style.Shear);
        double Centre() => size * (0.5 + random.Uniform(-style.Shift, style.Shift));
        var (centreX, centreY) = (Centre(), Centre());
        return p =>
        {
            var y = (p.Y - 0.5) * height;
            var x = (p.X - 0.5) * width - shear * y;
            return (centreX + cos * x - sin * y, centreY + sin * x + cos * y);
        };
    }

    /// <summary>The strokes under a smooth random displacement, the same for all, so that strokes that meet still do.</summary>
    private static IEnumerable<Stroke> Wobbled(KeyRandom random, Stroke[] strokes, double wobble)
    {
        var (x, y) = (Wave(random, wobble), Wave(random, wobble));
        return strokes.Select(s => s.Mapped(p => (p.X + x(p), p.Y + y(p))));
    }

    private static Func<(double X, double Y), double> Wave(KeyRandom random, double deviation)
    {
        const int Waves = 3;
        var waves = new (double X, double Y, double Phase, double Height)[Waves];
        // A sine has the variance 1/2.
        for (var i = 0; i < Waves; i++)
            waves[i] = (random.Normal(0, 5), random.Normal(0, 5), random.Uniform(0, 2 * Math.PI), deviation * Math.Sqrt(2.0 / Waves));
        return p => waves.Sum(w => w.Height * Math.Sin(w.X * p.X + w.Y * p.Y + w.Phase));
    }

    private static void Scratch(KeyRandom random, Span<float> image, int size, double thickness)
    {
        var (x, y, angle) = (random.Uniform(0, size), random.Uniform(0, size), random.Uniform(0, 2 * Math.PI));
        var length = size * random.Uniform(0.1, 0.25);
        new Stroke([(x, y), (x + length * Math.Cos(angle), y + length * Math.Sin(angle))]).Draw(image, size, 0.7 * thickness, random.Uniform(0.4, 0.8));
    }
}
