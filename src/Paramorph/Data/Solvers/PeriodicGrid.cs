using System.Numerics;

namespace Paramorph.Data.Solvers;

/// <summary>Equally spaced points of a periodic interval [left, left + length): the right end is the left one.</summary>
/// <param name="Count">Number of points n.</param>
/// <param name="Length">The period.</param>
/// <param name="Left">The first point.</param>
public readonly record struct PeriodicGrid(int Count, double Length, double Left = 0)
{
    /// <summary>The distance of neighbouring points.</summary>
    public double Spacing => Length / Count;

    /// <summary>The points: f64 [n].</summary>
    public Tensor Points() => Tensor.From(PointArray());

    /// <summary>A function at the points: f64 [n].</summary>
    public Tensor Sample(Func<double, double> f) => Tensor.From(Array.ConvertAll(PointArray(), x => f(x)));

    /// <summary>Functions at any places, by their trigonometric interpolation: exact for functions without waves shorter than two spacings.</summary>
    /// <param name="values">At the points of the grid: f64 [..., n].</param>
    /// <param name="places">Where.</param>
    /// <returns>f64 [..., places].</returns>
    public Tensor Interpolate(Tensor values, IReadOnlyList<double> places)
    {
        var (left, waves) = (Left, WaveNumbers());
        var phases = Tensor.From<double>([.. waves.SelectMany(k => places.Select(x => k * (x - left)))], [waves.Length, places.Count]);
        // All modes stand for themselves and their conjugates, but for the mean and the shortest wave of an even grid.
        var weights = Tensor.From<double>([.. waves.Select((_, i) => i == 0 || 2 * i == values.Shape[^1] ? 1.0 : 2.0)]) / Count;
        var modes = Compile.Of((Tensor values) => (Tensor.Real(Fourier.Rfft(values)) * weights, Tensor.Imaginary(Fourier.Rfft(values)) * weights))(values);
        return (modes.Item1.Dot(Tensor.Cos(phases)) - modes.Item2.Dot(Tensor.Sin(phases))).Evaluate();
    }

    /// <summary>The wave numbers 2 pi k / length of the real transform, k = 0 to n / 2.</summary>
    internal double[] WaveNumbers()
    {
        var length = Length;
        return [.. Enumerable.Range(0, Count / 2 + 1).Select(k => 2 * Math.PI * k / length)];
    }

    /// <summary>
    /// i k for each mode of the real transform, which differentiates; zero for the mode n / 2 of an even n, whose derivative cannot be told.
    /// </summary>
    internal Complex[] Derivative()
    {
        Complex[] derivative = [.. WaveNumbers().Select(k => new Complex(0, k))];
        if (Count % 2 == 0) derivative[^1] = 0;
        return derivative;
    }

    /// <summary>1 for the lower two thirds of the modes and 0 above: products of two such functions have no aliases among them.</summary>
    internal double[] TwoThirds()
    {
        var count = Count;
        return [.. Enumerable.Range(0, Count / 2 + 1).Select(k => 3 * k < count ? 1.0 : 0.0)];
    }

    private double[] PointArray()
    {
        var (left, spacing) = (Left, Spacing);
        return [.. Enumerable.Range(0, Count).Select(i => left + i * spacing)];
    }
}
