using Paramorph.Dynamics;
using Paramorph.Layers;

namespace Paramorph.Tests.Dynamics;

public sealed class RepresentationalGeometryTests
{
    private static readonly bool[] disjunction = [false, true, false, true];

    /// <summary>The corners of a square in turn: exclusive disjunction is the dichotomy of the diagonals.</summary>
    private static Tensor Square => Tensor.From(new[,] { { 1.0, 1.0 }, { 1.0, -1.0 }, { -1.0, -1.0 }, { -1.0, 1.0 } });

    private static Tensor Normal(int seed, int rows, int columns) => Sample.Normal(Key.Of(seed), [rows, columns], ElementType.Float64);

    [Fact]
    public void Alignment_is_one_under_rotation_shift_and_scale()
    {
        var representation = Normal(1, 6, 3);
        var moved = 2.5 * representation.Dot(Initialiser.Orthogonal().Draw(Key.Of(2), [3, 3], new Fans(3, 3), ElementType.Float64)) + Tensor.From(1.0, -2.0, 3.0);
        Assert.Equal(1, Alignment(representation, moved), 10);
    }

    [Fact]
    public void A_square_has_no_alignment_with_its_diagonals() =>
        Assert.Equal(0, Alignment(Square, Tensor.From(new[,] { { -1.0 }, { 1.0 }, { -1.0 }, { 1.0 } })), 12);

    [Fact]
    public void Alignment_is_the_cosine_of_centred_kernels()
    {
        var (a, b) = (Normal(3, 5, 2), Normal(4, 5, 4));
        var (x, y) = (CentredKernel(a), CentredKernel(b));
        double Product(double[] p, double[] q) => p.Zip(q, (s, t) => s * t).Sum();
        Assert.Equal(Product(x, y) / Math.Sqrt(Product(x, x) * Product(y, y)), Alignment(a, b), 10);
    }

    [Fact]
    public void A_point_is_aligned_with_nothing() => Assert.Equal(0, Alignment(Tensor.Ones([4, 2], ElementType.Float64), Square));

    [Fact]
    public void A_side_of_a_square_is_parallel_to_its_other_side() =>
        Assert.Equal(1, RepresentationalGeometry.ParallelismScore(Square, [true, true, false, false]).Item(), 12);

    [Fact]
    public void The_diagonals_of_a_square_differ_by_opposite_steps() =>
        Assert.Equal(-1, RepresentationalGeometry.ParallelismScore(Square, disjunction).Item(), 12);

    [Fact]
    public void Steps_between_the_corners_of_a_simplex_are_orthogonal() =>
        Assert.Equal(0, RepresentationalGeometry.ParallelismScore(Tensor.Eye(4, ElementType.Float64), disjunction).Item(), 12);

    [Fact]
    public void Parallelism_finds_the_pairing_of_a_cube()
    {
        // Corners in an order in which no condition stands beside its partner.
        var corners = Tensor.From(new[,] { { 0.0, 0, 0 }, { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 1 }, { 1, 1, 1 }, { 1, 1, 0 }, { 1, 0, 1 }, { 1, 0, 0 } });
        Assert.Equal(1, RepresentationalGeometry.ParallelismScore(corners, [false, false, false, false, true, true, true, true]).Item(), 12);
    }

    [Fact]
    public void Sides_of_different_size_are_refused() =>
        Assert.Throws<ArgumentException>(() => RepresentationalGeometry.ParallelismScore(Square, [true, false, false, false]));

    [Fact]
    public void Features_of_one_condition_each_have_selectivity_one() =>
        Assert.Equal(1, RepresentationalGeometry.Selectivity(Tensor.Eye(5, ElementType.Float64)).Item(), 12);

    [Fact]
    public void Features_that_halve_the_conditions_have_the_selectivity_of_halves() =>
        Assert.Equal(1 / Math.Sqrt(3), RepresentationalGeometry.Selectivity(Square).Item(), 12);

    private static double Alignment(Tensor a, Tensor b) =>
        RepresentationalGeometry.CentredAlignment(RepresentationalGeometry.Kernel(a), RepresentationalGeometry.Kernel(b)).Item();

    private static double[] CentredKernel(Tensor representation)
    {
        var (rows, columns) = (representation.Shape[0], representation.Shape[1]);
        var values = representation.ToArray<double>();
        for (var j = 0; j < columns; j++)
        {
            var mean = Enumerable.Range(0, rows).Average(i => values[i * columns + j]);
            for (var i = 0; i < rows; i++) values[i * columns + j] -= mean;
        }
        return [.. from i in Enumerable.Range(0, rows) from k in Enumerable.Range(0, rows) select Enumerable.Range(0, columns).Sum(j => values[i * columns + j] * values[k * columns + j])];
    }
}
