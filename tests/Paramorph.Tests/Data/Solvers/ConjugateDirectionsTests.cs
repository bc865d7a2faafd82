using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class ConjugateDirectionsTests
{
    private static readonly FivePointMatrix Matrix = Poisson.Matrix(Poisson.RandomObstacles(Key.Of(1), 9, 7, 2), obstacle: EdgeCondition.Neumann);

    private static readonly Tensor Right = Sample.Normal(Key.Of(2), [9, 7], ElementType.Float64).Evaluate();

    [Fact]
    public void Along_the_residual_it_is_the_method_of_conjugate_gradients()
    {
        var (solution, residuals) = ConjugateDirections.Solve(Matrix, Right, residual => residual, tolerance: 0, memory: 1, limit: 5);
        // Of all vectors in the space of b, A b, ..., the solution after five iterations has the smallest error in the norm of A.
        var powers = new List<Tensor> { Right };
        while (powers.Count < 5) powers.Add(Matrix.Apply(powers[^1]).Evaluate());
        var basis = Tensor.Stack([.. powers.Select(power => power.Reshape(63))], 1);
        var images = Tensor.Stack([.. powers.Select(power => Matrix.Apply(power).Reshape(63))], 1);
        var best = basis.Dot(LinearAlgebra.Solve(basis.T.Dot(images), basis.T.Dot(Right.Reshape(63))));
        Expect.Close(best, solution.Reshape(63), 1e-7);
        Assert.Equal(6, residuals.Count);
    }

    [Fact]
    public void Along_the_error_one_iteration_is_enough()
    {
        var (solution, residuals) = ConjugateDirections.Solve(Matrix, Right, residual => Matrix.Solve(residual, 1e-13), 1e-10);
        Assert.Equal(2, residuals.Count);
        Expect.Close(Right, Matrix.Apply(solution), 1e-8);
    }

    [Fact]
    public void Residuals_are_those_of_the_solution()
    {
        var (solution, residuals) = ConjugateDirections.Solve(Matrix, Right, residual => residual, 1e-3);
        double Length(Tensor x) => Math.Sqrt(Tensor.Square(x).Sum().Item());
        Assert.InRange(residuals[^1], 0, 1e-3);
        Assert.Equal(Length(Right - Matrix.Apply(solution)) / Length(Right), residuals[^1], 1e-10);
    }

    [Fact]
    public void Directions_are_given_residuals_of_unit_size()
    {
        var sizes = new List<double>();
        ConjugateDirections.Solve(Matrix, 1e-5 * Right, residual =>
        {
            sizes.Add(Math.Sqrt(Tensor.Square(residual).Mean().Item()));
            return residual;
        }, 1e-3);
        Assert.All(sizes, size => Assert.Equal(1, size, 1e-12));
    }

    [Fact]
    public void A_memory_of_two_helps_where_proposals_are_not_those_of_a_symmetric_matrix()
    {
        // The residual shifted by a place and added: no symmetric map.
        static Tensor Skewed(Tensor residual) => residual + 0.5 * residual.Roll(1, 0);
        int Iterations(int memory) => ConjugateDirections.Solve(Matrix, Right, Skewed, 1e-6, memory).Residuals.Count;
        Assert.InRange(Iterations(2), 2, Iterations(1) - 1);
    }

    [Fact]
    public void A_direction_of_zeros_is_refused()
    {
        var error = Assert.Throws<EvaluationException>(() => ConjugateDirections.Solve(Matrix, Right, residual => 0 * residual, 1e-3));
        Assert.Equal("conjugate directions: direction 1 is not finite or 0.", error.Message);
    }
}
