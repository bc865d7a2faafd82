namespace Paramorph.Data;

/// <summary>Images of one plane shape each, at a random place, size, angle and colour, on a ground of another colour.</summary>
public static class ShapeImages
{
    /// <summary>The names of the classes, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["circle", "square", "triangle", "star", "cross", "ring"];

    // Of about the same area, so that the count of pixels does not tell the class.
    private static readonly SignedDistance[] Shapes =
    [
        SignedDistance.Ball(2, 0.56),
        SignedDistance.Box(0.5, 0.5),
        SignedDistance.Polygon((-0.76, -0.44), (0.76, -0.44), (0, 0.88)),
        SignedDistance.Star(5, 0.95, 0.38),
        SignedDistance.Box(0.8, 0.19).Union(SignedDistance.Box(0.19, 0.8)),
        SignedDistance.Ball(2, 0.56).Shell(0.28),
    ];

    /// <summary>Images, the classes in turn.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="size">Pixels along a side.</param>
    /// <param name="classes">How many of <see cref="Names"/>, from the first on.</param>
    /// <param name="noise">The standard deviation of the noise of a pixel and channel.</param>
    /// <returns>Red, green and blue in [0, 1]: f32 [n, 3, size, size].</returns>
    public static LabelledData Of(Key key, int count, int size = 32, int classes = 6, double noise = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, Shapes.Length);
        var random = new KeyRandom(key);
        return LabelledData.Filled(count, [3, size, size], (example, image) =>
        {
            var label = example % classes;
            Draw(random.Split(), Shapes[label], image, size, noise);
            return label;
        });
    }

    private static void Draw(KeyRandom random, SignedDistance shape, Span<float> image, int size, double noise)
    {
        var scale = size * random.Uniform(0.2, 0.4);
        var margin = 0.9 * scale;
        var placed = shape.Scaled(scale).Turned(random.Uniform(0, 2 * Math.PI))
            .Moved(random.Uniform(margin, size - margin), random.Uniform(margin, size - margin));
        var (ground, colour) = (Colour(random), Colour(random));
        // Colours that can be told apart.
        while (ground.Zip(colour, (a, b) => Math.Abs(a - b)).Sum() < 0.6) colour = Colour(random);
        for (var p = 0; p < size * size; p++)
        {
            var covered = Math.Clamp(0.5 - placed.At(p % size + 0.5, p / size + 0.5), 0, 1);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = ground[channel] + covered * (colour[channel] - ground[channel]);
                image[channel * size * size + p] = (float)Math.Clamp(random.Normal(value, noise), 0, 1);
            }
        }
    }

    private static double[] Colour(KeyRandom random) => [random.Uniform(), random.Uniform(), random.Uniform()];
}
