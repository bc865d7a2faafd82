using static Paramorph.LinearAlgebra;
using static Paramorph.Tests.MatrixSamples;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> LinearAlgebras =>
        [.. CholeskyAndTriangularSolve, .. LuAndSolve, .. QrFactors, .. EighAndSvd, .. MatrixFunctions, .. MatrixParts];

    private static IEnumerable<Case> CholeskyAndTriangularSolve =>
    [
        new("cholesky", "of a matrix", x => [Cholesky(x[0])], Positive(Case.Numbers([3, 3]))) { Truth = x => [MatrixTruth.Cholesky(x[0])] },
        new("cholesky", "of a batch", x => [Cholesky(x[0])], Positive(Case.Numbers([2, 3, 3], seed: 4)))
        {
            Truth = x => [MatrixTruth.Cholesky(x[0])],
        },
        new("cholesky", "of a complex matrix", x => [Cholesky(x[0])], Positive(Case.Complexes([3, 3]))) { Truth = x => [MatrixTruth.Cholesky(x[0])] },
        new("cholesky", "of the Hermitian part", x => [Cholesky(x[0])], Positive(Case.Numbers([3, 3])) + Lower(Case.Numbers([3, 3]), -1))
        {
            Truth = x => [MatrixTruth.Cholesky((x[0] + x[0].T) / 2)],
        },
        .. from isLower in new[] { true, false }
           from form in Enum.GetValues<MatrixForm>()
           from isUnit in new[] { false, true }
           from isComplex in new[] { false, true }
           select TriangularSolveCase(isLower, form, isUnit, isComplex),
        new("triangular_solve", "of vectors", x => [TriangularSolve(x[0], x[1])], Dominant(Case.Numbers([2, 3, 3])), Case.Numbers([3]))
        {
            Truth = x => [Tensor.Stack([MatrixTruth.Solve(Lower(x[0][0]), x[1]), MatrixTruth.Solve(Lower(x[0][1]), x[1])])],
        },
        new("triangular_solve", "of a batch of right sides", x => [TriangularSolve(x[0], x[1])], Dominant(Case.Numbers([3, 3])), Case.Numbers([2, 2, 3, 1]))
        {
            Truth = x => [MatrixTruth.Solve(Lower(x[0]).BroadcastTo([2, 2, 3, 3]), x[1])],
        },
    ];

    private static IEnumerable<Case> LuAndSolve =>
    [
        new("lu", "of a matrix", x => [Lu(x[0]).Factors], Mixed) { Truth = x => [MatrixTruth.Lu(x[0])] },
        new("lu", "of a complex batch", x => [Lu(x[0]).Factors], Dominant(Case.Complexes([2, 3, 3], seed: 5)))
        {
            Truth = x => [MatrixTruth.Lu(x[0])],
        },
        new("lu", "rows exchanged back", x => [Eliminated(x[0])], Case.Numbers([2, 4, 4], seed: 3)) { Truth = x => [x[0]] },
        new("solve", "of a matrix", x => [Solve(x[0], x[1])], Mixed, Case.Numbers([3, 2])) { Truth = x => [MatrixTruth.Solve(x[0], x[1])] },
        new("solve", "of a vector", x => [Solve(x[0], x[1])], Mixed, Case.Numbers([3])) { Truth = x => [MatrixTruth.Solve(x[0], x[1])] },
        new("solve", "of a batch", x => [Solve(x[0], x[1])], Dominant(Case.Numbers([2, 3, 3])), Case.Numbers([2, 3, 1]))
        {
            Truth = x => [MatrixTruth.Solve(x[0], x[1])],
        },
        new("solve", "of a batch of right sides", x => [Solve(x[0], x[1])], Mixed, Case.Numbers([2, 3, 1]))
        {
            Truth = x => [MatrixTruth.Solve(x[0].BroadcastTo([2, 3, 3]), x[1])],
        },
        new("solve", "of complex matrices", x => [Solve(x[0], x[1])], Dominant(Case.Complexes([3, 3])), Case.Complexes([3, 2]))
        {
            Truth = x => [MatrixTruth.Solve(x[0], x[1])],
        },
        new("inverse", "of a batch", x => [Inverse(x[0])], Dominant(Case.Numbers([2, 3, 3]))) { Truth = x => [MatrixTruth.Inverse(x[0])] },
        new("inverse", "of a complex matrix", x => [Inverse(x[0])], Dominant(Case.Complexes([2, 2]))) { Truth = x => [MatrixTruth.Inverse(x[0])] },
        new("determinant", "of a batch", x => [Determinant(x[0])], Case.Numbers([2, 3, 3], seed: 6)) { Truth = x => [MatrixTruth.Determinant(x[0])] },
        new("determinant", "of a complex matrix", x => [Determinant(x[0])], Case.Complexes([3, 3])) { Truth = x => [MatrixTruth.Determinant(x[0])] },
        new("determinant", "of a singular matrix", x => [Determinant(x[0])], Singular) { Truth = _ => [Tensor.Scalar(0.0)] },
        new("log_determinant", "of a batch", x => [.. Pair(LogDeterminant(x[0]))], Case.Numbers([2, 3, 3], seed: 6))
        {
            Truth = x => [Tensor.Sign(MatrixTruth.Determinant(x[0])), Tensor.Log(Tensor.Abs(MatrixTruth.Determinant(x[0])))],
        },
        new("log_determinant", "of a complex matrix", x => [.. Pair(LogDeterminant(x[0]))], Case.Complexes([3, 3]))
        {
            Truth = x => [MatrixTruth.Determinant(x[0]) / Tensor.Abs(MatrixTruth.Determinant(x[0])), Tensor.Log(Tensor.Abs(MatrixTruth.Determinant(x[0])))],
        },
        new("adjugate", "of a matrix", x => [Adjugate(x[0])], Mixed) { Truth = x => [MatrixTruth.Inverse(x[0]) * MatrixTruth.Determinant(x[0])] },
        new("adjugate", "of a singular matrix", x => [Adjugate(x[0])], Singular)
        {
            // The cofactors of [[1, 2, 3], [2, 4, 6], [0, 1, 2]], transposed.
            Truth = _ => [Tensor.From(new double[,] { { 2, -1, 0 }, { -4, 2, 0 }, { 2, -1, 0 } })],
        },
    ];

    private static IEnumerable<Case> QrFactors =>
    [
        new("qr", "of a tall matrix", x => [.. Pair(Qr(x[0]))], Case.Numbers([4, 3])) { Truth = x => MatrixTruth.Qr(x[0]) },
        new("qr", "of a square matrix", x => [.. Pair(Qr(x[0]))], Mixed) { Truth = x => MatrixTruth.Qr(x[0]) },
        new("qr", "of a wide batch", x => [.. Pair(Qr(x[0]))], Case.Numbers([2, 2, 4], seed: 2)),
        new("qr", "of a complex tall matrix", x => [.. Pair(Qr(x[0]))], Case.Complexes([3, 2])) { Truth = x => MatrixTruth.Qr(x[0]) },
        new("qr", "of a complex wide matrix", x => [.. Pair(Qr(x[0]))], Case.Complexes([2, 3])),
        new("qr", "multiplied back", x => [MultipliedBack(Qr(x[0]))], Case.Complexes([2, 3, 4])) { Truth = x => [x[0]] },
    ];

    private static IEnumerable<Case> EighAndSvd =>
    [
        new("eigh", "of a matrix", x => [.. Pair(Eigh(x[0]))], MatrixSamples.Spread(4))
        {
            Truth = x => [MatrixTruth.Eigenvalues(x[0]), MatrixTruth.Eigenvectors(x[0])],
            Tolerance = 1e-11,
        },
        new("eigh", "values of a batch", x => [Eigh(x[0]).Values], Symmetric(Case.Numbers([2, 3, 3])))
        {
            Truth = x => [MatrixTruth.Eigenvalues(x[0])],
        },
        new("eigh", "values of a complex matrix", x => [Eigh(x[0]).Values], Symmetric(Case.Complexes([3, 3])))
        {
            Truth = x => [MatrixTruth.Eigenvalues(x[0])],
        },
        new("eigh", "projections of a complex matrix", x => [Projections(Eigh(x[0]).Vectors)], Symmetric(Case.Complexes([3, 3], seed: 1))),
        new("eigh", "multiplied back", x => [Composed(Eigh(x[0]))], Symmetric(Case.Complexes([2, 4, 4])))
        {
            Truth = x => [x[0]],
            IsDifferentiable = false,
        },
        new("svd", "of a tall matrix", x => Triple(Svd(x[0])), Case.Numbers([4, 3])),
        new("svd", "of a square matrix", x => Triple(Svd(x[0])), Mixed),
        new("svd", "of a wide batch", x => Triple(Svd(x[0])), Case.Numbers([2, 2, 4], seed: 2)),
        new("svd", "values of a complex matrix", x => [Svd(x[0]).Values], Case.Complexes([3, 2])) { Truth = x => [MatrixTruth.SingularValues(x[0])] },
        new("svd", "values of a batch", x => [Svd(x[0]).Values], Case.Numbers([2, 3, 3], seed: 3))
        {
            Truth = x => [MatrixTruth.SingularValues(x[0])],
        },
        new("svd", "pairs of a complex tall matrix", x => [Pairs(Svd(x[0]))], Case.Complexes([3, 2])),
        new("svd", "pairs of a complex wide matrix", x => [Pairs(Svd(x[0]))], Case.Complexes([2, 3], seed: 1)),
        new("svd", "multiplied back", x => [MultipliedBack(Svd(x[0]))], Case.Complexes([2, 3, 4])) { Truth = x => [x[0]] },
        new("pseudo_inverse", "of a tall matrix", x => [PseudoInverse(x[0])], Case.Numbers([4, 2]))
        {
            Truth = x => [MatrixTruth.PseudoInverse(x[0])],
        },
        new("pseudo_inverse", "of a wide complex batch", x => [PseudoInverse(x[0])], Case.Complexes([2, 2, 3]))
        {
            Truth = x => [MatrixTruth.PseudoInverse(x[0])],
        },
        new("least_squares", "of a tall matrix", x => [LeastSquares(x[0], x[1])], Case.Numbers([4, 2]), Case.Numbers([4]))
        {
            Truth = x => [Tensor.MatMul(MatrixTruth.PseudoInverse(x[0]), x[1])],
        },
        new("least_squares", "of a wide batch", x => [LeastSquares(x[0], x[1])], Case.Numbers([2, 2, 3]), Case.Numbers([2, 1]))
        {
            Truth = x => [Tensor.MatMul(MatrixTruth.PseudoInverse(x[0]), x[1])],
        },
    ];

    private static IEnumerable<Case> MatrixFunctions =>
    [
        new("frobenius_norm", "", x => [FrobeniusNorm(x[0])], Case.Complexes([2, 2, 3]))
        {
            Truth = x => [MatrixTruth.Scalars(x[0], m => m.FrobeniusNorm())],
        },
        new("nuclear_norm", "", x => [NuclearNorm(x[0])], Case.Numbers([2, 2, 3])) { Truth = x => [MatrixTruth.SingularValues(x[0]).Sum(-1)] },
        new("spectral_norm", "", x => [SpectralNorm(x[0])], Case.Numbers([2, 2, 3])) { Truth = x => [MatrixTruth.Scalars(x[0], m => m.L2Norm())] },
        new("condition_number", "", x => [ConditionNumber(x[0])], Case.Numbers([2, 2, 3]))
        {
            Truth = x => [MatrixTruth.Scalars(x[0], m => m.ConditionNumber().Real)],
        },
        new("matrix_power", "3", x => [MatrixPower(x[0], 3)], Mixed) { Truth = x => [x[0].Dot(x[0]).Dot(x[0])] },
        new("matrix_power", "-2", x => [MatrixPower(x[0], -2)], Dominant(Case.Numbers([2, 2, 2])))
        {
            Truth = x => [Tensor.MatMul(MatrixTruth.Inverse(x[0]), MatrixTruth.Inverse(x[0]))],
        },
        new("matrix_power", "0", x => [MatrixPower(x[0], 0)], Case.Numbers([2, 2, 2]))
        {
            Truth = _ => [Tensor.Eye(2, ElementType.Float64).BroadcastTo([2, 2, 2])],
        },
        new("matrix_exponential", "without squaring", x => [MatrixExponential(x[0])], Case.Numbers([3, 3]))
        {
            Truth = x => [MatrixTruth.Exponential(x[0])],
        },
        new("matrix_exponential", "with different squarings", x => [MatrixExponential(x[0])], Case.Numbers([2, 2, 2]) * Tensor.From(1.0, 9.0).Reshape(2, 1, 1))
        {
            Truth = x => [MatrixTruth.Exponential(x[0])],
            Tolerance = 1e-11,
        },
        new("matrix_exponential", "of a complex matrix", x => [MatrixExponential(x[0])], Case.Complexes([2, 2], -4, 4))
        {
            Truth = x => [MatrixTruth.Exponential(x[0])],
            Tolerance = 1e-11,
        },
    ];

    private static IEnumerable<Case> MatrixParts =>
    [
        new("trace", "", x => [Trace(x[0])], Case.Numbers([2, 3, 3])) { Truth = x => [x[0][.., 0, 0] + x[0][.., 1, 1] + x[0][.., 2, 2]] },
        new("diagonal", "main", x => [Diagonal(x[0])], Case.Numbers([2, 2, 3])) { Truth = x => [Tensor.Stack([x[0][.., 0, 0], x[0][.., 1, 1]], -1)] },
        new("diagonal", "above", x => [Diagonal(x[0], 1)], Case.Numbers([3, 3])) { Truth = x => [Tensor.Stack([x[0][0, 1], x[0][1, 2]])] },
        new("diagonal", "below", x => [Diagonal(x[0], -1)], Case.Numbers([3, 2])) { Truth = x => [Tensor.Stack([x[0][1, 0], x[0][2, 1]])] },
        new("diagonal_matrix", "main", x => [DiagonalMatrix(x[0])], Case.Numbers([2, 3]))
        {
            Truth = x => [x[0].ExpandDims(-1) * Tensor.Eye(3, ElementType.Float64)],
        },
        new("diagonal_matrix", "above", x => [DiagonalMatrix(x[0], 1)], Tensor.From(1.0, 2.0))
        {
            Truth = _ => [Tensor.From(new double[,] { { 0, 1, 0 }, { 0, 0, 2 }, { 0, 0, 0 } })],
        },
        new("diagonal_matrix", "below", x => [DiagonalMatrix(x[0], -1)], Tensor.From(1.0, 2.0))
        {
            Truth = _ => [Tensor.From(new double[,] { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 2, 0 } })],
        },
        new("lower", "", x => [Lower(x[0])], OneToSix) { Truth = _ => [Tensor.From(new double[,] { { 1, 0, 0 }, { 4, 5, 0 } })] },
        new("lower", "with an offset", x => [Lower(x[0], 1)], OneToSix) { Truth = _ => [Tensor.From(new double[,] { { 1, 2, 0 }, { 4, 5, 6 } })] },
        new("upper", "", x => [Upper(x[0])], OneToSix) { Truth = _ => [Tensor.From(new double[,] { { 1, 2, 3 }, { 0, 5, 6 } })] },
        new("upper", "with an offset", x => [Upper(x[0], 1)], OneToSix) { Truth = _ => [Tensor.From(new double[,] { { 0, 2, 3 }, { 0, 0, 6 } })] },
        new("kronecker", "of matrices", x => [Kronecker(x[0], x[1])], Case.Numbers([2, 3]), Case.Numbers([3, 2], seed: 1))
        {
            Truth = x => [MatrixTruth.Kronecker(x[0], x[1])],
        },
        new("kronecker", "of a batch with a matrix", x => [Kronecker(x[0], x[1])], Case.Numbers([2, 1, 2]), Case.Numbers([2, 2], seed: 1))
        {
            Truth = x => [Tensor.Stack([MatrixTruth.Kronecker(x[0][0], x[1]), MatrixTruth.Kronecker(x[0][1], x[1])])],
        },
    ];

    private static Case TriangularSolveCase(bool isLower, MatrixForm form, bool isUnit, bool isComplex)
    {
        var label = $"{(isLower ? "lower" : "upper")} {form.ToString().ToLowerInvariant()}{(isUnit ? " unit" : "")}{(isComplex ? " complex" : "")}";
        return new(
            "triangular_solve", label, x => [TriangularSolve(x[0], x[1], isLower, form, isUnit)],
            Dominant(isComplex ? Case.Complexes([3, 3]) : Case.Numbers([3, 3])), isComplex ? Case.Complexes([3, 2], seed: 1) : Case.Numbers([3, 2], seed: 1))
        {
            Truth = x =>
            {
                var triangle = isLower ? Lower(x[0], isUnit ? -1 : 0) : Upper(x[0], isUnit ? 1 : 0);
                if (isUnit) triangle += Tensor.Eye(3, x[0].ElementType);
                return [MatrixTruth.Solve(form == MatrixForm.Plain ? triangle : form == MatrixForm.Transposed ? triangle.T : Adjoint(triangle), x[1])];
            },
        };
    }
}
