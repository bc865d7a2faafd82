namespace Paramorph.Experiments;

/// <summary>A figure that others report of a method on a task, and how near to it the method must come here.</summary>
/// <param name="Task">The task of the bench.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Value">The figure.</param>
/// <param name="Source">Who reports it, and where.</param>
public sealed record Published(string Task, string Metric, double Value, string Source)
{
    /// <summary>By what part of the figure the method may stay behind it.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Whether a value comes near enough.</summary>
    /// <param name="value">What was reached here.</param>
    /// <param name="better">Which direction is better.</param>
    public bool IsReached(double value, Better better) => better == Better.Higher ? value >= Value - Tolerance * Math.Abs(Value) : value <= Value + Tolerance * Math.Abs(Value);
}
