using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// Running sums, products, maxima and minima along an axis of an array seen as [outer, count, inner], each output the previous one combined with
/// the next input, in that order alone. Outer positions are independent: a caller divides them as it likes.
/// </summary>
internal static unsafe class Cumulative
{
    /// <summary>Lines of a single column that run side by side, to hide the latency of each step.</summary>
    private const int Together = 4;

    /// <param name="input">[outer, count, inner], the inner axis contiguous.</param>
    /// <param name="inputStrides">The strides of the outer and the cumulated axis.</param>
    /// <param name="output">[outer, count, inner], the inner axis contiguous; may be the input.</param>
    /// <param name="outputStrides">Likewise.</param>
    /// <param name="reverse">Whether to run from the last element to the first.</param>
    /// <param name="first">The first outer position.</param>
    /// <param name="end">One past the last outer position.</param>
    public static void Run<T, TOperation>(
        T* input, (nint Outer, nint Axis) inputStrides, T* output, (nint Outer, nint Axis) outputStrides, int count, int inner, bool reverse, int first, int end)
        where T : unmanaged
        where TOperation : ICombine<T>
    {
        if (count == 0)
            return;
        if (reverse)
        {
            input += (count - 1) * inputStrides.Axis;
            output += (count - 1) * outputStrides.Axis;
            inputStrides.Axis = -inputStrides.Axis;
            outputStrides.Axis = -outputStrides.Axis;
        }
        for (var outer = first; outer < end;)
        {
            var source = input + outer * inputStrides.Outer;
            var target = output + outer * outputStrides.Outer;
            if (inner == 1 && outer + Together <= end)
            {
                Four<T, TOperation>(source, inputStrides, target, outputStrides, count);
                outer += Together;
                continue;
            }
            Rows<T, TOperation>(source, inputStrides.Axis, target, outputStrides.Axis, count, inner);
            outer++;
        }
    }

    private static void Rows<T, TOperation>(T* input, nint inputStride, T* output, nint outputStride, int count, int inner)
        where T : unmanaged
        where TOperation : ICombine<T>
    {
        Buffer.MemoryCopy(input, output, (long)inner * sizeof(T), (long)inner * sizeof(T));
        for (var i = 1; i < count; i++)
        {
            var previous = output;
            input += inputStride;
            output += outputStride;
            var j = 0;
            for (; j + Vector<T>.Count <= inner; j += Vector<T>.Count)
                Vector.Store(TOperation.Combine(Vector.Load(previous + j), Vector.Load(input + j)), output + j);
            for (; j < inner; j++)
                output[j] = TOperation.Combine(previous[j], input[j]);
        }
    }

    private static void Four<T, TOperation>(T* input, (nint Outer, nint Axis) from, T* output, (nint Outer, nint Axis) to, int count)
        where T : unmanaged
        where TOperation : ICombine<T>
    {
        var (a, b, c, d) = (input[0], input[from.Outer], input[2 * from.Outer], input[3 * from.Outer]);
        for (var i = 0; ;)
        {
            output[0] = a;
            output[to.Outer] = b;
            output[2 * to.Outer] = c;
            output[3 * to.Outer] = d;
            if (++i == count)
                return;
            input += from.Axis;
            output += to.Axis;
            a = TOperation.Combine(a, input[0]);
            b = TOperation.Combine(b, input[from.Outer]);
            c = TOperation.Combine(c, input[2 * from.Outer]);
            d = TOperation.Combine(d, input[3 * from.Outer]);
        }
    }
}
