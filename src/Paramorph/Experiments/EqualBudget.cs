namespace Paramorph.Experiments;

/// <summary>In what the arms of an experiment are equal, but for those that are only referred to.</summary>
public enum EqualBudget
{
    /// <summary>In what the experiment says in words, which nothing checks.</summary>
    Stated,

    /// <summary>In counted floating-point operations.</summary>
    Flops,

    /// <summary>In measured seconds.</summary>
    Seconds,

    /// <summary>In steps.</summary>
    Steps,

    /// <summary>In trained numbers.</summary>
    Parameters,
}
