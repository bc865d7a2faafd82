using System.Numerics;

namespace Paramorph.Formats;

/// <summary>A matrix of mostly zeros, as the places of its elements. Elements of one place are added.</summary>
/// <param name="RowCount">The number of rows.</param>
/// <param name="ColumnCount">The number of columns.</param>
/// <param name="Rows">Row of each element, i32 [elements].</param>
/// <param name="Columns">Column of each element, i32 [elements].</param>
/// <param name="Values">The elements, [elements].</param>
public sealed record SparseMatrix(int RowCount, int ColumnCount, Tensor Rows, Tensor Columns, Tensor Values)
{
    /// <summary>The matrix [rows, columns] with its zeros, of the type of its elements; logical or where elements share a place.</summary>
    /// <exception cref="ShapeException">A tensor cannot have so many elements.</exception>
    public Tensor ToDense() => Values.ElementType switch
    {
        ElementType.Bool => Dense<bool>(Values, (a, b) => a || b),
        ElementType.Complex64 or ElementType.Complex128 => Cast(Dense<Complex>(Values.AsType(ElementType.Complex128), (a, b) => a + b)),
        ElementType.Float32 or ElementType.Float64 => Cast(Dense<double>(Values.AsType(ElementType.Float64), (a, b) => a + b)),
        _ => Cast(Dense<long>(Values.AsType(ElementType.Int64), (a, b) => a + b)),
    };

    private Tensor Cast(Tensor dense) => dense.ElementType == Values.ElementType ? dense : dense.AsType(Values.ElementType).Evaluate();

    private Tensor Dense<T>(Tensor elements, Func<T, T, T> add)
        where T : unmanaged
    {
        Shape shape = [RowCount, ColumnCount];
        var dense = new T[shape.ElementCount];
        T[] values = elements.ToArray<T>();
        int[] rows = Rows.ToArray<int>(), columns = Columns.ToArray<int>();
        for (var i = 0; i < values.Length; i++)
        {
            ref var place = ref dense[rows[i] * ColumnCount + columns[i]];
            place = add(place, values[i]);
        }
        return Tensor.From(dense, shape);
    }
}
