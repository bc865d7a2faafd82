namespace Paramorph.Data;

/// <summary>Normal clouds around centres in any number of dimensions. Inputs are f32 [n, dimensions]; examples take turns among the clusters.</summary>
public static class GaussianClusters
{
    /// <summary>Clusters around centres that are themselves normal with variance 1 in every coordinate, one a class.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="dimensions">Number of coordinates.</param>
    /// <param name="classes">Number of clusters.</param>
    /// <param name="deviation">The standard deviation within a cluster, in every coordinate.</param>
    public static LabelledData Of(Key key, int count, int dimensions, int classes, double deviation = 0.3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var random = new KeyRandom(key);
        var centres = Enumerable.Range(0, classes).Select(_ => Normals(random, dimensions)).ToArray();
        return Around(random, count, centres, [.. Enumerable.Range(0, classes)], deviation);
    }

    /// <summary>
    /// Two classes in four clusters, from exclusive disjunction to linear separation. Cluster (a, b), with signs a and b, belongs to class 1 where
    /// ab = -1; its centre is sqrt((1 - s) / 2) (a, b) along two directions and sqrt(s) ab along a third: at s = 0 no line separates the classes, at
    /// s = 1 the inputs are the labels. The directions are random and orthonormal; centres have length 1. (After the tasks of Alleman et al., "Task
    /// structure and nonlinearity jointly determine learned representational geometry", 2024.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="dimensions">Number of coordinates, at least 3.</param>
    /// <param name="separability">s, in [0, 1]: the share of the centres' variance that lies along the label.</param>
    /// <param name="deviation">The length of the noise: its standard deviation is that over the square root of the dimensions in every coordinate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The separability lies outside [0, 1], or there are fewer than 3 dimensions.</exception>
    public static LabelledData ExclusiveOr(Key key, int count, int dimensions, double separability, double deviation = 0.3)
    {
        if (separability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(separability), separability, "the separability is a share of variance, in [0, 1].");
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 3);
        var random = new KeyRandom(key);
        var frame = Orthonormal(random, 3, dimensions);
        var (plane, along) = (Math.Sqrt((1 - separability) / 2), Math.Sqrt(separability));
        double[] Centre(int a, int b) =>
            [.. Enumerable.Range(0, dimensions).Select(i => plane * (a * frame[0][i] + b * frame[1][i]) + along * a * b * frame[2][i])];
        double[][] centres = [Centre(1, 1), Centre(1, -1), Centre(-1, -1), Centre(-1, 1)];
        return Around(random, count, centres, [0, 1, 0, 1], deviation / Math.Sqrt(dimensions));
    }

    private static LabelledData Around(KeyRandom random, int count, double[][] centres, int[] classes, double deviation) =>
        LabelledData.Filled(count, [centres[0].Length], (example, input) =>
        {
            var cluster = example % centres.Length;
            for (var i = 0; i < input.Length; i++) input[i] = (float)random.Normal(centres[cluster][i], deviation);
            return classes[cluster];
        });

    private static double[] Normals(KeyRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Normal())];

    /// <summary>Random vectors made orthonormal by the process of Gram and Schmidt.</summary>
    private static double[][] Orthonormal(KeyRandom random, int count, int dimensions)
    {
        var vectors = new double[count][];
        for (var n = 0; n < count; n++)
        {
            var v = Normals(random, dimensions);
            foreach (var other in vectors[..n])
            {
                var along = v.Zip(other, (x, y) => x * y).Sum();
                v = [.. v.Zip(other, (x, y) => x - along * y)];
            }
            var length = Math.Sqrt(v.Sum(x => x * x));
            vectors[n] = [.. v.Select(x => x / length)];
        }
        return vectors;
    }
}
