namespace Paramorph.Experiments;

/// <summary>A colour.</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>Colours that are told apart with any kind of colour vision, for the lines of a chart (Okabe and Ito, "Color Universal Design", 2008).</summary>
    public static IReadOnlyList<Colour> Distinct { get; } =
        [new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(0, 0, 0), new(240, 228, 66)];

    /// <summary>The colour of a level from 0, dark, to 1, bright: its lightness grows evenly, so that it can be read in grey, too.</summary>
    /// <remarks>The cube helix of Green, "A colour scheme for the display of astronomical intensity images" (2011), with start 0.5, rotations -1.5, hue 1.2.</remarks>
    public static Colour OfLevel(double level)
    {
        level = double.IsNaN(level) ? 0 : Math.Clamp(level, 0, 1);
        var (sin, cos) = Math.SinCos(2 * Math.PI * (0.5 / 3 + 1 - 1.5 * level));
        var amplitude = 1.2 * level * (1 - level) / 2;
        return OfUnit(
            level + amplitude * (-0.14861 * cos + 1.78277 * sin),
            level + amplitude * (-0.29227 * cos - 0.90649 * sin),
            level + amplitude * (1.97294 * cos));
    }

    /// <summary>The colour of three parts from 0 to 1; beyond, they are cut.</summary>
    public static Colour OfUnit(double red, double green, double blue) => new(Part(red), Part(green), Part(blue));

    /// <summary>As it stands in a web page: <c>#0072b2</c>.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static byte Part(double value) => (byte)Math.Round(255 * Math.Clamp(double.IsNaN(value) ? 0 : value, 0, 1));
}
