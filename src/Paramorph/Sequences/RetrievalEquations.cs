using MathNet.Numerics;

namespace Paramorph.Sequences;

/// <summary>
/// The replica-symmetric self-consistency equations of a <see cref="DenseHebbianNetwork"/> of infinitely many neurons that holds K = load · N^(P-1) random patterns. With
/// an average x of examples of a pattern's spin 1, a normal number z and the noise V that the other patterns make,
/// <code>
/// m = E tanh((n^(P-1) x + sqrt(V) z) / T),   n = E x tanh(...),   q = E tanh²(...),
/// V = (P - 1)! load q^(P-1) for P > 2,   V = load q / (1 - (1 - q) / T)² for P = 2.
/// </code>
/// (Agliari et al., "Dense Hebbian neural networks: a replica symmetric picture of supervised learning", 2023; perfect data give the equations of Gardner, "Multiconnected
/// neural network models", 1987, and for P = 2 those of Amit, Gutfreund and Sompolinsky, "Storing infinite numbers of patterns in a spin-glass model of neural networks",
/// 1985. The paper replaces x by its normal limit of many examples; here its distribution, which is binomial, is summed.)
/// </summary>
/// <param name="Order">P, 2 or more.</param>
/// <param name="Load">K / N^(P-1), 0 or more.</param>
/// <param name="Temperature">T, 0 or more, in the units of the network's energy.</param>
/// <param name="Quality">r of the examples, above 0 and at most 1.</param>
/// <param name="Examples">M, how many of each pattern.</param>
public sealed record RetrievalEquations(int Order, double Load, double Temperature = 0, double Quality = 1, int Examples = 1)
{
    private const double Tolerance = 1e-8;

    private const int MostSteps = 2000;

    /// <summary>The entropy of the data set, (1 - r²) / (M r²): the variance of an average of examples over the square of its mean.</summary>
    public double DataEntropy => (1 - Quality * Quality) / (Examples * Quality * Quality);

    /// <summary>The quality that makes a data set of some examples have an entropy.</summary>
    /// <param name="entropy">(1 - r²) / (M r²).</param>
    /// <param name="examples">M.</param>
    public static double QualityOf(double entropy, int examples) => 1 / Math.Sqrt(1 + entropy * examples);

    /// <summary>The order parameters of the state in which one pattern is retrieved, followed from perfect retrieval by iteration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RetrievalState Solve()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Order, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(Load);
        ArgumentOutOfRangeException.ThrowIfNegative(Temperature);
        if (!(Quality is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Quality), Quality, "the quality of examples is above 0 and at most 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Examples, 1);
        var averages = Averages();
        // Spins like the majority of the examples, of which none changes with its field.
        var start = averages.Aggregate((M: 0.0, N: 0.0), (sum, x) => (sum.M + x.Weight * Math.Sign(x.Value), sum.N + x.Weight * Math.Abs(x.Value)));
        var (state, susceptibility) = (new RetrievalState(start.M, start.N, 1), 0.0);
        for (var step = 0; step < MostSteps; step++)
        {
            var (next, response) = Next(state, susceptibility, averages);
            var change = Math.Abs(next.Overlap - state.Overlap) + Math.Abs(next.SpinGlass - state.SpinGlass) + Math.Abs(response - susceptibility);
            (state, susceptibility) = (next, response);
            if (change < Tolerance || state.Overlap < 1e-6) break;
        }
        return state;
    }

    /// <summary>The largest load at which a pattern is retrieved: the overlap stays above a part of the one that it has without other patterns.</summary>
    /// <param name="part">The part, between 0 and 1; where retrieval ends with a jump, as it does with perfect data, all parts below the jump give the same.</param>
    public double CriticalLoad(double part = 0.5)
    {
        var least = part * (this with { Load = 0 }).Solve().Overlap;
        if (least == 0) return 0;
        var (low, high) = (0.0, 2.0);
        while (high - low > 1e-4 * high)
        {
            var middle = (low + high) / 2;
            if ((this with { Load = middle }).Solve().Overlap > least) low = middle;
            else high = middle;
        }
        return low;
    }

    private (RetrievalState State, double Susceptibility) Next(RetrievalState state, double susceptibility, (double Value, double Weight)[] averages)
    {
        var signal = Math.Pow(state.Overlap, Order - 1);
        var noise = Load * Math.Pow(state.SpinGlass, Order - 1);
        for (var k = 2; k < Order; k++) noise *= k;
        if (Order == 2) noise /= Math.Max(1e-12, (1 - susceptibility) * (1 - susceptibility));
        var deviation = Math.Sqrt(noise);
        var (m, n, q, response) = (0.0, 0.0, 0.0, 0.0);
        foreach (var (value, weight) in averages)
        {
            var (spin, square, slope) = Temperature == 0 ? Frozen(signal * value, deviation) : Thermal(signal * value, deviation);
            (m, n, q, response) = (m + weight * spin, n + weight * value * spin, q + weight * square, response + weight * slope);
        }
        // A susceptibility above one means that the retrieved state is no longer stable; the iteration must not step over the pole.
        return (new(m, n, q), Math.Min(response, 1 - 1e-6));
    }

    /// <summary>E sign(a + s z), one, and the derivative of the first in a.</summary>
    private static (double Spin, double Square, double Slope) Frozen(double signal, double deviation)
    {
        if (deviation == 0) return (Math.Sign(signal), 1, 0);
        var ratio = signal / deviation;
        return (SpecialFunctions.Erf(ratio / Math.Sqrt(2)), 1, Math.Sqrt(2 / Math.PI) * Math.Exp(-ratio * ratio / 2) / deviation);
    }

    /// <summary>E tanh((a + s z) / T), its square, and the derivative of the first in a.</summary>
    private (double Spin, double Square, double Slope) Thermal(double signal, double deviation)
    {
        // The trapezoidal rule, whose error falls exponentially with the width of the step of tanh over the spacing.
        const double Reach = 6;
        var spacing = Math.Clamp(0.6 * Temperature / Math.Max(deviation, 1e-12), 0.01, 0.08);
        var count = (int)(Reach / spacing);
        var (spin, square) = (0.0, 0.0);
        for (var i = -count; i <= count; i++)
        {
            var z = i * spacing;
            var (tanh, weight) = (Math.Tanh((signal + deviation * z) / Temperature), spacing / Math.Sqrt(2 * Math.PI) * Math.Exp(-z * z / 2));
            (spin, square) = (spin + weight * tanh, square + weight * tanh * tanh);
        }
        return (spin, square, (1 - square) / Temperature);
    }

    /// <summary>The averages of M examples of the spin 1 and their binomial probabilities.</summary>
    private (double Value, double Weight)[] Averages()
    {
        var scale = Math.Sqrt(Quality * Quality + (1 - Quality * Quality) / Examples);
        if (Quality == 1) return [(1, 1)];
        double Logarithm(int right) =>
            SpecialFunctions.FactorialLn(Examples) - SpecialFunctions.FactorialLn(right) - SpecialFunctions.FactorialLn(Examples - right)
            + right * Math.Log((1 + Quality) / 2) + (Examples - right) * Math.Log((1 - Quality) / 2);
        return
        [
            .. Enumerable.Range(0, Examples + 1)
                .Select(right => (Value: (2.0 * right / Examples - 1) / scale, Weight: Math.Exp(Logarithm(right))))
                .Where(average => average.Weight > 1e-14),
        ];
    }
}

/// <summary>The order parameters of a retrieved pattern.</summary>
/// <param name="Magnetisation">m, the mean product of a spin and the pattern.</param>
/// <param name="Overlap">n, the mean product of a spin and the average of the examples.</param>
/// <param name="SpinGlass">q, the mean square of a spin's mean.</param>
public readonly record struct RetrievalState(double Magnetisation, double Overlap, double SpinGlass);
