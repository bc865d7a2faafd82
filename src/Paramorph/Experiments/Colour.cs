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

    /// <summary>From dark blue by green to pale yellow, of growing lightness.</summary>
    private static readonly Colour[] levels = [new(14, 8, 62), new(46, 58, 140), new(32, 122, 150), new(72, 176, 122), new(184, 214, 84), new(254, 250, 205)];

    /// <summary>The colour of a level from 0, dark, to 1, bright: its lightness grows evenly, so that it can be read in grey, too.</summary>
    public static Colour OfLevel(double level)
    {
        var place = (double.IsNaN(level) ? 0 : Math.Clamp(level, 0, 1)) * (levels.Length - 1);
        var below = Math.Min((int)place, levels.Length - 2);
        var (a, b, part) = (levels[below], levels[below + 1], place - below);
        return OfUnit((a.Red + part * (b.Red - a.Red)) / 255, (a.Green + part * (b.Green - a.Green)) / 255, (a.Blue + part * (b.Blue - a.Blue)) / 255);
    }

    /// <summary>The colour of three parts from 0 to 1; beyond, they are cut.</summary>
    public static Colour OfUnit(double red, double green, double blue) => new(Part(red), Part(green), Part(blue));

    /// <summary>As it stands in a web page: <c>#0072b2</c>.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static byte Part(double value) => (byte)Math.Round(255 * Math.Clamp(double.IsNaN(value) ? 0 : value, 0, 1));
}
