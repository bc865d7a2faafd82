using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Paramorph.Experiments;

/// <summary>The record of one run of an experiment.</summary>
/// <param name="Id">The paper.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Size">Smoke or full.</param>
/// <param name="Verdict">Held if all main claims held; not held if one did not.</param>
/// <param name="Claims">Each claim with its effect.</param>
/// <param name="Arms">What each arm measured and cost.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Data">The name of the file that the user gave, without its folder, or null if data were generated.</param>
/// <param name="Budget">What was equal among the arms.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Version">The program's version with the commit that it was built from.</param>
/// <param name="Date">When it ended, in UTC.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PeakBytes">The largest memory of the process.</param>
/// <param name="Out">The folder of curves, pictures and parameters.</param>
public sealed record ExperimentResult(
    string Id,
    IReadOnlyList<int> Seeds,
    RunSize Size,
    Verdict Verdict,
    IReadOnlyList<ClaimResult> Claims,
    IReadOnlyList<ArmResult> Arms,
    IReadOnlyDictionary<string, string> Settings,
    string? Data,
    string Budget,
    Machine Machine,
    string Version,
    DateTime Date,
    double Seconds,
    long PeakBytes,
    string? Out)
{
    /// <summary>What tells this experiment from others of its name: its code, settings, candidates and claims. A record whose fingerprint is not the present one is stale.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What a reader should know: budgets that were not as equal as was said, searches whose winner is at the end of its range.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ExperimentJson.Default.ExperimentResult);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static ExperimentResult FromJson(string json) =>
        JsonSerializer.Deserialize(json, ExperimentJson.Default.ExperimentResult) ?? throw new JsonException("the record is null.");

    /// <summary>What such a record looks like, as JSON Schema.</summary>
    public static JsonNode Schema() => RecordSchema.Of(ExperimentJson.Default.ExperimentResult);
}

/// <summary>What the seeds say of a claim.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Verdict">Whether it held.</param>
/// <param name="Effect">The mean effect (of ratios the geometric mean); NaN if an arm measured no number.</param>
/// <param name="Interval">Between what two values Student's t puts the effect: in 90 of 100 cases, and of m main claims in all but 10 / m of 100.</param>
/// <param name="Threshold">What the effect must exceed.</param>
/// <param name="Unit">What the effect is.</param>
public sealed record ClaimResult(string Text, Verdict Verdict, double Effect, IReadOnlyList<double> Interval, double Threshold, string Unit)
{
    /// <summary>Whether the verdict of the experiment rests on it.</summary>
    public bool IsMain { get; init; } = true;

    /// <summary>Where it comes from.</summary>
    public string Origin { get; init; } = "";
}

/// <summary>What an arm measured and cost.</summary>
/// <param name="Name">The arm.</param>
/// <param name="Role">Method, baseline or ablation.</param>
/// <param name="Choices">The hyperparameters that the search chose, in the order of the seeds; equal ones when nothing is searched.</param>
/// <param name="Searches">What was tried, in the order of the seeds.</param>
/// <param name="Metrics">By name.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Steps">Steps of one seed.</param>
/// <param name="Flops">Floating-point operations of one seed, counted.</param>
/// <param name="Seconds">Mean seconds of one seed; seeds may run side by side.</param>
public sealed record ArmResult(
    string Name,
    ArmRole Role,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Choices,
    IReadOnlyList<IReadOnlyList<SearchResult>> Searches,
    IReadOnlyDictionary<string, MetricResult> Metrics,
    long Parameters,
    long Steps,
    double Flops,
    double Seconds)
{
    /// <summary>Fingerprints of the trained parameters, in the order of the seeds, by which two runs are compared to the last bit; null of an arm that keeps none.</summary>
    public IReadOnlyList<string?> ParameterHashes
    {
        get;
        // The reader of JSON gives null for what an older record does not have.
        init => field = value ?? [];
    } = [];

    /// <summary>The hyperparameters of a choice by name.</summary>
    internal static Dictionary<string, double> Named(Choice choice) => choice.Values.ToDictionary(value => value.Name, value => value.Value);
}

/// <summary>A candidate of a search.</summary>
/// <param name="Choice">The hyperparameters.</param>
/// <param name="Objective">What the metric was that chooses.</param>
/// <param name="Share">The part of the full length that was trained.</param>
public sealed record SearchResult(IReadOnlyDictionary<string, double> Choice, double Objective, double Share);

/// <summary>A metric over the seeds.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Sd">Standard deviation; 0 of one seed.</param>
/// <param name="Values">In the order of the seeds.</param>
public sealed record MetricResult(double Mean, double Sd, IReadOnlyList<double> Values)
{
    /// <summary>The metric of some values.</summary>
    public static MetricResult Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return new(mean, values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)), values);
    }
}

/// <summary>What one job gave; kept in the folder of a run so that it can be resumed.</summary>
internal sealed record JobResult(
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, List<ChartPoint>> Curves,
    long Parameters,
    long Steps,
    double Flops,
    double Seconds)
{
    /// <summary>A fingerprint of the parameters that were kept; null where none were.</summary>
    public string? ParameterHash { get; init; }
}

/// <summary>What a folder of a run is of; a run is resumed only if it is the same.</summary>
internal sealed record RunPlan(string Id, RunSize Size, IReadOnlyDictionary<string, string> Settings, string? DataHash, string Version, string Fingerprint);

/// <summary>How the records look as JSON: numbers that are not finite are null.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(ExperimentResult))]
[JsonSerializable(typeof(JobResult))]
[JsonSerializable(typeof(RunPlan))]
internal sealed partial class ExperimentJson : JsonSerializerContext;
