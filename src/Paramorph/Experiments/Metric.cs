namespace Paramorph.Experiments;

/// <summary>Something that every arm measures once a seed.</summary>
/// <param name="Name">Its name, for example <c>relative L2</c>.</param>
/// <param name="Meaning">How it is measured and on what, with its unit.</param>
/// <param name="Better">Which direction is better.</param>
public sealed record Metric(string Name, string Meaning, Better Better = Better.Lower)
{
    /// <summary>A value as a cost: lower is better, and what is no number is worst.</summary>
    internal double Cost(double value) => double.IsNaN(value) ? double.PositiveInfinity : Better == Better.Higher ? -value : value;
}

/// <summary>Which values of a metric are better.</summary>
public enum Better
{
    /// <summary>Small ones: errors, times.</summary>
    Lower,

    /// <summary>Large ones: accuracies.</summary>
    Higher,

    /// <summary>Neither: it describes.</summary>
    Neither,
}
