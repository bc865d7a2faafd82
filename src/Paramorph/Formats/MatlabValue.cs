using System.Numerics;

namespace Paramorph.Formats;

/// <summary>A value of MATLAB. Every value has a shape of two axes or more; its elements are in row-major order here.</summary>
public abstract record MatlabValue
{
    private MatlabValue()
    {
    }

    /// <summary>Numbers or truth values.</summary>
    /// <param name="Elements">
    /// double is f64, single f32, logical bool, int8, uint8, int32 and int64 the same; (u)int16 is widened to i32, uint32 and uint64 to i64; complex single is
    /// c64, all other complex numbers c128.
    /// </param>
    public sealed record Numeric(Tensor Elements) : MatlabValue;

    /// <summary>An array of characters.</summary>
    /// <param name="Rows">The text of each row, [rows]; of more than two axes the rows of all pages.</param>
    public sealed record Text(IReadOnlyList<string> Rows) : MatlabValue;

    /// <summary>A sparse matrix, as the places of its elements, ordered by columns.</summary>
    /// <param name="RowCount">The number of rows.</param>
    /// <param name="ColumnCount">The number of columns.</param>
    /// <param name="Rows">Row of each element, i32 [elements].</param>
    /// <param name="Columns">Column of each element, i32 [elements].</param>
    /// <param name="Values">The elements, f64, c128 or bool [elements].</param>
    public sealed record Sparse(int RowCount, int ColumnCount, Tensor Rows, Tensor Columns, Tensor Values) : MatlabValue
    {
        /// <summary>The matrix [rows, columns] with its zeros.</summary>
        /// <exception cref="ShapeException">A tensor cannot have so many elements.</exception>
        public Tensor ToDense() => new SparseMatrix(RowCount, ColumnCount, Rows, Columns, Values).ToDense();
    }

    /// <summary>A cell array.</summary>
    /// <param name="Size">Its shape.</param>
    /// <param name="Elements">The values in it.</param>
    public sealed record Cell(Shape Size, IReadOnlyList<MatlabValue> Elements) : MatlabValue;

    /// <summary>An array of structures, or of objects, which are shown as structures.</summary>
    /// <param name="Size">Its shape; mostly [1, 1].</param>
    /// <param name="Fields">The value of each field in every structure of the array.</param>
    public sealed record Struct(Shape Size, IReadOnlyDictionary<string, IReadOnlyList<MatlabValue>> Fields) : MatlabValue;

    /// <summary>A value of a kind that is not read: a function handle, or an object of a class.</summary>
    /// <param name="Kind">MATLAB's name of the kind.</param>
    public sealed record Unsupported(string Kind) : MatlabValue;

    /// <summary>A variable that cannot be read, while the others of its file can.</summary>
    /// <param name="Error">What is wrong with it, and where.</param>
    public sealed record Unreadable(UnreadableFileException Error) : MatlabValue;

    /// <summary>The field of a single structure.</summary>
    /// <exception cref="KeyNotFoundException">This is no single structure, or it has no such field.</exception>
    public MatlabValue this[string field] => this is Struct { Size.ElementCount: 1 } single && single.Fields.TryGetValue(field, out var values)
        ? values[0]
        : throw new KeyNotFoundException(this is Struct structure
            ? $"no field '{field}' in one structure: there are {structure.Size} structures with the fields {string.Join(", ", structure.Fields.Keys)}."
            : $"no field '{field}': this is no structure but {GetType().Name}.");

    /// <summary>The numbers as a tensor; a sparse matrix with its zeros.</summary>
    /// <exception cref="InvalidOperationException">This is neither numeric nor sparse.</exception>
    /// <exception cref="UnreadableFileException">This is <see cref="Unreadable"/>.</exception>
    public Tensor ToTensor() => this switch
    {
        Unreadable unreadable => throw unreadable.Error,
        Numeric numeric => numeric.Elements,
        Sparse sparse => sparse.ToDense(),
        _ => throw new InvalidOperationException($"a MATLAB value of kind {GetType().Name} is no tensor: numeric and sparse ones are."),
    };
}
