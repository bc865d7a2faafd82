using MathNet.Numerics.Distributions;

namespace Paramorph.Experiments;

/// <summary>The mean of one number a seed, with the interval in which Student's t puts the true mean in 90 of 100 cases.</summary>
/// <param name="Centre">The mean.</param>
/// <param name="Low">Lower end: the true mean is below it in 5 of 100 cases.</param>
/// <param name="High">Upper end: the true mean is above it in 5 of 100 cases.</param>
public readonly record struct PairedInterval(double Centre, double Low, double High)
{
    /// <summary>The interval of some numbers; of a single number it is the whole line, as one seed decides nothing.</summary>
    public static PairedInterval Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        if (values.Count < 2) return new(mean, double.NegativeInfinity, double.PositiveInfinity);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        var half = StudentT.InvCDF(0, 1, values.Count - 1, 0.95) * deviation / Math.Sqrt(values.Count);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The interval under an increasing function.</summary>
    public PairedInterval Map(Func<double, double> increasing) => new(increasing(Centre), increasing(Low), increasing(High));
}
