namespace Paramorph.Problems;

/// <summary>An answer that takes no learning to speak of, which a model must beat to be worth having.</summary>
/// <param name="Name">Its name: mean, nearest neighbours, persistence.</param>
/// <param name="Validation">What it reaches on validation examples, by metric.</param>
/// <param name="Test">What it reaches on test examples, by metric.</param>
public sealed record SimpleAnswer(string Name, IReadOnlyDictionary<string, double> Validation, IReadOnlyDictionary<string, double> Test);
