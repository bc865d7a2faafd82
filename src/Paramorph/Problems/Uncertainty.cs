namespace Paramorph.Problems;

/// <summary>What the answers to a problem say of their own error.</summary>
public enum Uncertainty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Intervals around numbers.</summary>
    Intervals,

    /// <summary>Probabilities of classes.</summary>
    Probabilities,
}
