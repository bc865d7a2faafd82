using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Paramorph.Fitting;
using Paramorph.Problems;

namespace Paramorph.Experiments;

/// <summary>
/// Tasks of one kind on which methods are compared: each method is searched, trained and judged by the same procedure as <c>paramorph fit</c> within the same counted budget, under several seeds of
/// which each is the whole procedure.
/// </summary>
public sealed class Bench
{
    /// <summary>The mean logarithm of the density, or of the probability, that a model gives to the truth: a metric of any bench on problems whose answers say of their errors.</summary>
    public static Metric LogLikelihood { get; } = new("log-likelihood", "mean logarithm of the density of the truth, in units of the answer, or of the probability of the right class", Better.Higher);

    /// <summary>What a model takes: a metric of any bench.</summary>
    public static Metric Bytes { get; } = new("bytes", "bytes of all numbers that the model is kept as");

    /// <summary>The share of truths that intervals or sets hold which promise 90 %.</summary>
    public static Metric Coverage { get; } = new("coverage", "share of truths in the intervals, or sets of classes, that promise 90 %", Better.Neither);

    /// <summary>Its name, in lower case with hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about, in a sentence or two.</summary>
    public required string Meaning { get; init; }

    /// <summary>The tasks.</summary>
    public required IReadOnlyList<BenchTask> Tasks { get; init; }

    /// <summary>The methods whose results are on record.</summary>
    public required IReadOnlyList<Contestant> Standing { get; init; }

    /// <summary>What is judged: metrics that the problems have; the first orders the leaderboard.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>What one method may spend on one task under one seed, search included: counted, so that it is the same everywhere.</summary>
    public required Budget Budget { get; init; }

    /// <summary>How many seeds.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>Whether the final model is a mixture over folds, as that of <c>paramorph fit</c>; otherwise it is the best candidate of the search alone.</summary>
    public bool IsMixed { get; init; }

    /// <summary>What it trains, as a comparison without claims.</summary>
    /// <param name="contestants">Who is compared; the standing methods when null.</param>
    public IExperiment Experiment(IReadOnlyList<Contestant>? contestants = null) => new BenchExperiment(this, contestants ?? Standing)
    {
        Id = Id,
        Question = Meaning,
        Original = "",
        Difference = "",
        Claims = [],
    };

    /// <summary>The name of a metric on one task.</summary>
    public static string On(string metric, string task) => $"{metric} on {task}";

    /// <summary>
    /// The name under which a method's results are on record: of the bench's tasks, budget and seeds and of the method with what is fixed. Results of another name are stale.
    /// </summary>
    /// <param name="contestant">The method.</param>
    /// <param name="code">A fingerprint of the code of the bench.</param>
    public string Fingerprint(Contestant contestant, string code)
    {
        string[] lines =
        [
            code, Id, Budget.ToString(), $"mixed {IsMixed}", .. Tasks.Select(task => $"{task.Name} {task.File?.Sha256}"), .. Metrics.Select(metric => metric.Name),
            contestant.Method.Name, contestant.Method.Code, .. contestant.Fixed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }

    /// <summary>The mean of a metric over tasks: the geometric one of errors, whose scales differ, which is 0 where one is.</summary>
    internal static double Mean(Metric metric, IReadOnlyCollection<double> values) =>
        metric.Better == Better.Lower && values.All(value => value >= 0) ? Math.Exp(values.Average(Math.Log)) : values.Average();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}: {Tasks.Count} tasks, {Standing.Count} methods");
}
