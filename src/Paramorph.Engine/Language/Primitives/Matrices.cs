using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>What the primitives of linear algebra share: a matrix is the last two axes of a tensor, the axes before them are the batch.</summary>
internal static class Matrices
{
    /// <summary>Throws unless a type is that of matrices of real or complex floating-point numbers.</summary>
    public static void Check(string name, TensorType type)
    {
        if (!type.ElementType.IsDifferentiable())
            throw new ElementTypeException($"{name}: {type} does not hold real or complex floating-point numbers: cast it to f32 or f64 with AsType.");
        if (type.Shape.Rank < 2)
            throw new ShapeException($"{name}: {type} is no matrix: it needs two axes, behind those of the batch.");
    }

    /// <summary>Throws unless a type is that of square matrices of real or complex floating-point numbers.</summary>
    public static void CheckSquare(string name, TensorType type)
    {
        Check(name, type);
        if (type.Shape[^1] != type.Shape[^2])
            throw new ShapeException($"{name}: {type} is not square: its last two axes must have one size, not {type.Shape[^2]} and {type.Shape[^1]}.");
    }

    /// <summary>How often <paramref name="flops"/> real operations on one matrix are done, a complex one counted as four.</summary>
    public static Cost Cost(double flops, ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        var each = inputs[0].ElementType.IsComplex() ? 4 * flops : flops;
        return new((long)(Count(inputs[0].Shape) * each), Primitive.Bytes(inputs) + Primitive.Bytes(outputs));
    }

    /// <summary>Number of matrices.</summary>
    public static int Count(Shape shape) => shape[..^2].ElementCount;

    /// <summary>A matrix in words, for messages: <c>matrix 3 of the batch</c>.</summary>
    public static string Which(Shape shape, int index)
    {
        var batch = shape[..^2];
        if (batch.Rank == 0) return "the matrix";
        if (batch.Rank == 1) return $"matrix {index} of the batch";
        var at = batch.Strides().Select((stride, axis) => index / stride % batch[axis]);
        return $"matrix [{string.Join(", ", at)}] of the batch";
    }

    /// <summary>A copy of one matrix.</summary>
    public static Complex[,] Read(ReferenceArray array, int index)
    {
        var (rows, columns) = (array.Shape[^2], array.Shape[^1]);
        var matrix = new Complex[rows, columns];
        var from = index * rows * columns;
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++, from++)
                matrix[i, j] = array.IsReal ? array.Reals[from] : array.Complexes[from];
        return matrix;
    }

    /// <summary>Puts one matrix at its place.</summary>
    public static void Write(ReferenceArray array, int index, Complex[,] matrix)
    {
        var to = index * matrix.Length;
        foreach (var element in matrix)
        {
            if (array.IsReal) array.Reals[to++] = element.Real;
            else array.Complexes[to++] = element;
        }
    }

    /// <summary>Puts one vector of real numbers at its place.</summary>
    public static void Write(ReferenceArray array, int index, double[] vector) => vector.CopyTo(array.Reals, index * vector.Length);

    /// <summary>Whether no element is infinite or NaN.</summary>
    public static bool IsFinite(Complex[,] matrix)
    {
        foreach (var element in matrix)
            if (!Complex.IsFinite(element)) return false;
        return true;
    }

    /// <summary>A matrix of NaN.</summary>
    public static Complex[,] NaN(int rows, int columns)
    {
        var matrix = new Complex[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) matrix[i, j] = double.NaN;
        return matrix;
    }

    /// <summary>The identity, or its first columns.</summary>
    public static Complex[,] Identity(int rows, int columns)
    {
        var matrix = new Complex[rows, columns];
        for (var i = 0; i < Math.Min(rows, columns); i++) matrix[i, i] = 1;
        return matrix;
    }

    /// <summary>(A + A^H) / 2.</summary>
    public static Complex[,] HermitianPart(Complex[,] a)
    {
        var n = a.GetLength(0);
        var result = new Complex[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) result[i, j] = 0.5 * a[i, j] + 0.5 * Complex.Conjugate(a[j, i]);
        return result;
    }

    /// <summary>A^H.</summary>
    public static Complex[,] Adjoint(Complex[,] a)
    {
        var result = new Complex[a.GetLength(1), a.GetLength(0)];
        for (var i = 0; i < a.GetLength(0); i++)
            for (var j = 0; j < a.GetLength(1); j++) result[j, i] = Complex.Conjugate(a[i, j]);
        return result;
    }

    /// <summary>The element of largest modulus, as a modulus; 0 when there is none.</summary>
    public static double Largest(Complex[,] a)
    {
        var largest = 0.0;
        foreach (var element in a) largest = Math.Max(largest, Complex.Abs(element));
        return largest;
    }

    /// <summary>The columns of a matrix in another order.</summary>
    public static Complex[,] TakeColumns(Complex[,] a, int[] columns)
    {
        var result = new Complex[a.GetLength(0), columns.Length];
        for (var i = 0; i < a.GetLength(0); i++)
            for (var j = 0; j < columns.Length; j++) result[i, j] = a[i, columns[j]];
        return result;
    }

    /// <summary>Columns p and q of a matrix turned by a real angle: c p - s q and s p + c q.</summary>
    public static void RotateColumns(Complex[,] a, int p, int q, double c, double s)
    {
        for (var i = 0; i < a.GetLength(0); i++)
            (a[i, p], a[i, q]) = (c * a[i, p] - s * a[i, q], s * a[i, p] + c * a[i, q]);
    }

    /// <summary>Elements of a vector that are not smaller than this part of the largest count as equally large, so that rounding does not choose among them.</summary>
    public const double NearlyLargest = 0.99;

    /// <summary>The phase that makes the first of a column's largest elements positive; 1 for a column of zeros or of NaN.</summary>
    public static Complex PhaseOfColumn(Complex[,] a, int column)
    {
        var sizes = Enumerable.Range(0, a.GetLength(0)).Select(i => Complex.Abs(a[i, column])).ToArray();
        var first = Array.FindIndex(sizes, size => size > 0 && size >= NearlyLargest * sizes.Max());
        return first < 0 ? Complex.One : Complex.Conjugate(a[first, column]) / sizes[first];
    }

    /// <summary>A column of a matrix times a number.</summary>
    public static void ScaleColumn(Complex[,] a, int column, Complex factor)
    {
        for (var i = 0; i < a.GetLength(0); i++) a[i, column] *= factor;
    }

    /// <summary>
    /// The angle that makes two columns orthogonal, or an off-diagonal element zero: the smaller root t of t^2 + 2 z t = 1, as cosine and sine.
    /// </summary>
    public static (double Cosine, double Sine) JacobiAngle(double z)
    {
        var t = (z < 0 ? -1 : 1) / (Math.Abs(z) + Math.Sqrt(z * z + 1));
        var c = 1 / Math.Sqrt(t * t + 1);
        return (c, c * t);
    }

    /// <summary>A^H.</summary>
    public static Tensor Adjoint(Tensor a) => LinearAlgebra.Adjoint(a);

    /// <summary>(A + A^H) / 2.</summary>
    public static Tensor HermitianPart(Tensor a) => (a + Adjoint(a)) * 0.5;

    /// <summary>
    /// Below which a difference of eigenvalues or singular values, or a singular value itself, is taken for zero: the rounding error of the values,
    /// that is the size of the matrix times the spacing of numbers at the largest of them. Shape [..., 1].
    /// </summary>
    /// <param name="values">[..., count], at least one.</param>
    /// <param name="size">The larger size of the matrix.</param>
    public static Tensor RoundingError(Tensor values, int size) =>
        Tensor.StopGradient(Tensor.Abs(values).Max(-1).ExpandDims(-1)) * (size * Spacing(values.ElementType));

    /// <summary>The spacing of the numbers of a type at 1.</summary>
    public static double Spacing(ElementType type) => type.RealType() == ElementType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52);

    /// <summary>1 / x, and 0 where |x| is at most <paramref name="error"/>, with a derivative that is zero there too.</summary>
    public static Tensor InverseOrZero(Tensor x, Tensor error)
    {
        var isZero = Tensor.LessEqual(Tensor.Abs(x), error);
        return Tensor.Where(isZero, 0.0, 1.0 / Tensor.Where(isZero, 1.0, x));
    }

    /// <summary>The matrix of 1 / (x_j - x_i), with 0 where values are equal up to <paramref name="error"/>.</summary>
    public static Tensor InverseDifferences(Tensor x, Tensor error) =>
        InverseOrZero(x.ExpandDims(-2) - x.ExpandDims(-1), error.ExpandDims(-1));
}
