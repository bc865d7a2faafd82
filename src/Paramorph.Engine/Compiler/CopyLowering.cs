using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>Loops that only move elements.</summary>
internal static class CopyLowering
{
    /// <summary>A copy between two places of one shape: one loop, or several where the axes that cannot be joined are more than a loop has.</summary>
    /// <param name="from">What is read; all strides 0 to fill.</param>
    /// <param name="to">What is written.</param>
    /// <param name="rowAxis">The axis of the rows, or -1.</param>
    public static IReadOnlyList<LoweredLoop> Of(Strided from, Strided to, int rowAxis)
    {
        var shape = to.Shape;
        var type = to.Root.ElementType;
        List<int> axes = [.. Enumerable.Range(0, shape.Rank).Where(a => a != rowAxis && shape[a] != 1)];
        if (rowAxis >= 0) axes.Insert(0, rowAxis);
        var merged = new List<(long Extent, long From, long To)>();
        foreach (var axis in axes)
        {
            var next = (Extent: (long)shape[axis], From: from.Strides[axis], To: to.Strides[axis]);
            if (merged.Count > 0 && merged[^1] is var last && last.From == next.From * next.Extent && last.To == next.To * next.Extent)
                merged[^1] = (last.Extent * next.Extent, next.From, next.To);
            else
                merged.Add(next);
        }
        if (merged.Exists(m => m.Extent == 0)) merged = [(0, 0, 0)];
        if (merged.Count == 0) merged.Add((1, 0, 0));
        var factor = rowAxis < 0 ? 0 : merged[0].Extent / Math.Max(1, shape[rowAxis]);
        // A complex number moves as one or two words.
        var (word, words) = type switch
        {
            ElementType.Complex64 => (LoopType.I64, 1),
            ElementType.Complex128 => (LoopType.I64, 2),
            _ => (LoopLowering.TypeOf(type), 1),
        };
        var pieces = Pieces(merged, isFirstKept: rowAxis >= 0, LoopProgram.MaximumRank - (words - 1));
        if (words == 2) merged = [.. merged.Select(m => (m.Extent, 2 * m.From, 2 * m.To)), (2, 1, 1)];
        var builder = new LoopBuilder([.. merged.Select(m => m.Extent)]);
        var source = builder.Operand(word, [.. merged.Select(m => m.From)]);
        var target = builder.Operand(word, [.. merged.Select(m => m.To)]);
        builder.Store(builder.Load(source), target);
        long Row(Strided place) => rowAxis < 0 ? 0 : place.Strides[rowAxis];
        var program = builder.Build();
        return [.. pieces.Select(piece => new LoweredLoop(
            program, [new(from.Root, from.Offset + piece.From, Row(from)), new(to.Root, to.Offset + piece.To, Row(to))], factor, []))];
    }

    /// <summary>Takes the shortest axes out of a list until no more than <paramref name="rank"/> are left, and gives where each piece along those begins.</summary>
    private static List<(long From, long To)> Pieces(List<(long Extent, long From, long To)> axes, bool isFirstKept, int rank)
    {
        List<(long From, long To)> pieces = [(0, 0)];
        while (axes.Count > rank)
        {
            var shortest = Enumerable.Range(isFirstKept ? 1 : 0, axes.Count - (isFirstKept ? 1 : 0)).MinBy(i => axes[i].Extent);
            var (extent, from, to) = axes[shortest];
            axes.RemoveAt(shortest);
            pieces = [.. pieces.SelectMany(_ => Enumerable.Range(0, (int)extent), (piece, i) => (piece.From + i * from, piece.To + i * to))];
        }
        return pieces;
    }
}
