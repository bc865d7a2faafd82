using System.Numerics;

namespace Paramorph.Tests;

/// <summary>What the table of cases does not show: conventions at special values, errors, edge shapes, single precision.</summary>
public class LinearAlgebraTests
{
    private static readonly Tensor Eye = Tensor.Eye(3, ElementType.Float64);
    private static readonly Tensor Direction = Tensor.From(new double[,] { { 0.3, -1.2, 0.5 }, { 0.7, 0.1, -0.4 }, { -0.9, 0.2, 0.6 } });

    /// <summary>An orthogonal matrix.</summary>
    private static readonly Tensor Rotation = LinearAlgebra.Qr(Direction + 2.0 * Eye).Q.Evaluate();

    [Fact]
    public void Derivatives_of_eigh_of_the_identity_are_finite()
    {
        var (_, tangent) = Jvp.Of<Tensor, TreePair<Tensor, Tensor>>(Eye, Direction, x => new(LinearAlgebra.Eigh(x).Values, LinearAlgebra.Eigh(x).Vectors));
        Finite(tangent.Item1);
        Finite(tangent.Item2);
        Finite(Gradient.Of(Eye, x => (LinearAlgebra.Eigh(x).Vectors * Direction).Sum()));
        Finite(Hessian.Of(Eye, x => (LinearAlgebra.Eigh(x).Vectors * Direction).Sum()));
    }

    [Fact]
    public void Derivatives_of_svd_of_zeros_are_finite()
    {
        var zeros = Tensor.Zeros([3, 2], ElementType.Float64);
        Finite(Gradient.Of(zeros, x => LinearAlgebra.Svd(x).U.Sum() + LinearAlgebra.Svd(x).Vh.Sum() + LinearAlgebra.Svd(x).Values.Sum()));
        Finite(Hessian.Of(zeros, x => LinearAlgebra.Svd(x).U.Sum() + LinearAlgebra.Svd(x).Values.Sum()));
    }

    [Fact]
    public void Gradient_of_the_log_determinant_by_eigh_is_the_inverse_at_repeated_eigenvalues()
    {
        var a = Conjugated(2, 2, 5);
        var gradient = Gradient.Of(a, x => Tensor.Log(LinearAlgebra.Eigh(x).Values).Sum());
        Expect.Close(Conjugated(0.5, 0.5, 0.2), gradient, 1e-13);
        Expect.Close(Eye, Gradient.Of(Eye, x => Tensor.Log(LinearAlgebra.Eigh(x).Values).Sum()), 1e-15);
    }

    [Fact]
    public void Gradient_of_a_projection_on_a_repeated_eigenspace_agrees_with_differences()
    {
        var a = Conjugated(2, 2, 5);
        double Value(double step)
        {
            var vectors = LinearAlgebra.Eigh(a + step * Direction).Vectors[.., ..2];
            return (vectors.Dot(vectors.T) * Direction.T).Sum().Item();
        }
        var gradient = Gradient.Of(a, x => LinearAlgebra.Eigh(x).Vectors[.., ..2] is var v ? (v.Dot(v.T) * Direction.T).Sum() : v);
        Assert.Equal((Value(1e-5) - Value(-1e-5)) / 2e-5, (gradient * Direction).Sum().Item(), 1e-8);
    }

    [Fact]
    public void Gradient_of_the_nuclear_norm_at_repeated_singular_values_is_the_polar_factor()
    {
        var right = LinearAlgebra.Qr(Direction.T + Eye).Q;
        var a = Rotation.Dot(LinearAlgebra.DiagonalMatrix(Tensor.From(3.0, 3.0, 1.0))).Dot(right);
        Expect.Close(Rotation.Dot(right), Gradient.Of(a, LinearAlgebra.NuclearNorm), 1e-13);
        Expect.Close(Rotation, Gradient.Of(Rotation, LinearAlgebra.NuclearNorm), 1e-13);
    }

    [Fact]
    public void Gradient_of_the_nuclear_norm_leaves_out_zero_singular_values()
    {
        var (u, v) = (Tensor.From(0.6, 0.8, 0.0), Tensor.From(0.0, -1.0));
        Expect.Close(Tensor.Outer(u, v), Gradient.Of(Tensor.Outer(u, v) * 2.0, LinearAlgebra.NuclearNorm), 1e-14);
        Assert.All(Gradient.Of(Tensor.Zeros([2, 3], ElementType.Float64), LinearAlgebra.NuclearNorm).ToDoubles(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void The_polar_factor_has_its_derivative_at_repeated_singular_values()
    {
        static Tensor Polar(Tensor x) => LinearAlgebra.Svd(x) is var (u, _, vh) ? u.Dot(vh) : x;
        // At the identity the polar factor moves with the skew part.
        Expect.Close((Direction - Direction.T) / 2, Jvp.Of(Eye, Direction, Polar).Tangent, 1e-14);
        var differences = (Polar(Rotation + 1e-5 * Direction) - Polar(Rotation - 1e-5 * Direction)) / 2e-5;
        Expect.Close(differences, Jvp.Of(Rotation, Direction, Polar).Tangent, 1e-8);
    }

    [Fact]
    public void The_gradient_of_the_determinant_is_right_at_every_rank()
    {
        var deficient = Tensor.From(new double[,] { { 1, 2, 3 }, { 2, 4, 6 }, { 3, 6, 9 } });
        Expect.Close(Tensor.ZerosLike(deficient), Gradient.Of(deficient, LinearAlgebra.Determinant), 1e-13);
        Expect.Close(Tensor.ZerosLike(deficient), Gradient.Of(Tensor.ZerosLike(deficient), LinearAlgebra.Determinant), 1e-30);
        // Rank one of two, where elimination meets two zeros on the diagonal.
        var nilpotent = Tensor.From(new double[,] { { 0, 1 }, { 0, 0 } });
        Expect.Close(Tensor.From(new double[,] { { 0, 0 }, { -1, 0 } }), Gradient.Of(nilpotent, LinearAlgebra.Determinant), 1e-14);
        Expect.Close(Tensor.From(1.0).Reshape(1, 1), Gradient.Of(Tensor.From(0.0).Reshape(1, 1), x => LinearAlgebra.Determinant(x)), 1e-14);
    }

    public static TheoryData<string, double[], int> Singular() => new()
    {
        { "ones", [1, 1, 1, 1, 1, 1, 1, 1, 1], 3 },
        { "one direction", [1, 0, 0, 0, 0, 0, 0, 0, 0], 3 },
        { "an outer product", [1, 2, 3, 2, 4, 6, 3, 6, 9], 3 },
        { "zeros", [0, 0, 0, 0, 0, 0, 0, 0, 0], 3 },
        { "rank two", [1, 2, 3, 4, 5, 6, 7, 8, 9], 3 },
        { "nearly rank one", [1, 1, 1, 1, 1 + 1e-13, 1, 1, 1, 1], 3 },
        { "zeros of two rows", [0, 0, 0, 0], 2 },
        { "one row", [0], 1 },
        { "full rank", [2, 1, 0, 1, 3, 1, 0, 1, 4], 3 },
        { "rank two of five", [1, 2, 0, 1, 1, 0, 1, 1, 0, 2, 1, 3, 1, 1, 3, 2, 5, 1, 2, 4, 1, 1, -1, 1, -1], 5 },
    };

    [Theory]
    [MemberData(nameof(Singular))]
    public void Derivatives_of_the_determinant_are_those_of_its_expansion(string name, double[] elements, int n)
    {
        var a = Tensor.From(elements, [n, n]);
        var tolerance = 1e-11 * (1 + Math.Pow(LinearAlgebra.FrobeniusNorm(a).Item(), n));
        foreach (var (found, expected) in new (Func<Tensor, Tensor>, Func<Tensor, Tensor>)[]
        {
            (x => Gradient.Of(x, LinearAlgebra.Determinant), x => Gradient.Of(x, Expansion)),
            (x => Hessian.Of(x, LinearAlgebra.Determinant), x => Hessian.Of(x, Expansion)),
            (x => Taylor.Derivatives(Tensor.Scalar(0.0), 1.0, 3, s => LinearAlgebra.Determinant(x + s * Tensor.Eye(n, ElementType.Float64)))[3], x => Taylor.Derivatives(Tensor.Scalar(0.0), 1.0, 3, s => Expansion(x + s * Tensor.Eye(n, ElementType.Float64)))[3]),
        })
        {
            Expect.Close(expected(a), found(a), tolerance, name);
            Expect.Close(expected(a), Compile.Of(found)(a), tolerance, $"{name}, compiled");
        }
        var both = Tensor.Stack([a, Tensor.Eye(n, ElementType.Float64) * 2.0]);
        Expect.Close(Vmap.Of(Gradient.Of<Tensor>(Expansion))(both), Vmap.Of(Gradient.Of<Tensor>(LinearAlgebra.Determinant))(both), tolerance, $"{name} in a batch");
    }

    [Fact]
    public void The_determinant_along_a_line_through_zero_has_its_series()
    {
        var a = Tensor.From(new[,] { { 1.0, 2 }, { 3, 5 } });
        Func<Tensor, TreeList<Tensor>> series = s => [.. Taylor.Derivatives(s, 1.0, 3, t => LinearAlgebra.Determinant(t * a))];
        foreach (var found in new[] { series(Tensor.Scalar(0.0)), Compile.Of(series)(Tensor.Scalar(0.0)) })
            Expect.Close(Tensor.From(0.0, 0, -2, 0), Tensor.Stack([.. found]), 1e-12);
    }

    [Fact]
    public void The_adjugate_of_a_complex_singular_matrix_is_that_of_its_minors()
    {
        var a = Tensor.From([new Complex(1, 1), new Complex(2, 0), new Complex(2, 2), new Complex(4, 0)], [2, 2]);
        Expect.Close(Tensor.From([new Complex(4, 0), new Complex(-2, 0), new Complex(-2, -2), new Complex(1, 1)], [2, 2]), LinearAlgebra.Adjugate(a), 1e-14);
    }

    /// <summary>The determinant by Laplace's expansion along the first row.</summary>
    private static Tensor Expansion(Tensor a)
    {
        var n = a.Shape[0];
        if (n == 1) return a[0, 0];
        return Enumerable.Range(0, n).Select(j =>
        {
            Tensor[] columns = [.. Enumerable.Range(0, n).Where(k => k != j).Select(k => a[1.., k])];
            return a[0, j] * Expansion(Tensor.Stack(columns, 1)) * (j % 2 == 0 ? 1.0 : -1.0);
        }).Aggregate((p, q) => p + q);
    }

    [Fact]
    public void The_gradient_of_a_square_root_is_right_at_repeated_eigenvalues()
    {
        var weights = Tensor.From(new[,] { { 1.0, 2 }, { 2, 3 } });
        Func<Tensor, Tensor> gradient = a => Gradient.Of(a, x => (LinearAlgebra.MatrixFunction(x, Tensor.Sqrt) * weights).Sum());
        foreach (var found in new[] { gradient, Compile.Of(gradient) })
            Expect.Close(Tensor.From(new[,] { { 0.5, 1 }, { 1, 1.5 } }), found(Tensor.Eye(2, ElementType.Float64)), 1e-14);
    }

    [Fact]
    public void Second_derivatives_of_sums_over_eigenvalues_are_right_at_repeated_ones()
    {
        var eye = Tensor.Eye(3, ElementType.Float64);
        var symmetric = Hessian.Of(eye, x => (Tensor.Square(x + x.T) * 0.25).Sum());
        Expect.Close(symmetric, Hessian.Of(eye, x => LinearAlgebra.Trace(LinearAlgebra.MatrixFunction(x, Tensor.Square))), 1e-12);
        Expect.Close(symmetric, Compile.Of((Tensor a) => Hessian.Of(a, x => LinearAlgebra.Trace(LinearAlgebra.MatrixFunction(x, Tensor.Square))))(eye), 1e-12);
        Expect.Close(
            Hessian.Of(eye, x => Tensor.Square(x).Sum()),
            Hessian.Of(eye, x => LinearAlgebra.Trace(LinearAlgebra.MatrixFunction(x.T.Dot(x), w => w))), 1e-12);
    }

    public static TheoryData<string, double[]> Spectra() => new()
    {
        { "apart", [0.5, 1.1, 2.3] }, { "two equal", [1.5, 1.5, 2.3] }, { "all equal", [1.2, 1.2, 1.2] }, { "two close", [1.5, 1.5 + 1e-9, 2.3] }, { "two near", [1.5, 1.51, 2.3] },
    };

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Functions_of_matrices_have_the_derivatives_of_their_differences(string name, double[] values)
    {
        var q = LinearAlgebra.Qr(Tensor.From([1.0, 2, 0.5, -1, 0.3, 2, 0.7, 1, 1], [3, 3])).Q;
        var a = (q * Tensor.From(values)).Dot(q.T).Evaluate();
        Expect.Close(LinearAlgebra.MatrixExponential(a), LinearAlgebra.MatrixFunction(a, Tensor.Exp), 1e-13, name);
        Expect.Derivatives(x => [LinearAlgebra.MatrixFunction(x[0], Tensor.Sqrt)], [a], 1e-8);
        var symmetric = (Tensor.Arange(9, ElementType.Float64).Reshape(3, 3) is var w ? w + w.T : a) * 0.1;
        Expect.Close(
            Hessian.VectorProduct(a, symmetric, x => (LinearAlgebra.MatrixExponential((x + x.T) * 0.5) * symmetric).Sum()),
            Hessian.VectorProduct(a, symmetric, x => (LinearAlgebra.MatrixFunction(x, Tensor.Exp) * symmetric).Sum()), 1e-9, name);
    }

    [Theory]
    [InlineData(3, 3, new[] { 1.0, 1, 1 })]
    [InlineData(3, 2, new[] { 1.3, 1.3 })]
    [InlineData(2, 3, new[] { 0.7, 0 })]
    [InlineData(3, 3, new[] { 2.0, 0, 0 })]
    [InlineData(3, 2, new[] { 2.0, 0.5 })]
    public void Functions_of_singular_values_have_the_derivatives_of_their_differences(int m, int n, double[] values)
    {
        Tensor Basis(int size, int seed) => LinearAlgebra.Qr(Sample.Normal(Key.Of(seed), [size, size], ElementType.Float64)).Q;
        var (u, v) = (Basis(m, 1)[.., ..values.Length], Basis(n, 2)[.., ..values.Length]);
        var a = (u * Tensor.From(values)).Dot(v.T).Evaluate();
        Expect.Close((u * Tensor.Tanh(Tensor.From(values))).Dot(v.T), LinearAlgebra.SingularValueFunction(a, Tensor.Tanh), 1e-13);
        Expect.Derivatives(x => [LinearAlgebra.SingularValueFunction(x[0], Tensor.Tanh)], [a], 1e-7);
    }

    /// <summary>What the values and vectors of a decomposition can tell of a function of the matrix at a repeated value, and what they cannot.</summary>
    [Fact]
    public void Composed_of_values_and_vectors_what_stretches_inside_a_repeated_space_is_not_seen()
    {
        var (eye, weights) = (Tensor.Eye(2, ElementType.Float64), Tensor.From(new[,] { { 1.0, 2 }, { 2, 3 } }));
        static Tensor Root(Tensor a) => LinearAlgebra.Eigh(a) is var (w, v) ? (v * Tensor.Sqrt(w)).Dot(v.T) : a;
        Expect.Close(Tensor.From(new[,] { { 0.5, 0 }, { 0, 1.5 } }), Gradient.Of(eye, x => (Root(x) * weights).Sum()), 1e-14);
        // A symmetric function of the values is right at first order whatever the basis.
        Expect.Close(0.5 * eye, Gradient.Of(eye, x => Tensor.Sqrt(LinearAlgebra.Eigh(x).Values).Sum()), 1e-14);
    }

    [Fact]
    public void Functions_of_complex_matrices_are_those_of_their_eigenvalues()
    {
        var a = Tensor.From([new Complex(2, 0), new Complex(0, 1), new Complex(0, -1), new Complex(2, 0)], [2, 2]);
        var root = LinearAlgebra.MatrixFunction(a, Tensor.Sqrt);
        Expect.Close(a, root.Dot(root), 1e-14);
        Expect.First(x => [LinearAlgebra.MatrixFunction(x[0], Tensor.Sqrt)], [a], 1e-8);
    }

    [Fact]
    public void A_pseudo_inverse_of_lower_rank_meets_the_conditions_of_Penrose()
    {
        var a = Tensor.Outer(Tensor.From(1.0, 2.0, 3.0), Tensor.From(1.0, -1.0)).Evaluate();
        var p = LinearAlgebra.PseudoInverse(a);
        Expect.Close(a, a.Dot(p).Dot(a), 1e-14);
        Expect.Close(p, p.Dot(a).Dot(p), 1e-14);
        Expect.Close(a.Dot(p).T, a.Dot(p), 1e-14);
        Expect.Close(p.Dot(a).T, p.Dot(a), 1e-14);
        Finite(Gradient.Of(a, x => LinearAlgebra.PseudoInverse(x).Sum()));
        Expect.Close(Tensor.Zeros([2, 3], ElementType.Float64), LinearAlgebra.PseudoInverse(Tensor.Zeros([3, 2], ElementType.Float64)), 0);
    }

    [Fact]
    public void A_larger_tolerance_of_the_pseudo_inverse_drops_small_singular_values()
    {
        var a = LinearAlgebra.DiagonalMatrix(Tensor.From(10.0, 1.0));
        Expect.Close(LinearAlgebra.DiagonalMatrix(Tensor.From(0.1, 0.0)), LinearAlgebra.PseudoInverse(a, 0.2), 1e-15);
    }

    [Fact]
    public void The_smallest_of_several_least_squares_solutions_is_taken()
    {
        var a = Tensor.From(new double[,] { { 1, 1 }, { 1, 1 } });
        Expect.Close(Tensor.From(1.0, 1.0), LinearAlgebra.LeastSquares(a, Tensor.From(1.0, 3.0)), 1e-14);
    }

    [Fact]
    public void The_derivative_of_the_Frobenius_norm_at_zero_is_zero() =>
        Expect.Close(Tensor.Zeros([2, 2], ElementType.Float64), Gradient.Of(Tensor.Zeros([2, 2], ElementType.Float64), LinearAlgebra.FrobeniusNorm), 0);

    [Theory]
    [InlineData(ElementType.Float32, 1e-25, 1e-6)]
    [InlineData(ElementType.Float64, 1e-170, 1e-14)]
    public void A_row_that_is_nothing_beside_the_others_ends_no_decomposition(ElementType type, double tiny, double tolerance)
    {
        var matrix = Tensor.From(new[,] { { 1, 3 * tiny }, { 2, tiny }, { 3, -2 * tiny } }).AsType(type);
        foreach (var m in (Tensor[])[matrix, matrix.T])
        {
            var (u, s, vt) = LinearAlgebra.Svd(m);
            Assert.Equal(Math.Sqrt(14), s[0].Item(), 10 * tolerance);
            Expect.Close(m, (u * s).Dot(vt), tolerance * 10);
            Expect.Close(Tensor.Eye(2, type), u.T.Dot(u), tolerance * 10);
        }
    }

    [Fact]
    public void Small_singular_values_have_orthonormal_vectors()
    {
        foreach (var values in new[] { new[] { 1.0, 1e-9, 1e-18 }, [1, 1e-200, 0], [0, 0, 0], [1e-300, 1e-300, 1e-305], [1e200, 1, 0] })
        {
            var a = Rotation.Dot(LinearAlgebra.DiagonalMatrix(Tensor.From(values))).Dot(Rotation);
            var (u, s, vh) = LinearAlgebra.Svd(a);
            Expect.Close(Eye, u.T.Dot(u), 1e-14);
            Expect.Close(Eye, vh.Dot(vh.T), 1e-14);
            Expect.Close(Tensor.Zeros([3], ElementType.Float64), (s - Tensor.From(values)) / Math.Max(values[0], 1e-300), 1e-14);
        }
    }

    [Theory]
    [InlineData(453, 64)]
    [InlineData(300, 3)]
    [InlineData(200, 20)]
    public void Eigenvalues_of_a_matrix_of_low_rank_are_those_of_its_small_form_and_zeros(int size, int rank)
    {
        // B B^T, centred: all but `rank` eigenvalues are nothing but rounding.
        var b = Sample.Normal(Key.Of(size), [size, rank], ElementType.Float64);
        b = (b / Tensor.Sqrt((b * b).Sum(1).Reshape(size, 1))).Evaluate();
        b = (b - b.Mean(0).Reshape(1, rank)).Evaluate();
        var a = b.Dot(b.T).Evaluate();
        var (w, v) = LinearAlgebra.Eigh(a);
        Expect.Close(LinearAlgebra.Eigh(b.T.Dot(b)).Values, w[(size - rank)..], 1e-11);
        Expect.Close(Tensor.Zeros([size - rank], ElementType.Float64), w[..(size - rank)], 1e-12 * size);
        Expect.Close(a, (v * w).Dot(v.T), 1e-12 * size);
        Expect.Close(Tensor.Eye(size, type: ElementType.Float64), v.T.Dot(v), 1e-11);
    }

    [Fact]
    public void Large_factorisations_multiply_back_to_rounding_error()
    {
        var a = Primitives.Case.Numbers([40, 40], seed: 11);
        var (q, r) = LinearAlgebra.Qr(a);
        Expect.Close(a, q.Dot(r), 1e-13);
        var (w, v) = LinearAlgebra.Eigh(a);
        Expect.Close((a + a.T) / 2, (v * w).Dot(v.T), 1e-13);
        var (u, s, vh) = LinearAlgebra.Svd(a);
        Expect.Close(a, (u * s).Dot(vh), 1e-13);
        Expect.Close(Tensor.Eye(40, ElementType.Float64), a.Dot(LinearAlgebra.Inverse(a)), 1e-11);
    }

    [Fact]
    public void The_exponential_of_large_matrices_is_scaled()
    {
        var a = Tensor.From(new double[,] { { -1e5, 1 }, { 0, -1 } });
        // Of a triangular matrix: the corner is (e^-1 - e^-100000) / (-1 + 100000).
        Expect.Close(Tensor.From(new double[,] { { 0, Math.Exp(-1) / 99999 }, { 0, Math.Exp(-1) } }), LinearAlgebra.MatrixExponential(a), 1e-11);
        Expect.Close(Eye, LinearAlgebra.MatrixExponential(Tensor.ZerosLike(Eye)), 1e-16);
    }

    [Fact]
    public void Single_precision_stays_single()
    {
        var a = (Direction + 2.0 * Eye).AsType(ElementType.Float32);
        Assert.Equal(ElementType.Float32, LinearAlgebra.MatrixExponential(a).ElementType);
        Assert.Equal(ElementType.Float32, Gradient.Of(a, x => LinearAlgebra.Determinant(x) + LinearAlgebra.PseudoInverse(x).Sum()).ElementType);
        Assert.Equal(ElementType.Float32, LinearAlgebra.Svd(Tensor.Complex(a, a)).Values.ElementType);
        Expect.Close(Tensor.Eye(3), a.Dot(LinearAlgebra.Inverse(a)), 1e-6);
        Finite(Gradient.Of(Tensor.Eye(3), x => LinearAlgebra.Eigh(x).Vectors.Sum()));
    }

    [Fact]
    public void Pivots_and_permutation_tell_the_same_exchanges()
    {
        var a = Tensor.From(new double[,] { { 0, 1, 2 }, { 1, 0, 3 }, { 4, -3, 8 } });
        var (_, pivots, permutation) = LinearAlgebra.Lu(a);
        Assert.Equal([2, 2, 2], pivots.ToArray<int>());
        Assert.Equal([2, 0, 1], permutation.ToArray<int>());
        Assert.Equal(-2, LinearAlgebra.Determinant(a).Item(), 1e-14);
    }

    [Fact]
    public void Matrices_without_elements_have_results()
    {
        var none = Tensor.Zeros([2, 0, 0], ElementType.Float64);
        Assert.Equal([2, 0, 0], LinearAlgebra.Cholesky(none).Shape);
        Assert.Equal([2, 0, 0], LinearAlgebra.Inverse(none).Shape);
        Assert.Equal([1, 1], LinearAlgebra.Determinant(none).ToDoubles());
        Assert.Equal([0, 0], LinearAlgebra.LogDeterminant(none).Logarithm.ToDoubles());
        Assert.Equal([0, 0], LinearAlgebra.NuclearNorm(none).ToDoubles());
        Assert.Equal([2, 0], LinearAlgebra.Eigh(none).Values.Evaluate().Shape);
        Assert.Equal([2, 0, 0], LinearAlgebra.MatrixExponential(none).Shape);
        Assert.Equal([2, 0, 0], Gradient.Of(none, x => LinearAlgebra.Determinant(x).Sum() + LinearAlgebra.Eigh(x).Vectors.Sum()).Shape);
        var wide = Tensor.Zeros([2, 0, 3], ElementType.Float64);
        Assert.Equal([2, 0, 3], LinearAlgebra.Svd(wide).Vh.Evaluate().Shape);
        Assert.Equal([2, 0, 3], LinearAlgebra.Qr(wide).R.Evaluate().Shape);
        Assert.Equal([2, 3, 0], LinearAlgebra.PseudoInverse(wide).Shape);
        Assert.Equal([2, 0], LinearAlgebra.Diagonal(wide).Shape);
        Assert.Equal([0, 2, 2], LinearAlgebra.Solve(Tensor.Eye(2), Tensor.Ones([0, 2, 2])).Evaluate().Shape);
        Assert.Equal([3, 3], LinearAlgebra.DiagonalMatrix(Tensor.Zeros([0]), 3).Evaluate().Shape);
    }

    [Fact]
    public void Solutions_with_a_shared_matrix_add_up_to_its_gradient()
    {
        var (a, sides) = (Direction + 2.0 * Eye, Primitives.Case.Numbers([4, 3]));
        var expected = Gradient.Of(a, x => Enumerable.Range(0, 4).Select(i => (LinearAlgebra.Solve(x, sides[i]) * sides[i]).Sum()).Aggregate((s, t) => s + t));
        Expect.Close(expected, Gradient.Of(a, x => Vmap.Of(b => (LinearAlgebra.Solve(x, b) * b).Sum(), sides).Sum()), 1e-13);
        Expect.Close(expected, Vmap.Of(b => Gradient.Of(a, x => (LinearAlgebra.Solve(x, b) * b).Sum()), sides).Sum(0), 1e-13);
        Expect.Close(expected, Compile.Of<Tensor, Tensor>(p => Gradient.Of(p, x => (LinearAlgebra.Solve(x, sides.T) * sides.T).Sum()))(a), 1e-13);
    }

    [Fact]
    public void Elements_that_are_not_finite_give_NaN_for_their_matrix_alone()
    {
        var a = Tensor.Stack([Eye, Eye * double.NaN, Eye * double.PositiveInfinity]);
        foreach (var results in new Tensor[][]
        {
            [LinearAlgebra.Cholesky(a)], [LinearAlgebra.Lu(a).Factors], [LinearAlgebra.Qr(a).Q, LinearAlgebra.Qr(a).R],
            [LinearAlgebra.Eigh(a).Values, LinearAlgebra.Eigh(a).Vectors], [LinearAlgebra.Svd(a).U, LinearAlgebra.Svd(a).Values, LinearAlgebra.Svd(a).Vh],
            [LinearAlgebra.Inverse(a)], [LinearAlgebra.Determinant(a)], [LinearAlgebra.MatrixExponential(a)],
        })
        {
            foreach (var result in results)
            {
                Assert.All(result[0].ToDoubles(), x => Assert.True(double.IsFinite(x)));
                Assert.All(result[1..].ToDoubles(), x => Assert.True(double.IsNaN(x)));
            }
        }
    }

    [Fact]
    public void A_singular_matrix_has_sign_0_and_condition_number_infinity()
    {
        var a = Tensor.From(new double[,] { { 1, 2 }, { 2, 4 } });
        var (sign, logarithm) = LinearAlgebra.LogDeterminant(a);
        Assert.Equal((0, double.NegativeInfinity), (sign.Item(), logarithm.Item()));
        Assert.Equal(double.PositiveInfinity, LinearAlgebra.ConditionNumber(LinearAlgebra.DiagonalMatrix(Tensor.From(1.0, 0.0))).Item());
        Assert.Equal(0, LinearAlgebra.Determinant(a).Item());
    }

    [Fact]
    public void Matrices_that_a_method_cannot_take_are_named()
    {
        var good = Tensor.Eye(2, ElementType.Float64);
        var indefinite = Tensor.From(new double[,] { { 1, 2 }, { 2, 1 } });
        var singular = Tensor.From(new double[,] { { 1, 2 }, { 1, 2 } });
        Throws<EvaluationException>(
            () => LinearAlgebra.Cholesky(Tensor.Stack([good, indefinite])).Evaluate(),
            "cholesky: matrix 1 of the batch is not positive definite: its leading minor of order 2 is not positive.");
        Throws<EvaluationException>(
            () => LinearAlgebra.Cholesky(-good).Evaluate(), "cholesky: the matrix is not positive definite: its leading minor of order 1 is not positive.");
        Throws<EvaluationException>(
            () => LinearAlgebra.Cholesky(Tensor.Stack([good, good, good, indefinite]).Reshape(2, 2, 2, 2)).Evaluate(),
            "cholesky: matrix [1, 1] of the batch is not positive definite: its leading minor of order 2 is not positive.");
        Throws<EvaluationException>(
            () => LinearAlgebra.Inverse(Tensor.Stack([good, singular])).Evaluate(),
            "triangular_solve: matrix 1 of the batch is singular: element 1 of its diagonal is 0.");
        Throws<EvaluationException>(
            () => LinearAlgebra.Solve(singular, Tensor.From(1.0, 1.0)).Evaluate(), "triangular_solve: the matrix is singular: element 1 of its diagonal is 0.");
    }

    [Fact]
    public void Wrong_shapes_and_types_are_told_in_one_sentence()
    {
        var wide = Tensor.Zeros([2, 3]);
        Throws<ShapeException>(() => LinearAlgebra.Cholesky(wide), "cholesky: f32[2, 3] is not square: its last two axes must have one size, not 2 and 3.");
        Throws<ShapeException>(() => LinearAlgebra.Eigh(Tensor.Zeros([3])), "eigh: f32[3] is no matrix: it needs two axes, behind those of the batch.");
        Throws<ElementTypeException>(
            () => LinearAlgebra.Svd(Tensor.Zeros([2, 2], ElementType.Int32)),
            "svd: i32[2, 2] does not hold real or complex floating-point numbers: cast it to f32 or f64 with AsType.");
        Throws<ShapeException>(
            () => LinearAlgebra.Solve(Tensor.Eye(2), Tensor.Zeros([3, 1])),
            "solve: the right sides f32[3, 1] do not fit f32[2, 2]: they must be a vector or matrices with 2 rows.");
        Throws<ShapeException>(
            () => LinearAlgebra.LeastSquares(wide, Tensor.Zeros([3])),
            "least_squares: the right sides f32[3] do not fit f32[2, 3]: they must be a vector or matrices with 2 rows.");
        Throws<ShapeException>(
            () => LinearAlgebra.TriangularSolve(Tensor.Zeros([2, 2, 2]), Tensor.Zeros([3, 2, 1])),
            "triangular_solve: shapes [2] and [3] do not broadcast: axis -1 has sizes 2 and 3, which must be equal or 1.");
        Throws<ElementTypeException>(
            () => LinearAlgebra.Solve(Tensor.Eye(2), Tensor.Zeros([2, 1], ElementType.Float64)),
            "solve: f32 and f64 do not mix: single precision never becomes double silently; cast one with AsType.");
        Throws<ShapeException>(() => LinearAlgebra.SpectralNorm(Tensor.Zeros([0, 2])), "spectral_norm: f32[0, 2] has no singular values.");
        Throws<ShapeException>(() => LinearAlgebra.Trace(Tensor.Zeros([3])), "diagonal: f32[3] is no matrix: it needs two axes, behind those of the batch.");
    }

    /// <summary>A symmetric matrix with given eigenvalues.</summary>
    private static Tensor Conjugated(params double[] values) => Rotation.Dot(LinearAlgebra.DiagonalMatrix(Tensor.From(values))).Dot(Rotation.T).Evaluate();

    private static void Finite(Tensor x) => Assert.All(x.ToDoubles(), e => Assert.True(double.IsFinite(e), $"{x} has an element that is not finite"));

    private static void Throws<T>(Func<object> action, string message)
        where T : Exception => Assert.Equal(message, Assert.Throws<T>(action).Message);
}
