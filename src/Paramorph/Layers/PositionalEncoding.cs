namespace Paramorph.Layers;

/// <summary>Where in a sequence an element stands, as fixed functions of its place.</summary>
public static class PositionalEncoding
{
    /// <summary>
    /// Sines and cosines of the place at frequencies that fall geometrically from 1 to 1 / wavelength: [length, features] with features 2i and 2i + 1 being
    /// sin and cos of place / wavelength^(2i / features). (Vaswani et al., 2017, section 3.5.)
    /// </summary>
    /// <param name="length">Number of places.</param>
    /// <param name="features">Size of an encoding, even.</param>
    /// <param name="wavelength">The base of the frequencies.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The features are odd.</exception>
    public static Tensor Sinusoidal(int length, int features, double wavelength = 10000, ElementType type = ElementType.Float32)
    {
        var angles = Angles(length, features, wavelength, type);
        return Tensor.Stack([Tensor.Sin(angles), Tensor.Cos(angles)], -1).Reshape(length, features);
    }

    /// <summary>
    /// Pairs of features turned by an angle that grows with the place, so that inner products of queries and keys depend on their distance alone: features i
    /// and i + half make a pair. (Su et al., "RoFormer", 2021, Eq. 34.)
    /// </summary>
    /// <param name="x">[..., length, features], the features even.</param>
    /// <param name="wavelength">The base of the frequencies.</param>
    /// <exception cref="ShapeException">The features are odd, or there is no axis of places.</exception>
    public static Tensor Rotary(Tensor x, double wavelength = 10000)
    {
        if (x.Rank < 2) throw new ShapeException($"rotary encoding: {x.Type} is not [..., length, features].");
        var angles = Angles(x.Shape[^2], x.Shape[^1], wavelength, x.ElementType);
        var halves = x.Split(2, -1);
        var (cos, sin) = (Tensor.Cos(angles), Tensor.Sin(angles));
        return Tensor.Concatenate([halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin], -1);
    }

    /// <summary>place / wavelength^(2i / features): [length, features / 2].</summary>
    private static Tensor Angles(int length, int features, double wavelength, ElementType type)
    {
        if (features < 2 || features % 2 != 0) throw new ShapeException($"positional encoding: {features} features do not make pairs: their number is even.");
        double[] frequencies = [.. Enumerable.Range(0, features / 2).Select(i => Math.Pow(wavelength, -2.0 * i / features))];
        return Tensor.Arange(length, type).ExpandDims(1) * Tensor.From<double>(frequencies, [frequencies.Length]).AsType(type);
    }
}
