namespace Paramorph.Search;

/// <summary>What becomes of earlier promotions when a bracket of <see cref="Hyperband"/> gets further candidates.</summary>
public enum PromotionRule
{
    /// <summary>They stand, and only the places that are left go to further candidates: no evaluation is in vain.</summary>
    Efficient,

    /// <summary>All that were evaluated with a budget compete anew for the next.</summary>
    Preserving,

    /// <summary>Candidates that are no longer among the best of their rung are left out above it, though they were evaluated there.</summary>
    Discarding,
}
