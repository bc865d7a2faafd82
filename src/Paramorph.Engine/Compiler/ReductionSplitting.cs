using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Makes two reductions of one that goes over short lines and over something outside of what it keeps, as the gradient of a convolution's bias goes over
/// pixels and images: the first adds whole lines, full vectors at a time, the second goes once over each line that is left.
/// </summary>
internal static class ReductionSplitting
{
    /// <summary>Elements of lines for which it is no gain: to add up the lanes of a vector takes less time than they do.</summary>
    private const long LongLine = 256;

    /// <summary>Lines that become one, at least.</summary>
    private const long FewestLines = 8;

    /// <summary>Elements that are kept between the two, for each piece of a loop that is cut along what is reduced.</summary>
    private const long MostKept = 4096;

    /// <summary>The computation with such reductions split.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!options.SplitsReductions || !computation.Operations.Any(o => Outer(o) is not null)) return computation;
        var inputs = computation.Inputs;
        return Computation.Trace(computation.Name, x => computation.Rewrite(x, Rewrite), [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]);
    }

    private static Tensor[] Rewrite(Operation operation, Tensor[] operands)
    {
        if (Outer(operation) is not { } outer) return operation.Apply(operands);
        var reduce = (Reduce)operation.Primitive;
        var lines = Tensor.Bind(reduce with { Axes = [.. outer] }, operands);
        // The axes that are left have moved up.
        int[] inner = [.. reduce.Axes.Except(outer).Select(a => a - outer.Count(o => o < a))];
        return Tensor.Bind(reduce with { Axes = [.. inner] }, lines);
    }

    /// <summary>The axes outside of what a reduction keeps, or null where it is best left as it is.</summary>
    private static int[]? Outer(Operation operation)
    {
        if (operation.Primitive is not Reduce reduce) return null;
        var shape = operation.Input.Shape;
        long line = 1;
        var last = shape.Rank - 1;
        for (; last >= 0 && (shape[last] == 1 || reduce.Axes.Contains(last)); last--) line *= shape[last];
        int[] outer = [.. reduce.Axes.Where(a => a < last)];
        var lines = outer.Aggregate(1L, (n, a) => n * shape[a]);
        if (line is < 2 or > LongLine || lines < FewestLines) return null;
        var first = Enumerable.Range(0, shape.Rank).First(a => shape[a] != 1);
        return outer.Contains(first) && shape.ElementCount / lines > MostKept ? null : outer;
    }
}
