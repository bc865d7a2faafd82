using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Problems;
using Paramorph.Sequences;

namespace Paramorph.Papers.Benches;

/// <summary>The next values of series.</summary>
public static class ForecastsBench
{
    private const string Hours = "ett-hours";

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "forecasts",
        Meaning = "Which method tells the next values of series with seasons and of chaotic ones most accurately, for the same work?",
        Tasks =
        [
            new("seasons", "Four channels with a day, a week, a trend and noise that remembers, 48 hours ahead.", (seed, _) =>
                Drawn("seasons", TimeSeries.Seasonal(Key.Of(seed).Fold(0), 5000, channels: 4), seed, horizon: 48, lookback: 192)),
            new("chaos", "The series of Mackey and Glass with a delay of 17, 24 units ahead.", (seed, _) =>
                Drawn("chaos", TimeSeries.MackeyGlass(Key.Of(seed).Fold(0), 5000), seed, horizon: 24, lookback: 72)),
            new("noisy-chaos", "The same with a delay of 30, whose values are known with an error of a tenth of their spread.", (seed, _) =>
                Drawn("noisy-chaos", Noisy(TimeSeries.MackeyGlass(Key.Of(seed).Fold(0), 5000, delay: 30), Key.Of(seed).Fold(2)), seed, horizon: 24, lookback: 96)),
            new(Hours, "Seven channels of a transformer, 96 hours ahead, split by 12, 4 and 4 months.", (seed, path) =>
                Forecasting.Read(DataContent.Read(path!), Options(seed, ("horizon", "96"), ("lookback", "336"), ("split", "12,4,4"))))
            {
                File = new("ETTh1.csv.gz", "3c56c865b8f6fc9b760a07f055ff8a993d3cf2a747235dc382b98821ed35f029", "github.com/zhouhaoyi/ETDataset, compressed"),
            },
        ],
        Standing =
        [
            new(LinearForecast.Method),
            new(DecomposedLinear.Method) { Published = [new(Hours, "MSE", 0.375, "Zeng et al., Are transformers effective for time series forecasting?, 2023, table 2")] },
            new(MlpForecast.Method),
            new(SegmentRecurrentForecast.Method),
        ],
        Metrics = [Forecasting.SquaredError, Forecasting.AbsoluteError],
        Budget = Budget.OfPlannedSeconds(20),
        Seeds = 3,
    };

    private static Tensor Noisy(Tensor series, Key key) => (series + 0.1 * series.Std().Item() * Sample.Normal(key, series.Shape)).Evaluate();

    private static Forecasting Drawn(string name, Tensor series, int seed, int horizon, int lookback) => Forecasting.Read(
        new DataContent.OfArrays(name, new Dictionary<string, Tensor> { ["x"] = series }), Options(seed, ("horizon", $"{horizon}"), ("lookback", $"{lookback}"), ("split", "60,20,20")));

    private static ProblemOptions Options(int seed, params (string Name, string Value)[] settings) =>
        new() { Key = Key.Of(seed).Fold(1), Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value) };
}
