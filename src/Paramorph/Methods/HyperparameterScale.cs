namespace Paramorph.Methods;

/// <summary>How a range of a hyperparameter is searched.</summary>
public enum HyperparameterScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>Evenly in the logarithm: rates, widths, penalties.</summary>
    Logarithmic,

    /// <summary>One of some words, each as likely as the others.</summary>
    Words,
}
