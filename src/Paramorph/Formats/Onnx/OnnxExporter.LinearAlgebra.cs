using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Factorisations of small matrices, column by column: ONNX has none.</content>
internal sealed partial class OnnxExporter
{
    /// <summary>Up to this size columns are written out; the number of nodes grows with it.</summary>
    private const int MaxMatrix = 64;

    private OnnxExpression Block(OnnxExpression x, int rank, (int Start, int Limit) rows, (int Start, int Limit) columns) =>
        x with { Name = Sliced(x.Name, [rank - 2, rank - 1], [rows.Start, columns.Start], [rows.Limit, columns.Limit], [1, 1]) };

    private static void CheckSize(Primitive primitive, int size)
    {
        if (size > MaxMatrix)
            throw new OnnxException($"onnx: {primitive.Name} of matrices of size {size} has no translation: those of up to {MaxMatrix} are written out column by column.");
    }

    /// <summary>Substitution, row by row from the corner in which the triangle begins.</summary>
    private OnnxValue TriangularSolve(OnnxValue a, OnnxValue b, TriangularSolve solve, TensorType result)
    {
        var (rank, size) = (a.Shape.Rank, a.Shape[^1]);
        CheckSize(solve, size);
        if (solve.IsTransposed) a = Transpose(a, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
        var isForward = solve.IsLower != solve.IsTransposed;
        var (matrix, right) = (Expression(Full(a)), Expression(Full(b)));
        var rows = new OnnxExpression[size];
        for (var step = 0; step < size; step++)
        {
            var row = isForward ? step : size - 1 - step;
            var value = Block(right, rank, (row, row + 1), (0, b.Shape[^1]));
            if (step > 0)
            {
                var (first, limit) = isForward ? (0, row) : (row + 1, size);
                var known = graph.Node("Concat", rows[first..limit].Select(r => r.Name), OnnxBuilder.Attribute("axis", rank - 2));
                value -= Block(matrix, rank, (row, row + 1), (first, limit)).With("MatMul", right with { Name = known });
            }
            rows[row] = solve.IsUnitDiagonal ? value : value / Block(matrix, rank, (row, row + 1), (row, row + 1));
        }
        return new(result, graph.Node("Concat", rows.Select(r => r.Name), OnnxBuilder.Attribute("axis", rank - 2)));
    }

    /// <summary>Column by column: what is left of a column after the products of the columns before it, over the root of its diagonal element.</summary>
    private OnnxValue Cholesky(OnnxValue a, TensorType result)
    {
        var (rank, size) = (a.Shape.Rank, a.Shape[^1]);
        CheckSize(new Cholesky(), size);
        var matrix = Expression(Full(a));
        var mirrored = matrix with { Name = Transpose(Full(a), [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]).Name };
        matrix = (matrix + mirrored) * 0.5;
        OnnxExpression? known = null;
        for (var column = 0; column < size; column++)
        {
            var rest = Block(matrix, rank, (column, size), (column, column + 1));
            if (known is { } before)
            {
                var row = Block(before, rank, (column, column + 1), (0, column));
                var turned = graph.Node("Transpose", [row.Name], OnnxBuilder.Attribute("perm", [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]));
                rest -= Block(before, rank, (column, size), (0, column)).With("MatMul", row with { Name = turned });
            }
            rest /= Block(rest, rank, (0, 1), (0, 1)).Sqrt();
            var amounts = new int[2 * rank];
            amounts[rank - 2] = column;
            var whole = column == 0 ? rest.Name : graph.Node("Pad", [rest.Name, graph.Integers(amounts)]);
            known = rest with { Name = known is { } columns ? graph.Node("Concat", [columns.Name, whole], OnnxBuilder.Attribute("axis", rank - 1)) : whole };
        }
        return new(result, known!.Value.Name);
    }
}
