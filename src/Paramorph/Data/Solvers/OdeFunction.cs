namespace Paramorph.Data.Solvers;

/// <summary>The right-hand side of y' = f(t, y).</summary>
/// <param name="time">t.</param>
/// <param name="state">y.</param>
/// <param name="rate">Receives y'.</param>
public delegate void OdeFunction(double time, ReadOnlySpan<double> state, Span<double> rate);
