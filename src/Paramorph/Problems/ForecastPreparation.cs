using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between a series and a model that forecasts it: channels are standardised, those that are forecast stand first.</summary>
/// <param name="Channels">The names of the channels in the order in which the model sees them.</param>
/// <param name="Forecast">How many of them, from the first on, are forecast.</param>
/// <param name="Lookback">Times that the model sees.</param>
/// <param name="Horizon">Times that it forecasts.</param>
/// <param name="Means">The mean of each channel over the times that train.</param>
/// <param name="Scales">The standard deviation of each, and 1 of a constant.</param>
/// <param name="HasNames">Whether the file named its channels; else they are known by their places.</param>
public sealed record ForecastPreparation(
    IReadOnlyList<string> Channels, int Forecast, int Lookback, int Horizon, IReadOnlyList<double> Means, IReadOnlyList<double> Scales, bool HasNames) : Preparation
{
    /// <summary>What notes on a series say of the file, and not of how it was understood at the fit.</summary>
    private static readonly string[] OfFile = ["missing", "repeat", "brought into the order"];

    /// <summary>The column of times that was named, or null.</summary>
    public string? Time { get; init; }

    /// <summary>What a step of the times was, in words; null where there were no times or their steps differ.</summary>
    public string? Step { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape RawInput => [Lookback, Channels.Count];

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => [Horizon, Forecast];

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw) => ((raw - Tensor.From<double>([.. Means])) / Tensor.From<double>([.. Scales])).AsType(ElementType.Float32);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) =>
        outputs.AsType(ElementType.Float64) * Tensor.From<double>([.. Scales.Take(Forecast)]) + Tensor.From<double>([.. Means.Take(Forecast)]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => [$"the last {Counted.Of(Lookback, "time", "times")}, oldest first, of {string.Join(", ", Channels.Select(Named))}, without gaps"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => [$"the next {Counted.Of(Horizon, "time", "times")} of {string.Join(", ", Channels.Take(Forecast).Select(Named))}"];

    /// <inheritdoc/>
    /// <remarks>The last rows of the file: f64 [1, lookback, channels].</remarks>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        var series = Read(content, notes);
        if (series.Length < Lookback)
            throw new ProblemException($"{content.Path} has {series.Length} times, and the model looks {Lookback} times back: give at least so many rows.");
        var width = series.Channels.Count;
        var window = series with { Values = series.Values[^(Lookback * width)..] };
        var places = Channels.Select(name => Place(content.Path, series, name)).ToArray();
        var values = window.Filled(notes).Values;
        return Tensor.From<double>([.. Enumerable.Range(0, Lookback).SelectMany(t => places.Select(place => values[t * width + place]))], [1, Lookback, Channels.Count]);
    }

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high) => Answers(answers, low, high, Steps(answers.Shape[0]));

    /// <inheritdoc/>
    /// <remarks>The times go on where those of the file end.</remarks>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high, DataContent? source)
    {
        if (source is null) return Answers(answers, low, high);
        var series = Read(source, []);
        return Answers(answers, low, high, series.Times?.After(series.Last, Horizon) ?? Steps(1));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, SeriesJson.Default.ForecastPreparation);

    private string Named(string channel) => HasNames ? channel : $"channel {channel}";

    private Series Read(DataContent content, ICollection<string> notes)
    {
        // What is known from the fit is not told again; what is missing in this file is.
        var told = new List<string>();
        var series = Series.Of(content, Time, [], told);
        foreach (var note in told.Where(note => OfFile.Any(word => note.Contains(word, StringComparison.Ordinal)))) notes.Add(note);
        if (Step is not null && series.Times is { } times && times.Description != Step)
            notes.Add($"a step of {times.Name} is {times.Description}, and it was {Step} where the model learned: it takes {Counted.Of(Lookback, "step", "steps")} back and {Horizon} ahead for steps of the same length");
        return series;
    }

    private static int Place(string path, Series series, string name)
    {
        var place = series.Channels.ToList().IndexOf(name);
        return place >= 0 ? place : throw new ProblemException($"{path} has no channel {name}, which the model needs: it has {string.Join(", ", series.Channels.Take(20))}.");
    }

    private TableColumn Steps(int windows) => new TableColumn.Numeric("step", Tensor.From<double>([.. Enumerable.Range(0, windows * Horizon).Select(i => i % Horizon + 1.0)]));

    private Table Answers(Tensor answers, Tensor? low, Tensor? high, TableColumn steps)
    {
        TableColumn Column(string name, Tensor values, int channel) => new TableColumn.Numeric(name, values[.., .., channel].Reshape(-1).Evaluate());
        IEnumerable<TableColumn> Channel(int i)
        {
            var name = Named(Channels[i]);
            yield return Column(name, answers, i);
            if (low is not null && high is not null)
            {
                yield return Column($"{name} low", low, i);
                yield return Column($"{name} high", high, i);
            }
        }
        return new([steps, .. Enumerable.Range(0, Forecast).SelectMany(Channel)]);
    }
}
