using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class HelmholtzTests
{
    [Fact]
    public void A_manufactured_solution_is_found_from_its_source()
    {
        var problem = new Helmholtz(1);
        var points = Helmholtz.Points(20).ToArray<double>();
        Tensor Table(Func<double, double, double> f) => Tensor.From<double>([.. points.SelectMany(y => points.Select(x => f(x, y)))], [20, 20]);
        var solved = problem.Solve(Table((x, y) => problem.Source(1, 4, x, y)));
        Expect.Close(Table((x, y) => Helmholtz.Solution(1, 4, x, y)), solved, 1e-12);
    }

    [Fact]
    public void A_source_of_any_form_satisfies_the_equation_by_differences()
    {
        const int N = 127;
        var problem = new Helmholtz(3);
        var points = Helmholtz.Points(N).ToArray<double>();
        double Bump(double x) => Math.Pow(1 - x * x, 4);
        var q = Tensor.From<double>([.. points.SelectMany(y => points.Select(x => Bump(x) * Bump(y) * Math.Exp(x)))], [N, N]);
        var u = problem.Solve(q).Pad([(1, 1), (1, 1)]);
        var h = 2.0 / (N + 1);
        var middle = u[1..^1, 1..^1];
        var laplacian = (u[..^2, 1..^1] + u[2.., 1..^1] + u[1..^1, ..^2] + u[1..^1, 2..] - 4.0 * middle) / (h * h);
        Expect.Close(q, laplacian + 9.0 * middle, 5e-3);
    }

    [Fact]
    public void A_resonance_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Helmholtz(Math.PI / Math.Sqrt(2)).Solve(Tensor.Ones([4, 4], ElementType.Float64)));
}
