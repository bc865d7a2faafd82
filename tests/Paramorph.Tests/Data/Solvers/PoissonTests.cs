using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class PoissonTests
{
    [Theory]
    [InlineData(EdgeCondition.Dirichlet)]
    [InlineData(EdgeCondition.Neumann)]
    [InlineData(EdgeCondition.Periodic)]
    public void The_five_point_formula_is_of_second_order(EdgeCondition edge)
    {
        // Eigenfunctions of each edge condition on the unit square: -Laplacian u = frequency^2 (1 + 4) u.
        var frequency = edge == EdgeCondition.Periodic ? 2 * Math.PI : Math.PI;
        double Wave(double x) => edge == EdgeCondition.Neumann ? Math.Cos(x) : Math.Sin(x);
        double Error(int n)
        {
            var exact = Tensor.From<double>(
                [.. Enumerable.Range(0, n * n).Select(p => Wave(frequency * (p % n + 0.5) / n) * Wave(2 * frequency * (p / n + 0.5) / n))], [n, n]);
            var right = (exact * (5 * frequency * frequency / n / n)).Evaluate();
            return Convergence.RelativeError(exact, Poisson.Matrix(Tensor.Ones([n, n], ElementType.Bool), edge).Solve(right));
        }
        Assert.InRange(Convergence.Order(Error, 16), 1.8, 2.2);
    }

    [Fact]
    public void A_right_hand_side_is_zero_in_obstacles_and_has_mean_zero()
    {
        var isFree = Poisson.RandomObstacles(Key.Of(1), 20, 30, 4);
        Assert.InRange(isFree.ToDoubles().Sum(), 300, 595);
        var right = Poisson.RandomRightHandSides(Key.Of(2), isFree, 3);
        Expect.Close(Tensor.Zeros([3], ElementType.Float64), right.Sum(1, 2), 1e-10);
        Expect.Close(right, Tensor.Where(isFree, right, 0.0), 0);
    }

    [Fact]
    public void What_obstacles_cut_off_belongs_to_them()
    {
        // Twenty obstacles on 24 x 24 cells leave several parts in most domains. With walls, each closed part alone would be singular.
        for (var seed = 0; seed < 20; seed++)
        {
            var isFree = Poisson.RandomObstacles(Key.Of(seed), 24, 24, 20);
            var isFreeOf = isFree.ToDoubles();
            var reached = new double[isFreeOf.Length];
            reached[Array.IndexOf(isFreeOf, 1.0)] = 1;
            for (var sum = 0.0; sum < reached.Sum();)
            {
                sum = reached.Sum();
                for (var p = 0; p < reached.Length; p++)
                    if (isFreeOf[p] == 1 && Around(p).Any(q => reached[q] == 1)) reached[p] = 1;
            }
            Assert.Equal(isFreeOf, reached);
        }

        static IEnumerable<int> Around(int p)
        {
            if (p >= 24) yield return p - 24;
            if (p < 23 * 24) yield return p + 24;
            if (p % 24 > 0) yield return p - 1;
            if (p % 24 < 23) yield return p + 1;
        }
    }

    [Fact]
    public void The_solution_vanishes_in_obstacles()
    {
        var isFree = Poisson.RandomObstacles(Key.Of(3), 16, 16, 2);
        var solution = Poisson.Matrix(isFree).Solve(Poisson.RandomRightHandSides(Key.Of(4), isFree, 1));
        Expect.Close(solution, Tensor.Where(isFree, solution, 0.0), 0);
    }
}
