namespace Paramorph.Data;

/// <summary>Points of the unit circle, and at each the value of a sum of waves of random phases: what networks learn of it tells frequency by frequency what they learn first.</summary>
/// <param name="Points">f32 [n, 2].</param>
/// <param name="Targets">f32 [n].</param>
public sealed record CircleWaves(Tensor Points, Tensor Targets)
{
    /// <summary>Points at random angles, with waves of the frequencies from 1 to a degree, of one amplitude and together of the mean square 1.</summary>
    /// <param name="key">Draws angles and phases.</param>
    /// <param name="count">n.</param>
    /// <param name="degree">The highest frequency.</param>
    public static CircleWaves Scattered(Key key, int count, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        var random = new KeyRandom(key);
        double[] Angles(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * Math.PI * random.Uniform())];
        var (angles, phases) = (Angles(count), Angles(degree));
        double Value(double angle) => Math.Sqrt(2.0 / degree) * phases.Select((phase, k) => Math.Cos((k + 1) * angle + phase)).Sum();
        return new(
            Tensor.From([.. angles.SelectMany(angle => (float[])[(float)Math.Cos(angle), (float)Math.Sin(angle)])], [count, 2]), Tensor.From(angles.Select(angle => (float)Value(angle)).ToArray()));
    }

    /// <summary>Points at equal distances, beginning with (1, 0), with waves of given frequencies, all of the amplitude 1.</summary>
    /// <param name="key">Draws phases.</param>
    /// <param name="count">n.</param>
    /// <param name="frequencies">Periods on the circle.</param>
    public static CircleWaves Even(Key key, int count, IReadOnlyList<int> frequencies)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        var angles = Tensor.Arange(count, ElementType.Float64) * (2 * Math.PI / count);
        var phases = Sample.Uniform(key, [frequencies.Count], 0, 2 * Math.PI, ElementType.Float64);
        var waves = Tensor.Cos(angles.ExpandDims(1) * Tensor.From(frequencies.Select(k => (double)k).ToArray()) + phases).Sum(1);
        return new(Tensor.Stack([Tensor.Cos(angles), Tensor.Sin(angles)], 1).AsType(ElementType.Float32).Evaluate(), waves.AsType(ElementType.Float32).Evaluate());
    }
}
