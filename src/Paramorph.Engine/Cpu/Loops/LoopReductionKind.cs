namespace Paramorph.Cpu;

/// <summary>How a reduction combines values.</summary>
internal enum LoopReductionKind
{
    Sum,
    Product,

    /// <summary>NaN if any value is NaN.</summary>
    Maximum,

    /// <summary>NaN if any value is NaN.</summary>
    Minimum,

    /// <summary>Whether any value, of type bool, is true.</summary>
    Any,

    /// <summary>Whether all values, of type bool, are true.</summary>
    All,
}
