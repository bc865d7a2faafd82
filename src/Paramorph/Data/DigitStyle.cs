namespace Paramorph.Data;

/// <summary>How much <see cref="Digits"/> vary.</summary>
public sealed record DigitStyle
{
    /// <summary>The default: of 8,000 images of 20 pixels a linear classifier learned three in four of new ones, a small convolutional network 98 %.</summary>
    public static DigitStyle Varied { get; } = new();

    /// <summary>Clean and upright, in one place: a linear classifier finds nearly all.</summary>
    public static DigitStyle Plain { get; } =
        new() { Rotation = 0.05, Shear = 0.1, Shift = 0.02, Shrinkage = 0.1, Wobble = 0.01, Noise = 0.02, Clutter = 0 };

    /// <summary>The largest rotation in radians, to either side.</summary>
    public double Rotation { get; init; } = 0.3;

    /// <summary>The largest slant: by how much of the height the top moves to either side.</summary>
    public double Shear { get; init; } = 0.35;

    /// <summary>The largest shift as a share of the image, in either direction of both axes.</summary>
    public double Shift { get; init; } = 0.1;

    /// <summary>By which share a digit may be smaller than 0.8 of the image, in width and height by themselves.</summary>
    public double Shrinkage { get; init; } = 0.35;

    /// <summary>The standard deviation by which bends of the strokes move, as a share of the digit.</summary>
    public double Wobble { get; init; } = 0.03;

    /// <summary>The thinnest and thickest stroke as a share of the image.</summary>
    public (double Thin, double Thick) Thickness { get; init; } = (0.05, 0.12);

    /// <summary>The standard deviation of the noise of a pixel.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>The most short strokes that lie about the image and belong to no digit.</summary>
    public int Clutter { get; init; } = 2;
}
