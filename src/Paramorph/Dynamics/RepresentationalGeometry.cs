namespace Paramorph.Dynamics;

/// <summary>
/// How a layer's answers to a set of conditions (inputs, or the means of clusters of them) lie to each other. A representation is [conditions, features], its
/// kernel Z Zᵀ. (Measures of Alleman et al., "Task structure and nonlinearity jointly determine learned representational geometry", 2024.)
/// </summary>
public static class RepresentationalGeometry
{
    /// <summary>The most pairs among whose orders <see cref="ParallelismScore"/> seeks.</summary>
    private const int MostPairs = 6;

    /// <summary>The kernel Z Zᵀ of inner products: [..., conditions, features] gives [..., conditions, conditions].</summary>
    public static Tensor Kernel(Tensor representation) => Tensor.MatMul(representation, representation.T);

    /// <summary>
    /// The cosine of the angle between two kernels after the mean of the features is taken from each: 1 where one geometry is the other up to rotation, shift
    /// and scale, 0 where they have nothing in common or where one of them is a point. (Cortes et al., "Algorithms for learning kernels based on centered
    /// alignment", 2012, Definition 4.)
    /// </summary>
    /// <param name="first">[..., conditions, conditions], symmetric and positive semidefinite.</param>
    /// <param name="second">Of the same shape.</param>
    /// <returns>[...], from 0 to 1.</returns>
    /// <exception cref="ShapeException">They are not square matrices of one size.</exception>
    public static Tensor CentredAlignment(Tensor first, Tensor second)
    {
        if (first.Rank < 2 || first.Shape != second.Shape || first.Shape[^1] != first.Shape[^2])
            throw new ShapeException($"centred alignment: {first.Type} and {second.Type} are not kernels [..., conditions, conditions] of the same conditions.");
        var (a, b) = (Centred(first), Centred(second));
        return Quotient((a * b).Sum(-1, -2), Tensor.Sqrt((a * a).Sum(-1, -2) * (b * b).Sum(-1, -2)));
    }

    /// <summary>
    /// Whether the two sides of a dichotomy differ by the same step wherever they are compared: the mean cosine between the differences of paired conditions, for
    /// the pairing in which it is largest. 1 where a line that tells the sides of one pair tells those of all, so that what is learned of some conditions holds for
    /// the others. (Bernardi et al., "The geometry of abstraction in the hippocampus and prefrontal cortex", 2020.)
    /// </summary>
    /// <param name="representation">[conditions, features].</param>
    /// <param name="sides">The side of each condition; both sides have equally many, from 2 to 6.</param>
    /// <returns>A scalar from -1 to 1.</returns>
    /// <exception cref="ShapeException">The representation is no matrix with a row for each condition.</exception>
    /// <exception cref="ArgumentException">The sides are of different size, or have fewer than 2 or more than 6 conditions.</exception>
    public static Tensor ParallelismScore(Tensor representation, IReadOnlyList<bool> sides)
    {
        if (representation.Rank != 2 || representation.Shape[0] != sides.Count)
            throw new ShapeException($"parallelism score: {representation.Type} is not a representation [conditions, features] of the {sides.Count} conditions with a side.");
        int[] Side(bool side) => [.. Enumerable.Range(0, sides.Count).Where(condition => sides[condition] == side)];
        var (one, other) = (Side(true), Side(false));
        if (one.Length != other.Length || one.Length is < 2 or > MostPairs)
            throw new ArgumentException($"the dichotomy has {one.Length} and {other.Length} conditions on its sides; there must be equally many, from 2 to {MostPairs}.", nameof(sides));
        var pairs = one.Length;
        var steps = (representation[Tensor.From(one)].ExpandDims(1) - representation[Tensor.From(other)]).Reshape(pairs * pairs, representation.Shape[1]);
        var directions = Quotient(steps, steps.Norm(2, -1).ExpandDims(-1));
        return PairingWeights(pairs).AsType(representation.ElementType).Dot(Kernel(directions).Reshape(-1)).Max();
    }

    /// <summary>
    /// How far features answer to single conditions: the largest deviation of a feature from its mean over the conditions, as a part of the largest that its
    /// variance allows; the mean over the features, weighted by their standard deviations. 1 where each feature tells one condition from all others; 1 / sqrt(m - 1)
    /// where each tells one half of the m conditions from the other.
    /// </summary>
    /// <param name="representation">[..., conditions, features], of two conditions or more.</param>
    /// <returns>[...]; 0 where nothing varies.</returns>
    public static Tensor Selectivity(Tensor representation)
    {
        var conditions = representation.Shape[^2];
        var deviations = representation - representation.Mean(-2).ExpandDims(-2);
        var lengths = deviations.Norm(2, -2);
        return Quotient(Tensor.Abs(deviations).Max(-2).Sum(-1), lengths.Sum(-1) * Math.Sqrt((conditions - 1.0) / conditions));
    }

    private static Tensor Centred(Tensor kernel) =>
        kernel - kernel.Mean(-1).ExpandDims(-1) - kernel.Mean(-2).ExpandDims(-2) + kernel.Mean(-1, -2).ExpandDims(-1).ExpandDims(-1);

    private static Tensor Quotient(Tensor part, Tensor whole) => part / Tensor.Where(Tensor.Equal(whole, 0.0), 1.0, whole);

    /// <summary>For each pairing, which entries of the kernel of all n² directions are averaged: [n!, n² n²].</summary>
    private static Tensor PairingWeights(int pairs)
    {
        int[][] pairings = [.. Permutations([.. Enumerable.Range(0, pairs)])];
        var (directions, weight) = (pairs * pairs, 2.0 / (pairs * (pairs - 1)));
        var weights = new double[pairings.Length * directions * directions];
        foreach (var (pairing, row) in pairings.Select((pairing, row) => (pairing, row)))
            for (var i = 0; i < pairs; i++)
                for (var j = 0; j < i; j++) weights[(row * directions + i * pairs + pairing[i]) * directions + j * pairs + pairing[j]] = weight;
        return Tensor.From(weights, [pairings.Length, directions * directions]);
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
