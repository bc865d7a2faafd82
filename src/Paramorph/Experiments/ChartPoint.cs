namespace Paramorph.Experiments;

/// <summary>A point of a curve.</summary>
/// <param name="X">The step, or whatever runs along the axis.</param>
/// <param name="Y">The value.</param>
public readonly record struct ChartPoint(double X, double Y);
