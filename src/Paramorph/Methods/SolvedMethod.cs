using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Methods;

/// <summary>A method that learns from examples in a way of its own, at its full length or not at all: by solving equations, by growing trees, by keeping the examples.</summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Solve">Makes the model.</param>
/// <param name="Shape">A model of the structure of a saved one: from the signature, the hyperparameters and the stored types.</param>
/// <param name="Work">What it costs.</param>
public sealed record SolvedMethod(
    string Name,
    string Meaning,
    Func<ExamplesProblem, FitRun, ILayer> Solve,
    Func<ModelSignature, Configuration, IReadOnlyDictionary<string, TensorType>, ILayer> Shape,
    Func<ExamplesProblem, Configuration, Effort> Work) : Method(Name, Meaning)
{
    /// <summary>Why it is not for a problem, as in <see cref="Method.Unsuited"/>.</summary>
    public Func<ExamplesProblem, string?> Limits { get; init; } = _ => null;

    /// <inheritdoc/>
    public override bool IsScalable => false;

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem) => problem is ExamplesProblem examples ? Limits(examples) : "it learns from examples";

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration) => Work((ExamplesProblem)problem, configuration);

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run) => Solve((ExamplesProblem)problem, run);

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) => Shape(signature, configuration, stored);
}
