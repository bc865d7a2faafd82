using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Sequences;

/// <summary>A linear map of the slow part of a window and another of the rest. (Zeng et al., "Are transformers effective for time series forecasting?", 2023: DLinear.)</summary>
/// <param name="Trend">Of the moving mean: from the lookback to the horizon.</param>
/// <param name="Remainder">Of what it leaves.</param>
/// <param name="Kernel">Times in the moving mean, an odd number; at the ends the outermost value is repeated.</param>
[Tree]
public sealed partial record DecomposedLinear(Linear Trend, Linear Remainder, int Kernel) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("dlinear", "Linear maps of the trend and of the remainder of a window, trained by gradients.", (key, signature, choice) =>
        Initialise.Of<ILayer>(key, key => new ReversibleInstanceNorm(Create(key, signature.Input[0], signature.Output[0], choice.Whole("kernel")), signature.Output[1])))
    {
        Kinds = ["forecasting"],
        GoodAt = "what linear-forecast is good at; it takes longer for the same",
        Paper = "Zeng, Chen, Zhang and Xu, Are transformers effective for time series forecasting?, 2023",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("kernel", "times in the moving mean, an odd number", 25, 3, 99)],
        Rate = NetworkMethod.UsualRate.Within(1e-3, 1e-4, 1e-2),
        Epochs = NetworkMethod.UsualEpochs.Within(10, 3, 40),
    };

    /// <summary>A layer whose forecast is at first the mean of the window.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lookback">Times seen.</param>
    /// <param name="horizon">Times ahead.</param>
    /// <param name="kernel">Times in the moving mean; an even number is taken as the next odd one.</param>
    public static DecomposedLinear Create(Key key, int lookback, int horizon, int kernel)
    {
        Linear Mean(Key key) => Linear.Create(key, lookback, horizon) with { Weight = Tensor.Full([lookback, horizon], 1.0 / lookback) };
        return new(Mean(key.Fold(0)), Mean(key.Fold(1)), kernel / 2 * 2 + 1);
    }

    /// <summary>[..., lookback] gives [..., horizon].</summary>
    public Tensor Call(Tensor x)
    {
        var trend = MovingMean(x);
        return Trend.Call(trend) + Remainder.Call(x - trend);
    }

    private Tensor MovingMean(Tensor x)
    {
        var (length, half) = (x.Shape[^1], Kernel / 2);
        var (first, last) = (x.SliceAxis(-1, 0, 1), x.SliceAxis(-1, length - 1, length));
        Tensor Times(Tensor value) => value.BroadcastTo([.. x.Shape[..^1], half]);
        // Differences of running sums: the zero in front makes the first of them.
        var sums = Tensor.Concatenate([Tensor.Zeros([.. x.Shape[..^1], 1], x.ElementType), Times(first), x, Times(last)], -1).CumulativeSum(-1);
        return (sums.SliceAxis(-1, Kernel, Kernel + length) - sums.SliceAxis(-1, 0, length)) / Kernel;
    }
}
