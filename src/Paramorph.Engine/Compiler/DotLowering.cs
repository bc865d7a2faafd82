using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>One loop of a product: its length and the distance, in elements, that each operand goes in a step.</summary>
internal readonly record struct DotLoop(long Count, long A, long B, long C);

/// <summary>
/// A general product as loops around a matrix product. Where the product runs by rows they are the rows of its left operand, its depth, or its
/// outermost loop.
/// </summary>
internal sealed record LoweredDot
{
    /// <summary>The left operand; the one that has the rows, if one has.</summary>
    public required Strided A { get; init; }

    /// <summary>The right operand.</summary>
    public required Strided B { get; init; }

    /// <summary>The result.</summary>
    public required Strided C { get; init; }

    /// <summary>Rows: steps in A and C.</summary>
    public required DotLoop M { get; init; }

    /// <summary>Columns: steps in B, and of one element in C.</summary>
    public required DotLoop N { get; init; }

    /// <summary>Depth: steps in A and B.</summary>
    public required DotLoop K { get; init; }

    /// <summary>Loops around the product; those over further contracted axes have no step in C.</summary>
    public required List<DotLoop> Outer { get; init; }

    /// <summary>What the rows of the group are.</summary>
    public required DotRows Rows { get; init; }

    /// <summary>Steps of that loop in one row of the group.</summary>
    public long RowFactor { get; init; } = 1;

    /// <summary>Whether the right operand is the same in all runs of a session.</summary>
    public bool IsRightFixed { get; init; }

    /// <summary>Whether the right operand is the same for all rows, so that it is worth packing once.</summary>
    public bool CanPackRight => Rows == DotRows.Left && IsOneRight;

    /// <summary>Whether the right operand is worth packing once for all runs of a session.</summary>
    public bool CanKeepRight => IsRightFixed && (Rows is DotRows.None or DotRows.Left) && IsOneRight && M.Count > 1;

    private bool IsOneRight => Outer.TrueForAll(l => l.B == 0) && N.Count > 1;

    /// <summary>Whether a product has kernels: of real numbers, or of signed 8-bit integers, whose sums have 32 bits.</summary>
    public static bool Supports(Operation operation) => operation.Output.ElementType.IsFloating() || operation.Input.ElementType == ElementType.Int8;

    /// <summary>
    /// Arranges a product so that the result's columns are contiguous.
    /// </summary>
    /// <param name="dot">The product.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="c">The result.</param>
    /// <param name="rule">How it meets rows, or null.</param>
    public static LoweredDot Of(Dot dot, Strided a, Strided b, Strided c, RowRule? rule)
    {
        var freeA = Free(a.Shape, dot.LeftBatch, dot.LeftContracted);
        var freeB = Free(b.Shape, dot.RightBatch, dot.RightContracted);
        var batch = dot.LeftBatch.Select((l, i) => (Axis: l, Loop: new DotLoop(a.Shape[l], a.Strides[l], b.Strides[dot.RightBatch[i]], c.Strides[i]))).ToList();
        var m = freeA.Select((l, i) => (Axis: l, Loop: new DotLoop(a.Shape[l], a.Strides[l], 0, c.Strides[batch.Count + i]))).ToList();
        var n = freeB.Select((r, i) => (Axis: r, Loop: new DotLoop(b.Shape[r], 0, b.Strides[r], c.Strides[batch.Count + freeA.Count + i]))).ToList();
        var k = dot.LeftContracted.Select((l, i) => (Axis: l, Loop: new DotLoop(a.Shape[l], a.Strides[l], b.Strides[dot.RightContracted[i]], 0))).ToList();

        var rows = DotRows.None;
        (int Axis, DotLoop Loop)? row = null;
        if (rule is not null)
        {
            rows = rule.IsClosing ? DotRows.Depth : rule.Inputs[0] >= 0 && rule.Inputs[1] >= 0 ? DotRows.Batch : DotRows.Left;
            if (rows == DotRows.Left && c.Strides[rule.Axis] == 1) rows = DotRows.Right;
            var list = rows switch { DotRows.Depth => k, DotRows.Batch => batch, _ => rule.Inputs[0] >= 0 ? m : n };
            var axis = rule.Inputs[0] >= 0 ? rule.Inputs[0] : rule.Inputs[1];
            row = list.First(l => l.Axis == axis);
            list.Remove(row.Value);
        }

        // The side that holds the rows, or else the one whose result axis is not contiguous, is the left one.
        var mergedM = Merge(m.Select(x => x.Loop));
        var mergedN = Merge(n.Select(x => x.Loop));
        var isSwapped = rows switch
        {
            DotRows.Left => rule!.Inputs[0] < 0,
            DotRows.Right => rule!.Inputs[0] >= 0,
            _ => (mergedN.Count == 0 && mergedM.Count > 0) || (!mergedN.Exists(l => l.C == 1) && mergedM.Exists(l => l.C == 1)),
        };
        if (isSwapped)
        {
            (a, b) = (b, a);
            (mergedM, mergedN) = (Swap(mergedN), Swap(mergedM));
            (batch, k) = ([.. batch.Select(x => (x.Axis, Swap(x.Loop)))], [.. k.Select(x => (x.Axis, Swap(x.Loop)))]);
            if (row is { } r) row = (r.Axis, Swap(r.Loop));
        }
        var mergedK = Merge(k.Select(x => x.Loop));
        // Nothing is summed where one of the contracted axes is empty, whatever the others hold.
        if (mergedK.Exists(loop => loop.Count == 0)) mergedK = [new(0, 0, 0, 0)];
        var outer = Merge(batch.Select(x => x.Loop));

        var columns = rows == DotRows.Right ? row!.Value.Loop : TakeWhere(mergedN, l => l.C == 1) ?? new DotLoop(1, 0, 0, 1);
        long factor = 1;
        DotLoop left, depth;
        if (rows == DotRows.Left)
        {
            left = row!.Value.Loop;
            // Axes right behind the rows are rows too.
            for (var i = mergedM.Count - 1; i >= 0; i--)
            {
                var inner = mergedM[i];
                if (left.A != inner.A * inner.Count || left.C != inner.C * inner.Count) continue;
                factor *= inner.Count;
                left = new(left.Count * inner.Count, inner.A, 0, inner.C);
                mergedM.RemoveAt(i);
            }
        }
        else
        {
            left = TakeLargest(mergedM);
        }
        depth = rows == DotRows.Depth ? row!.Value.Loop : TakeLargest(mergedK);
        outer.AddRange(mergedM);
        outer.AddRange(mergedN);
        if (rows == DotRows.Batch) outer.Insert(0, row!.Value.Loop);
        // Contracted loops are innermost, so that what they add to has been started.
        outer.AddRange(mergedK);
        return new() { A = a, B = b, C = c, M = left, N = columns, K = depth, Outer = outer, Rows = rows, RowFactor = factor };
    }

    private static DotLoop Swap(DotLoop loop) => new(loop.Count, loop.B, loop.A, loop.C);

    private static List<DotLoop> Swap(List<DotLoop> loops) => [.. loops.Select(Swap)];

    private static List<int> Free(Shape shape, Sequence<int> batch, Sequence<int> contracted) =>
        [.. Enumerable.Range(0, shape.Rank).Where(x => !batch.Contains(x) && !contracted.Contains(x))];

    /// <summary>Neighbouring loops that run through memory as one become one; loops of one step vanish.</summary>
    private static List<DotLoop> Merge(IEnumerable<DotLoop> loops)
    {
        var result = new List<DotLoop>();
        foreach (var loop in loops)
        {
            if (loop.Count == 1) continue;
            if (result.Count > 0 && result[^1] is var last && last.A == loop.A * loop.Count && last.B == loop.B * loop.Count && last.C == loop.C * loop.Count)
                result[^1] = loop with { Count = loop.Count * last.Count };
            else
                result.Add(loop);
        }
        return result;
    }

    private static DotLoop? TakeWhere(List<DotLoop> loops, Predicate<DotLoop> condition)
    {
        var index = loops.FindIndex(condition);
        if (index < 0) return null;
        var loop = loops[index];
        loops.RemoveAt(index);
        return loop;
    }

    private static DotLoop TakeLargest(List<DotLoop> loops) =>
        loops.Count == 0 ? new(1, 0, 0, 0) : TakeWhere(loops, loops.MaxBy(l => l.Count).Equals)!.Value;
}

/// <summary>What the rows of a group are in a product.</summary>
internal enum DotRows
{
    /// <summary>There are no rows.</summary>
    None,

    /// <summary>The rows of the left operand and of the result.</summary>
    Left,

    /// <summary>The columns of the right operand and of the result, where rows lie next to each other.</summary>
    Right,

    /// <summary>The depth: the result sums over them.</summary>
    Depth,

    /// <summary>One product for each.</summary>
    Batch,
}
