namespace Paramorph.Physics;

/// <summary>
/// Helmholtz' equation u_xx + u_yy + k^2 u = q on [-1, 1]^2 with u = 0 on the edges, where q is such that u = sin(a pi x) sin(b pi y). The residual is divided
/// by (a^2 + b^2) pi^2, which makes it of the size of u.
/// </summary>
/// <param name="A">Half waves along x are 2 a: a whole number, 1 or more.</param>
/// <param name="B">The same along y.</param>
/// <param name="WaveNumber">k.</param>
public sealed record HelmholtzProblem(int A = 4, int B = 1, double WaveNumber = 1) : IFieldProblem
{
    private const int GridPoints = 101;

    /// <inheritdoc/>
    public string Name => "helmholtz";

    /// <inheritdoc/>
    public Sequence<double> Low { get; } = [-1.0, -1.0];

    /// <inheritdoc/>
    public Sequence<double> High { get; } = [1.0, 1.0];

    private double Scale => (A * A + B * B) * Math.PI * Math.PI;

    /// <summary>The solution at points [n, 2]: [n, 1].</summary>
    public Tensor Solution(Tensor points) => Tensor.Sin(A * Math.PI * points[.., ..1]) * Tensor.Sin(B * Math.PI * points[.., 1..]);

    /// <summary>What vanishes for a solution: [n, 1].</summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1], row by row.</param>
    /// <param name="points">Where: [n, 2].</param>
    public Tensor Residual(Func<Tensor, Tensor> u, Tensor points)
    {
        var (value, _, laplacian) = Taylor.Laplacian(points, u);
        var square = WaveNumber * WaveNumber;
        return (laplacian + square * value - (square - Scale) * Solution(points)) / Scale;
    }

    /// <inheritdoc/>
    public Tensor Loss(Func<Tensor, Tensor> u, Key key, int points, ElementType type = ElementType.Float32)
    {
        var keys = key.Split(2);
        var residual = Residual(u, Sample.Uniform(keys[0], [points, 2], -1.0, 1.0, type));
        var along = Sample.Uniform(keys[1], [Math.Max(1, points / 4), 1], -1.0, 1.0, type);
        var end = Tensor.OnesLike(along);
        Tensor[] edges = [Tensor.Concatenate([along, end], 1), Tensor.Concatenate([along, -end], 1), Tensor.Concatenate([end, along], 1), Tensor.Concatenate([-end, along], 1)];
        return Tensor.Square(residual).Mean() + Tensor.Square(u(Tensor.Concatenate(edges, 0))).Mean();
    }

    /// <inheritdoc/>
    public double RelativeError(Func<Tensor, Tensor> u)
    {
        var line = Enumerable.Range(0, GridPoints).Select(i => 2.0 * i / (GridPoints - 1) - 1).ToArray();
        var points = Tensor.From<float>([.. line.SelectMany(y => line.SelectMany(x => new[] { (float)x, (float)y }))], [line.Length * line.Length, 2]);
        return Training.Metric.RelativeL2(u(points).AsType(ElementType.Float64), Solution(points.AsType(ElementType.Float64))).Item();
    }
}
