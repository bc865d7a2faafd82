namespace Paramorph.Physics;

/// <summary>A coordinate of a differential equation: a place or the time, in an interval.</summary>
/// <param name="Name">Its name: x, y, t.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
public sealed record Axis(string Name, double Low, double High)
{
    /// <summary>Whether it is the time, at whose beginning the state is known.</summary>
    public bool IsTime { get; init; }

    /// <summary>Whether what leaves it at one end comes in at the other.</summary>
    public bool IsPeriodic { get; init; }

    /// <summary>Its length.</summary>
    public double Length => High - Low;
}
