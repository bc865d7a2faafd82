using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Paramorph.Experiments;

/// <summary>What methods reached on a bench.</summary>
/// <param name="Id">The bench.</param>
/// <param name="Ready">Whether every standing method comes near enough to what others report of it; nothing is decided on a bench that is not ready.</param>
/// <param name="Tasks">The tasks that were run.</param>
/// <param name="Methods">The methods, the best first.</param>
public sealed record BenchRecord(string Id, bool Ready, IReadOnlyList<string> Tasks, IReadOnlyList<BenchEntry> Methods)
{
    /// <summary>The seeds.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [];

    /// <summary>What each method may spend on a task under a seed.</summary>
    public string Budget { get; init; } = "";

    /// <summary>Where it ran.</summary>
    public Machine? Machine { get; init; }

    /// <summary>The program's version with the commit that it was built from.</summary>
    public string Version { get; init; } = "";

    /// <summary>When it ended, in UTC.</summary>
    public DateTime Date { get; init; }

    /// <summary>The leaderboard of a run of the bench.</summary>
    /// <param name="bench">The bench.</param>
    /// <param name="code">A fingerprint of its code.</param>
    /// <param name="contestants">The methods that ran.</param>
    /// <param name="result">What they measured.</param>
    public static BenchRecord Of(Bench bench, string code, IReadOnlyList<Contestant> contestants, ExperimentResult result)
    {
        var objective = bench.Metrics[0];
        BenchEntry[] entries = [.. contestants.Zip(result.Arms, (contestant, arm) => BenchEntry.Of(bench, code, contestant, arm))];
        return new(
            bench.Id, contestants.Zip(entries).All(pair => pair.Second.Published.Count == pair.First.Published.Count && pair.Second.Published.All(figure => figure.Reached)),
            [.. bench.Tasks.Select(task => task.Name).Where(name => result.Arms[0].Metrics.ContainsKey(Bench.On(objective.Name, name)))],
            [.. entries.OrderBy(entry => objective.Cost(entry.Metrics[objective.Name].Mean))])
        {
            Seeds = result.Seeds,
            Budget = bench.Budget.ToString(),
            Machine = result.Machine,
            Version = result.Version,
            Date = result.Date,
        };
    }

    /// <summary>Whether all standing methods are on record as they are now.</summary>
    /// <param name="bench">The bench.</param>
    /// <param name="code">A fingerprint of its code.</param>
    public bool IsOf(Bench bench, string code) => bench.Standing.All(standing => Methods.Any(entry => entry.Fingerprint == bench.Fingerprint(standing, code)));

    /// <summary>What a method measured under a seed, as its run would give it; null where the record does not hold it.</summary>
    internal JobResult? Known(string fingerprint, int seed, IEnumerable<string> tasks)
    {
        var place = Seeds.ToList().IndexOf(seed);
        if (place < 0 || Methods.FirstOrDefault(entry => entry.Fingerprint == fingerprint) is not { } entry || !tasks.All(Tasks.Contains)) return null;
        return new(entry.Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.Values[place]), new Dictionary<string, List<ChartPoint>>(), entry.Parameters, Tasks.Count, entry.Flops, entry.Seconds)
        {
            ParameterHash = entry.ParameterHashes.ElementAtOrDefault(place),
        };
    }

    /// <summary>The record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Default.BenchRecord);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static BenchRecord FromJson(string json) => JsonSerializer.Deserialize(json, BenchJson.Default.BenchRecord) ?? throw new JsonException("the record is null.");

    /// <summary>What such a record looks like, as JSON Schema.</summary>
    public static JsonNode Schema() => RecordSchema.Of(BenchJson.Default.BenchRecord);
}

/// <summary>What a method reached on a bench.</summary>
/// <param name="Name">The method.</param>
/// <param name="Role">Standing methods are baselines.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Metrics">By the name of the metric, over all tasks (<c>RMSE</c>) and on each (<c>RMSE on concrete</c>).</param>
/// <param name="Parameters">Trained numbers, under the first seed, of the last task.</param>
/// <param name="Flops">Counted operations of one seed, the search included.</param>
/// <param name="Seconds">Mean seconds of one seed on one thread.</param>
/// <param name="Literature">The first of the published figures; null where there is none.</param>
public sealed record BenchEntry(
    string Name, ArmRole Role, string? Paper, IReadOnlyDictionary<string, BenchMetric> Metrics, long Parameters, double Flops, double Seconds, LiteratureFigure? Literature)
{
    /// <summary>All published figures, and whether they are reached.</summary>
    public IReadOnlyList<LiteratureFigure> Published { get; init; } = [];

    /// <summary>Of what bench, method and hyperparameters this is.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Fingerprints of the trained parameters of all tasks, in the order of the seeds.</summary>
    public IReadOnlyList<string?> ParameterHashes
    {
        get;
        // The reader of JSON gives null for what an older record does not have.
        init => field = value ?? [];
    } = [];

    internal static BenchEntry Of(Bench bench, string code, Contestant contestant, ArmResult arm)
    {
        var metrics = arm.Metrics.ToDictionary(pair => pair.Key, pair => BenchMetric.Of(pair.Value.Values));
        LiteratureFigure[] published =
        [
            .. from figure in contestant.Published
               where metrics.ContainsKey(Bench.On(figure.Metric, figure.Task))
               let better = bench.Metrics.First(metric => metric.Name == figure.Metric).Better
               select new LiteratureFigure(figure.Task, figure.Metric, figure.Value, figure.Source, figure.IsReached(metrics[Bench.On(figure.Metric, figure.Task)].Mean, better)),
        ];
        return new(contestant.Name, contestant.Role, contestant.Method.Paper, metrics, arm.Parameters, arm.Flops, arm.Seconds, published.FirstOrDefault())
        {
            Published = published,
            Fingerprint = bench.Fingerprint(contestant, code),
            ParameterHashes = arm.ParameterHashes,
        };
    }
}

/// <summary>A metric over the seeds.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Low">Lower end of the 90 % interval of the mean by Student's t; null of one seed.</param>
/// <param name="High">Upper end.</param>
/// <param name="Values">In the order of the seeds.</param>
public sealed record BenchMetric(double Mean, double Low, double High, IReadOnlyList<double> Values)
{
    /// <summary>The metric of some values.</summary>
    internal static BenchMetric Of(IReadOnlyList<double> values)
    {
        var (mean, low, high) = PairedInterval.Of(values);
        return new(mean, low, high, values);
    }
}

/// <summary>A published figure beside what was reached.</summary>
/// <param name="Task">The task.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Value">The figure.</param>
/// <param name="Source">Who reports it.</param>
/// <param name="Reached">Whether the method comes near enough here.</param>
public sealed record LiteratureFigure(string Task, string Metric, double Value, string Source, bool Reached);

/// <summary>How the record looks as JSON: numbers that are not finite are null.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(BenchRecord))]
internal sealed partial class BenchJson : JsonSerializerContext;
