namespace Paramorph.Data;

/// <summary>Pieces of a series and what follows each: the examples of a forecast.</summary>
/// <param name="Inputs">[n, length, channels].</param>
/// <param name="Targets">[n, horizon, channels].</param>
[Tree]
public sealed partial record SlidingWindows(Tensor Inputs, Tensor Targets)
{
    /// <summary>The windows that begin at 0, stride, 2 stride, ..., as long as what follows them is known.</summary>
    /// <param name="series">f32 or f64 [times, channels], or [times] for one channel.</param>
    /// <param name="length">Times in an input.</param>
    /// <param name="horizon">Times in a target.</param>
    /// <param name="stride">From one window to the next.</param>
    /// <exception cref="ShapeException">The series is shorter than a window and its target.</exception>
    public static SlidingWindows Of(Tensor series, int length, int horizon, int stride = 1)
    {
        if (series.Rank is not (1 or 2)) throw new ShapeException($"sliding windows: {series.Type} is no series: it is [times, channels] or [times].");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        var last = series.Shape[0] - length - horizon;
        if (last < 0)
            throw new ShapeException($"sliding windows: {series.Shape[0]} times hold no window of {length} and its target of {horizon}.");
        int[] starts = [.. Enumerable.Range(0, last / stride + 1).Select(i => i * stride)];
        Tensor Rows(int from, int count) => Tensor.From<int>([.. starts.SelectMany(s => Enumerable.Range(s + from, count))], [starts.Length, count]);
        var take = Compile.Of((Tensor x, Tensor rows) => x.Take(rows));
        var columns = series.Rank == 1 ? series.ExpandDims(1) : series;
        return new(take(columns, Rows(0, length)), take(columns, Rows(length, horizon)));
    }
}
