using Paramorph.Layers;

namespace Paramorph.Sequences;

/// <summary>
/// Takes the level and the size of each window off before a forecast and puts them back behind it, so that series whose level wanders look alike at all times. (Kim et al., "Reversible instance
/// normalization for accurate time-series forecasting against distribution shift", 2022, without learned scales.) Channels are forecast one by one, by the same weights.
/// </summary>
/// <param name="Inner">From the past of a channel [..., lookback] to its future [..., horizon].</param>
/// <param name="Forecast">Channels that are forecast: the first ones.</param>
/// <param name="FromLast">Whether the level is the last value; else it is the mean.</param>
[Tree]
public sealed partial record ReversibleInstanceNorm(ILayer Inner, int Forecast, bool FromLast = false) : ILayer
{
    private const double SmallestVariance = 1e-5;

    /// <summary>[n, lookback, channels] gives [n, horizon, forecast].</summary>
    public Tensor Call(Tensor x)
    {
        var own = x.SliceAxis(2, 0, Forecast).SwapAxes(1, 2);
        var mean = own.Mean(-1).ExpandDims(-1);
        var size = Tensor.Sqrt(Tensor.Square(own - mean).Mean(-1).ExpandDims(-1) + SmallestVariance);
        var level = FromLast ? own.SliceAxis(-1, own.Shape[^1] - 1, own.Shape[^1]) : mean;
        return (Inner.Call((own - level) / size) * size + level).SwapAxes(1, 2);
    }
}
