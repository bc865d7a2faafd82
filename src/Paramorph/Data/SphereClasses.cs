namespace Paramorph.Data;

/// <summary>Points of the positive part of a sphere whose class is drawn with a known probability that varies over the sphere, so that it is known how near a classifier is to the best one.</summary>
/// <param name="Points">The examples: f64 [n, coordinates].</param>
/// <param name="Labels">-1 or 1 of each: f64 [n].</param>
/// <param name="Asked">Points to classify: f64 [m, coordinates].</param>
/// <param name="Probabilities">The probability of the class 1 at each of them.</param>
public sealed record SphereClasses(Tensor Points, Tensor Labels, Tensor Asked, IReadOnlyList<double> Probabilities)
{
    /// <summary>Draws points, and phases of the probability, which waves between 0.25 and 0.95.</summary>
    /// <param name="key">The key.</param>
    /// <param name="examples">n.</param>
    /// <param name="asked">m.</param>
    /// <param name="coordinates">Coordinates of a point, 2 or more.</param>
    public static SphereClasses Of(Key key, int examples, int asked, int coordinates)
    {
        var made = Compile.Of((Key key) =>
        {
            var points = Tensor.Abs(Sample.Normal(key.Fold(0), [examples + asked, coordinates], ElementType.Float64));
            points /= Tensor.Sqrt(Tensor.Square(points).Sum(-1)).ExpandDims(-1);
            var phase = Sample.Uniform(key.Fold(1), [2], 0.0, 2 * Math.PI, ElementType.Float64);
            var probability = 0.6 + 0.35 * Tensor.Sin(7.0 * points[.., 0] + phase[0]) * Tensor.Cos(6.0 * points[.., 1] + phase[1]);
            var isOne = Tensor.Less(Sample.Uniform(key.Fold(2), [examples + asked], type: ElementType.Float64), probability);
            return new TreePair<Tensor, Tensor>(points, Tensor.Stack([probability, Tensor.Where(isOne, 1.0, -1.0).AsType(ElementType.Float64)]));
        });
        var (points, values) = made(key);
        return new(points[..examples].Evaluate(), values[1, ..examples].Evaluate(), points[examples..].Evaluate(), values[0, examples..].ToDoubles());
    }

    /// <summary>The probability of error of some answers less that of Bayes.</summary>
    /// <param name="areOne">Whether each of the points that are asked about is taken for the class 1.</param>
    public double ExcessError(IReadOnlyList<bool> areOne) =>
        areOne.Zip(Probabilities, (answer, probability) => answer == probability > 0.5 ? 0 : Math.Abs(2 * probability - 1)).Average();
}
