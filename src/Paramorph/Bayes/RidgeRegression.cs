using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>Least squares with a penalty on the squared length of the weights: what gradient descent on a linear layer with weight decay ends in.</summary>
public static class RidgeRegression
{
    /// <summary>The weights w at which |features w - targets|² / n + ridge |w|² is least.</summary>
    /// <param name="features">[n, features]; a column of ones gives an offset, which is then penalised as well.</param>
    /// <param name="targets">[n] or [n, outputs].</param>
    /// <param name="ridge">The penalty, a positive scalar.</param>
    /// <returns>[features] or [features, outputs].</returns>
    /// <exception cref="ShapeException">The features are no matrix with a row for each target.</exception>
    public static Tensor Weights(Tensor features, Tensor targets, Tensor ridge)
    {
        if (features.Rank != 2 || targets.Rank is not (1 or 2) || targets.Shape[0] != features.Shape[0])
            throw new ShapeException($"ridge regression: features {features.Type} and targets {targets.Type} are not [n, features] and [n] or [n, outputs].");
        double count = features.Shape[0];
        // Of more features than rows the weights are combinations of the rows, which are fewer unknowns.
        if (features.Shape[1] > features.Shape[0]) return features.T.Dot(Solve(Tensor.MatMul(features, features.T) / count, targets / count, ridge));
        return Solve(Tensor.MatMul(features.T, features) / count, features.T.Dot(targets) / count, ridge);
    }

    /// <summary>What is said of each row by the fit to rows of other folds, on features that are standardised there, with an offset: how well features predict what they were not fitted to.</summary>
    /// <param name="features">f64 [n, features].</param>
    /// <param name="targets">f64 [n].</param>
    /// <param name="ridge">The penalty, positive.</param>
    /// <param name="folds">How many folds, at least 2; row i is in fold i modulo these.</param>
    /// <returns>f64 [n].</returns>
    public static Tensor LeftOut(Tensor features, Tensor targets, double ridge, int folds)
    {
        var predictions = new double[targets.Count];
        for (var fold = 0; fold < folds; fold++)
        {
            Tensor Rows(bool isLeft) => Tensor.From([.. Enumerable.Range(0, predictions.Length).Where(i => i % folds == fold == isLeft)]);
            var (left, rest) = (Rows(isLeft: true), Rows(isLeft: false));
            var (scale, known) = (Standardisation.Of(features.Take(rest)), targets.Take(rest));
            var weights = Weights(scale.Apply(features.Take(rest)), known - known.Mean(), Tensor.Scalar(ridge));
            foreach (var (i, value) in left.ToArray<int>().Zip((scale.Apply(features.Take(left)).Dot(weights) + known.Mean()).ToDoubles())) predictions[i] = value;
        }
        return Tensor.From(predictions);
    }

    /// <summary>What each row has of its own target in the fit that <see cref="Weights"/> gives, from 0 to 1: the diagonal of features (featuresᵀ features / n + ridge I)⁻¹ featuresᵀ / n.</summary>
    /// <param name="features">[n, features].</param>
    /// <param name="ridge">The penalty, a positive scalar.</param>
    /// <returns>[n].</returns>
    internal static Tensor Leverages(Tensor features, Tensor ridge)
    {
        double count = features.Shape[0];
        if (features.Shape[1] > features.Shape[0]) return LinearAlgebra.Diagonal(Solve(Tensor.MatMul(features, features.T) / count, Tensor.MatMul(features, features.T) / count, ridge));
        return (Solve(Tensor.MatMul(features.T, features) / count, features.T / count, ridge).T * features).Sum(1);
    }

    /// <summary>(a + ridge I)⁻¹ b of a positive semidefinite matrix, for one column [n] or several [n, k].</summary>
    internal static Tensor Solve(Tensor a, Tensor b, Tensor ridge)
    {
        var size = a.Shape[0];
        var factor = LinearAlgebra.Cholesky(a + ridge * Tensor.Eye(size, a.ElementType));
        var columns = b.Rank == 1 ? b.ExpandDims(1) : b;
        var solved = LinearAlgebra.TriangularSolve(factor, LinearAlgebra.TriangularSolve(factor, columns), form: MatrixForm.Transposed);
        return solved.ReshapeTo(b.Shape);
    }
}
