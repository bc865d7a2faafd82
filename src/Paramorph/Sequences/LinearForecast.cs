using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Sequences;

/// <summary>
/// Forecasts that are linear in the times seen, solved exactly. The level of a window is taken off before and put back behind, which is linear too and a part of the weights. What DLinear, NLinear and
/// RLinear learn by gradients is this map. (Zeng et al., "Are transformers effective for time series forecasting?", 2023; Toner and Darlow, "An analysis of linear time series forecasting models", 2024.)
/// </summary>
/// <param name="Weight">
/// [lookback, horizon] for all channels alike, [forecast, lookback, horizon] with a matrix for each channel, or [lookback * channels, horizon * forecast] from all channels to all.
/// </param>
/// <param name="Bias">[horizon, forecast].</param>
[Tree]
public sealed partial record LinearForecast(Tensor Weight, Tensor Bias) : ILayer
{
    private const int MostUnknowns = 3000;

    private static readonly Func<Tensor, Tensor, Tensor, Tensor> Solve = Compile.Of((Tensor a, Tensor b, Tensor ridge) => RidgeRegression.Solve(a, b, ridge));

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("linear-forecast", "Each step ahead as a linear function of the steps back, solved as ridge regression.", Fit, Shaped, Work)
    {
        Kinds = ["forecasting"],
        GoodAt = "series with seasons and slow trends; it is fast, and hard to beat on a few thousand times",
        Paper = "Zeng, Chen, Zhang and Xu, Are transformers effective for time series forecasting?, 2023",
        Own =
        [
            Hyperparameter.Number("ridge", "penalty on the squares of weights", 1e-2, 1e-5, 10),
            Hyperparameter.Word("level", "what is taken off a window and put back: its mean, its last value, or nothing", "mean", "last", "none"),
            Hyperparameter.Word("weights", "one matrix for all channels, one for each, or one from all channels to all", "shared", "own", "all"),
        ],
    };

    /// <summary>[n, lookback, channels] gives [n, horizon, forecast]; the channels that are forecast are the first.</summary>
    public Tensor Call(Tensor x)
    {
        var (horizon, forecast) = (Bias.Shape[0], Bias.Shape[1]);
        if (Weight.Rank == 2 && Weight.Shape[0] != x.Shape[1]) return x.Reshape(x.Shape[0], -1).Dot(Weight).Reshape(x.Shape[0], horizon, forecast) + Bias;
        var own = x.SliceAxis(2, 0, forecast).SwapAxes(1, 2);
        if (Weight.Rank == 2) return own.Dot(Weight).SwapAxes(1, 2) + Bias;
        return Tensor.Contract(own, Weight, [2], [1], [1], [0]).Transpose(1, 2, 0) + Bias;
    }

    private static ILayer Fit(ExamplesProblem examples, FitRun run)
    {
        var problem = (Forecasting)examples;
        var (lookback, channels, horizon, forecast) = Sizes(problem);
        var reference = new double[lookback];
        if (run.Configuration.Word("level") == "mean") Array.Fill(reference, 1.0 / lookback);
        if (run.Configuration.Word("level") == "last") reference[^1] = 1;
        var (moments, ridge) = (new WindowMoments(problem, reference), run.Configuration["ridge"]);
        int[] targets = [.. Enumerable.Range(0, forecast)];
        var parts = (run.Configuration.Word("weights"), channels) switch
        {
            ("all", > 1) when lookback * channels <= MostUnknowns => [Solved(moments, ridge, lookback, [.. Enumerable.Range(0, channels)], targets)],
            ("own", _) => [.. targets.Select(channel => Solved(moments, ridge, lookback, [channel], [channel]))],
            _ => new[] { Shared(moments, ridge, lookback, targets) },
        };
        run.Cancellation.ThrowIfCancellationRequested();
        return Assembled(parts, moments, reference, (lookback, channels, horizon, forecast));
    }

    /// <summary>Weights [inputs * lookback, targets * horizon], channel by channel.</summary>
    private static double[] Solved(WindowMoments moments, double ridge, int lookback, int[] inputs, int[] targets)
    {
        var horizon = moments.Width - lookback;
        var (rows, columns) = (inputs.Length * lookback, targets.Length * horizon);
        var (a, b) = (new double[rows * rows], new double[rows * columns]);
        foreach (var (p, left) in inputs.Index())
        {
            foreach (var (q, right) in inputs.Index())
            {
                var c = moments.Covariances(left, right);
                for (var i = 0; i < lookback; i++)
                {
                    c.AsSpan(i * moments.Width, lookback).CopyTo(a.AsSpan((p * lookback + i) * rows + q * lookback));
                    if (Array.IndexOf(targets, right) is >= 0 and var t) c.AsSpan(i * moments.Width + lookback, horizon).CopyTo(b.AsSpan((p * lookback + i) * columns + t * horizon));
                }
            }
        }
        return Solve(Tensor.From(a, [rows, rows]), Tensor.From(b, [rows, columns]), Tensor.Scalar(ridge)).ToDoubles();
    }

    /// <summary>Weights [lookback, horizon] that serve several channels.</summary>
    private static double[] Shared(WindowMoments moments, double ridge, int lookback, int[] channels)
    {
        var (width, horizon) = (moments.Width, moments.Width - lookback);
        var mean = new double[width * width];
        foreach (var covariances in channels.Select(channel => moments.Covariances(channel, channel)))
            for (var i = 0; i < mean.Length; i++) mean[i] += covariances[i] / channels.Length;
        var all = Tensor.From(mean, [width, width]);
        return Solve(all[..lookback, ..lookback].Evaluate(), all[..lookback, lookback..].Evaluate(), Tensor.Scalar(ridge)).ToDoubles();
    }

    /// <summary>The model whose weights take levels off and put them back by themselves: w + reference (1 - sum of w) for the channel itself, w - reference (sum of w) for another.</summary>
    private static LinearForecast Assembled(double[][] parts, WindowMoments moments, double[] reference, (int Lookback, int Channels, int Horizon, int Forecast) sizes)
    {
        var (lookback, channels, horizon, forecast) = sizes;
        var fromAll = parts[0].Length > lookback * horizon;
        var means = Enumerable.Range(0, fromAll ? channels : forecast).Select(moments.Means).ToArray();
        var hasLevel = reference.Any(weight => weight != 0);
        var weight = new float[fromAll ? parts[0].Length : parts.Length * lookback * horizon];
        var bias = new float[horizon * forecast];
        for (var f = 0; f < forecast; f++)
        {
            for (var h = 0; h < horizon; h++)
            {
                var offset = means[f][lookback + h];
                for (var c = fromAll ? 0 : f; c < (fromAll ? channels : f + 1); c++)
                {
                    double W(int i) => fromAll ? parts[0][(c * lookback + i) * forecast * horizon + f * horizon + h] : parts[Math.Min(f, parts.Length - 1)][i * horizon + h];
                    var sum = 0.0;
                    for (var i = 0; i < lookback; i++) (sum, offset) = (sum + W(i), offset - means[c][i] * W(i));
                    var level = (c == f && hasLevel ? 1 : 0) - sum;
                    for (var i = 0; i < lookback; i++)
                    {
                        var place = fromAll ? (i * channels + c) * horizon * forecast + h * forecast + f : (Math.Min(f, parts.Length - 1) * lookback + i) * horizon + h;
                        weight[place] = (float)(W(i) + reference[i] * level);
                    }
                }
                bias[h * forecast + f] = (float)offset;
            }
        }
        Shape shape = fromAll ? [lookback * channels, horizon * forecast] : parts.Length > 1 ? [forecast, lookback, horizon] : [lookback, horizon];
        return new(Tensor.From(weight, shape), Tensor.From(bias, [horizon, forecast]));
    }

    private static LinearForecast Shaped(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) =>
        new(Tensor.Zeros(stored["weight"].Shape), Tensor.Zeros(stored["bias"].Shape));

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var (lookback, channels, horizon, forecast) = Sizes(problem);
        double windows = problem.Split.Train.Count, width = lookback + horizon;
        var (fromAll, own) = (configuration.Word("weights") == "all" && lookback * channels <= MostUnknowns, configuration.Word("weights") == "own");
        var (rows, columns, systems, pairs) = fromAll ? (lookback * channels, horizon * forecast, 1, channels * channels) : (lookback, horizon, own ? forecast : 1, forecast);
        var solving = systems * (Math.Pow(rows, 3) / 3 + 2.0 * rows * rows * columns);
        // Factorisations in double precision and sums of products run at a tenth of the speed that is reckoned with.
        return new(solving * 10 + pairs * (2 * windows * width + width * width) * 8, 1);
    }

    private static (int Lookback, int Channels, int Horizon, int Forecast) Sizes(ExamplesProblem problem) =>
        (problem.Signature.Input[0], problem.Signature.Input[1], problem.Signature.Output[0], problem.Signature.Output[1]);
}
