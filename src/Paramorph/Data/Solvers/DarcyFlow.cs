namespace Paramorph.Data.Solvers;

/// <summary>
/// The pressure of a flow through a porous plate, -div(a grad u) = f on the unit square, by finite volumes: n by n cells with a permeability each, flux
/// between neighbours by the harmonic mean of theirs, which is exact for layers; second order for smooth coefficients.
/// </summary>
public static class DarcyFlow
{
    /// <summary>The matrix of the discretisation: A u = f h^2 for cells of side h = 1 / n.</summary>
    /// <param name="permeability">a, positive, at the centres of the cells: f64 [n, n].</param>
    /// <param name="edge">What holds at the edge; u is 0 at the edge itself, half a cell from the centres.</param>
    public static FivePointMatrix Matrix(Tensor permeability, EdgeCondition edge = EdgeCondition.Dirichlet)
    {
        if (permeability.ElementType != ElementType.Float64 || permeability.Rank != 2 || permeability.Shape[0] != permeability.Shape[1])
            throw new ShapeException($"darcy flow: permeability {permeability.Type} is no square of cells: it is f64[n, n].");
        return CellMatrix.Of(permeability, edge);
    }

    /// <summary>The pressures for permeabilities.</summary>
    /// <param name="permeability">a, positive: f64 [batch, n, n].</param>
    /// <param name="source">f, one for all: f64 [n, n]; 1 everywhere when null, which a periodic plate does not take: its f has mean 0.</param>
    /// <param name="edge">What holds at the edge.</param>
    /// <returns>u at the centres of the cells: f64 [batch, n, n].</returns>
    /// <exception cref="EvaluationException">A permeability is not positive, or nothing holds the pressure and f has another mean than 0.</exception>
    public static Tensor Solve(Tensor permeability, Tensor? source = null, EdgeCondition edge = EdgeCondition.Dirichlet)
    {
        if (permeability.Rank != 3) throw new ShapeException($"darcy flow: permeabilities {permeability.Type} are no batch of squares: f64[batch, n, n].");
        var (count, n) = (permeability.Shape[0], permeability.Shape[^1]);
        var (a, f) = (permeability.ToArray<double>(), source?.ToArray<double>());
        double[] right = [.. Enumerable.Range(0, n * n).Select(p => (f?[p] ?? 1) / ((double)n * n))];
        var pressures = new double[a.Length];
        Parallel.For(0, count, i =>
        {
            var matrix = Matrix(Tensor.From(a.AsSpan(i * n * n, n * n), [n, n]), edge);
            new ConjugateGradients(matrix).Solve(right, pressures.AsSpan(i * n * n, n * n), 1e-10);
        });
        return Tensor.From(pressures, permeability.Shape);
    }

    /// <summary>
    /// Plates of two materials and their pressures: the permeability is 12 where a <see cref="GaussianRandomField"/> is positive and 3 elsewhere.
    /// (Li et al., "Fourier neural operator for parametric partial differential equations", 2021, section 5.2.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    /// <param name="n">Cells along a side.</param>
    /// <param name="source">f, see <see cref="Solve"/>.</param>
    /// <param name="edge">What holds at the edge; of periodic plates the field is periodic, too.</param>
    /// <returns>Permeability and pressure, f64 [count, n, n] each.</returns>
    public static OperatorData TwoMaterials(Key key, int count, int n, Tensor? source = null, EdgeCondition edge = EdgeCondition.Dirichlet) =>
        From(key, count, n, x => Tensor.Where(Tensor.Greater(x, 0.0), 12.0, Tensor.Full(x.Shape, 3, ElementType.Float64)), source, edge);

    /// <summary>Plates whose permeability is the exponential of a <see cref="GaussianRandomField"/>, and their pressures for f = 1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    /// <param name="n">Cells along a side.</param>
    /// <param name="contrast">What multiplies the field, whose standard deviation is about 0.4, before the exponential.</param>
    /// <returns>Permeability and pressure, f64 [count, n, n] each.</returns>
    public static OperatorData LogNormal(Key key, int count, int n, double contrast = 2) =>
        From(key, count, n, x => Tensor.Exp(contrast * x), null, EdgeCondition.Dirichlet);

    private static OperatorData From(Key key, int count, int n, Func<Tensor, Tensor> permeability, Tensor? source, EdgeCondition edge)
    {
        var fields = new GaussianRandomField(2, 3, 3) { HasConstant = false };
        var a = Compile.Of(permeability)(edge == EdgeCondition.Periodic ? fields.Periodic(key, count, [n, n]) : fields.ZeroSlope(key, count, [n, n]));
        return new(a, Solve(a, source, edge));
    }
}
