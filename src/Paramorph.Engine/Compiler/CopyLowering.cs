using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>Loops that only move elements.</summary>
internal static class CopyLowering
{
    /// <summary>A copy between two places of one shape.</summary>
    /// <param name="from">What is read; all strides 0 to fill.</param>
    /// <param name="to">What is written.</param>
    /// <param name="rowAxis">The axis of the rows, or -1.</param>
    public static LoweredLoop Of(Strided from, Strided to, int rowAxis)
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
        if (merged.Count == 0) merged.Add((1, 0, 0));
        var factor = rowAxis < 0 ? 0 : merged[0].Extent / Math.Max(1, shape[rowAxis]);
        // A complex number moves as one or two words.
        var (word, words) = type switch
        {
            ElementType.Complex64 => (LoopType.I64, 1),
            ElementType.Complex128 => (LoopType.I64, 2),
            _ => (LoopLowering.TypeOf(type), 1),
        };
        if (words == 2) merged = [.. merged.Select(m => (m.Extent, 2 * m.From, 2 * m.To)), (2, 1, 1)];
        var builder = new LoopBuilder([.. merged.Select(m => m.Extent)]);
        var source = builder.Operand(word, [.. merged.Select(m => m.From)]);
        var target = builder.Operand(word, [.. merged.Select(m => m.To)]);
        builder.Store(builder.Load(source), target);
        long Row(Strided place) => rowAxis < 0 ? 0 : place.Strides[rowAxis];
        return new(builder.Build(), [new(from.Root, from.Offset, Row(from)), new(to.Root, to.Offset, Row(to))], factor, []);
    }
}
