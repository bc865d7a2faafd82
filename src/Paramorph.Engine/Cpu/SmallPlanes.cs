using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// Reductions over windows of planes (positions of the spatial axes in row-major order) whose lines are too short for vectors: as many planes as
/// a vector has elements are taken side by side.
/// </summary>
internal sealed unsafe class SmallPlanes<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Elements of a plane, and of all windows over one, that are few enough.</summary>
    private const int MostElements = 1 << 10, MostMet = 1 << 14;

    private readonly int inputCount;
    private readonly int[] met;
    private readonly int[] ends;

    /// <param name="inputCount">Elements of a plane of the input.</param>
    /// <param name="windows">The positions in such a plane that each window meets, in row-major order.</param>
    private SmallPlanes(int inputCount, int[][] windows)
    {
        this.inputCount = inputCount;
        met = [.. windows.SelectMany(window => window)];
        ends = new int[windows.Length];
        for (int window = 0, end = 0; window < windows.Length; window++) ends[window] = end += windows[window].Length;
    }

    private static int Width => Vector<T>.Count;

    /// <summary>The windows, or null where lines are long, planes large or elements neither four nor eight bytes.</summary>
    /// <param name="axes">The three spatial axes.</param>
    /// <param name="sources">The positions along an axis that each output meets.</param>
    public static SmallPlanes<T>? Of(ConvolutionAxis[] axes, Func<ConvolutionAxis, int[][]> sources)
    {
        var (inputs, outputs, size) = (1L, 1L, axes[2].InputSize);
        foreach (var axis in axes) (inputs, outputs) = (inputs * axis.InputSize, outputs * axis.OutputSize * axis.KernelSize);
        if (sizeof(T) is not (sizeof(int) or sizeof(long)) || axes[2].OutputSize > 2 * Width || inputs > MostElements || outputs > MostMet) return null;
        var (planes, lines, columns) = (sources(axes[0]), sources(axes[1]), sources(axes[2]));
        return new((int)inputs, [.. from z in planes from y in lines from x in columns select (int[])[.. from a in z from b in y from c in x select (a * axes[1].InputSize + b) * size + c]]);
    }

    /// <summary>Combines the elements of each window of the planes first.. below end.</summary>
    public void Reduce<TOperation>(T* input, T* output, int first, int end)
        where TOperation : ICombine<T>
    {
        using var scratch = Scratch.Open();
        T* planes = scratch.Take<T>(inputCount * Width), results = scratch.Take<T>(ends.Length * Width);
        for (; first < end; first += Width)
        {
            var count = Math.Min(Width, end - first);
            Transposition.Copy(input + (nint)first * inputCount, inputCount, 1, count, inputCount, planes, Width);
            for (int window = 0, i = 0; window < ends.Length; window++)
            {
                var total = new Vector<T>(TOperation.Identity);
                for (; i < ends[window]; i++) total = TOperation.Combine(total, Vector.Load(planes + met[i] * Width));
                Vector.Store(total, results + window * Width);
            }
            Transposition.Copy(results, Width, 1, ends.Length, count, output + (nint)first * ends.Length, ends.Length);
        }
    }

    /// <summary>The position of the element of each window that comes first in an order, or -1, and unless <paramref name="values"/> is null the element.</summary>
    public void ArgExtremes<TOrder, TIndex>(T* input, int* output, T* values, int first, int end)
        where TOrder : IOrder<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        using var scratch = Scratch.Open();
        T* planes = scratch.Take<T>(inputCount * Width), extremes = scratch.Take<T>(ends.Length * Width);
        var places = scratch.Take<int>(ends.Length * Width);
        for (; first < end; first += Width)
        {
            var count = Math.Min(Width, end - first);
            Transposition.Copy(input + (nint)first * inputCount, inputCount, 1, count, inputCount, planes, Width);
            for (int window = 0, i = 0; window < ends.Length; window++)
            {
                var best = Vector<T>.Zero;
                var index = new Vector<TIndex>(TIndex.CreateTruncating(-1));
                if (i < ends[window]) (best, index) = (Vector.Load(planes + met[i] * Width), new(TIndex.CreateTruncating(met[i++])));
                for (; i < ends[window]; i++)
                {
                    var candidates = Vector.Load(planes + met[i] * Width);
                    var replaces = TOrder.Replaces(candidates, best);
                    best = Vector.ConditionalSelect(replaces, candidates, best);
                    index = Vector.ConditionalSelect(Vector.As<T, TIndex>(replaces), new(TIndex.CreateTruncating(met[i])), index);
                }
                Vector.Store(best, extremes + window * Width);
                if (sizeof(TIndex) == sizeof(int)) Vector.Store(Vector.As<TIndex, int>(index), places + window * Width);
                else for (var lane = 0; lane < Width; lane++) places[window * Width + lane] = int.CreateTruncating(index[lane]);
            }
            Transposition.Copy(places, Width, 1, ends.Length, count, output + (nint)first * ends.Length, ends.Length);
            if (values != null) Transposition.Copy(extremes, Width, 1, ends.Length, count, values + (nint)first * ends.Length, ends.Length);
        }
    }
}
