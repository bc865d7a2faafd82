namespace Paramorph.Data.Solvers;

/// <summary>The method of Hestenes and Stiefel for a <see cref="FivePointMatrix"/>, in arrays.</summary>
internal sealed class ConjugateGradients
{
    private readonly int width;
    private readonly double[] diagonal;
    private readonly double[] east;
    private readonly double[] south;

    /// <summary>Whether rows add to zero, so that constants are in the kernel.</summary>
    private readonly bool isSingular;

    public ConjugateGradients(FivePointMatrix matrix)
    {
        width = matrix.Diagonal.Shape[1];
        (diagonal, east, south) = (matrix.Diagonal.ToArray<double>(), matrix.East.ToArray<double>(), matrix.South.ToArray<double>());
        var (ones, sums) = (new double[diagonal.Length], new double[diagonal.Length]);
        Array.Fill(ones, 1);
        Apply(ones, sums);
        isSingular = sums.Select((s, p) => Math.Abs(s) <= 1e-12 * diagonal[p]).All(x => x);
    }

    /// <summary>Writes the solution of A u = b.</summary>
    public void Solve(ReadOnlySpan<double> b, Span<double> u, double tolerance)
    {
        var size = diagonal.Length;
        double[] residual = b.ToArray(), z = new double[size], direction = new double[size], image = new double[size];
        u.Clear();
        var (goal, product) = (tolerance * Math.Sqrt(Dot(residual, residual)), 0.0);
        for (var iteration = 0; Math.Sqrt(Dot(residual, residual)) > goal; iteration++)
        {
            if (iteration > 20 * size + 100) throw Failure(iteration);
            for (var p = 0; p < size; p++) z[p] = residual[p] / diagonal[p];
            var (before, now) = (product, Dot(residual, z));
            product = now;
            var beta = iteration == 0 ? 0 : now / before;
            for (var p = 0; p < size; p++) direction[p] = z[p] + beta * direction[p];
            Apply(direction, image);
            var step = now / Dot(direction, image);
            if (!double.IsFinite(step)) throw Failure(iteration);
            for (var p = 0; p < size; p++) u[p] += step * direction[p];
            for (var p = 0; p < size; p++) residual[p] -= step * image[p];
        }
        if (isSingular) RemoveMean(u);
    }

    /// <summary>Writes A u.</summary>
    public void Apply(ReadOnlySpan<double> u, Span<double> image)
    {
        for (var p = 0; p < image.Length; p++) image[p] = diagonal[p] * u[p];
        for (var row = 0; row < image.Length; row += width)
        {
            var below = row + width == image.Length ? 0 : row + width;
            for (var column = 0; column < width; column++)
            {
                var (p, right, down) = (row + column, row + (column + 1 == width ? 0 : column + 1), below + column);
                image[p] -= east[p] * u[right] + south[p] * u[down];
                image[right] -= east[p] * u[p];
                image[down] -= south[p] * u[p];
            }
        }
    }

    /// <summary>The sum of products.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void RemoveMean(Span<double> u)
    {
        var mean = 0.0;
        foreach (var x in u) mean += x / u.Length;
        foreach (ref var x in u) x -= mean;
    }

    private static EvaluationException Failure(int iterations) => new(
        $"conjugate gradients do not converge within {iterations} steps: the matrix must be positive, and a right-hand side have mean 0 where no point is held.");
}
