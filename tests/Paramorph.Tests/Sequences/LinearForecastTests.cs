using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Sequences;

namespace Paramorph.Tests.Sequences;

public sealed class LinearForecastTests
{
    private const int Lookback = 10, Horizon = 4;

    private static readonly Tensor Values = TimeSeries.Seasonal(Key.Of(5), 150, channels: 2, periods: [7], noise: 0.5).Evaluate();

    private static Forecasting Problem(params string[] targets) => Forecasting.Read(
        new DataContent.OfArrays("series.npz", new Dictionary<string, Tensor> { ["series"] = Values }),
        new() { Targets = targets, Settings = new Dictionary<string, string> { ["lookback"] = "10", ["horizon"] = "4" } });

    private static LinearForecast Fit(Forecasting problem, string level, string weights)
    {
        var method = LinearForecast.Method;
        var choice = Configuration.Default(method.Hyperparameters);
        double Place(string name, string word) => method.Hyperparameters.First(parameter => parameter.Name == name).Parse(word);
        return (LinearForecast)method.Fit(problem, new(choice.With("ridge", 0.05).With("level", Place("level", level)).With("weights", Place("weights", weights)), Key.Of(1)));
    }

    /// <summary>The forecast of a channel by ridge regression on windows that are written out one by one.</summary>
    private static Tensor Written(Forecasting problem, Tensor rows, int target, int[] inputs, string level)
    {
        Tensor Level(Tensor x) => level switch { "mean" => x.Mean(1), "last" => x[.., Lookback - 1], _ => 0.0 * x[.., 0] };
        Tensor Features(Examples windows) => Tensor.Concatenate([.. inputs.Select(c => windows.Inputs[.., .., c].AsType(ElementType.Float64)).Select(x => x - Level(x).ExpandDims(1))], 1);
        Tensor LevelOf(Examples windows) => Level(windows.Inputs[.., .., target].AsType(ElementType.Float64)).ExpandDims(1);
        var (train, asked) = (problem.Train, problem.At(rows));
        var (x, y) = (Features(train), train.Targets[.., .., target].AsType(ElementType.Float64) - LevelOf(train));
        var weights = RidgeRegression.Weights((x - x.Mean(0)).Evaluate(), (y - y.Mean(0)).Evaluate(), Tensor.Scalar(0.05));
        return ((Features(asked) - x.Mean(0)).Dot(weights) + y.Mean(0) + LevelOf(asked)).Evaluate();
    }

    [Theory]
    [InlineData("mean", "own")]
    [InlineData("last", "own")]
    [InlineData("none", "own")]
    [InlineData("mean", "all")]
    [InlineData("last", "all")]
    public void It_is_ridge_regression_on_all_windows(string level, string weights)
    {
        var problem = Problem();
        var rows = problem.Split.Test;
        var forecast = Fit(problem, level, weights).Call(problem.At(rows).Inputs).AsType(ElementType.Float64).Evaluate();
        for (var target = 0; target < 2; target++)
            Expect.Close(Written(problem, rows, target, weights == "all" ? [0, 1] : [target], level), forecast[.., .., target], 1e-4);
    }

    [Fact]
    public void Weights_that_channels_share_are_those_of_a_lone_channel_when_there_is_one()
    {
        var problem = Problem("1");
        var x = problem.At(problem.Split.Test).Inputs;
        Expect.Close(Fit(problem, "mean", "own").Call(x), Fit(problem, "mean", "shared").Call(x), 1e-5);
        Assert.Equal([problem.Split.Test.Count, Horizon, 1], Fit(problem, "mean", "shared").Call(x).Shape);
    }

    [Fact]
    public void Another_channel_helps_where_it_is_the_future_of_the_one_that_is_forecast()
    {
        var noise = Sample.Normal(Key.Of(8), [304], ElementType.Float64).Evaluate();
        var series = Tensor.Stack([noise[..300], noise[4..]], 1).Evaluate();
        var problem = Forecasting.Read(
            new DataContent.OfArrays("series.npz", new Dictionary<string, Tensor> { ["series"] = series }),
            new() { Targets = ["0"], Settings = new Dictionary<string, string> { ["lookback"] = "10", ["horizon"] = "4" } });
        Assert.InRange(problem.Test(Fit(problem, "none", "all"))["MSE"], 0, 0.05);
        Assert.InRange(problem.Test(Fit(problem, "none", "own"))["MSE"], 0.5, 2);
    }
}
