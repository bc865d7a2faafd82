using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>An operation on each matrix of a batch; matrices are handed out in pieces.</summary>
internal abstract unsafe class MatrixStep<T> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly string name;
    private readonly Cut cut;

    /// <summary>An operation whose operands have been placed.</summary>
    /// <param name="operation">The operation; its first operand has the matrices.</param>
    /// <param name="inputs">Where its operands begin.</param>
    /// <param name="outputs">Where its results begin.</param>
    protected MatrixStep(Operation operation, Place[] inputs, Place[] outputs)
    {
        (name, Shape, Inputs, Outputs) = (operation.Primitive.Name, operation.Input.Shape, inputs, outputs);
        (Rows, Columns) = (Shape[^2], Shape[^1]);
        cut = Cut.Of(Matrices.Count(Shape), (long)Rows * Columns * Math.Min(Rows, Columns));
    }

    public override string Description => $"{name} of {Shape}";

    /// <summary>The shape of the matrices.</summary>
    protected Shape Shape { get; }

    /// <summary>Rows of a matrix.</summary>
    protected int Rows { get; }

    /// <summary>Columns of a matrix.</summary>
    protected int Columns { get; }

    /// <summary>Where the operands begin.</summary>
    protected Place[] Inputs { get; }

    /// <summary>Where the results begin.</summary>
    protected Place[] Outputs { get; }

    public override void Run(nint* bases, WorkerPool pool)
    {
        var failure = Indexing.None;
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Bases = bases, Failure = &failure });
        if (failure != Indexing.None) throw Error((int)(failure / Rows), (int)(failure % Rows));
    }

    /// <summary>Runs it for one matrix. Returns -1, or the row in which it has no result.</summary>
    protected abstract int RunMatrix(nint* bases, int index);

    /// <summary>The error of a matrix that has no result.</summary>
    protected virtual EvaluationException Error(int matrix, int row) => new($"{name}: {Matrices.Which(Shape, matrix)} has no result.");

    /// <summary>The elements of an operand's or result's part.</summary>
    protected static T* At(Place place, nint* bases, int index, int elements) => (T*)place.Address(bases) + index * (nint)elements;

    /// <summary>Copies a matrix; tells whether all of its elements are finite.</summary>
    protected bool Copy(T* source, T* target)
    {
        var isFinite = true;
        for (nint i = 0; i < (nint)Rows * Columns; i++)
        {
            target[i] = source[i];
            isFinite &= T.IsFinite(source[i]);
        }
        return isFinite;
    }

    /// <summary>Puts the lower triangle of (A + A') / 2 into another matrix; tells whether all of its elements are finite.</summary>
    protected bool SymmetricPart(T* source, T* target)
    {
        var half = T.One / (T.One + T.One);
        var isFinite = true;
        for (var i = 0; i < Rows; i++)
            for (var j = 0; j <= i; j++)
            {
                var mean = half * source[i * (nint)Rows + j] + half * source[j * (nint)Rows + i];
                isFinite &= T.IsFinite(mean);
                target[i * (nint)Rows + j] = mean;
            }
        return isFinite;
    }

    /// <summary>Fills with NaN.</summary>
    protected static void FillNaN(T* target, int count) => new Span<T>(target, count).Fill(T.NaN);

    private struct Job : IPieces
    {
        public MatrixStep<T> Step;
        public nint* Bases;
        public long* Failure;

        public readonly void Run(int piece)
        {
            for (var i = Step.cut.First(piece); i < Step.cut.End(piece); i++)
            {
                var row = Step.RunMatrix(Bases, (int)i);
                if (row >= 0) Indexing.Report(ref *Failure, i * Step.Rows + row);
            }
        }
    }
}

/// <summary>Factors of symmetric positive definite matrices.</summary>
internal sealed unsafe class CholeskyStep<T>(Operation operation, Place[] inputs, Place[] outputs) : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override int RunMatrix(nint* bases, int index)
    {
        T* a = At(Inputs[0], bases, index, Rows * Rows), factor = At(Outputs[0], bases, index, Rows * Rows);
        if (SymmetricPart(a, factor)) return Triangular<T>.Cholesky(factor, Rows, Rows);
        FillNaN(factor, Rows * Rows);
        return -1;
    }

    protected override EvaluationException Error(int matrix, int row) => Cholesky.NotPositiveDefinite(Shape, matrix, row + 1);
}

/// <summary>Solutions of triangular systems.</summary>
internal sealed unsafe class TriangularSolveStep<T>(TriangularSolve solve, Operation operation, Place[] inputs, Place[] outputs)
    : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int sides = operation.Output.Shape[^1];
    private readonly Shape shape = operation.Output.Shape;

    protected override int RunMatrix(nint* bases, int index)
    {
        T* a = At(Inputs[0], bases, index, Rows * Rows), b = At(Inputs[1], bases, index, Rows * sides), x = At(Outputs[0], bases, index, Rows * sides);
        for (var i = 0; i < Rows && !solve.IsUnitDiagonal; i++)
            if (a[i * ((nint)Rows + 1)] == T.Zero) return i;
        new ReadOnlySpan<T>(b, Rows * sides).CopyTo(new Span<T>(x, Rows * sides));
        Triangular<T>.Solve(a, Rows, Rows, solve.IsLower, solve.IsTransposed, solve.IsUnitDiagonal, x, sides, sides);
        return -1;
    }

    protected override EvaluationException Error(int matrix, int row) => TriangularSolve.Singular(shape, matrix, row);
}

/// <summary>Elimination with partial pivoting.</summary>
internal sealed unsafe class LuStep<T>(Operation operation, Place[] inputs, Place[] outputs) : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override int RunMatrix(nint* bases, int index)
    {
        var factors = At(Outputs[0], bases, index, Rows * Rows);
        var pivots = (int*)Outputs[1].Address(bases) + index * (nint)Rows;
        var permutation = (int*)Outputs[2].Address(bases) + index * (nint)Rows;
        Sorting.Start(pivots, Rows);
        Sorting.Start(permutation, Rows);
        // Singular matrices have factors too.
        if (Copy(At(Inputs[0], bases, index, Rows * Rows), factors)) Triangular<T>.Lu(factors, Rows, Rows, pivots);
        else FillNaN(factors, Rows * Rows);
        for (var i = 0; i < Rows; i++) (permutation[i], permutation[pivots[i]]) = (permutation[pivots[i]], permutation[i]);
        return -1;
    }
}

/// <summary>Orthonormal columns times a triangle whose diagonal is not negative.</summary>
internal sealed unsafe class QrStep<T>(Operation operation, Place[] inputs, Place[] outputs) : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override int RunMatrix(nint* bases, int index)
    {
        var size = Math.Min(Rows, Columns);
        T* q = At(Outputs[0], bases, index, Rows * size), r = At(Outputs[1], bases, index, size * Columns);
        using var scratch = Scratch.Open();
        var a = scratch.Take<T>((nint)Rows * Columns);
        if (!Copy(At(Inputs[0], bases, index, Rows * Columns), a))
        {
            FillNaN(q, Rows * size);
            FillNaN(r, size * Columns);
            return -1;
        }
        Orthogonal<T>.Qr(a, Columns, Rows, Columns, q, size, size, scratch.Take<T>((nint)size * (Rows + 1) + Math.Max(Columns, size)));
        new ReadOnlySpan<T>(a, size * Columns).CopyTo(new Span<T>(r, size * Columns));
        for (var i = 0; i < size; i++)
        {
            if (!T.IsNegative(r[i * (nint)Columns + i])) continue;
            RowOperations<T>.Scale(T.NegativeOne, r + i * (nint)Columns + i, Columns - i);
            for (var k = 0; k < Rows; k++) q[k * (nint)size + i] = -q[k * (nint)size + i];
        }
        return -1;
    }
}

/// <summary>Eigenvalues and eigenvectors of symmetric matrices.</summary>
internal sealed unsafe class EighStep<T>(Operation operation, Place[] inputs, Place[] outputs) : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override int RunMatrix(nint* bases, int index)
    {
        T* values = At(Outputs[0], bases, index, Rows), vectors = At(Outputs[1], bases, index, Rows * Rows);
        using var scratch = Scratch.Open();
        var a = scratch.Take<T>((nint)Rows * Rows);
        if (!SymmetricPart(At(Inputs[0], bases, index, Rows * Rows), a))
        {
            FillNaN(values, Rows);
            FillNaN(vectors, Rows * Rows);
            return -1;
        }
        var failed = SymmetricEigen<T>.Decompose(a, Rows, Rows, values, vectors, Rows, scratch.Take<T>((nint)Rows * (Rows + 3)));
        for (var j = 0; j < Rows; j++)
            if (RowOperations<T>.PointsAway(vectors + j, Rows, Rows)) RowOperations<T>.Turn(vectors + j, Rows, Rows);
        return failed;
    }
}

/// <summary>Reduced singular value decompositions.</summary>
internal sealed unsafe class SvdStep<T>(Operation operation, Place[] inputs, Place[] outputs) : MatrixStep<T>(operation, inputs, outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override int RunMatrix(nint* bases, int index)
    {
        var size = Math.Min(Rows, Columns);
        T* u = At(Outputs[0], bases, index, Rows * size), s = At(Outputs[1], bases, index, size), vh = At(Outputs[2], bases, index, size * Columns);
        using var scratch = Scratch.Open();
        var a = scratch.Take<T>((nint)Rows * Columns);
        if (!Copy(At(Inputs[0], bases, index, Rows * Columns), a))
        {
            FillNaN(u, Rows * size);
            FillNaN(s, size);
            FillNaN(vh, size * Columns);
            return -1;
        }
        var converged = Orthogonal<T>.Svd(a, Columns, Rows, Columns, u, size, s, vh, Columns, scratch.Take<T>((nint)size * (Rows + Columns)));
        for (var j = 0; j < size; j++)
        {
            if (!RowOperations<T>.PointsAway(u + j, size, Rows)) continue;
            RowOperations<T>.Turn(u + j, size, Rows);
            RowOperations<T>.Turn(vh + (nint)j * Columns, 1, Columns);
        }
        return converged ? -1 : 0;
    }
}
