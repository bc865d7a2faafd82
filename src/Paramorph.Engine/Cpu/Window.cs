using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Reductions over sliding windows (pooling) of arrays [outer, spatial...] of one to three spatial axes. Positions in the padding, and between the
/// elements of a dilated input, take no part. The outer positions are independent: a caller divides them as it likes.
/// </summary>
internal sealed unsafe class Window<T>
    where T : unmanaged, INumber<T>
{
    private readonly int[][] planes;
    private readonly int[][] lines;
    private readonly AxisPhase[] columns;
    private readonly ConvolutionAxis[] axes;
    private readonly nint inputOuter;
    private readonly nint outputOuter;
    private readonly nint[] inputStrides;
    private readonly nint[] outputStrides;

    /// <param name="axes">The windows, as kernels of a convolution.</param>
    /// <param name="inputOuter">The stride of the outer axis of the input.</param>
    /// <param name="inputStrides">The strides of the spatial axes of the input.</param>
    /// <param name="outputOuter">The stride of the outer axis of the output.</param>
    /// <param name="outputStrides">The strides of the spatial axes of the output.</param>
    public Window(ConvolutionAxis[] axes, nint inputOuter, nint[] inputStrides, nint outputOuter, nint[] outputStrides)
    {
        var missing = 3 - axes.Length;
        this.axes = [.. Enumerable.Repeat(new ConvolutionAxis(1, 1, 1), missing), .. axes];
        (this.inputOuter, this.outputOuter) = (inputOuter, outputOuter);
        this.inputStrides = [.. new nint[missing], .. inputStrides];
        this.outputStrides = [.. new nint[missing], .. outputStrides];
        planes = Sources(this.axes[0]);
        lines = Sources(this.axes[1]);
        columns = [.. this.axes[2].Phases()];
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
    /// where there is one; -1 for an empty window.
    /// </summary>
    public void ArgMax(T* input, int* output, int first, int end) => ArgExtreme(true, input, output, first, end);

    /// <summary>The first position of the smallest element of each window, likewise.</summary>
    public void ArgMin(T* input, int* output, int first, int end) => ArgExtreme(false, input, output, first, end);

    private void ArgExtreme(bool isMax, T* input, int* output, int first, int end)
    {
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < planes.Length; z++)
                for (var y = 0; y < lines.Length; y++)
                    foreach (var phase in columns)
                        for (var t = 0; t < phase.Count; t++)
                            output[outer * outputOuter + z * outputStrides[0] + y * outputStrides[1] + (phase.Start + t * phase.OutputStep) * outputStrides[2]]
                                = ArgExtreme(isMax, input + outer * inputOuter, z, y, phase, t);
    }

    private int ArgExtreme(bool isMax, T* input, int z, int y, AxisPhase phase, int t)
    {
        var (best, index) = (T.Zero, -1);
        foreach (var plane in planes[z])
            foreach (var line in lines[y])
                foreach (var tap in phase.Taps)
                {
                    var column = tap.Offset + t * phase.InputStep;
                    if ((uint)column >= (uint)axes[2].InputSize)
                        continue;
                    var value = input[plane * inputStrides[0] + line * inputStrides[1] + column * inputStrides[2]];
                    if (index < 0 || !(isMax ? value <= best : value >= best) && !T.IsNaN(best))
                        (best, index) = (value, (plane * axes[1].InputSize + line) * axes[2].InputSize + column);
                }
        return index;
    }

    private void Reduce<TOperation>(T* input, T* output, int first, int end)
        where TOperation : ICombine<T>
    {
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < planes.Length; z++)
                for (var y = 0; y < lines.Length; y++)
                {
                    var target = output + outer * outputOuter + z * outputStrides[0] + y * outputStrides[1];
                    for (nint x = 0; x < axes[2].OutputSize; x++)
                        target[x * outputStrides[2]] = TOperation.Identity;
                    foreach (var plane in planes[z])
                        foreach (var line in lines[y])
                            ReduceLine<TOperation>(input + outer * inputOuter + plane * inputStrides[0] + line * inputStrides[1], target);
                }
    }

    private void ReduceLine<TOperation>(T* source, T* target)
        where TOperation : ICombine<T>
    {
        foreach (var phase in columns)
            foreach (var tap in phase.Taps)
            {
                // Outputs from..end of this phase meet elements that exist.
                var step = phase.InputStep;
                var from = Math.Min(phase.Count, tap.Offset >= 0 ? 0 : (-tap.Offset + step - 1) / step);
                var end = Math.Clamp(tap.Offset >= axes[2].InputSize ? 0 : (axes[2].InputSize - tap.Offset + step - 1) / step, from, phase.Count);
                Combine<TOperation>(
                    source + (tap.Offset + (nint)from * step) * inputStrides[2], step * inputStrides[2],
                    target + (phase.Start + (nint)from * phase.OutputStep) * outputStrides[2], phase.OutputStep * outputStrides[2], end - from);
            }
    }

    private static void Combine<TOperation>(T* source, nint sourceStride, T* target, nint targetStride, int count)
        where TOperation : ICombine<T>
    {
        nint i = 0;
        if (sourceStride == 1 && targetStride == 1)
            for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
                Vector.Store(TOperation.Combine(Vector.Load(target + i), Vector.Load(source + i)), target + i);
        for (; i < count; i++)
            target[i * targetStride] = TOperation.Combine(target[i * targetStride], source[i * sourceStride]);
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
}
