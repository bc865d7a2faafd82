namespace Paramorph.Data.Solvers;

/// <summary>Finite volumes for -div(a grad u) on square cells, multiplied by the area of a cell.</summary>
internal static class CellMatrix
{
    /// <summary>The matrix.</summary>
    /// <param name="conductivity">a [rows, columns]; cells of conductivity 0 are walls, whose rows are those of the unit matrix.</param>
    /// <param name="edge">What holds at the edge of the rectangle.</param>
    /// <param name="wall">What holds where a cell meets a wall: Dirichlet or Neumann.</param>
    public static FivePointMatrix Of(Tensor conductivity, EdgeCondition edge, EdgeCondition wall = EdgeCondition.Neumann)
    {
        var a = conductivity.ToArray<double>();
        var shape = conductivity.Shape;
        double[] diagonal = new double[a.Length], east = new double[a.Length], south = new double[a.Length];
        // The face of a cell with one outside at which u is held half a cell away.
        void Hold(int p) => diagonal[p] += 2 * a[p];
        void Join(double[] weights, int p, int q)
        {
            if (a[p] > 0 && a[q] > 0)
            {
                weights[p] = 2 * a[p] * a[q] / (a[p] + a[q]);
                diagonal[p] += weights[p];
                diagonal[q] += weights[p];
            }
            else if (wall == EdgeCondition.Dirichlet)
            {
                Hold(p);
                Hold(q);
            }
        }
        void Sweep(double[] weights, int lines, int lineStride, int count, int stride)
        {
            for (var line = 0; line < lines; line++)
            {
                var (first, last) = (line * lineStride, line * lineStride + (count - 1) * stride);
                for (var p = first; p != last; p += stride) Join(weights, p, p + stride);
                if (edge == EdgeCondition.Periodic) Join(weights, last, first);
                if (edge != EdgeCondition.Dirichlet) continue;
                Hold(first);
                Hold(last);
            }
        }
        Sweep(east, shape[0], shape[1], shape[1], 1);
        Sweep(south, shape[1], 1, shape[0], shape[1]);
        for (var p = 0; p < a.Length; p++)
            if (diagonal[p] == 0) diagonal[p] = 1;
        return new(Tensor.From(diagonal, shape), Tensor.From(east, shape), Tensor.From(south, shape));
    }
}
