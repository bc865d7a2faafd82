using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// Reductions over sliding windows (pooling) of row-major arrays [outer, spatial...] of one to three spatial axes. Positions in the padding, and between the
/// elements of a dilated input, take no part. The outer positions are independent: a caller divides them as it likes.
/// </summary>
internal sealed unsafe class Window<T>
    where T : unmanaged, INumber<T>
{
    private readonly int[][] planes;
    private readonly int[][] lines;
    private readonly Phase[] columns;
    private readonly ConvolutionAxis[] axes;
    private readonly Residues<T> residues;
    private readonly WindowPairs<T>? pairs;
    private readonly SmallPlanes<T>? small;
    private readonly nint inputPlane, outputPlane;

    /// <param name="axes">The windows, as kernels of a convolution.</param>
    public Window(ConvolutionAxis[] axes)
    {
        this.axes = [.. Enumerable.Repeat(new ConvolutionAxis(1, 1, 1), 3 - axes.Length), .. axes];
        inputPlane = (nint)this.axes[1].InputSize * this.axes[2].InputSize;
        outputPlane = (nint)this.axes[1].OutputSize * this.axes[2].OutputSize;
        planes = Sources(this.axes[0]);
        lines = Sources(this.axes[1]);
        pairs = WindowPairs<T>.Of(this.axes);
        small = SmallPlanes<T>.Of(this.axes, Sources);
        var phases = this.axes[2].Phases().ToArray();
        residues = new(this.axes[2].InputSize, phases.Length == 0 ? 1 : phases[0].InputStep);
        columns = Array.ConvertAll(phases, Arranged);
    }

    /// <summary>The largest element of each window; a NaN wins. An empty window gives the lowest value of the type.</summary>
    public void Max(T* input, T* output, int first, int end) => Reduce<MaxOperation<T>>(input, output, first, end);

    /// <summary>The smallest element of each window; a NaN wins. An empty window gives the highest value of the type.</summary>
    public void Min(T* input, T* output, int first, int end) => Reduce<MinOperation<T>>(input, output, first, end);

    /// <summary>The sum of each window, taken in row-major order.</summary>
    public void Sum(T* input, T* output, int first, int end) => Reduce<SumOperation<T>>(input, output, first, end);

    /// <summary>The product of each window, taken in row-major order.</summary>
    public void Product(T* input, T* output, int first, int end) => Reduce<ProductOperation<T>>(input, output, first, end);

    /// <summary>
    /// The first position of the largest element of each window, as a row-major index into the spatial axes of the input; of the first NaN
    /// where there is one; -1 for an empty window. Where <paramref name="values"/> is not null, the element goes there.
    /// </summary>
    public void ArgMax(T* input, int* output, T* values, int first, int end) => ArgExtremes<GreatestFirst<T>>(input, output, values, first, end);

    /// <summary>The first position of the smallest element of each window, and the element, likewise.</summary>
    public void ArgMin(T* input, int* output, T* values, int first, int end) => ArgExtremes<LeastFirst<T>>(input, output, values, first, end);

    private void ArgExtremes<TOrder>(T* input, int* output, T* values, int first, int end)
        where TOrder : IOrder<T>
    {
        // Positions are as wide as the elements where vectors of both must meet.
        if (sizeof(T) == sizeof(long)) ArgExtremes<TOrder, long>(input, output, values, first, end);
        else ArgExtremes<TOrder, int>(input, output, values, first, end);
    }

    private void ArgExtremes<TOrder, TIndex>(T* input, int* output, T* values, int first, int end)
        where TOrder : IOrder<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        if (pairs is not null)
        {
            pairs.ArgExtremes<TOrder, TIndex>(input, output, values, first, end);
            return;
        }
        if (small is not null)
        {
            small.ArgExtremes<TOrder, TIndex>(input, output, values, first, end);
            return;
        }
        using var scratch = Scratch.Open();
        T* line = scratch.Take<T>(residues.Length), best = scratch.Take<T>(axes[2].OutputSize);
        var index = scratch.Take<TIndex>(axes[2].OutputSize);
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < planes.Length; z++)
                for (var y = 0; y < lines.Length; y++)
                {
                    var at = OutputLine(outer, z, y);
                    foreach (var phase in columns)
                    {
                        new Span<TIndex>(index, phase.Count).Fill(TIndex.CreateTruncating(-1));
                        foreach (var plane in planes[z])
                            foreach (var row in lines[y])
                                KeepExtremes<TOrder, TIndex>(Line(input, outer, plane, row, line), phase, (plane * axes[1].InputSize + row) * axes[2].InputSize, best, index);
                        for (var t = 0; t < phase.Count; t++) output[at + phase.Start + t * phase.OutputStep] = int.CreateTruncating(index[t]);
                        if (values != null)
                            for (var t = 0; t < phase.Count; t++) values[at + phase.Start + t * phase.OutputStep] = best[t];
                    }
                }
    }

    /// <summary>Meets the outputs of a phase with a line of the input whose first element has the given index.</summary>
    private static void KeepExtremes<TOrder, TIndex>(T* line, Phase phase, int firstIndex, T* best, TIndex* index)
        where TOrder : IOrder<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        foreach (var tap in phase.Taps)
        {
            Extremes<T, TIndex>.Keep<TOrder>(
                line + tap.Place, tap.Count, TIndex.CreateTruncating(firstIndex + tap.Column), TIndex.CreateTruncating(phase.InputStep), best + tap.From, index + tap.From);
        }
    }

    private void Reduce<TOperation>(T* input, T* output, int first, int end)
        where TOperation : ICombine<T>
    {
        if (pairs is not null)
        {
            pairs.Reduce<TOperation>(input, output, first, end);
            return;
        }
        if (small is not null)
        {
            small.Reduce<TOperation>(input, output, first, end);
            return;
        }
        using var scratch = Scratch.Open();
        var line = scratch.Take<T>(residues.Length);
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < planes.Length; z++)
                for (var y = 0; y < lines.Length; y++)
                {
                    var target = output + OutputLine(outer, z, y);
                    new Span<T>(target, axes[2].OutputSize).Fill(TOperation.Identity);
                    foreach (var plane in planes[z])
                        foreach (var row in lines[y])
                            ReduceLine<TOperation>(Line(input, outer, plane, row, line), target);
                }
    }

    private void ReduceLine<TOperation>(T* line, T* target)
        where TOperation : ICombine<T>
    {
        foreach (var phase in columns)
            foreach (var tap in phase.Taps)
                Combine<TOperation>(line + tap.Place, target + phase.Start + (nint)tap.From * phase.OutputStep, phase.OutputStep, tap.Count);
    }

    /// <summary>A line of the input, its columns arranged so that neighbouring outputs meet neighbours: where it is, or copied.</summary>
    private T* Line(T* input, int outer, int plane, int row, T* copy)
    {
        var line = input + (outer * (nint)axes[0].InputSize + plane) * inputPlane + row * axes[2].InputSize;
        if (residues.Step == 1) return line;
        residues.Split(line, copy);
        return copy;
    }

    private nint OutputLine(int outer, int z, int y) => (outer * (nint)axes[0].OutputSize + z) * outputPlane + y * axes[2].OutputSize;

    private static void Combine<TOperation>(T* source, T* target, nint targetStride, int count)
        where TOperation : ICombine<T>
    {
        nint i = 0;
        if (targetStride == 1)
            for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
                Vector.Store(TOperation.Combine(Vector.Load(target + i), Vector.Load(source + i)), target + i);
        for (; i < count; i++)
            target[i * targetStride] = TOperation.Combine(target[i * targetStride], source[i]);
    }

    /// <summary>The input positions that each output meets.</summary>
    private static int[][] Sources(ConvolutionAxis axis)
    {
        var sources = new int[axis.OutputSize][];
        foreach (var phase in axis.Phases())
            for (var t = 0; t < phase.Count; t++)
                sources[phase.Start + t * phase.OutputStep] =
                    [.. phase.Taps.Select(tap => tap.Offset + t * phase.InputStep).Where(position => (uint)position < (uint)axis.InputSize)];
        return sources;
    }

    private Phase Arranged(AxisPhase phase)
    {
        var (size, step) = (axes[2].InputSize, phase.InputStep);
        var taps = new List<Tap>();
        foreach (var (_, offset) in phase.Taps)
        {
            var from = Math.Min(phase.Count, offset >= 0 ? 0 : (-offset + step - 1) / step);
            var end = Math.Clamp(offset >= size ? 0 : (size - offset + step - 1) / step, from, phase.Count);
            var column = offset + from * step;
            if (end > from) taps.Add(new(from, end - from, column, residues.Place(column)));
        }
        return new(phase.Start, phase.OutputStep, phase.Count, step, [.. taps]);
    }

    /// <summary>The outputs Start + t OutputStep, t below Count, of a line, which all meet the same elements of their windows.</summary>
    private sealed record Phase(int Start, int OutputStep, int Count, int InputStep, Tap[] Taps);

    /// <summary>An element of the windows of a phase: the outputs for which it exists, from the first on, its column for that one, and where that lies in the line.</summary>
    private readonly record struct Tap(int From, int Count, int Column, int Place);
}
