namespace Paramorph.Data.Solvers;

/// <summary>What holds at the edge of a rectangle.</summary>
public enum EdgeCondition
{
    /// <summary>The solution is 0.</summary>
    Dirichlet,

    /// <summary>Nothing flows through: the normal derivative is 0.</summary>
    Neumann,

    /// <summary>Opposite edges are one.</summary>
    Periodic,
}
