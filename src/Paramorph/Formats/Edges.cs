namespace Paramorph.Formats;

/// <summary>The edges of a graph whose nodes are numbered from 0.</summary>
/// <param name="Sources">Where each edge starts, i32 [edges].</param>
/// <param name="Targets">Where each edge ends, i32 [edges].</param>
/// <param name="Weights">The weight of each edge, f64 [edges]; null when they have none.</param>
/// <param name="NodeCount">The number of nodes: one more than the largest that an edge names when a file was read, or as many as the matrix in it has rows or columns.</param>
public sealed record Edges(Tensor Sources, Tensor Targets, Tensor? Weights, int NodeCount)
{
    /// <summary>The time of each edge, f64 [edges]; null when they have none.</summary>
    public Tensor? Times { get; init; }
}
