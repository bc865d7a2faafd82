namespace Paramorph.Bayes;

/// <summary>How much of what a feature tells the other features tell already. (Marquardt, "Generalized inverses, ridge regression, biased linear estimation, and nonlinear estimation", 1970.)</summary>
public static class VarianceInflation
{
    /// <summary>The least share of its own variance that a feature is taken to have: less is rounding.</summary>
    private const double Least = 1e-9;

    /// <summary>
    /// By how many times the variance of a feature's weight in least squares is higher than if the features were uncorrelated: 1 / (1 - R²) of its regression on the others, the diagonal of the inverse
    /// of their correlations. 1 of a feature by itself; a billion at most. Features that do not vary are left out.
    /// </summary>
    /// <param name="features">[n, features].</param>
    /// <returns>f64 [varying features].</returns>
    public static Tensor Of(Tensor features)
    {
        var values = features.AsType(ElementType.Float64).Evaluate();
        var deviations = values.Std(0).ToDoubles();
        var varying = Tensor.From<int>([.. Enumerable.Range(0, deviations.Length).Where(i => deviations[i] > 1e-7 * deviations.Max())]);
        var kept = values.Take(varying, 1);
        var centred = kept - kept.Mean(0);
        var standard = centred / Tensor.Sqrt(Tensor.Square(centred).Mean(0));
        var correlations = Tensor.MatMul(standard.T, standard) / (double)values.Shape[0];
        return LinearAlgebra.Diagonal(RidgeRegression.Solve(correlations, Tensor.Eye(varying.Count, ElementType.Float64), Tensor.Scalar(Least))).Evaluate();
    }
}
