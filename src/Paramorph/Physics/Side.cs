namespace Paramorph.Physics;

/// <summary>An end of an axis.</summary>
public enum Side
{
    /// <summary>Where it begins.</summary>
    Low,

    /// <summary>Where it ends.</summary>
    High,
}
