using Paramorph.Experiments;

namespace Paramorph.Sequences;

/// <summary>Phase diagrams of associative memories.</summary>
public static class RetrievalDiagram
{
    /// <summary>The magnetisation by <see cref="RetrievalEquations"/>: load across, to 1.25 times the capacity without temperature, and temperature upward, from 0 to 1.</summary>
    /// <param name="order">P, 2 or more.</param>
    /// <param name="quality">r of the examples, above 0 and at most 1.</param>
    /// <param name="examples">M, how many of each pattern.</param>
    /// <param name="columns">Loads.</param>
    /// <param name="rows">Temperatures.</param>
    /// <param name="scale">Pixels across and down for each of them.</param>
    public static Picture Draw(int order, double quality, int examples, int columns, int rows, int scale = 24)
    {
        var capacity = new RetrievalEquations(order, 0, 0, quality, examples).CriticalLoad();
        var values = new double[rows, columns];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                values[row, column] = new RetrievalEquations(order, 1.25 * capacity * (column + 0.5) / columns, 1.0 - (row + 0.5) / rows, quality, examples).Solve().Magnetisation;
        return Picture.HeatMap(values, 0, 1, scale);
    }
}
