using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// Running sums, products, maxima and minima along an axis of an array seen as [outer, count, inner], each output the previous one combined with
/// the next input, in that order alone. Outer positions are independent: a caller divides them as it likes. Sums and products in single precision run in
/// double precision, and each output is rounded once.
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
        where T : unmanaged, INumber<T>
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
            var together = inner == 1 && outer + Together <= end ? Together : 1;
            if (typeof(TOperation) == typeof(SumOperation<float>))
                Lines<T, double, SumOperation<double>>(source, inputStrides, target, outputStrides, count, inner, together);
            else if (typeof(TOperation) == typeof(ProductOperation<float>))
                Lines<T, double, ProductOperation<double>>(source, inputStrides, target, outputStrides, count, inner, together);
            else
                Lines<T, T, TOperation>(source, inputStrides, target, outputStrides, count, inner, together);
            outer += together;
        }
    }

    private static void Lines<T, TWide, TOperation>(T* input, (nint Outer, nint Axis) from, T* output, (nint Outer, nint Axis) to, int count, int inner, int together)
        where T : unmanaged, INumber<T>
        where TWide : unmanaged, INumber<TWide>
        where TOperation : ICombine<TWide>
    {
        if (together == Together)
            Four<T, TWide, TOperation>(input, from, output, to, count);
        else if (typeof(TWide) == typeof(T))
            Rows<TWide, TOperation>((TWide*)input, from.Axis, (TWide*)output, to.Axis, count, inner);
        else
            WideRows<T, TWide, TOperation>(input, from.Axis, output, to.Axis, count, inner);
    }

    private static void WideRows<T, TWide, TOperation>(T* input, nint inputStride, T* output, nint outputStride, int count, int inner)
        where T : unmanaged, INumber<T>
        where TWide : unmanaged, INumber<TWide>
        where TOperation : ICombine<TWide>
    {
        using var scratch = Scratch.Open();
        var running = scratch.Take<TWide>(inner);
        new Span<TWide>(running, inner).Fill(TOperation.Identity);
        for (var i = 0; i < count; i++, input += inputStride, output += outputStride)
        {
            for (var j = 0; j < inner; j++)
            {
                running[j] = TOperation.Combine(running[j], TWide.CreateTruncating(input[j]));
                output[j] = T.CreateTruncating(running[j]);
            }
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

    private static void Four<T, TWide, TOperation>(T* input, (nint Outer, nint Axis) from, T* output, (nint Outer, nint Axis) to, int count)
        where T : unmanaged, INumber<T>
        where TWide : unmanaged, INumber<TWide>
        where TOperation : ICombine<TWide>
    {
        var (a, b, c, d) = (Wide(0), Wide(1), Wide(2), Wide(3));
        for (var i = 0; ;)
        {
            output[0] = T.CreateTruncating(a);
            output[to.Outer] = T.CreateTruncating(b);
            output[2 * to.Outer] = T.CreateTruncating(c);
            output[3 * to.Outer] = T.CreateTruncating(d);
            if (++i == count)
                return;
            input += from.Axis;
            output += to.Axis;
            a = TOperation.Combine(a, Wide(0));
            b = TOperation.Combine(b, Wide(1));
            c = TOperation.Combine(c, Wide(2));
            d = TOperation.Combine(d, Wide(3));
        }

        TWide Wide(int line) => TWide.CreateTruncating(input[line * from.Outer]);
    }
}
