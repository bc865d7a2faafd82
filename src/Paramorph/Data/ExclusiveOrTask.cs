namespace Paramorph.Data;

/// <summary>
/// Exclusive disjunction between four clusters, made separable by a degree (<see cref="GaussianClusters.ExclusiveOr"/>): noisy examples, and the centres by which representations are
/// measured. Coordinates are of order 1.
/// </summary>
/// <param name="Separability">The share of the centres' variance that lies along the label.</param>
/// <param name="Inputs">f32 [examples, dimensions].</param>
/// <param name="Labels">0 or 1: f32 [examples].</param>
/// <param name="Centres">The means of the clusters: f32 [4, dimensions].</param>
public sealed record ExclusiveOrTask(double Separability, Tensor Inputs, Tensor Labels, Tensor Centres)
{
    private static readonly Tensor directions = Tensor.From(new[,] { { -1.0, 1, -1, 1 }, { 1.0, 1, -1, -1 } });

    /// <summary>The classes of the four clusters.</summary>
    public static IReadOnlyList<bool> Classes { get; } = [false, true, false, true];

    /// <summary>Draws a task. The same key gives the same directions, whatever the separability and the noise.</summary>
    /// <param name="key">The key.</param>
    /// <param name="examples">How many, equally many of each cluster.</param>
    /// <param name="dimensions">Coordinates of the inputs, 3 or more.</param>
    /// <param name="separability">In [0, 1]: at 0 no line separates the classes.</param>
    /// <param name="noise">The length of the noise as a part of the length of a centre.</param>
    /// <exception cref="ArgumentOutOfRangeException">The separability lies outside [0, 1], or there are fewer than 3 dimensions.</exception>
    public static ExclusiveOrTask Of(Key key, int examples, int dimensions, double separability, double noise)
    {
        LabelledData Draw(int count, double noise) => GaussianClusters.ExclusiveOr(key, count, dimensions, separability, noise);
        var (data, centres, scale) = (Draw(examples, noise), Draw(4, 0), Math.Sqrt(dimensions));
        return new(separability, (scale * data.Inputs).Evaluate(), data.Labels.AsType(ElementType.Float32).Evaluate(), (scale * centres.Inputs).Evaluate());
    }

    /// <summary>
    /// Vectors of the inputs' space, such as weights of neurons, in the plane of two orthonormal directions: X along the labels, Y within the classes. There is none at a
    /// separability of 0.
    /// </summary>
    /// <param name="vectors">[dimensions, n].</param>
    public (double X, double Y)[] Plane(Tensor vectors)
    {
        var sums = directions.Dot(Centres.AsType(ElementType.Float64));
        var places = (sums / sums.Norm(2, -1).ExpandDims(-1)).Dot(vectors.AsType(ElementType.Float64)).ToDoubles();
        var count = places.Length / 2;
        return [.. places.Take(count).Zip(places.Skip(count))];
    }
}
