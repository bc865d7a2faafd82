namespace Paramorph.Bayes;

/// <summary>
/// The density of an answer of a random network with one hidden layer, f = Σ v_i a(w_i·x) / sqrt(N), whose hidden sums are normal and whose readout has a symmetric law, in units of its own deviation: a normal density,
/// that density corrected by Hermite polynomials with coefficients that fall with the number N of neurons, and the density itself. (Antognini, "Finite size corrections for neural network Gaussian processes", 2019.)
/// </summary>
public sealed class FiniteWidthDensity
{
    private const double Reach = 12;
    private const int Nodes = 4001;

    private static readonly double[] places = [.. Enumerable.Range(-400, 801).Select(i => i * 0.02)];

    private readonly SymmetricLaw readout;
    private readonly (double Activation, double Weight)[] neuron;
    private readonly double deviation;

    /// <param name="activation">The activation a, not zero everywhere.</param>
    /// <param name="variance">The variance of a hidden sum.</param>
    /// <param name="readout">The law of the readout, of variance 1.</param>
    public FiniteWidthDensity(Func<double, double> activation, double variance = 1, SymmetricLaw readout = SymmetricLaw.Normal)
    {
        this.readout = readout;
        // Activations at normal sums, by the trapezoid rule, which is exact to rounding for smooth ones.
        neuron = [.. Enumerable.Range(0, Nodes).Select(i => Reach * (2.0 * i / (Nodes - 1) - 1)).Select(z => (activation(Math.Sqrt(variance) * z), Normal(z) * 2 * Reach / (Nodes - 1)))];
        deviation = Math.Sqrt(ActivationMoment(2));
        var (fourth, sixth) = (Moment(4), Moment(6));
        (Kurtosis, Sixth) = (fourth - 3, sixth - 15 * fourth + 30);
    }

    /// <summary>λ₄, the fourth cumulant of what one neuron adds, in units of its deviation: the excess kurtosis of the answer is λ₄ / N.</summary>
    public double Kurtosis { get; }

    /// <summary>λ₆, the sixth cumulant of what one neuron adds: that of the answer is λ₆ / N².</summary>
    public double Sixth { get; }

    /// <summary>The standard normal density.</summary>
    public static double Normal(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The Hermite polynomials He₄, He₆ and He₈, under whose weight the normal density they are orthogonal.</summary>
    /// <param name="z">Where.</param>
    public static (double Fourth, double Sixth, double Eighth) Hermite(double z)
    {
        var s = z * z;
        return (s * (s - 6) + 3, s * (s * (s - 15) + 45) - 15, s * (s * (s * (s - 28) + 210) - 420) + 105);
    }

    /// <summary>The Edgeworth series at a place: order 0 is the normal density, 1 adds λ₄ / (24 N) He₄, 2 what falls with N².</summary>
    /// <param name="z">The answer in units of its deviation.</param>
    /// <param name="neurons">N.</param>
    /// <param name="order">0, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is none of these.</exception>
    public double Series(double z, int neurons, int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 2);
        var (fourth, sixth, eighth) = Hermite(z);
        double n = neurons;
        var first = order >= 1 ? Kurtosis / (24 * n) * fourth : 0;
        var second = order >= 2 ? (Sixth / 720 * sixth + Kurtosis * Kurtosis / 1152 * eighth) / (n * n) : 0;
        return Normal(z) * (1 + first + second);
    }

    /// <summary>The density at equally spaced places, from the characteristic function of a neuron to the power of N. What is no density in the strict sense, as the sum of few neurons that are silent or of two values, comes out smoothed.</summary>
    /// <param name="places">In units of the deviation, within ±10.</param>
    /// <param name="neurons">N.</param>
    public double[] Exact(IReadOnlyList<double> places, int neurons)
    {
        // What is left out beyond the highest frequency shows as an error of the size of the characteristic function there.
        const double Step = 0.05, Highest = 60;
        var frequencies = Enumerable.Range(0, (int)(Highest / Step)).Select(i => (i + 0.5) * Step).ToArray();
        var characteristic = frequencies.Select(t => Math.Pow(Characteristic(t / Math.Sqrt(neurons)), neurons)).ToArray();
        return [.. places.Select(z => frequencies.Zip(characteristic, (t, value) => Math.Cos(t * z) * value).Sum() * Step / Math.PI)];
    }

    /// <summary>The total variation between the density and its series, half the integral of their difference within ±8 deviations.</summary>
    /// <param name="neurons">N.</param>
    /// <param name="order">0, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is none of these.</exception>
    public double TotalVariation(int neurons, int order) =>
        Exact(places, neurons).Zip(places, (density, z) => Math.Abs(density - Series(z, neurons, order))).Sum() * (places[1] - places[0]) / 2;

    private double ActivationMoment(int order) => neuron.Sum(node => Math.Pow(node.Activation, order) * node.Weight);

    private double Moment(int order) => ActivationMoment(order) / Math.Pow(deviation, order) * (readout, order) switch
    {
        (SymmetricLaw.Normal, 4) => 3,
        (SymmetricLaw.Normal, 6) => 15,
        (SymmetricLaw.Uniform, 4) => 9.0 / 5,
        (SymmetricLaw.Uniform, 6) => 27.0 / 7,
        (SymmetricLaw.Laplace, 4) => 6,
        (SymmetricLaw.Laplace, 6) => 90,
        _ => 1,
    };

    private double Characteristic(double t) => neuron.Sum(node => node.Weight * OfReadout(t * node.Activation / deviation));

    private double OfReadout(double t) => readout switch
    {
        SymmetricLaw.Normal => Math.Exp(-t * t / 2),
        SymmetricLaw.Uniform => t == 0 ? 1 : Math.Sin(Math.Sqrt(3) * t) / (Math.Sqrt(3) * t),
        SymmetricLaw.Laplace => 1 / (1 + t * t / 2),
        _ => Math.Cos(t),
    };
}

/// <summary>A law of mean 0 and variance 1 that is symmetric.</summary>
public enum SymmetricLaw
{
    /// <summary>The normal one.</summary>
    Normal,

    /// <summary>Uniform in ±sqrt(3).</summary>
    Uniform,

    /// <summary>Two-sided exponential.</summary>
    Laplace,

    /// <summary>-1 or 1.</summary>
    Sign,
}
