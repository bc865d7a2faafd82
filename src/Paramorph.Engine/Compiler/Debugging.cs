namespace Paramorph;

/// <summary>Switches that help to find mistakes.</summary>
public static class Debugging
{
    /// <summary>
    /// Whether the first operation that produces a NaN from operands without one throws an <see cref="EvaluationException"/> that names it.
    /// Off by default; a compiled function looks at it each time it runs.
    /// </summary>
    public static bool CheckNaN { get; set; }
}
