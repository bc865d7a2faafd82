using Paramorph.Methods;

namespace Paramorph.Fitting;

/// <summary>A method with values of its hyperparameters.</summary>
/// <param name="Method">The method.</param>
/// <param name="Number">Its number among the candidates of the method, from 0, which has the usual values.</param>
/// <param name="Configuration">The values.</param>
/// <param name="Length">The part of the method's own length that the budget allows, from above 0 to 1.</param>
public sealed record Candidate(Method Method, int Number, Configuration Configuration, double Length)
{
    /// <summary>A short name that is unique in a fit.</summary>
    public string Name => $"{Method.Name}-{Number}";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
