using System.Globalization;
using System.Text.Json;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>
/// The next values of a series from its past ones. An example is a window: some times that are seen, [lookback, channels], and those that follow, [horizon, forecast channels]. Windows are cut from
/// the series when they are asked for.
/// </summary>
public sealed class Forecasting : ExamplesProblem
{
    private const int UsualHorizon = 96, HorizonsInSeries = 12;
    private const int FoldableHorizons = 10;
    private const double LookbackHorizons = 3.5, LeastTold = 0.9;
    private const double UsualValidation = 0.1, UsualTest = 0.2;

    private readonly ForecastPreparation preparation;
    private readonly double[] truth;
    private readonly float[] series;
    private readonly int? period;

    private Forecasting(ForecastPreparation preparation, double[] truth, float[] series, int? period) =>
        (this.preparation, this.truth, this.series, this.period) = (preparation, truth, series, period);

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("forecasting", "The next values of one or more channels of a series, from their past and that of other channels.")
    {
        Suits = Suits,
        NeedsEveryRow = true,
        Settings = ["horizon", "lookback", "split"],
        Options = ["target", "ignore", "time", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(SeriesJson.Default.ForecastPreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics { get; } = [SquaredError, AbsoluteError];

    /// <summary>What a model is chosen by.</summary>
    public static Metric SquaredError { get; } = new("MSE", "mean squared error over all steps ahead and channels, each channel in its standard deviations over the times that train");

    /// <summary>The error in a typical step.</summary>
    public static Metric AbsoluteError { get; } = new("MAE", "mean absolute error, likewise");

    /// <inheritdoc/>
    public override ModelSignature Signature => new([Lookback, Channels], [Horizon, Forecast]);

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override Uncertainty Uncertainty => Uncertainty.Intervals;

    /// <inheritdoc/>
    public override int TestBlock => Horizon;

    /// <inheritdoc/>
    /// <remarks>A stretch of a fifth of the windows takes a horizon on either side with it, which must leave most of them.</remarks>
    public override bool IsFoldable => Split.Train.Count + Split.Validation.Count >= FoldableHorizons * Horizon;

    /// <inheritdoc/>
    public override int? Reach => Horizon;

    /// <summary>The period of the season that the times that train show, in steps; null where none is clear.</summary>
    public int? Period => period;

    /// <summary>All channels over all times, standardised: [times, channels] row by row. Those that are forecast stand first.</summary>
    internal ReadOnlySpan<float> Standardised => series;

    private int Lookback => preparation.Lookback;

    private int Horizon => preparation.Horizon;

    private int Channels => preparation.Channels.Count;

    private int Forecast => preparation.Forecast;

    /// <summary>Reads it from a table with a column for each channel, or an array [times, channels].</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static Forecasting Read(DataContent content, ProblemOptions options)
    {
        options.Require(OfKind);
        var notes = new List<string>();
        var raw = Series.Of(content, options.Time, options.Ignored, notes);
        foreach (var target in options.Targets)
            if (!raw.Channels.Contains(target)) throw new ProblemException($"{content.Path} has no channel {target}: it has {string.Join(", ", raw.Channels.Take(20))}.");
        var filled = raw.Filled(notes);
        var ends = Ends(filled, options, notes);
        string[] forecast = options.Targets.Count > 0 ? [.. options.Targets.Distinct()] : [.. raw.Channels];
        int[] places = [.. forecast.Select(name => raw.Channels.ToList().IndexOf(name))];
        ConstantTarget.Refuse(content.Path, "time that trains", forecast, [.. Enumerable.Range(0, ends.Train).SelectMany(time => places.Select(place => filled.Values[time * filled.Channels.Count + place]))]);
        var period = SeasonalPeriod.Of(filled.Values, filled.Channels.Count, ends.Train);
        notes.Add(period is { } found ? $"the season has a period of {Counted.Of(found, "step", "steps")}, by autocorrelation" : "no clear season was found");
        var (lookback, horizon) = Lengths(content.Path, options, ends, period, notes);
        int[] order = [.. Enumerable.Range(0, raw.Channels.Count).OrderBy(place => options.Targets.Count > 0 && !options.Targets.Contains(raw.Channels[place]))];
        notes.Add($"{(forecast.Length == 1 ? $"the channel {raw.Channels[order[0]]} is" : $"{forecast.Length} channels are")} forecast{(forecast.Length < order.Length ? $" from {order.Length}" : "")}, {Counted.Of(horizon, "step", "steps")} ahead, from {Counted.Of(lookback, "step", "steps")} back");
        var told = raw.Told([.. order.Take(forecast.Length)]);
        return Of(content.Name, filled, order, forecast.Length, lookback, horizon, ends, period, told, notes).Told(options.Time, raw.Times is { Step: > 0 } times ? times.Description : null, [.. content is DataContent.OfTable table ? table.Table.Understood : [], .. notes]);
    }

    /// <inheritdoc/>
    public override Examples At(Tensor rows)
    {
        var starts = rows.ToArray<int>();
        var (inputs, targets) = (new float[starts.Length * Lookback * Channels], new float[starts.Length * Horizon * Forecast]);
        for (var i = 0; i < starts.Length; i++)
        {
            series.AsSpan(starts[i] * Channels, Lookback * Channels).CopyTo(inputs.AsSpan(i * Lookback * Channels));
            for (var step = 0; step < Horizon; step++)
                series.AsSpan((starts[i] + Lookback + step) * Channels, Forecast).CopyTo(targets.AsSpan((i * Horizon + step) * Forecast));
        }
        return new(Tensor.From(inputs, [starts.Length, Lookback, Channels]), Tensor.From(targets, [starts.Length, Horizon, Forecast]));
    }

    /// <inheritdoc/>
    public override Training.IBatches<Examples> Batches(int size, Key key)
    {
        var rows = Training.Batches.Shuffled(Split.Train, Math.Min(size, Split.Train.Count), key);
        return Training.Batches.Drawn(step => At(rows.At(step)));
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.MeanSquared(outputs, targets);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows)
    {
        var (predicted, starts) = (outputs.AsType(ElementType.Float32).ToArray<float>(), rows.ToArray<int>());
        var (squares, absolutes) = (0.0, 0.0);
        for (var (i, next) = (0, 0); i < starts.Length; i++)
        {
            for (var step = 0; step < Horizon; step++)
            {
                foreach (var value in series.AsSpan((starts[i] + Lookback + step) * Channels, Forecast))
                {
                    var error = (double)predicted[next++] - value;
                    (squares, absolutes) = (squares + error * error, absolutes + Math.Abs(error));
                }
            }
        }
        return new Dictionary<string, double> { [SquaredError.Name] = squares / predicted.Length, [AbsoluteError.Name] = absolutes / predicted.Length };
    }

    /// <inheritdoc/>
    public override Tensor Truth(Tensor rows)
    {
        var starts = rows.ToArray<int>();
        var values = new double[starts.Length * Horizon * Forecast];
        for (var i = 0; i < starts.Length; i++)
        {
            for (var step = 0; step < Horizon; step++)
                truth.AsSpan((starts[i] + Lookback + step) * Channels, Forecast).CopyTo(values.AsSpan((i * Horizon + step) * Forecast));
        }
        return Tensor.From(values, [starts.Length, Horizon, Forecast]);
    }

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new Forecasting(preparation, truth, series, period) { Name = Name, Split = split, Understood = Understood };

    /// <inheritdoc/>
    public override IEnumerable<Illustration> Illustrations(Layers.ILayer model, IReadOnlyList<double> halfWidths)
    {
        const int Shown = 3;
        if (Split.Test.Count == 0) yield break;
        var middle = Split.Test.Count / 2;
        var rows = Split.Test[middle..(middle + 1)].Evaluate();
        var (start, answers, past) = (rows.ToArray<int>()[0], preparation.Decode(Outputs(model, rows)).ToDoubles(), Math.Min(Lookback, 2 * Horizon));
        for (var channel = 0; channel < Math.Min(Shown, Forecast); channel++)
        {
            double Came(int time) => truth[((start + Lookback + time) * Channels) + channel];
            ChartPoint[] Ahead(Func<int, double> value) => [new(0, Came(-1)), .. Enumerable.Range(0, Horizon).Select(step => new ChartPoint(step + 1, value(step)))];
            var curves = new List<(string, IReadOnlyList<ChartPoint>)>
            {
                ("past", [.. Enumerable.Range(-past, past).Select(time => new ChartPoint(time + 1, Came(time)))]),
                ("what came", Ahead(Came)),
                ("forecast", Ahead(step => answers[(step * Forecast) + channel])),
            };
            if (halfWidths.Count > 0)
            {
                foreach (var side in new[] { -1, 1 })
                    curves.Add(("interval", [.. Enumerable.Range(0, Horizon).Select(step => (step * Forecast) + channel).Select((place, step) => new ChartPoint(step + 1, answers[place] + (side * halfWidths[place])))]));
            }
            var name = preparation.Channels[channel];
            yield return new($"forecast-{channel + 1}", $"{name}: the window in the middle of the test examples")
            {
                Drawing = LineChart.Draw($"{name}, {Counted.Of(Horizon, "step", "steps")} ahead", curves, "steps from the last time that was seen", name),
            };
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers()
    {
        float Seen(int start, int back, int channel) => series[(start + Lookback - back) * Channels + channel];
        var answers = new List<SimpleAnswer>
        {
            Answer("persistence", Each((start, step, channel) => Seen(start, 1, channel))),
            Answer("mean", Each((_, _, _) => 0)),
            Answer("drift", Each((start, step, channel) => Seen(start, 1, channel) + (step + 1) * (Seen(start, 1, channel) - Seen(start, Lookback, channel)) / Math.Max(1, Lookback - 1))),
        };
        if (period is { } season && season <= Lookback)
            answers.Insert(1, Answer($"seasonal persistence ({Counted.Of(season, "step", "steps")})", Each((start, step, channel) => Seen(start, season - step % season, channel))));
        return answers;
    }

    private static int Suits(DataContent content, ProblemOptions options)
    {
        if (options.Settings.ContainsKey("horizon") || options.Settings.ContainsKey("lookback")) return content is DataContent.OfTable or DataContent.OfArrays ? 10 : 0;
        if (content is DataContent.OfArrays { Arrays: var arrays }) return arrays.Count == 1 && arrays.TryGetValue("series", out var only) && only.Rank is 1 or 2 ? 4 : 0;
        // A table of numbers whose rows have dates in even steps; that of other rows is a table.
        if (content is not DataContent.OfTable { Table: var table } || Series.TimeColumn(table) is not TableColumn.Text times || table.RowCount < 24) return 0;
        if (table.Columns.Count(column => column is TableColumn.Text) > 1 || options.Group is not null || options.Categories.Count > 0) return 0;
        var seconds = SeriesTimes.Values(times);
        var isRising = Enumerable.Range(1, seconds.Length - 1).All(i => seconds[i] > seconds[i - 1]);
        // Of a file of which not all rows are kept the steps show when all are read.
        return isRising && (options.IsThinned(table) || SeriesTimes.Of(times, seconds).Step > 0) ? 4 : 0;
    }

    private Forecasting Told(string? time, string? step, IReadOnlyList<string> notes) =>
        new(preparation with { Time = time, Step = step }, truth, series, period) { Name = Name, Split = Split, Understood = notes };

    private static Forecasting Of(string name, Series raw, int[] order, int forecast, int lookback, int horizon, (int Train, int Validation, int Test) ends, int? period, int[] told, List<string> notes)
    {
        var (width, times) = (order.Length, raw.Length);
        double[] values = [.. Enumerable.Range(0, times).SelectMany(t => order.Select(place => raw.Values[t * width + place]))];
        var scale = Standardisation.Of(Tensor.From(values.AsSpan(0, ends.Train * width), [ends.Train, width]));
        var (means, scales) = (scale.Mean.ToDoubles(), scale.Scale.ToDoubles());
        float[] standardised = [.. values.Select((value, i) => (float)((value - means[i % width]) / scales[i % width]))];
        var preparation = new ForecastPreparation([.. order.Select(place => raw.Channels[place])], forecast, lookback, horizon, means, scales, raw.HasNames);
        var left = 0;
        // A window of validation or test may look back into the part before, but what it forecasts lies in its own part.
        Tensor Windows(int from, int to)
        {
            int[] all = [.. Enumerable.Range(from, Math.Max(0, to - horizon - from + 1))];
            // What was filled in says nothing of how well the series is forecast.
            int[] kept = [.. all.Where(target => told[target + horizon] - told[target] >= LeastTold * horizon * forecast)];
            if (kept.Length < all.Length / 2) kept = all;
            left += all.Length - kept.Length;
            return Tensor.From<int>([.. kept.Select(target => target - lookback)]);
        }
        var split = new Split(Windows(lookback, ends.Train), Windows(ends.Train, ends.Validation), Windows(ends.Validation, ends.Test));
        if (left > 0) notes.Add($"{Counted.Of(left, "window is", "windows are")} left out, since more than a tenth of what would be forecast is missing");
        return new(preparation, values, standardised, period) { Name = name, Split = split };
    }

    /// <summary>Where the times that train, choose and judge end.</summary>
    private static (int Train, int Validation, int Test) Ends(Series series, ProblemOptions options, List<string> notes)
    {
        var (length, test) = (series.Length, options.TestShare ?? UsualTest);
        if (options.TestShare is not null && options.Settings.ContainsKey("split")) throw new ProblemException("--set split says which times judge, and --test too: give one of them.");
        double[] parts = options.Settings.TryGetValue("split", out var text) ? Parts(text) : [1 - UsualValidation - test, UsualValidation, test];
        var sum = parts.Sum();
        var isShares = Math.Abs(sum - 1) < 1e-6 || Math.Abs(sum - 100) < 1e-6;
        if (!isShares && series.Times?.StepsPerMonth is null)
            throw new ProblemException($"split={text} is neither three shares that add to 1 or 100 nor three numbers of months, which only a series with dates in even steps has.");
        var unit = isShares ? length / sum : series.Times!.StepsPerMonth!.Value;
        var (train, validation, end) = ((int)Math.Round(parts[0] * unit), (int)Math.Round((parts[0] + parts[1]) * unit), (int)Math.Round(sum * unit));
        if (end > length) throw new ProblemException($"split={text} are {end} steps, and the series has {length}.");
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"the first {train} of {length} times train, the next {validation - train} choose among models, the next {end - validation} judge at the end{(end < length ? $"; {length - end} are left" : "")}{(isShares ? "" : "; a month is 30 days")}"));
        return (train, validation, end);
    }

    private static double[] Parts(string text)
    {
        var parts = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : double.NaN).ToArray();
        return parts.Length == 3 && parts.All(double.IsFinite) ? parts : throw new ProblemException($"split is three positive numbers such as 70,10,20 or 12,4,4 months, not \"{text}\".");
    }

    /// <summary>How far is looked back, and ahead: as told, else a horizon of 96 or a twelfth of the series, and three and a half horizons of past in whole seasons.</summary>
    private static (int Lookback, int Horizon) Lengths(string path, ProblemOptions options, (int Train, int Validation, int Test) ends, int? period, List<string> notes)
    {
        var part = Math.Min(ends.Validation - ends.Train, ends.Test - ends.Validation);
        // A whole season ahead is worth some fewer windows that choose and judge.
        var longest = period is { } whole && whole < 0.9 * part ? Math.Max(whole, part / 2) : part / 2;
        var horizon = options.Whole("horizon", Math.Clamp(Math.Min(ends.Test / HorizonsInSeries, longest), 1, UsualHorizon));
        if (horizon > part) throw new ProblemException($"a horizon of {horizon} steps does not fit into the {part} times of {path} that choose or judge: take a shorter horizon, or another split.");
        var most = Math.Max(1, (ends.Train - horizon) / 2);
        var season = period ?? 1;
        var wanted = (int)Math.Ceiling(Math.Max(LookbackHorizons * horizon, 2 * season) / season) * season;
        var lookback = options.Whole("lookback", wanted <= most ? wanted : most >= season ? most / season * season : most);
        if (lookback + horizon > ends.Train) throw new ProblemException($"{ends.Train} times of {path} train, which is less than a lookback of {lookback} and a horizon of {horizon}: take shorter ones.");
        if (!options.Settings.ContainsKey("horizon")) notes.Add($"a horizon of {Counted.Of(horizon, "step", "steps")} was chosen by the length of the series: --set horizon=N takes another");
        if (!options.Settings.ContainsKey("lookback")) notes.Add($"a lookback of {Counted.Of(lookback, "step", "steps")} was chosen by the horizon and the season: --set lookback=N takes another");
        return (lookback, horizon);
    }

    private Func<Tensor, Tensor> Each(Func<int, int, int, float> answer) => rows =>
    {
        var starts = rows.ToArray<int>();
        var outputs = new float[starts.Length * Horizon * Forecast];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = answer(starts[i / (Horizon * Forecast)], i / Forecast % Horizon, i % Forecast);
        return Tensor.From(outputs, [starts.Length, Horizon, Forecast]);
    };
}
