using System.Globalization;

namespace Paramorph.Neurons;

/// <summary>A named function of one variable, which may stand for a learned one: factor · f(scale · x + shift) + offset.</summary>
/// <param name="Name">How it is written, with a z in the place of its argument: <c>sin(z)</c>.</param>
/// <param name="Complexity">How much it takes to say it: 1 of a straight line.</param>
/// <param name="Value">Of one number.</param>
/// <param name="Call">Of each element.</param>
public sealed record SymbolicFunction(string Name, int Complexity, Func<double, double> Value, Func<Tensor, Tensor> Call)
{
    /// <summary>Scales and shifts that are searched, of an argument that runs from -1 to 1.</summary>
    private const double Reach = 10;

    /// <summary>Places on each axis of the first search and of those around its best, which are this many.</summary>
    private const int First = 41, Further = 11, Zooms = 9;

    /// <summary>Samples that a fit looks at.</summary>
    private const int Most = 96;

    /// <summary>By how many times the rest of the variance must fall for one step of complexity more: four bits.</summary>
    private const double StepsPerBit = 0.25;

    /// <summary>What is nearer to 0, or to 1, does not show in a formula.</summary>
    private const double Shown = 1e-4;

    /// <summary>Nearer fits are alike.</summary>
    private const double Alike = 1e-5;

    /// <summary>The functions of elementary formulas; roots and logarithms are of absolute values.</summary>
    public static IReadOnlyList<SymbolicFunction> Library { get; } =
    [
        new("z", 1, z => z, z => z),
        new("z^2", 2, z => z * z, Tensor.Square),
        new("z^3", 3, z => z * z * z, z => z * z * z),
        new("z^4", 3, z => z * z * z * z, z => Tensor.Square(Tensor.Square(z))),
        new("1/z", 2, z => 1 / z, z => 1.0 / z),
        new("sqrt|z|", 2, z => Math.Sqrt(Math.Abs(z)), z => Tensor.Sqrt(Tensor.Maximum(Tensor.Abs(z), 1e-12))),
        new("exp(z)", 2, Math.Exp, Tensor.Exp),
        new("log|z|", 2, z => Math.Log(Math.Abs(z)), z => Tensor.Log(Tensor.Maximum(Tensor.Abs(z), 1e-12))),
        new("sin(z)", 2, Math.Sin, Tensor.Sin),
        new("|z|", 3, Math.Abs, Tensor.Abs),
        new("tanh(z)", 3, Math.Tanh, Tensor.Tanh),
        new("exp(-z^2)", 3, z => Math.Exp(-z * z), z => Tensor.Exp(-Tensor.Square(z))),
    ];

    /// <summary>The function of the library that stands for samples with the least to say: each step of complexity more must leave a sixteenth of the variance, or less.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Values, not all alike.</param>
    public static SymbolicFit Best(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        SymbolicFit? best = null;
        foreach (var function in Library)
        {
            var fit = function.Fit(x, y);
            if (best is null || Length(fit) < Length(best)) best = fit;
        }
        return best!;
    }

    /// <summary>The affine maps before and behind the function that bring it nearest to samples: a search of those before it, least squares for those behind.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Values, not all alike.</param>
    public SymbolicFit Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 3) throw new ShapeException($"symbolic function: {x.Length} arguments and {y.Length} values are no three pairs.");
        var (places, values) = Some(x, y);
        var (low, high) = (places.Min(), places.Max());
        var (middle, half) = ((low + high) / 2, high > low ? (high - low) / 2 : 1);
        double[] unit = [.. places.Select(place => (place - middle) / half)];
        var (scale, shift, square) = (1.0, 0.0, double.NegativeInfinity);
        void Search(int count, double reach)
        {
            var (a, b) = (scale, shift);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    var (s, t) = (a + reach * (2.0 * i / (count - 1) - 1), b + reach * (2.0 * j / (count - 1) - 1));
                    var r2 = Explained(unit, values, s, t);
                    if (r2 > square) (scale, shift, square) = (s, t, r2);
                }
            }
        }
        // A line needs no search, and all of its affine maps are one.
        if (Complexity > 1)
        {
            (scale, shift) = (0, 0);
            Search(First, Reach);
            for (var (zoom, reach) = (0, Reach / (First - 1) * 2); zoom < Zooms; zoom++, reach /= 4) Search(Further, reach);
        }
        (scale, shift) = (scale / half, shift - scale * middle / half);
        return Behind(places, values, scale, shift);
    }

    private static double Length(SymbolicFit fit) => fit.Function.Complexity + StepsPerBit * Math.Log2(Alike + 1 - fit.R2);

    private static (double[] X, double[] Y) Some(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (sorted, values) = (x.ToArray(), y.ToArray());
        Array.Sort(sorted, values);
        if (sorted.Length <= Most) return (sorted, values);
        int[] kept = [.. Enumerable.Range(0, Most).Select(i => (int)((long)i * (sorted.Length - 1) / (Most - 1)))];
        return ([.. kept.Select(i => sorted[i])], [.. kept.Select(i => values[i])]);
    }

    /// <summary>The square of the correlation of values with those of the function; below any where one is not finite.</summary>
    private double Explained(double[] x, double[] y, double scale, double shift)
    {
        var (sum, squares, product, sumY, squaresY) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var f = Value(scale * x[i] + shift);
            (sum, squares, product, sumY, squaresY) = (sum + f, squares + f * f, product + f * y[i], sumY + y[i], squaresY + y[i] * y[i]);
        }
        var (variance, covariance) = (squares - sum * sum / x.Length, product - sum * sumY / x.Length);
        // What has lost its digits tells nothing.
        return double.IsFinite(squares) && variance > 1e-10 * squares ? covariance * covariance / (variance * (squaresY - sumY * sumY / x.Length)) : double.NegativeInfinity;
    }

    private SymbolicFit Behind(double[] x, double[] y, double scale, double shift)
    {
        double[] f = [.. x.Select(place => Value(scale * place + shift))];
        var (mean, meanY) = (f.Average(), y.Average());
        var (variance, covariance) = (f.Sum(value => (value - mean) * (value - mean)), f.Zip(y, (value, target) => (value - mean) * (target - meanY)).Sum());
        var factor = covariance / variance;
        if (!double.IsFinite(factor)) return new(this, scale, shift, 0, meanY, double.NegativeInfinity);
        var rest = f.Zip(y, (value, target) => Math.Pow(target - meanY - factor * (value - mean), 2)).Sum();
        return new(this, scale, shift, factor, meanY - factor * mean, 1 - rest / y.Sum(target => (target - meanY) * (target - meanY)));
    }

    /// <summary>How factor · f(scale · argument + shift) is written, with its sign before it.</summary>
    internal string Written(string argument, double scale, double shift, double factor)
    {
        var isAtom = argument.All(char.IsLetterOrDigit);
        var inner = isAtom ? argument : $"({argument})";
        if (!IsOne(scale)) inner = $"{Number(scale)}*{inner}";
        if (!IsZero(shift)) inner += Signed(shift);
        // Bars and parentheses of the function's own hold an argument together.
        var isHeld = Name != "z" && (Name.Contains("(z)", StringComparison.Ordinal) || Name.Contains("|z|", StringComparison.Ordinal));
        var outer = isHeld && !isAtom && inner == $"({argument})" ? argument : isHeld || inner == argument ? inner : $"({inner})";
        var value = Name.Replace("z", outer, StringComparison.Ordinal);
        return IsOne(Math.Abs(factor)) ? $" {(factor < 0 ? '-' : '+')} {value}" : $"{Signed(factor)}*{value}";
    }

    /// <summary>A number with its sign before it, as a further term.</summary>
    internal static string Signed(double value) => value < 0 ? $" - {Number(-value)}" : $" + {Number(value)}";

    internal static bool IsZero(double value) => Math.Abs(value) < Shown;

    private static bool IsOne(double value) => Math.Abs(value - 1) < Shown;

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

/// <summary>A named function between affine maps, and how near it is to samples.</summary>
/// <param name="Function">f.</param>
/// <param name="Scale">What the argument is multiplied by.</param>
/// <param name="Shift">What is added to that.</param>
/// <param name="Factor">What the value is multiplied by.</param>
/// <param name="Offset">What is added to that.</param>
/// <param name="R2">The share of the variance of the samples that it explains; minus infinity where it cannot stand for them at all.</param>
public sealed record SymbolicFit(SymbolicFunction Function, double Scale, double Shift, double Factor, double Offset, double R2);
