namespace Paramorph.Data;

/// <summary>
/// Classes of points in the plane whose borders are curved or broken, the usual first tasks of a classifier. Inputs are f32 [n, 2], about within
/// [-1, 1] squared before noise; examples take turns among the classes, so that these are of equal size.
/// </summary>
public static class PlanarClasses
{
    /// <summary>Two interleaved spirals (Lang and Witbrock, "Learning to tell two spirals apart", 1988), evenly along their length.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="turns">How often a spiral goes round.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    public static LabelledData TwoSpirals(Key key, int count, double turns = 1.75, double noise = 0.01) => Spirals(key, count, 2, turns, noise);

    /// <summary>Interleaved spirals, one a class.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="classes">Number of spirals.</param>
    /// <param name="turns">How often a spiral goes round.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    public static LabelledData Spirals(Key key, int count, int classes, double turns = 1.75, double noise = 0.01) =>
        Points(key, count, classes, noise, (random, label) =>
        {
            // The length of an Archimedean spiral grows about as the square of its radius.
            var radius = 0.05 + 0.95 * Math.Sqrt(random.Uniform());
            return Polar(radius, 2 * Math.PI * (turns * radius + (double)label / classes));
        });

    /// <summary>Concentric rings, one a class, the innermost a disc.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="classes">Number of rings.</param>
    /// <param name="gap">The share of the radius that is left empty between neighbours.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    public static LabelledData Rings(Key key, int count, int classes = 2, double gap = 0.3, double noise = 0.02) =>
        Points(key, count, classes, noise, (random, label) =>
        {
            var (inner, outer) = ((label + (label == 0 ? 0 : gap)) / classes, (label + 1.0) / classes);
            // Uniform in area.
            return Polar(Math.Sqrt(random.Uniform(inner * inner, outer * outer)), random.Uniform(0, 2 * Math.PI));
        });

    /// <summary>Two half moons that reach into each other.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    public static LabelledData Moons(Key key, int count, double noise = 0.06) =>
        Points(key, count, 2, noise, (random, label) =>
        {
            var (x, y) = Polar(0.6, random.Uniform(0, Math.PI));
            return label == 0 ? (x - 0.3, y - 0.15) : (0.3 - x, 0.15 - y);
        });

    /// <summary>Squares of a board in two colours, which the sides of the squares divide exactly: a square is class 0 when its row and column add to an even number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="squares">Squares along a side; 2 is the problem of exclusive disjunction.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    public static LabelledData Checkerboard(Key key, int count, int squares = 4, double noise = 0) =>
        Points(key, count, 2, noise, (random, label) =>
        {
            int row, column;
            do (row, column) = (random.Integer(squares), random.Integer(squares));
            while ((row + column) % 2 != label);
            return (2 * (column + random.Uniform()) / squares - 1, 2 * (row + random.Uniform()) / squares - 1);
        });

    private static (double X, double Y) Polar(double radius, double angle) => (radius * Math.Cos(angle), radius * Math.Sin(angle));

    private static LabelledData Points(Key key, int count, int classes, double noise, Func<KeyRandom, int, (double X, double Y)> point)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var random = new KeyRandom(key);
        return LabelledData.Filled(count, [2], (example, input) =>
        {
            var label = example % classes;
            var (x, y) = point(random, label);
            (input[0], input[1]) = ((float)random.Normal(x, noise), (float)random.Normal(y, noise));
            return label;
        });
    }
}
