namespace Paramorph.Physics;

/// <summary>What is known of a component of a field, or of its derivative across, on a side of the box where an equation holds.</summary>
/// <param name="Axis">The axis at one end of which it holds; null for the time.</param>
/// <param name="Side">Which end.</param>
/// <param name="IsSlope">Whether the derivative along the axis is known, and not the value.</param>
/// <param name="Value">What it is, from points on the side to [n, 1].</param>
public sealed record SideCondition(string? Axis, Side Side, bool IsSlope, Func<Coordinates, Tensor> Value)
{
    /// <summary>The component that it is of; null for the first.</summary>
    public string? Component { get; init; }

    /// <summary>How much its mean squared error counts beside that of the equation, where it is a part of the loss.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The value at the first time.</summary>
    public static SideCondition Start(Func<Coordinates, Tensor> value) => new(null, Side.Low, false, value);

    /// <summary>The derivative in time at the first time.</summary>
    public static SideCondition StartSlope(Func<Coordinates, Tensor> value) => new(null, Side.Low, true, value);

    /// <summary>The value at one end of an axis (Dirichlet).</summary>
    public static SideCondition Edge(string axis, Side side, Func<Coordinates, Tensor> value) => new(axis, side, false, value);

    /// <summary>The derivative along an axis at one of its ends (Neumann).</summary>
    public static SideCondition Slope(string axis, Side side, Func<Coordinates, Tensor> value) => new(axis, side, true, value);

    /// <summary>Zero at both ends of axes.</summary>
    public static IEnumerable<SideCondition> ZeroAtEnds(params IReadOnlyList<string> axes) =>
        axes.SelectMany(axis => new[] { Edge(axis, Side.Low, at => at.Zero), Edge(axis, Side.High, at => at.Zero) });
}
