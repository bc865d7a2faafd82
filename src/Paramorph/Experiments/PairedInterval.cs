using MathNet.Numerics.Distributions;

namespace Paramorph.Experiments;

/// <summary>The mean of one number a seed, with the interval in which Student's t puts the true mean at some level, usually in 90 of 100 cases.</summary>
/// <param name="Centre">The mean.</param>
/// <param name="Low">Lower end: the true mean is as rarely below it as above the upper end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct PairedInterval(double Centre, double Low, double High)
{
    /// <summary>The interval of some numbers; of a single number it is the whole line, as one seed decides nothing.</summary>
    /// <param name="values">One a seed.</param>
    /// <param name="level">The share of cases in which the interval holds the true mean.</param>
    public static PairedInterval Of(IReadOnlyList<double> values, double level = 0.9)
    {
        var mean = values.Average();
        if (values.Count < 2) return new(mean, double.NegativeInfinity, double.PositiveInfinity);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        var half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + level) / 2) * deviation / Math.Sqrt(values.Count);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The interval under an increasing function.</summary>
    public PairedInterval Map(Func<double, double> increasing) => new(increasing(Centre), increasing(Low), increasing(High));
}
