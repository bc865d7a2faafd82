namespace Paramorph.Training;

/// <summary>A value at a step.</summary>
/// <param name="Step">How many steps had been taken.</param>
/// <param name="Value">The value.</param>
public readonly record struct CurvePoint(long Step, double Value);
