namespace Paramorph.Data.Solvers;

/// <summary>
/// Linear systems with a <see cref="FivePointMatrix"/> solved along directions that a given function proposes: each is made conjugate to some directions
/// before it, and followed as far as the error in the norm of A falls. Of the residual itself these are conjugate gradients, of a symmetric
/// preconditioner's answer preconditioned ones, and of a network's answer the method of Kaneda et al., "A deep conjugate direction method for iteratively
/// solving linear systems", 2023, Algorithm 1.
/// </summary>
public static class ConjugateDirections
{
    /// <summary>Solves A u = b from u = 0.</summary>
    /// <param name="matrix">A, positive.</param>
    /// <param name="right">b: f64 [rows, columns].</param>
    /// <param name="direction">From the residual, scaled to a root mean square of 1, to a direction: f64 [rows, columns] each.</param>
    /// <param name="tolerance">The residual's norm over that of b at which to stop.</param>
    /// <param name="memory">To how many directions before it each is made conjugate; one is enough where the proposals are those of a symmetric positive matrix.</param>
    /// <param name="limit">The most iterations.</param>
    /// <returns>u: f64 [rows, columns], and the norm of the residual over that of b before the first and after each iteration.</returns>
    /// <exception cref="ShapeException">b does not fit the matrix.</exception>
    /// <exception cref="EvaluationException">A direction is not finite or 0.</exception>
    public static (Tensor Solution, IReadOnlyList<double> Residuals) Solve(
        FivePointMatrix matrix, Tensor right, Func<Tensor, Tensor> direction, double tolerance, int memory = 2, int limit = 10_000)
    {
        if (right.ElementType != ElementType.Float64 || right.Shape != matrix.Diagonal.Shape)
            throw new ShapeException($"conjugate directions: a right-hand side {right.Type} does not fit: it is f64{matrix.Diagonal.Shape}.");
        var product = new ConjugateGradients(matrix);
        var residual = right.ToArray<double>();
        var (solution, scaled, start) = (new double[residual.Length], new double[residual.Length], Norm(residual));
        var before = new Queue<(double[] Direction, double[] Image, double Energy)>();
        List<double> residuals = [1];
        while (start > 0 && residuals[^1] > tolerance && residuals.Count <= limit)
        {
            var scale = Math.Sqrt(residual.Length) / Norm(residual);
            for (var p = 0; p < residual.Length; p++) scaled[p] = scale * residual[p];
            var (step, image) = (direction(Tensor.From<double>(scaled, right.Shape)).ToArray<double>(), new double[residual.Length]);
            foreach (var old in before) Add(step, -ConjugateGradients.Dot(step, old.Image) / old.Energy, old.Direction);
            product.Apply(step, image);
            var energy = ConjugateGradients.Dot(step, image);
            var length = ConjugateGradients.Dot(residual, step) / energy;
            if (!double.IsFinite(length)) throw new EvaluationException($"conjugate directions: direction {residuals.Count} is not finite or 0.");
            Add(solution, length, step);
            Add(residual, -length, image);
            residuals.Add(Norm(residual) / start);
            before.Enqueue((step, image, energy));
            if (before.Count > memory) before.Dequeue();
        }
        return (Tensor.From(solution, right.Shape), residuals);
    }

    private static double Norm(double[] x) => Math.Sqrt(ConjugateGradients.Dot(x, x));

    private static void Add(double[] sum, double factor, double[] term)
    {
        for (var p = 0; p < sum.Length; p++) sum[p] += factor * term[p];
    }
}
