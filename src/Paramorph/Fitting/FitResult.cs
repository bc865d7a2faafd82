using System.Text.Json.Serialization;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>What came of a fit.</summary>
/// <param name="Problem">The kind of problem.</param>
/// <param name="Method">The method, or the methods that are mixed, the heaviest first.</param>
/// <param name="Hyperparameters">Those of the heaviest method.</param>
/// <param name="Data">What was learned from.</param>
/// <param name="Metrics">What the model reaches.</param>
/// <param name="Intervals">What its answers say of their error; null where they say nothing.</param>
/// <param name="Simple">What the simple answers reach.</param>
/// <param name="Tried">All candidates, the best first.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PeakBytes">The most memory that the process had.</param>
/// <param name="Out">The folder of the model, or null.</param>
public sealed record FitResult(
    string Problem, string Method, IReadOnlyDictionary<string, string> Hyperparameters, FitData Data, FitMetrics Metrics, FitIntervals? Intervals, IReadOnlyList<FitSimple> Simple,
    IReadOnlyList<FitTried> Tried, long Parameters, double Seconds, long PeakBytes, string? Out)
{
    /// <summary>The parts of the model.</summary>
    public IReadOnlyList<FitPart> Parts { get; init; } = [];

    /// <summary>What the person should know: winners at the edge of a range, ties, work that was cut.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Floating-point operations of all training, the search included, counted from the computations.</summary>
    public double Flops { get; init; }

    /// <summary>The budget.</summary>
    public string Budget { get; init; } = "";

    /// <summary>The seed.</summary>
    public long Seed { get; init; }

    /// <summary>Threads, which the plan of a budget in seconds depends on.</summary>
    public int Threads { get; init; }

    /// <summary>The version of the program.</summary>
    public string Version { get; init; } = "";

    /// <summary>The fingerprint of the parameters; null of results that were kept before there was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParameterHash { get; init; }

    /// <summary>The model.</summary>
    [JsonIgnore]
    public Model Model { get; init; } = null!;

    /// <summary>It as JSON.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, FitJson.Default.FitResult);
}

/// <summary>What was learned from.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">Examples.</param>
/// <param name="Columns">Numbers of an input.</param>
/// <param name="Understood">What was understood of the file, and what was guessed.</param>
/// <param name="Train">Examples that train.</param>
/// <param name="Validation">Examples that choose.</param>
/// <param name="Test">Examples that judge.</param>
/// <param name="Hash">The fingerprint of the file.</param>
public sealed record FitData(string File, int Rows, int Columns, IReadOnlyList<string> Understood, int Train, int Validation, int Test, string? Hash);

/// <summary>What a model reaches, by metric.</summary>
/// <param name="Validation">On examples that chose.</param>
/// <param name="Test">On examples that judge.</param>
/// <param name="TestIntervals">90 % intervals of the latter, by drawing examples again.</param>
public sealed record FitMetrics(IReadOnlyDictionary<string, double> Validation, IReadOnlyDictionary<string, double> Test, IReadOnlyDictionary<string, double[]> TestIntervals);

/// <summary>What answers say of their error.</summary>
/// <param name="Level">What is promised.</param>
/// <param name="Coverage">The share of test examples whose truth lies in the interval, or in the set of classes.</param>
/// <param name="Width">The mean width of an interval in units of the answer, or the mean number of classes in a set.</param>
/// <param name="CalibrationError">Of classes, the expected calibration error of the probabilities on test examples, 15 bins; otherwise null.</param>
/// <param name="LogLikelihood">The mean logarithm of the density of the truth, in units of the answer, or of the probability of the right class, on test examples.</param>
public sealed record FitIntervals(double Level, double Coverage, double Width, double? CalibrationError, double? LogLikelihood);

/// <summary>What a simple answer reaches on test examples.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metrics">By metric.</param>
public sealed record FitSimple(string Name, IReadOnlyDictionary<string, double> Metrics);

/// <summary>What a candidate reached on validation examples.</summary>
/// <param name="Method">The method.</param>
/// <param name="Hyperparameters">Its hyperparameters.</param>
/// <param name="Metrics">By metric.</param>
/// <param name="Share">The longest part of the full length that it was trained.</param>
/// <param name="Seconds">How long that took.</param>
public sealed record FitTried(string Method, IReadOnlyDictionary<string, string> Hyperparameters, IReadOnlyDictionary<string, double> Metrics, double Share, double Seconds);

/// <summary>A part of a model.</summary>
/// <param name="Method">The method.</param>
/// <param name="Hyperparameters">Its hyperparameters.</param>
/// <param name="Members">Models.</param>
/// <param name="Weight">What they count together.</param>
public sealed record FitPart(string Method, IReadOnlyDictionary<string, string> Hyperparameters, int Members, double Weight);
