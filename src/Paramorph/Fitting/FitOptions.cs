using Paramorph.Methods;

namespace Paramorph.Fitting;

/// <summary>How a model is looked for.</summary>
public sealed record FitOptions
{
    /// <summary>The methods that are tried; those of the library that suit, and are automatic, when empty.</summary>
    public IReadOnlyList<Method> Methods { get; init; } = [];

    /// <summary>How much it may cost.</summary>
    public Budget Budget { get; init; } = Budget.Usual;

    /// <summary>All randomness of the search and of training.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Threads in all.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model is written; null to keep it in memory alone.</summary>
    public string? Out { get; init; }

    /// <summary>Whether an interrupted fit into the same folder goes on.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Values of hyperparameters that are not searched.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the final model mixes candidates that are trained on folds, where the problem allows it; otherwise it is the best candidate of the search.</summary>
    public bool IsMixed { get; init; } = true;

    /// <summary>The probability with which intervals are to hold the truth.</summary>
    public double Level { get; init; } = 0.9;
}
