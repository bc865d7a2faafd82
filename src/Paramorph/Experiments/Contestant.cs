using Paramorph.Methods;

namespace Paramorph.Experiments;

/// <summary>A method on a bench.</summary>
/// <param name="Method">The method.</param>
/// <param name="Role">What it is in a comparison; standing methods are baselines.</param>
public sealed record Contestant(Method Method, ArmRole Role = ArmRole.Baseline)
{
    /// <summary>Its name there: that of the method unless the same method stands there twice.</summary>
    public string Name { get; init; } = Method.Name;

    /// <summary>Values of hyperparameters that are not searched.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <summary>What others report of it on tasks of the bench.</summary>
    public IReadOnlyList<Published> Published { get; init; } = [];

    /// <summary>What it is, in one sentence.</summary>
    public string Meaning => Fixed.Count == 0 ? Method.Meaning : $"{Method.Meaning.TrimEnd('.')}, with {string.Join(", ", Fixed.Select(pair => $"{pair.Key} {pair.Value}"))}.";
}
