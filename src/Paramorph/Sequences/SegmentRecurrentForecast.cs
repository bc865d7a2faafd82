using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Sequences;

/// <summary>
/// A gated recurrent unit that reads the past of a channel segment by segment and writes each segment of its future from the last state and its place, all at once. (Lin et al., "SegRNN: segment recurrent
/// neural network for long-term time series forecasting", 2023.)
/// </summary>
/// <param name="Reading">From a segment to the inputs of the cell.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Places">What stands for the segments ahead, [segments, width].</param>
/// <param name="Writing">From a state to a segment.</param>
/// <param name="Horizon">Times ahead.</param>
[Tree]
public sealed partial record SegmentRecurrentForecast(Linear Reading, GruCell Cell, Tensor Places, Linear Writing, int Horizon) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("recurrent-forecast", "A gated recurrent unit that reads and writes a series segment by segment.", (key, signature, choice) =>
        Initialise.Of<ILayer>(key, key => new ReversibleInstanceNorm(
            Create(key, signature.Input[0], signature.Output[0], choice.Whole("segment"), choice.Whole("width")), signature.Output[1], FromLast: true)))
    {
        Kinds = ["forecasting"],
        GoodAt = "series whose next values follow from a state rather than from a season",
        Paper = "Lin et al., SegRNN: segment recurrent neural network for long-term time series forecasting, 2023",
        Own = [Hyperparameter.Whole("segment", "times read or written at once", 24, 4, 48), Hyperparameter.Whole("width", "numbers of the state", 32, 16, 128)],
        Rate = NetworkMethod.UsualRate.Within(2e-3, 3e-4, 1e-2),
        Epochs = NetworkMethod.UsualEpochs.Within(3, 1, 20),
    };

    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lookback">Times seen; of those that fill no segment the oldest are not read.</param>
    /// <param name="horizon">Times ahead.</param>
    /// <param name="segment">Times of a segment, no more than are seen.</param>
    /// <param name="width">Numbers of the state.</param>
    public static SegmentRecurrentForecast Create(Key key, int lookback, int horizon, int segment, int width)
    {
        var size = Math.Min(segment, lookback);
        return new(
            Linear.Create(key.Fold(0), size, width), GruCell.Create(key.Fold(1), width, width), 0.1 * Sample.Normal(key.Fold(2), [(horizon + size - 1) / size, width]),
            Linear.Create(key.Fold(3), width, size), horizon);
    }

    /// <summary>[..., lookback] gives [..., horizon].</summary>
    public Tensor Call(Tensor x)
    {
        var (size, batch) = (Reading.Weight.Shape[0], x.Shape[..^1]);
        var count = x.Shape[^1] / size;
        var segments = x.SliceAxis(-1, x.Shape[^1] - count * size, x.Shape[^1]).ReshapeTo([.. batch, count, size]);
        var state = Recurrent.Run(Cell, Tensor.Relu(Reading.Call(segments))).Last;
        var written = Writing.Call(Cell.Next(state.ExpandDims(-2), Cell.Project(Places)));
        return written.ReshapeTo([.. batch, Places.Shape[0] * size]).SliceAxis(-1, 0, Horizon);
    }
}
