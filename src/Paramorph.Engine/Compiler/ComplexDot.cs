using System.Numerics;
using System.Runtime.Intrinsics;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>A general product of complex tensors as matrix products for each batch position.</summary>
internal sealed record ComplexDot
{
    private readonly bool isByModes;

    /// <summary>A product of operands that lie at strides.</summary>
    /// <param name="dot">The product.</param>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <param name="output">The result.</param>
    /// <param name="isFree">Whether the result may lie in another than row-major order.</param>
    public ComplexDot(Dot dot, Strided left, Strided right, Tensor output, bool isFree)
    {
        (Left, Right) = (left, right);
        var freeLeft = Free(left, dot.LeftBatch, dot.LeftContracted);
        var freeRight = Free(right, dot.RightBatch, dot.RightContracted);
        A = new(Along(left, dot.LeftBatch), Along(left, freeLeft), Along(left, dot.LeftContracted));
        B = new(Along(right, dot.RightBatch), Along(right, dot.RightContracted), Along(right, freeRight));
        // Where neighbouring positions are neighbours in memory they are so in the result: it lies as its readers, which undo the exchange of axes, want it.
        isByModes = Batch >= Vector256<float>.Count && AreNeighbours(A.Batch) && AreNeighbours(B.Batch);
        var batch = dot.LeftBatch.Count;
        Result = isByModes && isFree ? BatchInnermost(output, batch) : Strided.Whole(output);
        var axes = Enumerable.Range(0, output.Rank).ToArray();
        C = new(Along(Result, axes[..batch]), Along(Result, axes[batch..(batch + freeLeft.Length)]), Along(Result, axes[(batch + freeLeft.Length)..]));
    }

    /// <summary>The left operand.</summary>
    public Strided Left { get; }

    /// <summary>The right operand.</summary>
    public Strided Right { get; }

    /// <summary>The result.</summary>
    public Strided Result { get; }

    /// <summary>Elements of the left operand: rows by depth.</summary>
    public Offsets A { get; }

    /// <summary>Elements of the right operand: depth by columns.</summary>
    public Offsets B { get; }

    /// <summary>Elements of the result: rows by columns.</summary>
    public Offsets C { get; }

    /// <summary>Number of products.</summary>
    public int Batch => A.Batch.Length;

    public int Rows => A.Rows.Length;

    public int Columns => B.Columns.Length;

    public int Depth => A.Columns.Length;

    /// <summary>The step that runs it.</summary>
    /// <param name="places">Where left operand, right operand and result begin.</param>
    public Step Step(Place[] places) => Result.Root.ElementType == ElementType.Complex64 ? Step<float>(places) : Step<double>(places);

    private Step Step<T>(Place[] places)
        where T : unmanaged, IFloatingPointIeee754<T> => isByModes ? new ComplexModesStep<T>(this, places) : new ComplexDotStep<T>(this, places);

    private static bool AreNeighbours(int[] positions) => positions[1] == positions[0] + 1;

    /// <summary>The result with its batch axes, which come first, innermost in memory.</summary>
    private static Strided BatchInnermost(Tensor output, int batch)
    {
        var strides = Strided.RowMajor([.. output.Shape[batch..], .. output.Shape[..batch]]);
        return Strided.Whole(output) with { Strides = [.. strides[^batch..], .. strides[..^batch]] };
    }

    private static int[] Free(Strided operand, Sequence<int> batch, Sequence<int> contracted) =>
        [.. Enumerable.Range(0, operand.Shape.Rank).Where(axis => !batch.Contains(axis) && !contracted.Contains(axis))];

    private static int[] Along(Strided operand, IEnumerable<int> axes)
    {
        long[] offsets = [0];
        foreach (var axis in axes) offsets = [.. from offset in offsets from i in Enumerable.Range(0, operand.Shape[axis]) select offset + i * operand.Strides[axis]];
        return Array.ConvertAll(offsets, offset => checked((int)offset));
    }
}

/// <summary>Where the elements of matrices lie, counted in elements: the sum of an offset of each kind.</summary>
/// <param name="Batch">For each matrix.</param>
/// <param name="Rows">For each row.</param>
/// <param name="Columns">For each column.</param>
internal sealed record Offsets(int[] Batch, int[] Rows, int[] Columns);
