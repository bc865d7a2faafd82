using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Methods;

/// <summary>A recipe that makes a model of a problem: what <c>paramorph fit</c> tries, by itself or by its name.</summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
public abstract record Method(string Name, string Meaning)
{
    private static readonly Lazy<Dictionary<string, string>> codes = new(() => MarkedMethods.All.Zip(MarkedMethods.Codes).ToDictionary(pair => pair.First.Name, pair => pair.Second));

    /// <summary>The kinds of problem that it is for, by name.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>What it is good at, in a sentence.</summary>
    public string GoodAt { get; init; } = "";

    /// <summary>Where it comes from: authors, title, year.</summary>
    public string? Paper { get; init; }

    /// <summary>Whether it is tried when nobody names a method.</summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>Whether it can be trained for a part of its length, as candidates of a search are at first.</summary>
    public virtual bool IsScalable => true;

    /// <summary>Whether a search chooses its hyperparameters; if not, usual values are taken but for those that were said, and one fit may take all of a budget.</summary>
    public virtual bool IsSearched => true;

    /// <summary>Hyperparameters of its own, beside those that all methods of its form have.</summary>
    public IReadOnlyList<Hyperparameter> Own { get; init; } = [];

    /// <summary>What it can be told and what a search may choose.</summary>
    public virtual IReadOnlyList<Hyperparameter> Hyperparameters => Own;

    /// <summary>The methods of the library.</summary>
    public static IReadOnlyList<Method> All { get; } = [.. MarkedMethods.All.OrderBy(method => method.Name, StringComparer.Ordinal)];

    /// <summary>A fingerprint of the file of code that a method of the library stands in; empty for others.</summary>
    public string Code => codes.Value.GetValueOrDefault(Name, "");

    /// <summary>Why it is not for a problem of its kinds, in a clause such as "it takes at most 3000 rows and there are 5000"; null if it is.</summary>
    /// <param name="problem">The problem.</param>
    public virtual string? Unsuited(Problem problem) => null;

    /// <summary>What a fit of full length costs, counted and not measured, so that plans are the same everywhere.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="configuration">The hyperparameters.</param>
    public abstract Effort Effort(Problem problem, Configuration configuration);

    /// <summary>Makes a model.</summary>
    /// <param name="problem">What to learn from: its training examples alone.</param>
    /// <param name="run">The hyperparameters, the key, how long, and whom to tell.</param>
    /// <returns>From prepared inputs to prepared outputs, each with a leading axis of examples.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public abstract ILayer Fit(Problem problem, FitRun run);

    /// <summary>A model of the structure that <see cref="Fit"/> gives, whose values do not matter: saved ones are read into it.</summary>
    /// <param name="signature">The shapes of inputs and outputs.</param>
    /// <param name="configuration">The hyperparameters.</param>
    /// <param name="stored">The types of the saved tensors by their paths, for models whose sizes depend on their data.</param>
    public abstract ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored);
}
